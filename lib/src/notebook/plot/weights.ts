/** Weights as images. */

import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { type Numbers, numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { colorsOf } from '../figure/colors';
import type { Figure } from '../figure/figure';
import { figureText } from '../figure/figureText';
import { WEIGHT_STEPS } from '../figure/otherColors';
import { divergingScale } from '../figure/theme';
import { extent } from './numbers';
import { type TilesOptions, tilesFigure, tilesOptions } from './tiles';

/** Options of {@link weights}. */
export interface WeightsOptions extends TilesOptions {
  /**
   * Height and width of an image.
   *
   * @defaultValue square
   */
  shape?: readonly [height: number, width: number];
  /**
   * The maximum number of units; the first ones are shown.
   *
   * @defaultValue `100`
   */
  count?: number;
  /**
   * Earlier weights of the same shape: the change since then is shown, without the initial noise.
   *
   * @defaultValue none: the weights themselves
   */
  since?: ArrayLike;
}

/** From most negative to most positive. */
const colors = colorsOf(divergingScale, WEIGHT_STEPS);
const ZERO = (colors.length - 1) / 2;

/**
 * Shows the weights of each unit of a layer as an image of what it responds to: positive weights are orange, negative
 * ones blue, according to the colour scale.
 *
 * @param values `[inputs, units]`, such as a first layer's `[784, 128]`, or a convolution's `[height, width, 1, units]`
 * @throws {InvalidArgumentError} when the shape is another, or the inputs don't form an image
 * @example
 * plot.weights(await session.run(weights), { count: 32, columns: 8 });
 * const first = await session.run(weights);
 * session.runSync(trainOp, feeds);
 * plot.weights(await session.run(weights), { since: first, title: 'What training has changed' });
 */
export function weights(values: ArrayLike, options: WeightsOptions = {}): Figure {
  onlyOptions(options, { ...tilesOptions, shape: 'array', count: 'number', since: 'any' });
  const { shape, data } =
    options.since === undefined ? numbersOf(values, 'weights') : changeSince(values, options.since);
  const units = shape.at(-1) ?? 0;
  const inputs = data.length / units;
  const [height, width] = options.shape ?? imageShape(shape, inputs);
  if (height * width !== inputs)
    throw new InvalidArgumentError(
      `expected ${height}×${width} inputs a unit, got weights of shape ${shapeText(shape)}`,
    );
  const count = Math.min(options.count ?? 100, units);
  const limit = Math.max(...extent(data).map(Math.abs)) || 1;
  const figure = tilesFigure(
    {
      count,
      width,
      height,
      inDark: 'weights',
      colorAt(unit, row, column) {
        const value = data[(row * width + column) * units + unit]!;
        return colors[Math.round(ZERO * (1 + value / limit))] ?? colors[ZERO]!; // NaN looks like zero
      },
    },
    undefined,
    options,
  );
  figure.data.push(
    colorBar(limit, options.since === undefined ? undefined : figureText({ en: 'change', zh: '变化量' })),
  );
  const { layout } = figure;
  const margin = layout.margin as { r: number };
  margin.r += COLOR_BAR;
  layout.width = layout.width! + COLOR_BAR;
  return figure;
}

/** The change of weights since earlier ones. */
function changeSince(values: ArrayLike, since: ArrayLike): Numbers {
  const [now, before] = [numbersOf(values, 'weights'), numbersOf(since, 'weights from before')];
  if (shapeText(now.shape) !== shapeText(before.shape))
    throw new InvalidArgumentError(
      `expected weights from before of shape ${shapeText(now.shape)}, got ${shapeText(before.shape)}`,
    );
  return { shape: now.shape, data: Float32Array.from(now.data, (value, i) => value - before.data[i]!) };
}

/** The width of a colour bar in pixels. */
const COLOR_BAR = 64;

/** A trace that draws only its colour bar, because the picture itself contains no numbers. */
function colorBar(limit: number, text: string | undefined) {
  const marker = {
    color: [0],
    cmin: -limit,
    cmax: limit,
    colorscale: divergingScale,
    showscale: true,
    colorbar: { thickness: 14, len: 1, ...(text && { title: { text, side: 'right' } }) },
  };
  return { type: 'scatter', mode: 'markers', x: [null], y: [null], marker, hoverinfo: 'skip', showlegend: false };
}

function imageShape(shape: readonly number[], inputs: number): readonly [number, number] {
  const [height, width, channels] = shape;
  if (shape.length === 4 && height && width && channels === 1) return [height, width];
  const side = Math.sqrt(inputs);
  if (shape.length === 2 && inputs > 0 && Number.isInteger(side)) return [side, side];
  throw new InvalidArgumentError(
    `expected weights of shape [pixels of a square, units] or [height, width, 1, units], got ${shapeText(shape)}`,
  );
}
