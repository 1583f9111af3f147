/** Distributing the slices of a tensor over several tensors by a number for each, and bringing them together again. */

import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { apply, applyOne, type OpOptions } from '../apply';
import type { JoinedDType, OperandDType } from '../types';

/**
 * Distributes the slices of a tensor over several.
 *
 * @param data what is distributed; its first dimensions are those of `partitions`
 * @param partitions for each slice the number of the tensor that it goes to, `int32` from 0 to `numPartitions - 1`
 * @returns `numPartitions` tensors, each with its slices in the order in which they were
 * @throws {InvalidArgumentError} when a run finds another number
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
 * Puts slices of several tensors into one: `result[indices[m][i]] = data[m][i]`.
 *
 * @param indices for each tensor where its slices go, `int32`; of two slices for one place the later one stays
 * @param data as many tensors, whose first dimensions are those of their `indices`
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
