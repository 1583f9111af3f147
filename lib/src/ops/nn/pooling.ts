/** Pooling: one value for each place of a window that moves over a batch of images. */
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import { shape, zerosLike } from '../array';
import { registerGradient } from '../gradientRegistry';
import type { OperandDType } from '../types';
import {
  attributesOf,
  type Padding,
  paddingAttributes,
  type WindowOptions,
  type WindowSize,
  windowSize,
} from './window';

/** A window and how it moves. */
export interface PoolingOptions extends WindowOptions, OpOptions {
  /** The size of the window; along batch and channels 1. */
  ksize: WindowSize;
}

const windowAttributes = ({ ksize, strides, dataFormat = 'NHWC' }: PoolingOptions) => ({
  ksize: windowSize(ksize, dataFormat, 'ksize'),
  strides: windowSize(strides, dataFormat, 'strides'),
  data_format: dataFormat,
});

/**
 * The greatest value in each place of a moving window.
 *
 * @param value [batch, height, width, channels], of numbers
 * @throws {InvalidArgumentError} when the window doesn't fit into the image
 *
 * @example
 * tf.nn.maxPool(hidden, { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' });
 */
export function maxPool<X extends TensorLike>(value: X, options: PoolingOptions): Tensor<OperandDType<X>, 'array'> {
  const attributes = { ...windowAttributes(options), ...paddingAttributes(options.padding) };
  return applyOne('MaxPool', [value], attributes, options.name);
}

const POOLING = ['ksize', 'strides', 'padding', 'data_format'];

registerGradient('MaxPool', (op, grad) => {
  const attributes = attributesOf(op, ...POOLING, 'explicit_paddings');
  return [applyOne('MaxPoolGrad', [op.inputs[0] as Tensor, op.outputs[0] as Tensor, grad], attributes)];
});

// Where the maximum is doesn't change smoothly: only the gradient that MaxPoolGrad distributes has a gradient.
for (const [type, gradient] of [
  ['MaxPoolGrad', 'MaxPoolGradGrad'],
  ['MaxPoolGradGrad', 'MaxPoolGrad'],
] as const) {
  registerGradient(type, (op, grad) => {
    const [input, output] = op.inputs as [Tensor, Tensor];
    return [
      zerosLike(input),
      zerosLike(output),
      applyOne(gradient, [input, output, grad], attributesOf(op, ...POOLING)),
    ];
  });
}

/**
 * The mean of the values in each place of a moving window; what `SAME` padding adds doesn't count.
 *
 * @param value [batch, height, width, channels], floating-point
 * @throws {InvalidArgumentError} when the window doesn't fit into the image
 *
 * @example
 * tf.nn.avgPool(hidden, { ksize: 2, strides: 2, padding: 'VALID' });
 */
export function avgPool<X extends TensorLike>(
  value: X,
  options: PoolingOptions & { padding: Exclude<Padding, readonly unknown[]> },
): Tensor<OperandDType<X>, 'array'> {
  return applyOne('AvgPool', [value], { ...windowAttributes(options), padding: options.padding }, options.name);
}

registerGradient('AvgPool', (op, grad) => [
  applyOne('AvgPoolGrad', [shape(op.inputs[0] as Tensor), grad], attributesOf(op, ...POOLING)),
]);

registerGradient('AvgPoolGrad', (op, grad) => [null, applyOne('AvgPool', [grad], attributesOf(op, ...POOLING))]);
