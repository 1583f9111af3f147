/** A bias for each channel. */

import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import type { OperandDType } from '../types';
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
