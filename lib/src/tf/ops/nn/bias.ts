/** A bias for each channel. */

import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import { broadcastTo, fill, rank, reshape, shape } from '../array';
import { sub } from '../elementwise/binary';
import { registerGradient } from '../gradientRegistry';
import { concat } from '../joining';
import type { OperandDType } from '../types';
import { attributesOf } from './attributesOf';
import type { DataFormat } from './window';

/**
 * Adds a bias to each channel: `tf.add`, but for a vector only, and wherever the channels are.
 *
 * @param value [batch, …, channels], or [batch, channels, …] for `NCHW`
 * @param bias [channels] of the same dtype
 * @throws {InvalidArgumentError} when `bias` is no vector of as many channels
 *
 * @example
 * const hidden = tf.nn.relu(tf.nn.biasAdd(conv, tf.zeros([32])));
 */
export function biasAdd<X extends TensorLike>(
  value: X,
  bias: TensorLike<OperandDType<X>>,
  options: OpOptions & { dataFormat?: DataFormat } = {},
): Tensor<OperandDType<X>, 'array'> {
  const { dataFormat, name } = onlyOptions(options, ['dataFormat', 'name']);
  return applyOne('BiasAdd', [value, bias], { data_format: dataFormat }, name);
}

registerGradient('BiasAdd', (op, grad) => [grad, applyOne('BiasAddGrad', [grad], attributesOf(op, 'data_format'))]);

// BiasAddGrad sums over all dimensions but that of the channels.
registerGradient('BiasAddGrad', (op, grad) => {
  const [input] = op.inputs as [Tensor];
  const channelsLast = op.getAttribute('data_format') !== 'NCHW';
  return [broadcastTo(channelsLast ? grad : asChannels(grad, input), shape(input))];
});

/** A vector as a tensor that broadcasts to channels in dimension 1 of `like`. */
function asChannels(vector: Tensor, like: Tensor): Tensor {
  const count = like.rank;
  if (count !== null) return reshape(vector, [-1, ...Array<number>(count - 2).fill(1)]);
  return reshape(vector, concat([[-1], fill([sub(rank(like), 2)], 1, { dtype: 'int32' })], 0));
}
