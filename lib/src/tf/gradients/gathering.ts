/** Gradients of the operations in `ops/indexing/gathering.ts`. */
import { isFullyDefined, type Tensor } from '../graph/tensor';
import { applyOne, asTensor } from '../ops/apply';
import { expandDims, range, rank, reshape, shape, size, squeeze, transpose } from '../ops/array';
import { add, mod, mul, sub } from '../ops/elementwise/binary';
import { cast } from '../ops/elementwise/cast';
import { dense, IndexedSlices } from '../ops/indexedSlices';
import { gather, gatherNd, scatterNd } from '../ops/indexing/gathering';
import { constantValue, product } from '../ops/indexing/indices';
import { getItem } from '../ops/indexing/slicing';
import { concat, stack } from '../ops/joining';
import { reduceSum } from '../ops/reduce';
import type { IndexDType } from '../ops/types';
import { contentOf, handleOf } from '../ops/variableOps';
import { unbroadcast } from './broadcast';
import type { GradientTable } from './gradientFunction';

/** The shape of the variable behind a handle: a constant if the handle contains it. */
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
 * The gradient of a gather along any dimension, reduced to that of rows: the dimensions are merged into four, the
 * batch, those before the gathered one, the gathered one, and those after it.
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

/** The gradient of a gather at positions with one or several indices each. */
function scatterPlaces(grad: Tensor, sizes: Tensor<IndexDType>, indices: Tensor<IndexDType>): Tensor {
  const isRow = indices.rank === 2 && indices.shape?.[1] === 1;
  if (!isRow) return scatterNd(indices, grad, sizes);
  const rows = squeeze(indices, { axis: -1 });
  if (!(grad instanceof IndexedSlices)) return new IndexedSlices(grad, rows, sizes);
  return new IndexedSlices(grad.values, gather(rows, grad.indices), sizes); // rows of rows
}

export const gatheringGradients = {
  GatherV2: (op, grad) => {
    const [params, indices, axis] = op.inputs as [Tensor, Tensor, Tensor];
    const sizes = op.graph.colocateWith(params, () => cast(shape(params, { outType: 'int64' }), 'int32'));
    const batchDims = Number(op.getAttribute('batch_dims'));
    const isFirst = constantValue(axis)?.data[0]?.toString() === '0';
    const whole = isFirst ? gatheredRows(grad, sizes, indices) : scatterAlong(grad, sizes, indices, axis, batchDims);
    return [whole, null, null];
  },
  Gather: (op, grad) => {
    const [params, indices] = op.inputs as [Tensor, Tensor];
    const sizes = op.graph.colocateWith(params, () => shape(params));
    return [gatheredRows(grad, sizes, indices), null];
  },
  ResourceGather: (op, grad) => {
    const [table, indices] = op.inputs as [Tensor, Tensor];
    return [gatheredRows(grad, variableShape(table, 'int32'), indices), null];
  },
  GatherNd: (op, grad) => {
    const [params, indices] = op.inputs as [Tensor, Tensor<IndexDType>];
    return [scatterPlaces(grad, shape(params, { outType: indices.dtype }), indices), null];
  },
  ResourceGatherNd: (op, grad) => {
    const [table, indices] = op.inputs as [Tensor, Tensor<IndexDType>];
    return [scatterPlaces(grad, variableShape(table, indices.dtype), indices), null];
  },
  ScatterNd: (op, grad) => [null, gatherNd(grad, op.inputs[0]!), null],
  SparseToDense: (op, grad) => {
    const [indices, , values, fallback] = op.inputs as [Tensor, Tensor, Tensor, Tensor];
    const places = indices.rank === 2 ? indices : reshape(indices, stack([-1, rank(grad)]));
    const gathered = gatherNd(grad, places);
    return [
      null,
      null,
      values.rank === 1 ? gathered : unbroadcast(values, gathered, gathered, null)[0],
      fallback.op.type === 'Const' ? null : sub(reduceSum(grad), reduceSum(gathered), { name: 'sub' }),
    ];
  },
} satisfies GradientTable;
