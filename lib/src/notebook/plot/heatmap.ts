/** Heatmaps of matrices. */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { type Numbers, numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { Figure } from '../figure/figure';
import { figureText } from '../figure/figureText';
import { divergingScale, sequentialScale } from '../figure/theme';
import { checkCount, extent } from './numbers';

/** Options of {@link heatmap}. */
export interface HeatmapOptions {
  title?: string;
  xLabel?: string;
  yLabel?: string;
  /** The label of the colour bar: the meaning of the numbers. */
  colorLabel?: string;
  /**
   * The number of rows, or their names, from the top.
   *
   * @defaultValue the first dimension of a matrix; numbers `[n]` need `rows` or `columns`
   */
  rows?: number | readonly string[];
  /**
   * The number of columns, or their names.
   *
   * @defaultValue the second dimension of a matrix; numbers `[n]` need `rows` or `columns`
   */
  columns?: number | readonly string[];
  /**
   * The numbers at both ends of the colour scale; numbers beyond have the same colours.
   *
   * @defaultValue the least and the greatest; for `diverging` colours, symmetric around zero
   */
  range?: readonly [least: number, greatest: number];
  /**
   * `sequential` goes from zero to large numbers, `diverging` from negative (blue) to positive (orange).
   *
   * @defaultValue `diverging` if there are numbers of both signs
   */
  colors?: 'sequential' | 'diverging';
  /**
   * Whether to write the numbers into the cells.
   *
   * @defaultValue whether there are at most 12 columns and 16 rows
   */
  numbers?: boolean;
}

/**
 * Pixels: the heights of rows with and without numbers, the margins, and the minimum and maximum height of the figure.
 */
const NUMBERED_ROW = 28;
const ROW = 18;
const AROUND = 120;
const MIN_HEIGHT = 240;
const MAX_HEIGHT = 720;
/** Up to this many rows or columns, each has a tick. */
const EACH = 16;

/**
 * Plots a matrix as colours, with a colour bar: a filter's weights, a layer's activations, the precision of each pair
 * of settings. The first row is at the top. Values that are not finite numbers have no colour.
 *
 * @param values a matrix `[rows, columns]`, or its numbers row by row, `[rows × columns]`, with `rows` or `columns`
 * @throws {InvalidArgumentError} when there are no numbers, or not as many as rows and columns require, the shape is
 * another, or `range` or `colors` is invalid
 * @example
 * plot.heatmap([[0.91, 0.94], [0.95, 0.97]], { rows: ['lr 0.01', 'lr 0.1'], columns: ['16 units', '128 units'], colorLabel: 'precision' });
 * plot.heatmap([0.2, -0.4, 0.1, 0.3, 0, -0.1], { columns: 3, title: 'One filter' });
 */
export function heatmap(values: ArrayLike, options: HeatmapOptions = {}): Figure {
  const { title, xLabel, yLabel, colorLabel } = onlyOptions(options, {
    title: 'string',
    xLabel: 'string',
    yLabel: 'string',
    colorLabel: 'string',
    rows: 'any',
    columns: 'any',
    range: 'array',
    colors: ['sequential', 'diverging'],
    numbers: 'boolean',
  });
  const { shape, data } = numbersOf(values, 'values');
  const [rows, columns] = sizeOf(shape, data, options);
  const z = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const value = data[row * columns + column]!;
      return Number.isFinite(value) ? value : null;
    }),
  );
  const { scale, least, greatest } = colorsOf(data, options);
  const { numbers = columns <= 12 && rows <= 16 } = options;
  const [x, y] = [namesOf(options.columns, columns), namesOf(options.rows, rows)];
  const row = numbers ? NUMBERED_ROW : ROW;
  return new Figure(
    [
      {
        type: 'heatmap',
        x,
        y,
        z,
        zmin: least,
        zmax: greatest,
        colorscale: scale,
        xgap: columns <= 40 ? 1 : 0,
        ygap: rows <= 40 ? 1 : 0,
        ...(numbers && { texttemplate: '%{z:.3~g}' }),
        hovertemplate: `${yLabel ?? figureText({ en: 'row', zh: '行' })} %{y}, ${xLabel ?? figureText({ en: 'column', zh: '列' })} %{x}: %{z:.4~g}<extra></extra>`,
        colorbar: { thickness: 14, ...(colorLabel !== undefined && { title: { text: colorLabel, side: 'right' } }) },
      },
    ],
    {
      ...(title !== undefined && { title: { text: title } }),
      height: Math.max(MIN_HEIGHT, Math.min(MAX_HEIGHT, AROUND + row * rows)),
      xaxis: { ...axisOf(options.columns, columns), ...(xLabel !== undefined && { title: { text: xLabel } }) },
      yaxis: {
        ...axisOf(options.rows, rows),
        ...(yLabel !== undefined && { title: { text: yLabel } }),
        autorange: 'reversed',
      },
    },
  );
}

type Names = HeatmapOptions['rows'];

/** The numbers of rows and columns. */
function sizeOf(shape: Numbers['shape'], data: Numbers['data'], options: HeatmapOptions): readonly [number, number] {
  const [rows, columns] = [countOf(options.rows, 'rows'), countOf(options.columns, 'columns')];
  const [first = 0, second = 0] = shape;
  if (shape.length === 2 && data.length > 0) {
    if (rows !== undefined) checkCount({ length: rows }, 'rows', first, 'in the matrix');
    if (columns !== undefined) checkCount({ length: columns }, 'columns', second, 'in the matrix');
    return [first, second];
  }
  if (shape.length !== 1 || data.length === 0)
    throw new InvalidArgumentError(
      `expected a matrix [rows, columns], or its numbers [rows × columns], got ${shapeText(shape)}`,
    );
  if (rows === undefined && columns === undefined)
    throw new InvalidArgumentError(
      `expected the rows or the columns of ${data.length} numbers in one line, got neither`,
    );
  const down = rows ?? data.length / columns!;
  const across = columns ?? data.length / rows!;
  if (down * across !== data.length || !Number.isInteger(down) || !Number.isInteger(across))
    throw new InvalidArgumentError(
      `expected as many numbers as ${rows ?? 'some'} rows of ${columns ?? 'some'} columns have, got ${data.length}`,
    );
  return [down, across];
}

function countOf(names: Names, what: string): number | undefined {
  if (names === undefined) return undefined;
  const count = typeof names === 'number' ? names : names.length;
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError(`expected ${what} as a number of 1 or more, or as names, got ${shown(names)}`);
  return count;
}

function namesOf(names: Names, count: number): readonly (string | number)[] {
  return typeof names === 'object' ? names : Array.from({ length: count }, (_, i) => i);
}

/** Names are categories, even if they look like numbers; there are no ticks in between. */
function axisOf(names: Names, count: number): object {
  const common = { showgrid: false, zeroline: false, showline: false };
  return typeof names === 'object'
    ? { ...common, type: 'category' }
    : { ...common, ...(count <= EACH && { dtick: 1 }) };
}

function colorsOf(data: Numbers['data'], { range, colors }: HeatmapOptions) {
  const [low, high] = extent(data);
  if (Number.isNaN(low)) throw new InvalidArgumentError(`expected finite numbers, got none in ${data.length} values`);
  const kind = colors ?? (low < 0 && high > 0 ? 'diverging' : 'sequential');
  const far = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const [least, greatest] = range ?? (kind === 'diverging' ? [-far, far] : [low, low < high ? high : low + 1]);
  if (!(least < greatest) || !Number.isFinite(greatest - least))
    throw new InvalidArgumentError(`expected a range from less to more, got ${shown([least, greatest])}`);
  return { scale: kind === 'diverging' ? divergingScale : sequentialScale, least, greatest };
}
