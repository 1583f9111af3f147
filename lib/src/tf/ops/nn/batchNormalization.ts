/** Batch normalization (Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167). */

import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { apply, asTensor, graphOf, type OpOptions } from '../apply';
import { transpose } from '../array';
import { add, mul, sub } from '../elementwise/binary';
import { neg, rsqrt } from '../elementwise/unary';
import type { OperandDType, OperandRank } from '../types';
import type { DataFormat } from './window';

/**
 * `scale · (x - mean) / √(variance + varianceEpsilon) + offset`, with given moments: the batch's, or averages over many
 * batches.
 *
 * @param x floating-point, of any shape
 * @param mean broadcast to `x`, like the three parameters after it
 * @param offset the new mean (beta in the paper), or null for 0
 * @param scale the new standard deviation (gamma in the paper), or null for 1
 * @param varianceEpsilon a small number that avoids division by 0
 *
 * @example
 * const [mean, variance] = tf.nn.moments(hidden, [0]);
 * const [beta, gamma] = [new tf.Variable(tf.zeros([128])), new tf.Variable(tf.ones([128]))];
 * tf.nn.batchNormalization(hidden, mean, variance, beta, gamma, 1e-3);
 */
export function batchNormalization<X extends TensorLike>(
  x: X,
  mean: TensorLike<OperandDType<X>>,
  variance: TensorLike<OperandDType<X>>,
  offset: TensorLike<OperandDType<X>> | null,
  scale: TensorLike<OperandDType<X>> | null,
  varianceEpsilon: number,
  options: OpOptions = {},
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { name = 'batchnorm' } = onlyOptions(options, { name: 'string' });
  const graph = graphOf([x, mean, variance, scale ?? [], offset ?? []]);
  return graph.nameScope(name, () => {
    const input = asTensor(x, undefined, 'x', graph);
    const tensor = (value: TensorLike, name: string) => asTensor(value, input.dtype, name, graph);
    const deviation = rsqrt(add(tensor(variance, 'variance'), varianceEpsilon, { name: 'add' }));
    const factor = scale === null ? deviation : mul(deviation, tensor(scale, 'scale'), { name: 'mul' });
    const scaled = mul(input, factor, { name: 'mul' });
    const center = tensor(mean, 'mean');
    const moved =
      offset === null
        ? mul(neg(center), factor, { name: 'mul' })
        : sub(tensor(offset, 'offset'), mul(center, factor, { name: 'mul' }), { name: 'sub' });
    return add(scaled, moved, { name: 'add' }) as Tensor as Tensor<OperandDType<X>, OperandRank<X>>;
  });
}

/** Parameters of {@link fusedBatchNorm}. */
export interface FusedBatchNormOptions extends OpOptions {
  /** [channels], the moments to use: required when `isTraining` is false or `exponentialAvgFactor` isn't 1. */
  mean?: TensorLike<'float32'>;
  /** [channels]. */
  variance?: TensorLike<'float32'>;
  /**
   * A small number added to the variance.
   *
   * @defaultValue `0.001`
   */
  epsilon?: number;
  /**
   * @defaultValue `NHWC`
   */
  dataFormat?: DataFormat;
  /**
   * Whether to use the batch's own moments.
   *
   * @defaultValue `true`
   */
  isTraining?: boolean;
  /**
   * The weight of the batch's moments in the returned moments; the rest is the weight of `mean` and `variance`.
   *
   * @defaultValue `1`
   */
  exponentialAvgFactor?: number;
}

/**
 * Batch normalization of images in a single operation, which is faster than {@link batchNormalization}.
 *
 * @param x [batch, height, width, channels] of `float32`
 * @param scale [channels]
 * @param offset [channels]
 * @returns the normalized images, and the mean and variance of each channel
 * @throws {InvalidArgumentError} when moments are missing, or the channels differ
 *
 * @example
 * const [normalized, mean, variance] = tf.nn.fusedBatchNorm(conv, tf.ones([32]), tf.zeros([32]));
 */
export function fusedBatchNorm(
  x: TensorLike<'float32'>,
  scale: TensorLike<'float32'>,
  offset: TensorLike<'float32'>,
  options: FusedBatchNormOptions = {},
): [y: Tensor<'float32', 'array'>, mean: Tensor<'float32', 'array'>, variance: Tensor<'float32', 'array'>] {
  const {
    mean,
    variance,
    epsilon = 0.001,
    dataFormat,
    isTraining = true,
    exponentialAvgFactor = 1,
    name,
  } = onlyOptions(options, {
    mean: 'any',
    variance: 'any',
    epsilon: 'number',
    dataFormat: ['NHWC', 'NCHW'],
    isTraining: 'boolean',
    exponentialAvgFactor: 'number',
    name: 'string',
  });
  const needsMoments = !isTraining || exponentialAvgFactor !== 1;
  if (needsMoments && (mean === undefined || variance === undefined))
    throw new InvalidArgumentError(
      'fusedBatchNorm needs mean and variance unless it is training and exponentialAvgFactor is 1',
    );
  const graph = graphOf([x, scale, offset, mean ?? [], variance ?? []]);
  const inputs = [
    asTensor(x, 'float32', 'input', graph),
    asTensor(scale, 'float32', 'scale', graph),
    asTensor(offset, 'float32', 'offset', graph),
    asTensor(mean ?? [], 'float32', 'Const', graph),
    asTensor(variance ?? [], 'float32', 'Const', graph),
  ];
  const attributes = {
    epsilon,
    exponential_avg_factor: exponentialAvgFactor,
    data_format: dataFormat,
    is_training: isTraining,
  };
  return apply('FusedBatchNormV3', inputs, attributes, name).outputs.slice(0, 3) as ReturnType<typeof fusedBatchNorm>;
}

/** Moves the channels from the second to the last dimension. */
export const toChannelsLast = (images: Tensor) => transpose(images, { perm: [0, 2, 3, 1] });
/** Moves the channels from the last to the second dimension. */
export const toChannelsFirst = (images: Tensor) => transpose(images, { perm: [0, 3, 1, 2] });
