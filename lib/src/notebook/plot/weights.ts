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
   * Shows at most so many units, the first ones.
   *
   * @defaultValue `100`
   */
  count?: number;
  /**
   * Weights of the same shape, from before: what has changed since is shown, without the noise that they began as.
   *
   * @defaultValue none: the weights themselves
   */
  since?: ArrayLike;
}

/** From most negative to most positive. */
const colors = colorsOf(divergingScale, WEIGHT_STEPS);
const ZERO = (colors.length - 1) / 2;

/**
 * The weights that go into each unit of a layer, as an image of where they look: orange is more than zero, blue less, as far as the
 * colour scale beside says.
 *
 * @param values `[inputs, units]`, such as a first layer's `[784, 128]`, or a convolution's `[height, width, 1, units]`
 * @throws {InvalidArgumentError} when the shape is another, or the inputs make no image
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
        return colors[Math.round(ZERO * (1 + value / limit))] ?? colors[ZERO]!; // what is no number looks like zero
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

/** How much has been added to weights since they were others. */
function changeSince(values: ArrayLike, since: ArrayLike): Numbers {
  const [now, before] = [numbersOf(values, 'weights'), numbersOf(since, 'weights from before')];
  if (shapeText(now.shape) !== shapeText(before.shape))
    throw new InvalidArgumentError(
      `expected weights from before of shape ${shapeText(now.shape)}, got ${shapeText(before.shape)}`,
    );
  return { shape: now.shape, data: Float32Array.from(now.data, (value, i) => value - before.data[i]!) };
}

/** The pixels that a colour bar takes. */
const COLOR_BAR = 64;

/** A trace that draws nothing but its colour bar: the picture itself has no numbers any more. */
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
