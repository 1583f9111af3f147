/** The value of a ragged tensor, for signatures. */
import { checkArray, checkInstance } from '../../runtime/arguments';
import type { HostDType, ScalarOf } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, HostArray, type Nested, toHostArray } from '../../runtime/hostArray';

/** The boundaries of the rows: one number more than there are rows. */
export type RowSplits = HostArray<'int32' | 'int64'>;

/**
 * The value of a ragged tensor: rows of different lengths, stored consecutively, and their boundaries.
 *
 * @example
 * const value = new tf.ragged.RaggedTensorValue(tf.hostArray([1, 2, 3]), [tf.hostArray([0, 2, 2, 3], 'int64')]);
 * value.toList(); // [[1, 2], [], [3]]
 */
export class RaggedTensorValue<D extends HostDType = HostDType> {
  /** The elements of all rows. */
  readonly flatValues: HostArray<D>;
  /** The boundaries of the rows, for each ragged dimension, outermost first. */
  readonly nestedRowSplits: readonly RowSplits[];

  /** @throws {InvalidArgumentError} when the splits contradict each other or the number of elements */
  constructor(flatValues: HostArray<D>, nestedRowSplits: readonly RowSplits[]) {
    checkInstance('the elements of a ragged value', flatValues, HostArray, 'hostArray');
    checkArray('the row splits of a ragged value', nestedRowSplits);
    for (const splits of nestedRowSplits) checkInstance('row splits', splits, HostArray, 'hostArray');
    this.flatValues = flatValues;
    this.nestedRowSplits = [...nestedRowSplits];
    if (nestedRowSplits.length === 0 || flatValues.rank === 0)
      throw new InvalidArgumentError('a ragged value has row splits, and elements in rows');
    for (const [i, splits] of nestedRowSplits.entries()) {
      const next = nestedRowSplits[i + 1];
      const count = next ? next.size - 1 : flatValues.shape[0]!;
      const bounds = Array.from(splits.data, Number);
      const isAscending = bounds.every((bound, row) => bound >= (bounds[row - 1] ?? 0));
      if (bounds[0] !== 0 || !isAscending || bounds.at(-1) !== count)
        throw new InvalidArgumentError(`row splits ascend from 0 to the number of what they part, ${count}: ${bounds}`);
    }
  }

  /** The rows as nested arrays. */
  toList(): Nested<ScalarOf<D>>[] {
    const parted = (items: Nested<ScalarOf<D>>[], splits: RowSplits) =>
      Array.from({ length: splits.size - 1 }, (_, row) =>
        items.slice(Number(splits.data[row]), Number(splits.data[row + 1])),
      );
    const elements = this.flatValues.toArray() as Nested<ScalarOf<D>>[];
    return this.nestedRowSplits.reduceRight<Nested<ScalarOf<D>>[]>(parted, elements);
  }
}

/**
 * Converts nested arrays to a ragged value.
 *
 * @param raggedRank how many dimensions have rows of different lengths
 * @param inner the shape of the elements of the innermost rows, for a value without elements
 * @throws {InvalidArgumentError} when the arrays aren't nested deeply enough, or the elements don't fit the dtype
 */
export function raggedValueOf<D extends HostDType>(
  rows: unknown,
  { dtype, raggedRank, inner }: { dtype: D; raggedRank: number; inner: readonly number[] },
): RaggedTensorValue<D> {
  const nestedRowSplits: RowSplits[] = [];
  let items = rowsOf(rows);
  for (let rank = 0; rank < raggedRank; rank++) {
    const bounds = [0];
    const next: unknown[] = [];
    for (const row of items) {
      for (const item of rowsOf(row)) next.push(item);
      bounds.push(next.length);
    }
    nestedRowSplits.push(toHostArray(bounds, 'int64'));
    items = next;
  }
  const flat = toHostArray(items as ArrayLike, dtype) as HostArray<D>;
  return new RaggedTensorValue(items.length === 0 ? flat.reshape([0, ...inner]) : flat, nestedRowSplits);
}

function rowsOf(rows: unknown): Iterable<unknown> & { readonly length: number } {
  if (Array.isArray(rows) || (ArrayBuffer.isView(rows) && !(rows instanceof DataView)))
    return rows as unknown as ArrayLike & readonly unknown[];
  if (rows instanceof HostArray && rows.rank > 0) return rows.toArray() as readonly unknown[];
  throw new InvalidArgumentError('a ragged value is an array of rows: [[1, 2], [], [3]]');
}
