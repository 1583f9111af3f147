/** Sums and means of the parts of a tensor that belong together. */

import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import { expandDims, ones, onesLike, rank, reshape, shape, zerosLike } from '../array';
import { maximum, sub, truediv } from '../elementwise/binary';
import { greaterEqual, logicalAnd } from '../elementwise/comparison';
import { registerGradient } from '../gradientRegistry';
import { concat } from '../joining';
import type { OperandDType } from '../types';
import { gather } from './gathering';
import { indexDType } from './indices';

/**
 * Sums of the parts of a tensor by their number.
 *
 * @param segmentIds for each part along the first dimensions, which sum it belongs to; negative for none
 * @param numSegments how many sums there are
 * @throws {InvalidArgumentError} when a run finds a number that isn't below `numSegments`
 *
 * @example
 * tf.unsortedSegmentSum([1, 2, 3], [0, 1, 0], 2); // [4, 2]
 */
export function unsortedSegmentSum<X extends TensorLike>(
  data: X,
  segmentIds: TensorLike,
  numSegments: number | Tensor,
  options: OpOptions = {},
): Tensor<OperandDType<X>, 'array'> {
  const { name } = onlyOptions(options, ['name']);
  return applyOne('UnsortedSegmentSum', [data, segmentIds, numSegments], { Tindices: indexDType(segmentIds) }, name);
}

registerGradient('UnsortedSegmentSum', (op, grad) => {
  const ids = op.inputs[1] as Tensor;
  const gathered = gather(grad, maximum(ids, zerosLike(ids)));
  const counted = greaterEqual(ids, 0);
  const sizes = shape(counted);
  const others = ones([sub(rank(gathered), rank(counted), { name: 'sub' })], { dtype: 'int32' });
  const column = reshape(counted, concat([sizes, others], 0));
  const isCounted = logicalAnd(column, onesLike(gathered, { dtype: 'bool' }), { name: 'and' });
  return [applyOne('SelectV2', [isCounted, gathered, zerosLike(gathered)]), null, null];
});

/**
 * Sums of the parts of a tensor along its first dimension by their number.
 *
 * @param segmentIds for each part, which sum it belongs to, in increasing order
 * @throws {InvalidArgumentError} when a run finds numbers out of order
 *
 * @example
 * tf.segmentSum([1, 2, 3], [0, 0, 1]); // [3, 3]
 */
export function segmentSum<X extends TensorLike>(
  data: X,
  segmentIds: TensorLike,
  options: OpOptions = {},
): Tensor<OperandDType<X>, 'array'> {
  const { name } = onlyOptions(options, ['name']);
  return applyOne('SegmentSum', [data, segmentIds], { Tindices: indexDType(segmentIds) }, name);
}

registerGradient('SegmentSum', (op, grad) => [gather(grad, op.inputs[1] as Tensor), null]);

/**
 * Means of the parts of a tensor along its first dimension by their number; 0 for a number that no part has.
 *
 * @param segmentIds for each part, which mean it belongs to, in increasing order
 * @throws {InvalidArgumentError} when a run finds numbers out of order
 *
 * @example
 * tf.segmentMean([1, 2, 3], [0, 0, 1]); // [1.5, 3]
 */
export function segmentMean<X extends TensorLike>(
  data: X,
  segmentIds: TensorLike,
  options: OpOptions = {},
): Tensor<OperandDType<X>, 'array'> {
  const { name } = onlyOptions(options, ['name']);
  return applyOne('SegmentMean', [data, segmentIds], { Tindices: indexDType(segmentIds) }, name);
}

registerGradient('SegmentMean', (op, grad) => {
  const [data, ids] = op.inputs as [Tensor, Tensor];
  const others = ones(expandDims(sub(rank(data), 1, { name: 'sub' }), 0), { dtype: 'int32' });
  const each = ones(concat([shape(ids), others], 0), { dtype: grad.dtype as 'float32' });
  return [gather(truediv(grad, segmentSum(each, ids)), ids), null];
});
