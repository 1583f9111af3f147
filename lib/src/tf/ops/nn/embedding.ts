/** Looks up rows of tables, such as a vector for each word. */

import { checkInstance } from '../../../runtime/arguments';
import type { DType } from '../../../runtime/dtypes';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions, placed } from '../../../runtime/options';
import { isFullyDefined, type Scalar, Tensor, type TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, type OpOptions } from '../apply';
import { identity, range, rank, reshape, shape, size } from '../array';
import { clipByNorm } from '../clip';
import { add, floordiv, floormod, maximum, sub } from '../elementwise/binary';
import { cast } from '../elementwise/cast';
import { less } from '../elementwise/comparison';
import { gather, getItem, where } from '../indexing';
import { dynamicPartition } from '../indexing/partition';
import { concat } from '../joining';
import { type PartitionedVariable, variablesOf } from '../partitionedVariable';
import { reduceSum } from '../reduce';
import type { OperandDType } from '../types';

/** Options of {@link embeddingLookup}. */
export interface EmbeddingLookupOptions extends OpOptions {
  /**
   * How ids are distributed over several tables. `mod`: to the tables in turn, so that the first of two tables has the
   * even ids; `div`: consecutive ids to each, where the first tables have one more if the number of ids isn't
   * divisible.
   *
   * @defaultValue `mod`
   */
  partitionStrategy?: 'mod' | 'div';
  /** The maximum norm: longer rows are scaled down, in the result, not in the table. */
  maxNorm?: number | Scalar;
}

type StrategyAndOptions =
  | [partitionStrategy: 'mod' | 'div', options?: Omit<EmbeddingLookupOptions, 'partitionStrategy'>]
  | [options?: EmbeddingLookupOptions];

/**
 * Looks up the rows of a table for `ids`. A table that is too large for one machine can be given as several.
 *
 * @param params [rows, …], or an array of such tables with the same dimensions after the first, or a partitioned
 * variable: its parts have consecutive rows, so that `partitionStrategy: 'div'` returns the rows of the whole. By
 * default, as in Python, ids are distributed over the parts in turn
 * @param ids `int32` or `int64`, of any shape
 * @returns the shape of `ids`, followed by that of a row
 * @throws {InvalidArgumentError} when there is no table; when, in a run, an id has no row
 *
 * @example
 * const embeddings = new tf.Variable(tf.randomUniform([10_000, 64], -1, 1));
 * const words = tf.placeholder('int32', [32, 20]);
 * const vectors = tf.nn.embeddingLookup(embeddings, words); // [32, 20] → [32, 20, 64]
 */
export function embeddingLookup<P extends Tensor>(
  params: P | readonly P[],
  ids: TensorLike,
  ...given: StrategyAndOptions
): Tensor<OperandDType<P>, 'array'>;
/** Looks up the rows of a partitioned variable for `ids`. */
export function embeddingLookup<D extends DType>(
  params: PartitionedVariable<D>,
  ids: TensorLike,
  ...given: StrategyAndOptions
): Tensor<D, 'array'>;
export function embeddingLookup(
  params: Tensor | readonly Tensor[] | PartitionedVariable,
  ids: TensorLike,
  ...given: StrategyAndOptions
): Tensor<DType, 'array'> {
  const options = placed<EmbeddingLookupOptions>(given, ['partitionStrategy']);
  const known = onlyOptions(options, { partitionStrategy: ['mod', 'div'], maxNorm: 'any', name: 'string' });
  const { partitionStrategy = 'mod', maxNorm, name = 'embedding_lookup' } = known;
  const tables = variablesOf(params).flat() as Tensor[];
  const [first] = tables;
  if (first === undefined) throw new InvalidArgumentError('embeddingLookup needs a table');
  for (const table of tables) checkInstance('each table', table, Tensor);
  const { graph } = first;
  return graph.nameScope(name, (scope) => {
    const numbers = asTensor(ids, 'int32', 'ids', graph) as Tensor<'int32'>;
    if (tables.length > 1) {
      const rows = lookUp(tables, numbers, partitionStrategy, scope);
      return shortened(rows, numbers, maxNorm) as Tensor<DType, 'array'>;
    }
    // A row is on the device of its table; what is computed from it doesn't have to be.
    const rows = graph.colocateWith(first, () => shortened(gather(first, numbers, { name: scope }), numbers, maxNorm));
    return identity(rows) as Tensor as Tensor<DType, 'array'>;
  });
}

/** Scales rows down to a maximum norm. */
function shortened(rows: Tensor, ids: Tensor, maxNorm: number | Scalar | undefined): Tensor {
  if (maxNorm === undefined) return rows;
  const [from, to] = [ids.rank, rows.rank];
  if (from === null || to === null) return clipByNorm(rows, maxNorm, { axes: range(rank(ids), rank(rows)) });
  return clipByNorm(rows, maxNorm, { axes: Array.from({ length: to - from }, (_, i) => from + i) });
}

/** Looks up each table's part of the ids, and restores the order of the ids. */
function lookUp(tables: readonly Tensor[], ids: Tensor<'int32'>, strategy: 'mod' | 'div', scope: string): Tensor {
  const { graph } = ids;
  const [first] = tables as [Tensor];
  const flat = reshape(ids, [-1]);
  const order = range(size(flat));
  const { table, row } = (strategy === 'mod' ? inTurn : consecutively)(tables, flat);
  const asked = dynamicPartition(row, table, tables.length);
  const places = dynamicPartition(order, table, tables.length);
  const rows = asked.map((part, i) => graph.colocateWith(tables[i]!, () => gather(tables[i]!, part)));
  const stitched = applyOne('ParallelDynamicStitch', [places, rows], {}, scope);
  const known = first.shape?.slice(1) ?? null;
  // Otherwise, the shape is computed on the table's device, so that the table isn't sent for it.
  const rowShape = isFullyDefined(known)
    ? asTensor([...known], 'int32', 'concat/values_1', graph)
    : getItem(
        graph.colocateWith(first, () => shape(first)),
        [[1, null]],
      );
  return reshape(stitched, concat([shape(ids), rowShape], 0) as Tensor<'int32'>);
}

/** For each id, the number of its table and its row there. */
interface Place {
  readonly table: Tensor;
  readonly row: Tensor;
}

function inTurn(tables: readonly Tensor[], ids: Tensor<'int32'>): Place {
  const table = floormod(ids, tables.length, { name: 'mod' });
  return { table: cast(table, 'int32'), row: floordiv(ids, tables.length) };
}

function consecutively(tables: readonly Tensor[], ids: Tensor<'int32'>): Place {
  const total = numberOfRows(tables, ids);
  const rows = floordiv(total, tables.length);
  const extras = floormod(total, tables.length, { name: 'mod' }); // the number of leading tables that have one row more
  const more = () => add(rows, 1, { name: 'add' });
  const afterExtras = () => sub(ids, extras, { name: 'sub' });
  const divisor = rowsOf(tables) < tables.length ? maximum(rows, 1) : rows; // the other tables may have none
  const table = maximum(floordiv(ids, more()), floordiv(afterExtras(), divisor));
  const isLonger = less(table, extras);
  const within = floormod(ids, more(), { name: 'mod' });
  const row = where(isLonger, within, floormod(afterExtras(), divisor, { name: 'mod' })) as Tensor;
  return { table: cast(table, 'int32'), row };
}

/** The total number of rows, in the dtype of the ids. */
function numberOfRows(tables: readonly Tensor[], ids: Tensor<'int32'>): Tensor<'int32'> {
  const known = rowsOf(tables);
  if (known > 0) return asTensor(known, ids.dtype, 'Const', ids.graph) as Tensor<'int32'>;
  const counts = asTensor(
    tables.map(
      (table) => table.shape?.[0] ?? ids.graph.colocateWith(table, () => getItem(shape(table), [0]) as Tensor),
    ),
  );
  return reduceSum(cast(counts, ids.dtype)) as Tensor as Tensor<'int32'>;
}

/** The total number of rows if it is known, else 0. */
function rowsOf(tables: readonly Tensor[]): number {
  return tables.reduce((sum, table) => sum + (table.shape?.[0] ?? Number.NaN), 0) || 0;
}
