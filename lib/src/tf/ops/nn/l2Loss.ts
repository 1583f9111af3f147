/** Half the sum of squares. */

import { onlyOptions } from '../../../runtime/options';
import type { Scalar, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import type { OperandDType } from '../types';

/**
 * Half the sum of the squares of a tensor's elements: Σ t² / 2. Its gradient is the tensor.
 *
 * @example
 * const cost = tf.add(loss, tf.mul(5e-4, tf.nn.l2Loss(weights)));
 * tf.nn.l2Loss([3, 4]); // 12.5
 */
export function l2Loss<X extends TensorLike>(t: X, options: OpOptions = {}): Scalar<OperandDType<X>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('L2Loss', [t], {}, name);
}
