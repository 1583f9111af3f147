/** The sparsity of a tensor. */

import { onlyOptions } from '../../../runtime/options';
import type { Scalar, TensorLike } from '../../graph/tensor';
import type { OpOptions } from '../apply';
import { cast } from '../elementwise/cast';
import { equal } from '../elementwise/comparison';
import { reduceMean } from '../reduce';
import { within } from '../within';

/**
 * The fraction of the elements that are 0; NaN for a tensor without elements.
 *
 * @example
 * tf.summary.scalar('sparsity', tf.nn.zeroFraction(hidden));
 * tf.nn.zeroFraction([0, 1, 0, 2]); // 0.5
 */
export function zeroFraction(value: TensorLike, options: OpOptions = {}): Scalar<'float32'> {
  const { name = 'zero_fraction' } = onlyOptions(options, { name: 'string' });
  return within(value, 'value', name, (x) => reduceMean(cast(equal(x, 0), 'float32'), { name: 'fraction' }));
}
