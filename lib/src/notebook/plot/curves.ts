/** Curves: values over steps, from arrays. */

import { checkObject } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { type Kinds, onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { Figure } from '../figure/figure';
import type { Layout, Trace } from '../figure/figureData';
import { figureText } from '../figure/figureText';
import { Series } from '../figure/series';
import { checkCount } from './numbers';

/** The labels of a chart. */
export interface ChartOptions {
  title?: string;
  xLabel?: string;
  yLabel?: string;
  /**
   * Whether the y axis is logarithmic.
   *
   * @defaultValue `false`
   */
  logY?: boolean;
}

/** The options of {@link ChartOptions}. */
export const chartOptions = {
  title: 'string',
  xLabel: 'string',
  yLabel: 'string',
  logY: 'boolean',
} as const satisfies Kinds<ChartOptions>;

/** Options of {@link curves}. */
export interface CurvesOptions extends ChartOptions {
  /**
   * The x positions of the values, for all curves.
   *
   * @defaultValue 0, 1, 2 …
   */
  x?: ArrayLike;
}

/** A curve: its values, or values with their own x positions. */
export type Curve = ArrayLike | { x: ArrayLike; y: ArrayLike };

/** The values of a curve, and their x positions. */
export interface Points {
  readonly x: globalThis.ArrayLike<number>;
  readonly y: globalThis.ArrayLike<number>;
}

/**
 * Plots curves in one chart, by name: losses, accuracies, learning rates. Long curves are drawn with fewer points that
 * look the same.
 *
 * @param series by the curve's name: its values, or `{ x, y }`
 * @throws {InvalidArgumentError} when there is no curve, or the numbers of values and x positions differ
 * @example
 * plot.curves({ training: [2.3, 0.9, 0.5], validation: [2.3, 1, 0.7] }, { title: 'Cross entropy', xLabel: 'epoch' });
 * plot.curves({ every: [2.3, 1.7, 1.2], hundredth: { x: [0, 100, 200], y: [2.3, 0.9, 0.5] } });
 */
export function curves(series: Record<string, Curve>, options: CurvesOptions = {}): Figure {
  onlyOptions(options, { ...chartOptions, x: 'any' });
  checkObject('a set of curves', series);
  const names = Object.keys(series);
  if (names.length === 0) throw new InvalidArgumentError('expected at least one curve, got none');
  const data = names.map((name) => ({ name, ...lineTrace(pointsOf(series[name]!, options.x, name)) }));
  return new Figure(data, curvesLayout(names, options));
}

/**
 * Plots a single curve.
 *
 * @throws {InvalidArgumentError} when the numbers of values and x positions differ
 * @example
 * plot.line([2.3, 1.2, 0.7], { yLabel: 'loss' });
 * plot.line([0, 100, 200], [2.3, 1.2, 0.7]);
 */
export function line(y: ArrayLike, options?: ChartOptions): Figure;
export function line(x: ArrayLike, y: ArrayLike, options?: ChartOptions): Figure;
export function line(first: ArrayLike, second: ArrayLike | ChartOptions = {}, third: ChartOptions = {}): Figure {
  const [x, y, options] = isOptions(second) ? [undefined, first, second] : [first, second, third];
  onlyOptions(options, chartOptions);
  return new Figure([lineTrace(pointsOf(y, x, 'y'))], chartLayout(options));
}

/**
 * The points of a curve.
 *
 * @param x the x positions, for a curve without its own
 * @throws {InvalidArgumentError} when the numbers of values and x positions differ
 */
export function pointsOf(curve: Curve, x: ArrayLike | undefined, name: string): Points {
  const own = hasOwnX(curve);
  if (own) onlyOptions(curve, { x: 'any', y: 'any' });
  const values = vector(own ? curve.y : curve, name);
  const given = own ? curve.x : x;
  if (given === undefined) return { x: Array.from(values, (_, i) => i), y: values };
  const places = vector(given, `x of ${name}`);
  checkCount(values, `values of ${name}`, places.length, 'x');
  return { x: places, y: values };
}

function lineTrace({ x, y }: Points): Trace {
  const kept = new Series();
  for (let i = 0; i < y.length; i++) kept.add(x[i]!, y[i]!);
  return { type: 'scatter', mode: y.length > 1 ? 'lines' : 'markers', ...kept.points() };
}

function vector(value: ArrayLike, what: string): globalThis.ArrayLike<number> {
  const { shape, data } = numbersOf(value, what);
  if (shape.length !== 1) throw new InvalidArgumentError(`expected ${what} of shape [n], got ${shapeText(shape)}`);
  return data;
}

/** The label of an axis of steps. */
export const stepText = { en: 'step', zh: '步数' };

/** The layout of a chart with these curves: several have a legend; a single one's name is on the y axis. */
export function curvesLayout(names: readonly string[], options: ChartOptions): Layout {
  const [only] = names;
  if (names.length > 1 || only === undefined)
    return { ...chartLayout({ xLabel: figureText(stepText), ...options }), showlegend: true, hovermode: 'x unified' };
  return chartLayout({ xLabel: figureText(stepText), yLabel: only, ...options });
}

/** The layout for the options of a chart. */
export function chartLayout({ title, xLabel, yLabel, logY }: ChartOptions): Layout {
  return {
    ...(title !== undefined && { title: { text: title } }),
    xaxis: xLabel === undefined ? {} : { title: { text: xLabel } },
    yaxis: { ...(yLabel !== undefined && { title: { text: yLabel } }), ...(logY && { type: 'log' }) },
  };
}

function hasOwnX(curve: Curve): curve is { x: ArrayLike; y: ArrayLike } {
  return isPlain(curve) && 'x' in curve && 'y' in curve;
}

function isOptions(value: ArrayLike | ChartOptions): value is ChartOptions {
  return isPlain(value);
}

/** Whether something is an object literal, and not an array of any kind. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
