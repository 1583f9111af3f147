/** Points in two or three dimensions, coloured by class. */

import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { Figure } from '../figure/figure';
import type { Layout, Trace } from '../figure/figureData';
import { figureText } from '../figure/figureText';
import { palette } from '../figure/theme';
import { checkCount, classesOf, extent, roundedFor } from './numbers';

/** Options of {@link embedding}. */
export interface EmbeddingPlotOptions {
  title?: string;
  /** The classes of the points, which determine their colours: class numbers `[n]` or one-hot rows `[n, classes]`. */
  labels?: ArrayLike;
  /**
   * The names of the classes.
   *
   * @defaultValue their numbers
   */
  classes?: readonly string[];
  /**
   * The labels of the axes, one per dimension.
   *
   * @defaultValue their numbers
   */
  axes?: readonly string[];
  /**
   * The maximum number of points to draw, evenly selected.
   *
   * @defaultValue `2000`
   */
  count?: number;
}

/** Ten colours, for ten digits; with more classes, they repeat. */
const classColors = [...palette, '#8a5a2b', '#7d9200'];
/** Coordinates are rounded to a hundredth of one of this many steps across the figure. */
const STEPS = 20;

/**
 * Plots points that stand for examples, such as a layer's activations projected to their principal components, with a
 * colour per class. Three-dimensional plots can be rotated; their still picture shows the first two dimensions.
 *
 * @param points `[n, 2]` or `[n, 3]`
 * @throws {InvalidArgumentError} when the shape is another, or the numbers of labels and points differ
 * @example
 * const { test } = sets;
 * const { points } = await pca(await session.run(hidden, [[images, test.images]]), 2);
 * plot.embedding(points, { labels: test.labels, title: 'The hidden layer' });
 */
export function embedding(points: ArrayLike, options: EmbeddingPlotOptions = {}): Figure {
  onlyOptions(options, { title: 'string', labels: 'any', classes: 'array', axes: 'array', count: 'number' });
  const { title, classes, count = 2000 } = options;
  const { shape, data } = numbersOf(points, 'points');
  const [all = 0, dimensions] = shape;
  if (shape.length !== 2 || all === 0 || (dimensions !== 2 && dimensions !== 3))
    throw new InvalidArgumentError(`expected points of shape [n, 2] or [n, 3], got ${shapeText(shape)}`);
  const labels = options.labels === undefined ? undefined : classesOf(options.labels, 'labels');
  if (labels) checkCount(labels, 'labels', all, 'points');
  const axes = options.axes ?? Array.from({ length: dimensions }, (_, axis) => `${axis + 1}`);
  checkCount(axes, 'axes', dimensions, 'dimensions');
  if (!(count > 0)) throw new InvalidArgumentError(`expected a positive count, got ${shown(count)}`);

  const [least, greatest] = extent(data);
  const round = roundedFor((greatest - least || 1) / STEPS);
  const coordinate = (point: number, axis: number) => {
    const value = data[point * dimensions + axis]!;
    return Number.isFinite(value) ? round(value) : null;
  };
  const drawn = evenly(all, count);
  const names = [...new Set(drawn.map((i) => labels?.[i]))].sort((a, b) => (a ?? 0) - (b ?? 0));
  const traces = (flat: boolean) =>
    names.map((label): Trace => {
      const members = drawn.filter((i) => labels?.[i] === label);
      return {
        type: flat ? 'scatter' : 'scatter3d',
        mode: 'markers',
        ...(label !== undefined && { name: classes?.[label] ?? `${label}` }),
        x: members.map((i) => coordinate(i, 0)),
        y: members.map((i) => coordinate(i, 1)),
        ...(!flat && { z: members.map((i) => coordinate(i, 2)) }),
        customdata: members,
        marker: { color: classColors[(label ?? 0) % classColors.length], size: flat ? 5 : 2.5, opacity: 0.75 },
        hovertemplate: `${label === undefined ? '' : '%{fullData.name}: '}${figureText({ en: 'example', zh: '样本' })} %{customdata}<extra></extra>`,
      };
    });
  const common: Layout = {
    ...(title !== undefined && { title: { text: title } }),
    height: 480,
    showlegend: labels !== undefined,
    legend: { itemsizing: 'constant' },
  };
  const [x, y, z] = axes.map((text) => ({ title: { text } }));
  const flat = new Figure(traces(true), { ...common, xaxis: x, yaxis: { ...y, scaleanchor: 'x' } });
  if (dimensions === 2) return flat;
  const figure = new Figure(traces(false), {
    ...common,
    scene: { xaxis: x, yaxis: y, zaxis: z, aspectmode: 'data' },
    margin: { l: 0, r: 0, b: 0, t: title === undefined ? 0 : 44 },
  });
  figure.flat = flat;
  return figure;
}

/** At most `count` of the numbers from 0 to `all`, exclusive. */
function evenly(all: number, count: number): number[] {
  if (all <= count) return [...Array(all).keys()];
  return Array.from({ length: count }, (_, i) => Math.floor((i * all) / count));
}
