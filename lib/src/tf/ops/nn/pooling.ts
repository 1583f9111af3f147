import { onlyOptions, placed } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import type { OperandDType } from '../types';
import { type Padding, paddingAttributes, type WindowOptions, type WindowSize, windowSize } from './window';

/** Options of pooling: a window and its movement. */
export interface PoolingOptions extends WindowOptions, OpOptions {
  /** The size of the window; 1 along batch and channels. */
  ksize: WindowSize;
}

/** Options of average pooling, which doesn't support explicit padding. */
export interface AveragePoolingOptions extends PoolingOptions {
  padding: Exclude<Padding, readonly unknown[]>;
}

function windowAttributes(options: PoolingOptions) {
  const known = onlyOptions(options, {
    ksize: 'any',
    strides: 'any',
    padding: 'any',
    dataFormat: ['NHWC', 'NCHW'],
    name: 'string',
  });
  const { ksize, strides, dataFormat = 'NHWC' } = known;
  return {
    ksize: windowSize(ksize, dataFormat, 'ksize'),
    strides: windowSize(strides, dataFormat, 'strides'),
    data_format: dataFormat,
  };
}

/**
 * The greatest value in each position of a moving window.
 *
 * @param value [batch, height, width, channels], of numbers
 * @param ksize the size of the window; this and the following may be among the options too
 * @throws {InvalidArgumentError} when the window doesn't fit into the image
 *
 * @example
 * tf.nn.maxPool(conv, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME'); // [100, 28, 28, 32] → [100, 14, 14, 32]
 */
export function maxPool<X extends TensorLike>(
  value: X,
  ...given:
    | [
        ksize: WindowSize,
        strides: WindowSize,
        padding: PoolingOptions['padding'],
        options?: Omit<PoolingOptions, 'ksize' | 'strides' | 'padding'>,
      ]
    | [ksize: WindowSize, strides: WindowSize, options: Omit<PoolingOptions, 'ksize' | 'strides'>]
    | [options: PoolingOptions]
): Tensor<OperandDType<X>, 'array'> {
  const options = placed<PoolingOptions>(given, ['ksize', 'strides', 'padding']);
  const attributes = { ...windowAttributes(options), ...paddingAttributes(options.padding) };
  return applyOne('MaxPool', [value], attributes, options.name);
}

/**
 * The mean of the values in each position of a moving window; `SAME` padding doesn't count.
 *
 * @param value [batch, height, width, channels], floating-point
 * @param ksize the size of the window; this and the following may be among the options too
 * @throws {InvalidArgumentError} when the window doesn't fit into the image
 *
 * @example
 * tf.nn.avgPool(conv, 2, 2, 'VALID'); // [100, 28, 28, 32] → [100, 14, 14, 32]
 */
export function avgPool<X extends TensorLike>(
  value: X,
  ...given:
    | [
        ksize: WindowSize,
        strides: WindowSize,
        padding: AveragePoolingOptions['padding'],
        options?: Omit<AveragePoolingOptions, 'ksize' | 'strides' | 'padding'>,
      ]
    | [ksize: WindowSize, strides: WindowSize, options: Omit<AveragePoolingOptions, 'ksize' | 'strides'>]
    | [options: AveragePoolingOptions]
): Tensor<OperandDType<X>, 'array'> {
  const options = placed<AveragePoolingOptions>(given, ['ksize', 'strides', 'padding']);
  return applyOne('AvgPool', [value], { ...windowAttributes(options), padding: options.padding }, options.name);
}
