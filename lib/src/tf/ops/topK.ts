/** The greatest elements of each row. */

import { onlyOptions } from '../../runtime/options';
import type { Scalar, Tensor, TensorLike } from '../graph/tensor';
import { apply, type OpOptions } from './apply';
import type { OperandDType } from './types';

/** What `topK` may be told. */
export interface TopKOptions extends OpOptions {
  /** How many elements; 1 when left out. */
  k?: number | Scalar<'int32'>;
  /** Whether to give them in descending order; true when left out. */
  sorted?: boolean;
}

/**
 * The `k` greatest elements along the last dimension, and where they are. Of equal elements the first comes first.
 *
 * @throws {InvalidArgumentError} when the last dimension is shorter than `k`, or there is none
 *
 * @example
 * const { values, indices } = tf.nn.topK(tf.nn.softmax(logits), { k: 3 }); // both [batch, 3]; indices are int32
 */
export function topK<X extends TensorLike>(
  input: X,
  options: TopKOptions = {},
): { readonly values: Tensor<OperandDType<X>, 'array'>; readonly indices: Tensor<'int32', 'array'> } {
  const { k = 1, sorted = true, name } = onlyOptions(options, ['k', 'sorted', 'name']);
  const [values, indices] = apply('TopKV2', [input, k], { sorted }, name).outputs as readonly Tensor[] as [
    Tensor<OperandDType<X>, 'array'>,
    Tensor<'int32', 'array'>,
  ];
  return { values, indices };
}
