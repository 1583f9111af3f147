/** The gradients of what `ops/nn/convolution.ts` builds. */
import type { Attributes } from '../../graph/attributes';
import type { Operation } from '../../graph/operation';
import type { Tensor } from '../../graph/tensor';
import { apply, applyOne } from '../../ops/apply';
import { shape } from '../../ops/array';
import { attributesOf } from '../../ops/nn/attributesOf';
import { BatchSpace } from '../../ops/nn/spaceToBatch';
import type { DataFormat, ExplicitPadding } from '../../ops/nn/window';
import type { GradientFunction, GradientTable } from '../gradientFunction';

/** The attributes that the gradients of a convolution share with it. */
const CONVOLUTION = ['strides', 'padding', 'explicit_paddings', 'data_format', 'dilations'];

/** The convolution type to which a gradient operation belongs. */
const convolutionOf = ({ type }: Operation) => type.replace(/Backprop(Input|Filter)$/, '');

// Each gradient of a convolution is linear in the other two of image, filter and output, so each of the three is the
// gradient of another one.
const ofBackpropInput: GradientFunction = (op, grad) => {
  const [, filter, output] = op.inputs as [Tensor, Tensor, Tensor];
  const attributes = attributesOf(op, ...CONVOLUTION);
  return [
    null,
    applyOne(`${convolutionOf(op)}BackpropFilter`, [grad, shape(filter), output], attributes),
    applyOne(convolutionOf(op), [grad, filter], attributes),
  ];
};

const ofBackpropFilter: GradientFunction = (op, grad) => {
  const [input, , output] = op.inputs as [Tensor, Tensor, Tensor];
  const attributes = attributesOf(op, ...CONVOLUTION);
  return [
    applyOne(`${convolutionOf(op)}BackpropInput`, [shape(input), grad, output], attributes),
    null,
    applyOne(convolutionOf(op), [input, grad], attributes),
  ];
};

/** Whether a convolution is dilated and has strides of one, which is when batch space can replace dilation. */
function isDilated(op: Operation): boolean {
  const some = (name: string) => (op.getAttribute(name) as number[]).some((size) => size > 1);
  return some('dilations') && !some('strides');
}

/** TensorFlow's own CPU kernels for the gradients of a convolution don't support dilation. */
function dilatedGradient(op: Operation, grad: Tensor): Tensor[] {
  const [input, filter] = op.inputs as [Tensor, Tensor];
  const { data_format: dataFormat, strides } = attributesOf(op, 'data_format', 'strides');
  const space = batchSpaceOf(op, input, filter, dataFormat as DataFormat);
  const inputs = space.spread(input);
  const grads = space.gatherGradient(grad);
  const attributes: Attributes = { strides, padding: 'VALID', data_format: dataFormat };
  const inputGrads = applyOne('Conv2DBackpropInput', [shape(inputs), filter, grads], attributes);
  return [
    space.spreadGradient(inputGrads),
    applyOne('Conv2DBackpropFilter', [inputs, shape(filter), grads], attributes),
  ];
}

function batchSpaceOf(op: Operation, input: Tensor, filter: Tensor, dataFormat: DataFormat): BatchSpace {
  const dilations = op.getAttribute('dilations') as number[];
  const rates = (dataFormat === 'NCHW' ? dilations.slice(2) : dilations.slice(1, 3)) as [number, number];
  const padding = op.getAttribute('padding') as 'SAME' | 'VALID' | 'EXPLICIT';
  return new BatchSpace(input, filter, rates, padding === 'EXPLICIT' ? explicitPadding(op) : padding, dataFormat);
}

function explicitPadding(op: Operation): ExplicitPadding {
  const sizes = op.getAttribute('explicit_paddings') as number[];
  return [0, 2, 4, 6].map((i) => sizes.slice(i, i + 2)) as unknown as ExplicitPadding;
}

export const convolutionGradients = {
  Conv2D: (op, grad) => {
    const [input, filter] = op.inputs as [Tensor, Tensor];
    if (isDilated(op)) return dilatedGradient(op, grad);
    const [inputSizes, filterSizes] = apply('ShapeN', [[input, filter]]).outputs as [Tensor, Tensor];
    const attributes = attributesOf(op, ...CONVOLUTION);
    return [
      applyOne('Conv2DBackpropInput', [inputSizes, filter, grad], attributes),
      applyOne('Conv2DBackpropFilter', [input, filterSizes, grad], attributes),
    ];
  },
  Conv2DBackpropInput: ofBackpropInput,
  DepthwiseConv2dNativeBackpropInput: ofBackpropInput,
  Conv2DBackpropFilter: ofBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter: ofBackpropFilter,
  DepthwiseConv2dNative: (op, grad) => {
    const [input, filter] = op.inputs as [Tensor, Tensor];
    const attributes = attributesOf(op, ...CONVOLUTION);
    return [
      applyOne('DepthwiseConv2dNativeBackpropInput', [shape(input), filter, grad], attributes),
      applyOne('DepthwiseConv2dNativeBackpropFilter', [input, shape(filter), grad], attributes),
    ];
  },
} satisfies GradientTable;
