/** Distributes the slices of a tensor over several tensors by number, and merges them again. */

import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { apply, applyOne, type OpOptions } from '../apply';
import type { JoinedDType, OperandDType } from '../types';

/**
 * Distributes the slices of a tensor over several tensors.
 *
 * @param data the tensor to distribute; its leading dimensions are those of `partitions`
 * @param partitions for each slice, the number of its destination: `int32` from 0 to `numPartitions - 1`
 * @returns `numPartitions` tensors, each with its slices in their original order
 * @throws {InvalidArgumentError} when, in a run, a number is out of range
 *
 * @example
 * const [small, large] = tf.dynamicPartition([1, 20, 3], [0, 1, 0], 2); // [1, 3] and [20]
 */
export function dynamicPartition<X extends TensorLike>(
  data: X,
  partitions: TensorLike,
  numPartitions: number,
  options: OpOptions = {},
): Tensor<OperandDType<X>, 'array'>[] {
  const { name } = onlyOptions(options, { name: 'string' });
  const { outputs } = apply('DynamicPartition', [data, partitions], { num_partitions: numPartitions }, name);
  return [...outputs] as Tensor<OperandDType<X>, 'array'>[];
}

/**
 * Merges slices of several tensors: `result[indices[m][i]] = data[m][i]`.
 *
 * @param indices for each tensor, the destinations of its slices, `int32`; of slices with the same destination, the
 * last one is used
 * @param data one tensor per tensor of indices, whose dimensions are its leading ones
 *
 * @example
 * tf.dynamicStitch([[0, 2], [1]], [[1, 3], [20]]); // [1, 20, 3]
 */
export function dynamicStitch<X extends TensorLike>(
  indices: readonly TensorLike[],
  data: readonly X[],
  options: OpOptions = {},
): Tensor<JoinedDType<X>, 'array'> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('DynamicStitch', [indices, data], {}, name);
}
