/** How sparse a tensor is. */
import type { Scalar, TensorLike } from '../../graph/tensor';
import { asTensor, graphOf, type OpOptions } from '../apply';
import { cast } from '../cast';
import { equal } from '../comparison';
import { reduceMean } from '../reduce';

/**
 * The part of the elements that are 0, NaN for a tensor without elements.
 *
 * @example
 * tf.summary.scalar('hidden1/sparsity', tf.nn.zeroFraction(hidden1));
 */
export function zeroFraction(value: TensorLike, { name = 'zero_fraction' }: OpOptions = {}): Scalar<'float32'> {
  const graph = graphOf([value]);
  return graph.nameScope(name, () => {
    const isZero = equal(asTensor(value, undefined, 'value', graph), 0);
    return reduceMean(cast(isZero, 'float32'), { name: 'fraction' });
  });
}
