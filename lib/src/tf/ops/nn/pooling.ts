/** Pooling: one value for each place of a window that moves over a batch of images. */

import { onlyOptions } from '../../../runtime/options';
import type { Operation } from '../../graph/operation';
import { areCompatible, type Tensor, type TensorLike } from '../../graph/tensor';
import { apply, applyOne, type OpOptions } from '../apply';
import { reshape, shape, zerosLike } from '../array';
import { registerGradient } from '../gradientRegistry';
import { gather } from '../indexing';
import type { OperandDType } from '../types';
import { attributesOf } from './attributesOf';
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

const POOLING = ['ksize', 'strides', 'padding', 'data_format'];

registerGradient('MaxPool', (op, grad) => {
  const attributes = attributesOf(op, ...POOLING, 'explicit_paddings');
  return [applyOne('MaxPoolGrad', [op.inputs[0] as Tensor, op.outputs[0] as Tensor, grad], attributes)];
});

// Where the maximum is doesn't change smoothly: only the gradient that MaxPoolGrad distributes has a gradient.
registerGradient('MaxPoolGrad', (op, grad) => {
  const [input, output] = op.inputs as [Tensor, Tensor];
  return [zerosLike(input), zerosLike(output), atMaxima(op, grad)];
});

registerGradient('MaxPoolGradGrad', (op, grad) => {
  const [input, output] = op.inputs as [Tensor, Tensor];
  const attributes = attributesOf(op, ...POOLING);
  return [zerosLike(input), zerosLike(output), applyOne('MaxPoolGrad', [input, output, grad], attributes)];
});

/**
 * The elements of `grad` where the maxima of the windows are. MaxPoolGradGrad is for that, but where the output has as
 * many elements as the image its CPU kernel writes into the memory of `grad` before it reads it, and gives zeros (seen in
 * TensorFlow 2.15).
 */
function atMaxima(op: Operation, grad: Tensor): Tensor {
  const [input, output] = op.inputs as [Tensor, Tensor];
  const attributes = attributesOf(op, 'ksize', 'strides', 'padding');
  const dataFormat = op.getAttribute('data_format');
  if (dataFormat !== 'NHWC' || !areCompatible(input.shape, output.shape))
    return applyOne('MaxPoolGradGrad', [input, output, grad], { ...attributes, data_format: dataFormat });
  const [, places] = apply('MaxPoolWithArgmax', [input], { ...attributes, include_batch_in_index: true }).outputs;
  return gather(reshape(grad, [-1]), places as Tensor);
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

registerGradient('AvgPool', (op, grad) => [
  applyOne('AvgPoolGrad', [shape(op.inputs[0] as Tensor), grad], attributesOf(op, ...POOLING)),
]);

registerGradient('AvgPoolGrad', (op, grad) => [null, applyOne('AvgPool', [grad], attributesOf(op, ...POOLING))]);
