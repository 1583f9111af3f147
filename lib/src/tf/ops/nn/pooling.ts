import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import type { OperandDType } from '../types';
import { type Padding, paddingAttributes, type WindowOptions, type WindowSize, windowSize } from './window';

/** A window and how it moves. */
export interface PoolingOptions extends WindowOptions, OpOptions {
  /** The size of the window; along batch and channels 1. */
  ksize: WindowSize;
}

function windowAttributes(options: PoolingOptions) {
  const known = onlyOptions(options, ['ksize', 'strides', 'padding', 'dataFormat', 'name']);
  const { ksize, strides, dataFormat = 'NHWC' } = known;
  return {
    ksize: windowSize(ksize, dataFormat, 'ksize'),
    strides: windowSize(strides, dataFormat, 'strides'),
    data_format: dataFormat,
  };
}

/**
 * The greatest value in each place of a moving window.
 *
 * @param value [batch, height, width, channels], of numbers
 * @throws {InvalidArgumentError} when the window doesn't fit into the image
 *
 * @example
 * tf.nn.maxPool(conv, { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' }); // [100, 28, 28, 32] → [100, 14, 14, 32]
 */
export function maxPool<X extends TensorLike>(value: X, options: PoolingOptions): Tensor<OperandDType<X>, 'array'> {
  const attributes = { ...windowAttributes(options), ...paddingAttributes(options.padding) };
  return applyOne('MaxPool', [value], attributes, options.name);
}

/**
 * The mean of the values in each place of a moving window; what `SAME` padding adds doesn't count.
 *
 * @param value [batch, height, width, channels], floating-point
 * @throws {InvalidArgumentError} when the window doesn't fit into the image
 *
 * @example
 * tf.nn.avgPool(conv, { ksize: 2, strides: 2, padding: 'VALID' }); // [100, 28, 28, 32] → [100, 14, 14, 32]
 */
export function avgPool<X extends TensorLike>(
  value: X,
  options: PoolingOptions & { padding: Exclude<Padding, readonly unknown[]> },
): Tensor<OperandDType<X>, 'array'> {
  return applyOne('AvgPool', [value], { ...windowAttributes(options), padding: options.padding }, options.name);
}
