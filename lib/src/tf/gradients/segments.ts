/** Gradients of the operations in `ops/indexing/segments.ts`. */
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { expandDims, ones, onesLike, rank, reshape, shape, zerosLike } from '../ops/array';
import { maximum, sub, truediv } from '../ops/elementwise/binary';
import { greaterEqual, logicalAnd } from '../ops/elementwise/comparison';
import { gather } from '../ops/indexing/gathering';
import { segmentSum } from '../ops/indexing/segments';
import { concat } from '../ops/joining';
import type { GradientTable } from './gradientFunction';

export const segmentsGradients = {
  UnsortedSegmentSum: (op, grad) => {
    const ids = op.inputs[1]!;
    const gathered = gather(grad, maximum(ids, zerosLike(ids)));
    const counted = greaterEqual(ids, 0);
    const sizes = shape(counted);
    const others = ones([sub(rank(gathered), rank(counted), { name: 'sub' })], { dtype: 'int32' });
    const column = reshape(counted, concat([sizes, others], 0));
    const isCounted = logicalAnd(column, onesLike(gathered, { dtype: 'bool' }), { name: 'and' });
    return [applyOne('SelectV2', [isCounted, gathered, zerosLike(gathered)]), null, null];
  },
  SegmentSum: (op, grad) => [gather(grad, op.inputs[1]!), null],
  SegmentMean: (op, grad) => {
    const [data, ids] = op.inputs as [Tensor, Tensor];
    const others = ones(expandDims(sub(rank(data), 1, { name: 'sub' }), 0), { dtype: 'int32' });
    const each = ones(concat([shape(ids), others], 0), { dtype: grad.dtype as 'float32' });
    return [gather(truediv(grad, segmentSum(each, ids)), ids), null];
  },
} satisfies GradientTable;
