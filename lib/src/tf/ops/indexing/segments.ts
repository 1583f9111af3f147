/** Sums and means over groups of parts of a tensor. */

import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import type { OperandDType } from '../types';
import { indexDType } from './indices';

/**
 * Sums of the parts of a tensor, by segment number.
 *
 * @param segmentIds for each part along the leading dimensions, the number of its sum; negative for none
 * @param numSegments the number of sums
 * @throws {InvalidArgumentError} when, in a run, a number isn't below `numSegments`
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
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('UnsortedSegmentSum', [data, segmentIds, numSegments], { Tindices: indexDType(segmentIds) }, name);
}

/**
 * Sums of the parts of a tensor along its first dimension, by segment number.
 *
 * @param segmentIds for each part, the number of its sum, in ascending order
 * @throws {InvalidArgumentError} when, in a run, numbers are out of order
 *
 * @example
 * tf.segmentSum([1, 2, 3], [0, 0, 1]); // [3, 3]
 */
export function segmentSum<X extends TensorLike>(
  data: X,
  segmentIds: TensorLike,
  options: OpOptions = {},
): Tensor<OperandDType<X>, 'array'> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('SegmentSum', [data, segmentIds], { Tindices: indexDType(segmentIds) }, name);
}

/**
 * Means of the parts of a tensor along its first dimension, by segment number; 0 for a number without parts.
 *
 * @param segmentIds for each part, the number of its mean, in ascending order
 * @throws {InvalidArgumentError} when, in a run, numbers are out of order
 *
 * @example
 * tf.segmentMean([1, 2, 3], [0, 0, 1]); // [1.5, 3]
 */
export function segmentMean<X extends TensorLike>(
  data: X,
  segmentIds: TensorLike,
  options: OpOptions = {},
): Tensor<OperandDType<X>, 'array'> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('SegmentMean', [data, segmentIds], { Tindices: indexDType(segmentIds) }, name);
}
