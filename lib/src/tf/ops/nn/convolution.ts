/** Convolutions of batches of images. */

import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions, placed } from '../../../runtime/options';
import type { Attributes } from '../../graph/attributes';
import { Tensor, type TensorLike } from '../../graph/tensor';
import { apply, applyOne, asTensor, graphOf, type OpOptions } from '../apply';
import { identity } from '../array';
import { greaterEqual } from '../elementwise/comparison';
import { ofRank } from '../ofRank';
import { reduceAll } from '../reduce';
import type { OperandDType, Sizes } from '../types';
import { BatchSpace } from './spaceToBatch';
import { type Padding, paddingAttributes, type WindowOptions, type WindowSize, windowSize } from './window';

/** Options of convolutions. */
export interface ConvolutionOptions extends WindowOptions, OpOptions {
  /** The distance between neighbouring filter elements in pixels: 2 skips every other pixel (atrous convolution). */
  dilations?: WindowSize;
}

type TransposedOptions = Omit<ConvolutionOptions, 'padding'> & { padding?: Padding };

function convolutionAttributes(options: ConvolutionOptions): Attributes {
  const known = onlyOptions(options, {
    strides: 'any',
    padding: 'any',
    dataFormat: ['NHWC', 'NCHW'],
    dilations: 'any',
    name: 'string',
  });
  const { strides, padding, dataFormat = 'NHWC', dilations = 1 } = known;
  return {
    strides: windowSize(strides, dataFormat, 'strides'),
    ...paddingAttributes(padding),
    data_format: dataFormat,
    dilations: windowSize(dilations, dataFormat, 'dilations'),
  };
}

/**
 * A two-dimensional convolution (mathematically, a cross-correlation): `output[b, i, j, k] = Σ input[b, strides·i + di,
 * strides·j + dj, c] · filter[di, dj, c, k]`.
 *
 * @param input [batch, height, width, channels], floating-point
 * @param filter [height, width, input channels, output channels] of the same dtype
 * @param strides the step of the filter; this and `padding` may be among the options too
 * @param padding the padding of the image
 * @returns [batch, height, width, output channels]
 * @throws {InvalidArgumentError} when the channels differ, or the filter doesn't fit into the image
 *
 * @example
 * tf.nn.conv2d(pictures, filters, [1, 1, 1, 1], 'SAME'); // [100, 28, 28, 1] → [100, 28, 28, 32]
 */
export function conv2d<X extends TensorLike>(
  input: X,
  filter: TensorLike<OperandDType<X>>,
  ...given:
    | [strides: WindowSize, padding: Padding, options?: Omit<ConvolutionOptions, 'strides' | 'padding'>]
    | [strides: WindowSize, options: Omit<ConvolutionOptions, 'strides'>]
    | [options: ConvolutionOptions]
): Tensor<OperandDType<X>, 'array'> {
  const options = placed<ConvolutionOptions>(given, ['strides', 'padding']);
  return applyOne('Conv2D', [ofRank(input, 4), ofRank(filter, 4)], convolutionAttributes(options), options.name);
}

/**
 * The transpose of {@link conv2d}, also called deconvolution: the gradient of a convolution as an operation of its own.
 * Strides enlarge the image.
 *
 * @param value [batch, height, width, input channels], floating-point
 * @param filter [height, width, output channels, input channels]: those of the transposed convolution
 * @param outputShape [batch, height, width, output channels]
 * @param strides the step of the filter; this and the following may be among the options too
 * @param padding `SAME` by default
 * @throws {InvalidArgumentError} when the convolution of an image of `outputShape` doesn't have the shape of `value`
 *
 * @example
 * const code = tf.zeros([100, 14, 14, 8]);
 * const weights = new tf.Variable(tf.truncatedNormal([5, 5, 1, 8], { stddev: 0.1 }));
 * tf.nn.conv2dTranspose(code, weights, [100, 28, 28, 1], [1, 2, 2, 1]);
 */
export function conv2dTranspose<X extends TensorLike>(
  value: X,
  filter: TensorLike<OperandDType<X>>,
  outputShape: Sizes,
  ...given:
    | [strides: WindowSize, padding: Padding, options?: Omit<ConvolutionOptions, 'strides' | 'padding'>]
    | [strides: WindowSize, options?: Omit<TransposedOptions, 'strides'>]
    | [options: TransposedOptions]
): Tensor<OperandDType<X>, 'array'> {
  const options = placed<TransposedOptions>(given, ['strides', 'padding']);
  const attributes = convolutionAttributes({ ...options, padding: options.padding ?? 'SAME' });
  const operands = [fedShape(outputShape), ofRank(filter, 4), ofRank(value, 4)];
  return applyOne('Conv2DBackpropInput', operands, attributes, options.name ?? 'conv2d_transpose');
}

/** Checks a fed shape at run time, since the kernel crashes the process for negative sizes. Constant shapes are checked earlier. */
function fedShape(shape: Sizes): Sizes {
  const isFed = shape instanceof Tensor && shape.op.type.startsWith('Placeholder');
  if (!isFed) return shape;
  const sizes = applyOne('EnsureShape', [shape], { shape: [4] }) as Tensor<'int32'>;
  const check = apply('Assert', [reduceAll(greaterEqual(sizes, 0)), [sizes]], { summarize: 4 });
  return sizes.graph.controlDependencies([check], () => identity(sizes));
}

/**
 * A convolution of each channel separately, with one or several filters per channel.
 *
 * @param input [batch, height, width, channels], floating-point
 * @param filter [height, width, channels, multiplier] of the same dtype
 * @param strides the same along height and width; this and `padding` may be among the options too
 * @param options.dilations the distance of neighbouring filter elements (Python's `rate`); strides are 1 then
 * @returns [batch, height, width, channels · multiplier]
 * @throws {InvalidArgumentError} when the channels differ, or both strides and dilations are more than 1
 *
 * @example
 * tf.nn.depthwiseConv2d(pictures, filters, [1, 1, 1, 1], 'SAME'); // [100, 28, 28, 1] → [100, 28, 28, 32]
 */
export function depthwiseConv2d<X extends TensorLike>(
  input: X,
  filter: TensorLike<OperandDType<X>>,
  ...given:
    | [strides: WindowSize, padding: Padding, options?: Omit<ConvolutionOptions, 'strides' | 'padding'>]
    | [strides: WindowSize, options: Omit<ConvolutionOptions, 'strides'>]
    | [options: ConvolutionOptions]
): Tensor<OperandDType<X>, 'array'> {
  const options = placed<ConvolutionOptions>(given, ['strides', 'padding']);
  const { dilations, ...attributes } = convolutionAttributes(options) as Record<string, number[]>;
  const { name = 'depthwise', dataFormat = 'NHWC', padding } = options;
  const rates = (dataFormat === 'NCHW' ? dilations?.slice(2) : dilations?.slice(1, 3)) as [number, number];
  const graph = graphOf([input, filter]);
  return graph.nameScope(name, (scope) => {
    const images = ofRank(asTensor(input, undefined, 'tensor_in', graph), 4);
    const weights = ofRank(asTensor(filter, images.dtype, 'filter_in', graph), 4);
    if (rates.every((rate) => rate === 1))
      return applyOne('DepthwiseConv2dNative', [images, weights], attributes, scope);
    if (attributes.strides?.some((stride) => stride > 1))
      throw new InvalidArgumentError(`strides [${attributes.strides}] must be 1 with dilations [${dilations}]`);
    // The kernels' own dilation is unreliable: TensorFlow's kernels don't support it, and oneDNN's gradients ignore it.
    const space = new BatchSpace(images, weights, rates, padding, dataFormat);
    const window: Attributes = { strides: [1, 1, 1, 1], padding: 'VALID', data_format: dataFormat };
    const results = applyOne('DepthwiseConv2dNative', [space.spread(images), weights], window, scope);
    return space.gather(results) as Tensor as Tensor<OperandDType<X>, 'array'>;
  });
}
