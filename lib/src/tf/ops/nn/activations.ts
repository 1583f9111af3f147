/** Activation functions. `tanh`, `sigmoid` and `softplus` are in `unary.ts`. */

import { onlyOptions, placed } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, type OpOptions } from '../apply';
import { transpose } from '../array';
import { mul } from '../elementwise/binary';
import { unary } from '../elementwise/builders';
import { sigmoid } from '../elementwise/unary';
import type { OperandDType, OperandRank, Unary } from '../types';
import { within } from '../within';
import { dimensionBeforeLast } from './axis';

/**
 * The rectified linear unit: max(x, 0).
 *
 * @example
 * const hidden = tf.nn.relu(tf.add(tf.matmul(images, weights), biases));
 */
export const relu: Unary = unary('Relu');

/**
 * min(max(x, 0), 6), which is accurate even with few bits (Krizhevsky, *Convolutional Deep Belief Networks on
 * CIFAR-10*).
 *
 * @example
 * tf.nn.relu6([-1, 3, 8]); // [0, 3, 6]
 */
export const relu6: Unary = unary('Relu6');

/**
 * The exponential linear unit: x where positive, exp(x) - 1 elsewhere (https://arxiv.org/abs/1511.07289).
 *
 * @example
 * tf.nn.elu([-1, 0, 2]); // [-0.632121, 0, 2]
 */
export const elu: Unary = unary('Elu');

/**
 * The scaled exponential linear unit, which preserves mean 0 and variance 1 through layers whose weights have variance
 * 1 / inputs (https://arxiv.org/abs/1706.02515).
 *
 * @example
 * tf.nn.selu([-1, 0, 2]); // [-1.11133, 0, 2.10140]
 */
export const selu: Unary = unary('Selu');

/**
 * x / (1 + |x|): between -1 and 1.
 *
 * @example
 * tf.nn.softsign([-1, 0, 3]); // [-0.5, 0, 0.75]
 */
export const softsign: Unary = unary('Softsign');

/** Options of {@link leakyRelu}. */
export interface LeakyReluOptions extends OpOptions {
  /**
   * The slope for negative x.
   *
   * @defaultValue `0.2`
   */
  alpha?: number;
}

/**
 * x where positive, alpha · x elsewhere: a rectified linear unit whose gradient never vanishes.
 *
 * @param alpha 0.2 by default; may be among the options too
 *
 * @example
 * tf.nn.leakyRelu([-1, 2], 0.1); // [-0.1, 2]
 */
export function leakyRelu<X extends TensorLike>(
  features: X,
  ...given: [alpha: number, options?: OpOptions] | [options?: LeakyReluOptions]
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { alpha = 0.2, name } = onlyOptions(placed<LeakyReluOptions>(given, ['alpha']), {
    alpha: 'number',
    name: 'string',
  });
  return applyOne('LeakyRelu', [features], { alpha }, name);
}

/**
 * x · sigmoid(x) (https://arxiv.org/abs/1710.05941).
 *
 * @example
 * tf.nn.swish([-1, 0, 2]); // [-0.268941, 0, 1.76159]
 */
export const swish: Unary = ((features: TensorLike, options: OpOptions = {}) => {
  const { name = 'swish' } = onlyOptions(options, { name: 'string' });
  return within(features, 'features', name, (x, scope) => mul(x, sigmoid(x), { name: scope }));
}) as Unary;

/** Options of softmax: the dimension of the classes. */
export interface SoftmaxOptions extends OpOptions {
  /**
   * @defaultValue the last one
   */
  axis?: number;
}

/** A function of the values along one dimension. As in Python, `axis` may also be positional. */
type AlongAxis = <X extends TensorLike>(
  logits: X,
  ...given: [axis: number, options?: OpOptions] | [options?: SoftmaxOptions]
) => Tensor<OperandDType<X>, OperandRank<X>>;

/**
 * Probabilities: exp(x), divided by the sum of exp(x) along a dimension.
 *
 * @throws {InvalidArgumentError} when `axis` is not a dimension, or isn't the last one of a tensor of unknown rank
 *
 * @example
 * const probabilities = tf.nn.softmax(logits); // each row sums to 1
 */
export const softmax: AlongAxis = alongAxis('Softmax');

/**
 * The logarithm of {@link softmax}, accurate even where that is close to 0.
 *
 * @throws {InvalidArgumentError} when `axis` is not a dimension, or isn't the last one of a tensor of unknown rank
 *
 * @example
 * tf.nn.logSoftmax([[0, 0]]); // [[-0.693147, -0.693147]]
 */
export const logSoftmax: AlongAxis = alongAxis('LogSoftmax');

/** TensorFlow's operations support only the last dimension: another one is swapped with it and back. */
function alongAxis(type: string): AlongAxis {
  return ((logits: TensorLike, ...given: readonly unknown[]) => {
    const { axis = -1, name } = onlyOptions(placed<SoftmaxOptions>(given, ['axis']), {
      axis: 'number',
      name: 'string',
    });
    const x = asTensor(logits);
    const dimension = dimensionBeforeLast(x, axis);
    if (dimension === null) return applyOne(type, [x], {}, name);
    const perm = Array.from(x.shape!, (_, i) => i);
    [perm[dimension], perm[perm.length - 1]] = [perm.length - 1, dimension];
    return transpose(applyOne(type, [transpose(x, { perm })]), { perm, name });
  }) as AlongAxis;
}
