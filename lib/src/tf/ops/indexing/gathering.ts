/** Operations that take parts of a tensor by their indices, and that put parts into place by theirs. */

import type { DType } from '../../../runtime/dtypes';
import { HostArray } from '../../../runtime/hostArray';
import { onlyOptions } from '../../../runtime/options';
import { isFullyDefined, type Rank, Tensor, type TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, type OpOptions } from '../apply';
import { expandDims, identity, range, rank, reshape, shape, size, squeeze, transpose } from '../array';
import { add, mod, mul, sub } from '../elementwise/binary';
import { unbroadcast } from '../elementwise/broadcast';
import { cast } from '../elementwise/cast';
import { registerGradient } from '../gradientRegistry';
import { dense, IndexedSlices } from '../indexedSlices';
import { concat, stack } from '../joining';
import { reduceSum } from '../reduce';
import type { IndexDType, OperandDType, OperandRank, RankOfSizes, Sizes } from '../types';
import { contentOf, handleOf } from '../variableOps';
import { constantValue, indexDType, product } from './indices';
import { getItem } from './slicing';

/**
 * The parts of a tensor at `indices` of a dimension, such as rows of a table.
 *
 * @param indices of any shape; their dimensions take the place of dimension `axis` in the result
 * @param options.axis the dimension; `batchDims` by default
 * @param options.batchDims how many first dimensions `params` and `indices` have in common, each of the indices then
 *   being about its own part of `params`
 * @throws {InvalidArgumentError} when a run finds an index outside of the dimension
 *
 * @example
 * tf.gather([[1, 2], [3, 4], [5, 6]], [2, 0]); // [[5, 6], [1, 2]]
 */
export function gather<X extends TensorLike, I extends TensorLike>(
  params: X,
  indices: I,
  options: OpOptions & { axis?: number | Tensor; batchDims?: number } = {},
): Tensor<OperandDType<X>, OperandRank<I> extends 'array' ? 'array' : Rank> {
  const { batchDims = 0, axis = batchDims, name } = onlyOptions(options, ['batchDims', 'axis', 'name']);
  const table = axis === 0 && params instanceof Tensor ? handleOf(params) : undefined;
  if (table) return readRows('ResourceGather', table, indices, name ?? 'Gather');
  const attributes = { batch_dims: batchDims, Tindices: indexDType(indices), Taxis: indexDType(axis) };
  return applyOne('GatherV2', [params, indices, axis], attributes, name);
}

/** Reads parts of a resource variable, where an operation that takes its value would read all of it. */
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

registerGradient('GatherV2', (op, grad) => {
  const [params, indices, axis] = op.inputs as [Tensor, Tensor, Tensor];
  const sizes = op.graph.colocateWith(params, () => cast(shape(params, { outType: 'int64' }), 'int32'));
  const batchDims = Number(op.getAttribute('batch_dims'));
  const isFirst = constantValue(axis)?.data[0]?.toString() === '0';
  const whole = isFirst ? gatheredRows(grad, sizes, indices) : scatterAlong(grad, sizes, indices, axis, batchDims);
  return [whole, null, null];
});

registerGradient('Gather', (op, grad) => {
  const [params, indices] = op.inputs as [Tensor, Tensor];
  const sizes = op.graph.colocateWith(params, () => shape(params));
  return [gatheredRows(grad, sizes, indices), null];
});

registerGradient('ResourceGather', (op, grad) => {
  const [table, indices] = op.inputs as [Tensor, Tensor];
  return [gatheredRows(grad, variableShape(table, 'int32'), indices), null];
});

/** The shape of the variable that a handle stands for: a constant where the handle tells it. */
function variableShape<D extends IndexDType>(handle: Tensor, outType: D): Tensor<D> {
  const sizes = handleOf(handle) ? contentOf(handle).shape : null;
  if (isFullyDefined(sizes)) return asTensor(sizes, outType, 'Const', handle.graph) as Tensor as Tensor<D>;
  return applyOne('VariableShape', [handle], { out_type: outType });
}

/** The gradient of rows that were gathered from a table of `sizes`. */
function gatheredRows(grad: Tensor, sizes: Tensor<'int32'>, indices: Tensor): IndexedSlices {
  const count = expandDims(size(indices), 0);
  const rows = reshape(dense(grad), concat([count, getItem(sizes, [[1, null]])], 0));
  return new IndexedSlices(rows, reshape(indices as Tensor<IndexDType>, count), sizes);
}

/**
 * The gradient of what was gathered from any dimension, reduced to that of rows: all dimensions are taken together to
 * four, the batch, those between, the one that was gathered from, and those inside of it.
 */
function scatterAlong(grad: Tensor, sizes: Tensor<'int32'>, indices: Tensor, axis: Tensor, batchDims: number): Tensor {
  const dimension = mod(cast(axis, 'int32'), size(sizes), { name: 'mod' });
  const common = batchDims < 0 ? add(rank(indices), batchDims, { name: 'add' }) : batchDims;
  const batch = product(sizes, null, common);
  const between = product(sizes, common, dimension);
  const depth = getItem(sizes, [dimension]);
  const inner = product(sizes, add(dimension, 1, { name: 'add' }), null);
  const each = product(shape(indices), common, null);

  const offsets = expandDims(mul(range(batch), depth), 1);
  const rows = add(reshape(cast(indices, 'int32'), stack([batch, each])), offsets);
  const outer = transpose(reshape(dense(grad), stack([batch, between, each, inner])), { perm: [0, 2, 1, 3] });
  const parts = reshape(outer, stack([mul(batch, each), between, inner]));
  const table = dense(gatheredRows(parts, stack([mul(batch, depth), between, inner]), rows));
  const split = reshape(table, stack([batch, depth, between, inner]));
  return reshape(transpose(split, { perm: [0, 2, 1, 3] }), sizes);
}

/**
 * The parts of a tensor at places that several indices name.
 *
 * @param indices the last dimension has the indices into the first dimensions of `params`, fewer than these or as many
 * @throws {InvalidArgumentError} when a run finds an index outside of its dimension
 *
 * @example
 * tf.gatherNd([[1, 2], [3, 4]], [[0, 0], [1, 1]]); // [1, 4]
 */
export function gatherNd<X extends TensorLike>(
  params: X,
  indices: TensorLike,
  options: OpOptions = {},
): Tensor<OperandDType<X>> {
  const { name } = onlyOptions(options, ['name']);
  const table = params instanceof Tensor ? handleOf(params) : undefined;
  if (table) return readRows('ResourceGatherNd', table, indices, name ?? 'GatherNd');
  return applyOne('GatherNd', [params, indices], { Tindices: indexDType(indices) }, name);
}

registerGradient('GatherNd', (op, grad) => {
  const [params, indices] = op.inputs as [Tensor, Tensor<IndexDType>];
  return [scatterPlaces(grad, shape(params, { outType: indices.dtype }), indices), null];
});

registerGradient('ResourceGatherNd', (op, grad) => {
  const [table, indices] = op.inputs as [Tensor, Tensor<IndexDType>];
  return [scatterPlaces(grad, variableShape(table, indices.dtype), indices), null];
});

/** The gradient of what was gathered at places that have one index each, or several. */
function scatterPlaces(grad: Tensor, sizes: Tensor<IndexDType>, indices: Tensor<IndexDType>): Tensor {
  const isRow = indices.rank === 2 && indices.shape?.[1] === 1;
  if (!isRow) return scatterNd(indices, grad, sizes);
  const rows = squeeze(indices, { axis: -1 });
  if (!(grad instanceof IndexedSlices)) return new IndexedSlices(grad, rows, sizes);
  return new IndexedSlices(grad.values, gather(rows, grad.indices), sizes); // rows of rows
}

// Elements into their place

/**
 * Zeros with `updates` at the places that `indices` name. Where a place is named twice, the updates are added up.
 *
 * @param indices the last dimension has the indices into the first dimensions of the result
 * @param updates for each of those, the elements there
 * @param shape of the result
 * @throws {InvalidArgumentError} when a run finds an index outside of its dimension
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
  const { name } = onlyOptions(options, ['name']);
  return applyOne('ScatterNd', [indices, updates, shape], { Tindices: indexDType(indices, shape) }, name);
}

registerGradient('ScatterNd', (op, grad) => [null, gatherNd(grad, op.inputs[0] as Tensor), null]);

/** Options of {@link sparseToDense}. */
export interface SparseToDenseOptions extends OpOptions {
  /** What stands where no value is, a scalar; 0 by default. */
  defaultValue?: TensorLike;
  /** Whether the places must be in order and each there once, and are checked; true by default. */
  validateIndices?: boolean;
}

/**
 * A tensor of `defaultValue` with `sparseValues` at the places that `sparseIndices` name.
 *
 * @param sparseIndices a matrix with a place in each row, in increasing order and each once; or a vector or a scalar of
 *   places in a vector
 * @param outputShape of the result
 * @param sparseValues a value for each place, or one for all
 * @param options.defaultValue a scalar, 0 by default; it may also stand before the options
 * @param options.validateIndices false if the places need not be in order, nor be checked
 * @throws {InvalidArgumentError} when a run finds places that are outside of the shape, out of order or repeated
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
  const { validateIndices, name } = onlyOptions(given ?? {}, ['defaultValue', 'validateIndices', 'name']);
  const defaultValue = (isOptions ? given?.defaultValue : (fourth as TensorLike | undefined)) ?? 0;
  const inputs = [sparseIndices, outputShape, sparseValues, defaultValue];
  const attributes = { validate_indices: validateIndices, Tindices: indexDType(sparseIndices, outputShape) };
  return applyOne('SparseToDense', inputs, attributes, name);
}

registerGradient('SparseToDense', (op, grad) => {
  const [indices, , values, fallback] = op.inputs as [Tensor, Tensor, Tensor, Tensor];
  const places = indices.rank === 2 ? indices : reshape(indices, stack([-1, rank(grad)]));
  const gathered = gatherNd(grad, places);
  return [
    null,
    null,
    values.rank === 1 ? gathered : unbroadcast(values, gathered, gathered, null)[0],
    fallback.op.type === 'Const' ? null : sub(reduceSum(grad), reduceSum(gathered), { name: 'sub' }),
  ];
});
