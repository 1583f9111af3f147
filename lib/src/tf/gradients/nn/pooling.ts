/** The gradients of what `ops/nn/pooling.ts` builds. */
import type { Operation } from '../../graph/operation';
import { areCompatible, type Tensor } from '../../graph/tensor';
import { apply, applyOne } from '../../ops/apply';
import { reshape, shape, zerosLike } from '../../ops/array';
import { gather } from '../../ops/indexing';
import { attributesOf } from '../../ops/nn/attributesOf';
import type { GradientTable } from '../gradientFunction';

const POOLING = ['ksize', 'strides', 'padding', 'data_format'];

/**
 * The elements of `grad` at the maxima of the windows. MaxPoolGradGrad computes this. But if the output has as many
 * elements as the image, its CPU kernel overwrites the memory of `grad` before reading it, and returns zeros (seen in
 * TensorFlow 2.15).
 */
function atMaxima(op: Operation, grad: Tensor): Tensor {
  const [input, output] = op.inputs as [Tensor, Tensor];
  const attributes = attributesOf(op, 'ksize', 'strides', 'padding');
  const dataFormat = op.getAttribute('data_format');
  if (dataFormat !== 'NHWC' || !areCompatible(input.shape, output.shape))
    return applyOne('MaxPoolGradGrad', [input, output, grad], { ...attributes, data_format: dataFormat });
  const [, places] = apply('MaxPoolWithArgmax', [input], { ...attributes, include_batch_in_index: true }).outputs;
  return gather(reshape(grad, [-1]), places!);
}

export const poolingGradients = {
  MaxPool: (op, grad) => {
    const attributes = attributesOf(op, ...POOLING, 'explicit_paddings');
    return [applyOne('MaxPoolGrad', [op.inputs[0]!, op.outputs[0]!, grad], attributes)];
  },
  // The position of the maximum doesn't vary smoothly: only the gradient that MaxPoolGrad distributes has a gradient.
  MaxPoolGrad: (op, grad) => {
    const [input, output] = op.inputs as [Tensor, Tensor];
    return [zerosLike(input), zerosLike(output), atMaxima(op, grad)];
  },
  MaxPoolGradGrad: (op, grad) => {
    const [input, output] = op.inputs as [Tensor, Tensor];
    const attributes = attributesOf(op, ...POOLING);
    return [zerosLike(input), zerosLike(output), applyOne('MaxPoolGrad', [input, output, grad], attributes)];
  },
  AvgPool: (op, grad) => [applyOne('AvgPoolGrad', [shape(op.inputs[0]!), grad], attributesOf(op, ...POOLING))],
  AvgPoolGrad: (op, grad) => [null, applyOne('AvgPool', [grad], attributesOf(op, ...POOLING))],
} satisfies GradientTable;
