/** The greatest elements of each row. */

import { onlyOptions } from '../../runtime/options';
import type { Scalar, Tensor, TensorLike } from '../graph/tensor';
import { apply, type OpOptions } from './apply';
import { range, reshape, shape, size } from './array';
import { add, mul } from './elementwise/binary';
import { registerGradient } from './gradientRegistry';
import { getItem, scatterNd } from './indexing';
import { stack } from './joining';
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

// Each gradient goes back to the element that was chosen, found by its place in the flat input.
registerGradient('TopKV2', (op, grad) => {
  const input = op.inputs[0] as Tensor;
  const indices = op.outputs[1] as Tensor<'int32'>;
  const inputShape = shape(input);
  const rows = reshape(indices, stack([-1, getItem(shape(indices), [-1])]));
  const starts = mul(range(getItem(shape(rows), [0])), getItem(inputShape, [-1]), { name: 'mul' });
  const places = add(rows, reshape(starts, [-1, 1]), { name: 'add' });
  const flat = scatterNd(reshape(places, [-1, 1]), reshape(grad, [-1]), [size(input)]);
  return [reshape(flat, inputShape), null];
});
