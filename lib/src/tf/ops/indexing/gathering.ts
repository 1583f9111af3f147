/** Operations that read parts of a tensor by index, or place parts by index. */

import type { DType } from '../../../runtime/dtypes';
import { HostArray } from '../../../runtime/hostArray';
import { onlyOptions } from '../../../runtime/options';
import { type Rank, Tensor, type TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import { identity } from '../array';
import type { OperandDType, OperandRank, RankOfSizes, RankWithout, Sizes } from '../types';
import { contentOf, handleOf } from '../variableOps';
import { indexDType } from './indices';

/**
 * The parts of a tensor at `indices` of a dimension, such as rows of a table.
 *
 * @param indices of any shape; in the result, their dimensions replace dimension `axis`
 * @param options.axis the dimension; `batchDims` by default
 * @param options.batchDims the number of leading dimensions that `params` and `indices` share; within these, indices
 * refer to the corresponding part of `params`
 * @throws {InvalidArgumentError} when, in a run, an index is out of range
 *
 * @example
 * tf.gather([[1, 2], [3, 4], [5, 6]], [2, 0]); // [[5, 6], [1, 2]]
 */
export function gather<X extends TensorLike, I extends TensorLike, const A extends number | Tensor = number | Tensor>(
  params: X,
  indices: I,
  options: OpOptions & { axis?: A; batchDims?: number } = {},
): Tensor<OperandDType<X>, OperandRank<I> extends 'array' ? 'array' : RankWithout<A>> {
  const {
    batchDims = 0,
    axis = batchDims,
    name,
  } = onlyOptions(options, { batchDims: 'number', axis: 'any', name: 'string' });
  const table = axis === 0 && params instanceof Tensor ? handleOf(params) : undefined;
  if (table) return readRows('ResourceGather', table, indices, name ?? 'Gather');
  const attributes = { batch_dims: batchDims, Tindices: indexDType(indices), Taxis: indexDType(axis) };
  return applyOne('GatherV2', [params, indices, axis], attributes, name);
}

/** Reads parts of a resource variable directly; otherwise all of it would be read. */
function readRows<D extends DType, R extends Rank>(
  type: 'ResourceGather' | 'ResourceGatherNd',
  table: Tensor,
  indices: TensorLike,
  name: string,
): Tensor<D, R> {
  const attributes = { dtype: contentOf(table).dtype, Tindices: indexDType(indices) };
  return table.graph.nameScope(name, (scope) => {
    const rows: Tensor<D, R> = applyOne(type, [table, indices], attributes, scope);
    return identity(rows) as Tensor as Tensor<D, R>;
  });
}

/**
 * The parts of a tensor at positions given by several indices each.
 *
 * @param indices the last dimension contains indices into the leading dimensions of `params`, at most as many as these
 * @throws {InvalidArgumentError} when, in a run, an index is out of range
 *
 * @example
 * tf.gatherNd([[1, 2], [3, 4]], [[0, 0], [1, 1]]); // [1, 4]
 */
export function gatherNd<X extends TensorLike>(
  params: X,
  indices: TensorLike,
  options: OpOptions = {},
): Tensor<OperandDType<X>> {
  const { name } = onlyOptions(options, { name: 'string' });
  const table = params instanceof Tensor ? handleOf(params) : undefined;
  if (table) return readRows('ResourceGatherNd', table, indices, name ?? 'GatherNd');
  return applyOne('GatherNd', [params, indices], { Tindices: indexDType(indices) }, name);
}

// Elements into their place

/**
 * Zeros, with `updates` at the positions given by `indices`. Updates at the same position are added up.
 *
 * @param indices the last dimension contains indices into the leading dimensions of the result
 * @param updates the elements for each position
 * @param shape of the result
 * @throws {InvalidArgumentError} when, in a run, an index is out of range
 *
 * @example
 * tf.scatterNd([[1], [3]], [9, 10], [5]); // [0, 9, 0, 10, 0]
 */
export function scatterNd<X extends TensorLike, const S extends Sizes>(
  indices: TensorLike,
  updates: X,
  shape: S,
  options: OpOptions = {},
): Tensor<OperandDType<X>, RankOfSizes<S>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('ScatterNd', [indices, updates, shape], { Tindices: indexDType(indices, shape) }, name);
}

/** Options of {@link sparseToDense}. */
export interface SparseToDenseOptions extends OpOptions {
  /**
   * The value at all other positions, a scalar.
   *
   * @defaultValue `0`
   */
  defaultValue?: TensorLike;
  /**
   * Whether to check that the positions are in ascending order, without repetitions.
   *
   * @defaultValue `true`
   */
  validateIndices?: boolean;
}

/**
 * A tensor of `defaultValue`, with `sparseValues` at the positions given by `sparseIndices`.
 *
 * @param sparseIndices a matrix with a position per row, in ascending order without repetitions; or a vector or scalar
 * of positions in a vector
 * @param outputShape of the result
 * @param sparseValues a value for each position, or one for all
 * @param options.defaultValue a scalar, 0 by default; may also come before the options
 * @param options.validateIndices false to skip checking the positions
 * @throws {InvalidArgumentError} when, in a run, positions are out of range, out of order or repeated
 *
 * @example
 * tf.sparseToDense([[0, 3], [1, 0]], [2, 4], 1); // [[0, 0, 0, 1], [1, 0, 0, 0]]
 */
export function sparseToDense<X extends TensorLike, const S extends Sizes>(
  sparseIndices: TensorLike,
  outputShape: S,
  sparseValues: X,
  options?: SparseToDenseOptions,
): Tensor<OperandDType<X>, RankOfSizes<S>>;
export function sparseToDense<X extends TensorLike, const S extends Sizes>(
  sparseIndices: TensorLike,
  outputShape: S,
  sparseValues: X,
  defaultValue: TensorLike,
  options?: Omit<SparseToDenseOptions, 'defaultValue'>,
): Tensor<OperandDType<X>, RankOfSizes<S>>;
export function sparseToDense(
  sparseIndices: TensorLike,
  outputShape: Sizes,
  sparseValues: TensorLike,
  fourth?: TensorLike | SparseToDenseOptions,
  fifth?: SparseToDenseOptions,
): Tensor {
  const isOptions = typeof fourth === 'object' && !(fourth instanceof Tensor || fourth instanceof HostArray);
  const given = isOptions ? (fourth as SparseToDenseOptions) : fifth;
  const { validateIndices, name } = onlyOptions(given ?? {}, {
    defaultValue: 'any',
    validateIndices: 'boolean',
    name: 'string',
  });
  const defaultValue = (isOptions ? given?.defaultValue : (fourth as TensorLike | undefined)) ?? 0;
  const inputs = [sparseIndices, outputShape, sparseValues, defaultValue];
  const attributes = { validate_indices: validateIndices, Tindices: indexDType(sparseIndices, outputShape) };
  return applyOne('SparseToDense', inputs, attributes, name);
}
