/** Normalizes numeric columns to mean 0 and standard deviation 1, using the statistics of the training set. */

import { checkObject, shown } from '../runtime/arguments';
import { type FloatDType, isFloating } from '../runtime/dtypes';
import { InvalidArgumentError } from '../runtime/errors';
import { HostArray } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';
import { type ColumnDataSet, type Columns, DataSet } from './dataSet';

/** The statistics of a column: numbers in the shape of one example, flattened. */
export interface Moments {
  /** The mean of each number. */
  readonly mean: readonly number[];
  /** The (population) standard deviation of each number: 0 if all examples have the same number. */
  readonly std: readonly number[];
}

/** The names of the columns with floats. */
type FloatColumn<C extends Columns<keyof C>> = {
  [K in keyof C]: C[K] extends HostArray<FloatDType> ? K : never;
}[keyof C] &
  string;

/**
 * Shifts and scales columns by the statistics of a training set, see {@link fitNormalization}. Store it with a model,
 * as JSON: later inputs must be normalized in the same way.
 *
 * @example
 * const train = new data.DataSet({ area: [70, 120, 95], price: [210, 380, 290] });
 * const normalization = data.fitNormalization(train, ['area']);
 * normalization.columns.area.mean; // [95]
 * const kept = JSON.stringify(normalization);
 * const question = data.Normalization.fromJSON(JSON.parse(kept)).apply({ area: tf.hostArray([95]) });
 * question.area.at(0); // 0
 */
export class Normalization<N extends string = string> {
  /** The statistics of each column. */
  readonly columns: Readonly<Record<N, Moments>>;

  /** @throws {InvalidArgumentError} when these aren't means and standard deviations */
  constructor(columns: Readonly<Record<N, Moments>>) {
    checkObject('what a normalization has of each column', columns);
    for (const [name, moments] of Object.entries(columns)) checkMoments(name, moments);
    this.columns = columns;
  }

  /**
   * Creates a normalization from its parsed JSON.
   *
   * @throws {InvalidArgumentError} when it is something else
   */
  static fromJSON(json: unknown): Normalization {
    return new Normalization(json as Record<string, Moments>);
  }

  /** The means and standard deviations of each column. */
  toJSON(): Readonly<Record<N, Moments>> {
    return this.columns;
  }

  /**
   * Normalizes the fitted columns of a set or a batch; other columns are unchanged, and a set keeps its seed. Numbers
   * that were constant in the training set become their difference from that constant. Fitted columns that are missing
   * are ignored.
   *
   * @throws {InvalidArgumentError} when a fitted column doesn't contain floats of the same shape, or contains a NaN or
   * infinity
   */
  apply<C extends Columns<keyof C>>(set: ColumnDataSet<C>): ColumnDataSet<C>;
  apply<C extends Columns<keyof C>>(columns: C): C;
  apply(given: Columns | ColumnDataSet<Columns>): unknown {
    return this.#mapped(given, (value, mean, std) => (value - mean) / (std || 1));
  }

  /**
   * The inverse of {@link apply}: converts a network's outputs for a normalized column to the column's own units.
   *
   * @throws {InvalidArgumentError} when {@link apply} would
   *
   * @example
   * const train = new data.DataSet({ price: [210, 380, 290] });
   * const { price } = data.fitNormalization(train, ['price']).invert({ price: tf.hostArray([0]) });
   * Math.round(price.at(0)); // 293
   */
  invert<C extends Columns<keyof C>>(set: ColumnDataSet<C>): ColumnDataSet<C>;
  invert<C extends Columns<keyof C>>(columns: C): C;
  invert(given: Columns | ColumnDataSet<Columns>): unknown {
    return this.#mapped(given, (value, mean, std) => value * (std || 1) + mean);
  }

  #mapped(given: Columns | ColumnDataSet<Columns>, change: Change): Columns | ColumnDataSet<Columns> {
    checkObject('what is normalized', given);
    const isSet = given instanceof DataSet;
    const columns = (isSet ? given.columns : given) as Columns;
    const mapped = Object.fromEntries(
      Object.entries(columns).map(([name, column]): [string, HostArray] => {
        const moments = Object.hasOwn(this.columns, name) ? this.columns[name as N] : undefined;
        return [name, moments ? changed(name, column, moments, change) : column];
      }),
    );
    return isSet ? new DataSet(mapped, { seed: (given as DataSet).seed }) : mapped;
  }
}

type Change = (value: number, mean: number, std: number) => number;

/**
 * Computes the means and standard deviations of columns of a set, to normalize this and other sets. Use only the
 * training set: test data must not influence training.
 *
 * @param set of named columns
 * @param columns names of columns of floats, of any shape: each number of an example has its own mean and standard
 * deviation
 * @throws {InvalidArgumentError} when there is no such column, it doesn't contain floats, it contains a NaN or infinity
 * (the message says where), or the set is empty
 *
 * @example
 * const houses = new data.DataSet({ area: [70, 120, 95, 60], price: [210, 380, 290, 200] });
 * const { train, test } = houses.split({ train: 0.5, test: 0.5 }, { seed: 1 });
 * const normalization = data.fitNormalization(train, ['area']);
 * const sets = { train: normalization.apply(train), test: normalization.apply(test) };
 */
export function fitNormalization<C extends Columns<keyof C>, N extends FloatColumn<C>>(
  set: ColumnDataSet<C>,
  columns: readonly N[],
): Normalization<N> {
  if (!(set instanceof DataSet)) throw new InvalidArgumentError(`what is fitted is a DataSet, not ${shown(set)}`);
  if (!Array.isArray(columns) || columns.length === 0)
    throw new InvalidArgumentError(`expected names of columns, such as ['features'], got ${shown(columns)}`);
  const moments = columns.map((name: N): [N, Moments] => {
    const column = Object.hasOwn(set.columns, name) ? set.columns[name] : undefined;
    if (!column) throw new InvalidArgumentError(`there is no column ${shown(name)} in the ${set}`);
    return [name, momentsOf(name, column)];
  });
  return new Normalization(Object.fromEntries(moments) as Record<N, Moments>);
}

function momentsOf(name: string, column: HostArray): Moments {
  const values = finiteValues(name, column);
  const [count = 0] = column.shape;
  if (count === 0) throw new InvalidArgumentError(`column ${name}: there are no examples of which to take a mean`);
  const width = values.length / count;
  // Differences to the first example, which are exactly 0 if all have the same number.
  const mean = Array.from(values.subarray(0, width));
  const sums = new Float64Array(width);
  for (let i = 0; i < values.length; i++) sums[i % width]! += values[i]! - values[i % width]!;
  for (let i = 0; i < width; i++) mean[i]! += sums[i]! / count;
  const squares = new Float64Array(width);
  for (let i = 0; i < values.length; i++) squares[i % width]! += (values[i]! - mean[i % width]!) ** 2;
  return { mean, std: Array.from(squares, (sum) => Math.sqrt(sum / count)) };
}

function changed(name: string, column: HostArray, { mean, std }: Moments, change: Change): HostArray {
  const values = finiteValues(name, column);
  const width = mean.length;
  const [count = 0, ...rest] = column.shape;
  if (values.length !== count * width)
    throw new InvalidArgumentError(
      `column ${name}: expected examples of ${width} numbers, as there were when it was fitted, got them of shape ${shapeText(rest)}`,
    );
  const result = values.slice();
  for (let i = 0; i < result.length; i++) result[i] = change(values[i]!, mean[i % width]!, std[i % width]!);
  return new HostArray(column.dtype as FloatDType, column.shape, result);
}

/** The numbers of a column, after checking that none is a NaN, which would spread to the mean. */
function finiteValues(name: string, column: HostArray): Float32Array | Float64Array {
  if (!(column instanceof HostArray) || !isFloating(column.dtype)) {
    const found = column instanceof HostArray ? column.dtype : shown(column);
    throw new InvalidArgumentError(
      `column ${name}: expected float32 or float64, got ${found}; tf.hostArray(column, 'float32') converts`,
    );
  }
  const values = column.data as Float32Array | Float64Array;
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return values;
  const width = values.length / column.shape[0]!;
  const place = width > 1 ? `, number ${at % width} of ${width}` : '';
  throw new InvalidArgumentError(`column ${name}: example ${Math.floor(at / width)} is ${values[at]}${place}`);
}

function checkMoments(name: string, moments: unknown): void {
  const { mean, std } = (moments ?? {}) as Partial<Moments>;
  const isNumbers = (numbers: unknown): numbers is number[] => Array.isArray(numbers) && numbers.every(Number.isFinite);
  if (!isNumbers(mean) || !isNumbers(std) || mean.length !== std.length || std.some((value) => value < 0))
    throw new InvalidArgumentError(
      `column ${name}: expected { mean, std }, as many numbers each, none of std negative, got ${shown(moments)}`,
    );
}
