/** The greatest elements of each row. */

import type { DType } from '../../runtime/dtypes';
import { onlyOptions, placed } from '../../runtime/options';
import type { Scalar, Tensor, TensorLike } from '../graph/tensor';
import { apply, type OpOptions } from './apply';
import type { OperandDType } from './types';

/** Options of `topK`. */
export interface TopKOptions extends OpOptions {
  /**
   * The number of elements.
   *
   * @defaultValue `1`
   */
  k?: number | Scalar<'int32'>;
  /**
   * Whether to sort them in descending order.
   *
   * @defaultValue `true`
   */
  sorted?: boolean;
}

/** The result of {@link topK}: both tensors have the operand's shape, with `k` elements in the last dimension. */
export interface TopK<D extends DType> {
  readonly values: Tensor<D, 'array'>;
  /** The positions of the values. */
  readonly indices: Tensor<'int32', 'array'>;
}

/**
 * The `k` greatest elements along the last dimension, and their indices. Among equal elements, the first comes first.
 *
 * @param k the number of elements; may be among the options too
 * @throws {InvalidArgumentError} when the last dimension is shorter than `k`, or there is none
 *
 * @example
 * const { values, indices } = tf.nn.topK(tf.nn.softmax(logits), 3); // both [batch, 3]; indices are int32
 */
export function topK<X extends TensorLike>(
  input: X,
  ...given:
    | [k: number | Scalar<'int32'>, options?: Omit<TopKOptions, 'k'>]
    | [k: number | Scalar<'int32'> | undefined, sorted: boolean, options?: OpOptions]
    | [options?: TopKOptions]
): TopK<OperandDType<X>> {
  const options = placed<TopKOptions>(given, ['k', 'sorted']);
  const { k = 1, sorted = true, name } = onlyOptions(options, { k: 'any', sorted: 'boolean', name: 'string' });
  const [values, indices] = apply('TopKV2', [input, k], { sorted }, name).outputs as readonly Tensor[];
  return { values, indices } as TopK<OperandDType<X>>;
}
