/** Tells whether a classifier is right. */

import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type OpOptions } from '../apply';

/**
 * Whether each target is among the `k` classes with the greatest predictions. Ties are included, NaNs are not.
 *
 * @param predictions [batch, classes] of `float32`, probabilities or logits
 * @param targets [batch] of `int32` or `int64`, numbers of classes
 * @returns [batch]
 * @throws {InvalidArgumentError} when the shapes don't match
 *
 * @example
 * const correct = tf.reduceSum(tf.cast(tf.nn.inTopK(logits, labels, 1), 'int32'));
 */
export function inTopK(
  predictions: TensorLike<'float32'>,
  targets: TensorLike,
  k: number | Tensor,
  options: OpOptions = {},
): Tensor<'bool', 'array'> {
  const { name } = onlyOptions(options, { name: 'string' });
  const graph = graphOf([predictions, targets, k]);
  return graph.nameScope(name ?? 'in_top_k', () => {
    const classes = asTensor(targets, 'int32', 'targets', graph);
    // As in Python, a given name is used for both the scope and the operation.
    return applyOne('InTopKV2', [predictions, classes, k], { T: classes.dtype }, name);
  });
}
