/** Normalization: over neighbouring channels, or to length 1; and the moments needed for it. */

import { onlyOptions, placed } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import { squeeze } from '../array';
import { maximum, mul, squaredDifference } from '../elementwise/binary';
import { rsqrt, square } from '../elementwise/unary';
import { type Axis, reduceMean, reduceSum } from '../reduce';
import type { OperandDType, OperandRank } from '../types';
import { within } from '../within';

/** Parameters of {@link localResponseNormalization}. */
export interface LocalResponseNormalizationOptions extends OpOptions {
  /**
   * The number of neighbouring channels on each side.
   *
   * @defaultValue `5`
   */
  depthRadius?: number;
  /**
   * A positive number that avoids division by 0.
   *
   * @defaultValue `1`
   */
  bias?: number;
  /**
   * @defaultValue `1`
   */
  alpha?: number;
  /** @defaultValue `0.5` */
  beta?: number;
}

/**
 * Divides each value by `(bias + alpha · Σ squares)^beta`, summed over the neighbouring channels of the same pixel
 * (Krizhevsky et al. 2012, *ImageNet Classification with Deep Convolutional Neural Networks*).
 *
 * @param input [batch, height, width, channels] of `float32`
 * @throws {InvalidArgumentError} when `input` doesn't have four dimensions
 *
 * @example
 * tf.nn.localResponseNormalization(conv, 4, { bias: 1, alpha: 0.001 / 9, beta: 0.75 });
 */
export function localResponseNormalization<X extends TensorLike>(
  input: X,
  ...given:
    | [depthRadius: number, options?: Omit<LocalResponseNormalizationOptions, 'depthRadius'>]
    | [depthRadius: number, bias: number, alpha?: number, beta?: number, options?: OpOptions]
    | [options?: LocalResponseNormalizationOptions]
): Tensor<OperandDType<X>, 'array'> {
  const places = ['depthRadius', 'bias', 'alpha', 'beta'] as const;
  const options = placed<LocalResponseNormalizationOptions>(given, places);
  const { depthRadius, bias, alpha, beta, name } = onlyOptions(options, {
    depthRadius: 'number',
    bias: 'number',
    alpha: 'number',
    beta: 'number',
    name: 'string',
  });
  return applyOne('LRN', [input], { depth_radius: depthRadius, bias, alpha, beta }, name);
}

/**
 * A short name of {@link localResponseNormalization}.
 *
 * @example
 * tf.nn.lrn(conv, { depthRadius: 4 });
 */
export const lrn: typeof localResponseNormalization = localResponseNormalization;

/**
 * The mean and the (population) variance over some dimensions.
 *
 * @param x floating-point
 * @param axes the dimensions; `[0, 1, 2]` of a batch of images for the moments of each channel
 * @param options.keepDims whether to keep these dimensions, with size 1
 * @returns `[mean, variance]`
 *
 * @example
 * const [mean, variance] = tf.nn.moments(hidden, [0]);
 */
export function moments<X extends TensorLike>(
  x: X,
  axes: readonly number[],
  options: OpOptions & { keepDims?: boolean } = {},
): [mean: Tensor<OperandDType<X>>, variance: Tensor<OperandDType<X>>] {
  const { keepDims = false, name = 'moments' } = onlyOptions(options, { keepDims: 'boolean', name: 'string' });
  return within(x, 'x', name, (tensor) => {
    const y = tensor as Tensor<OperandDType<X>>;
    const mean = reduceMean(y, { axis: axes, keepDims: true, name: 'mean' });
    // Python stops the gradient at this mean, because it is 0 there. But the gradient of that gradient isn't, and
    // second derivatives need it.
    const squares = squaredDifference(y, mean) as Tensor<OperandDType<X>>;
    const variance = reduceMean(squares, { axis: axes, keepDims: true, name: 'variance' });
    return keepDims ? [mean, variance] : [squeeze(mean, { axis: axes }), squeeze(variance, { axis: axes })];
  });
}

/** Options of {@link l2Normalize}. */
export interface L2NormalizeOptions extends OpOptions {
  /**
   * The dimensions over which to sum.
   *
   * @defaultValue all
   */
  axis?: Axis;
  /**
   * A lower bound for the sum of squares, which avoids division by 0.
   *
   * @defaultValue `1e-12`
   */
  epsilon?: number;
}

/**
 * Divides a tensor by its norm (the square root of the sum of squares), or parts of it by their norms.
 *
 * @param x floating-point
 * @param axis the dimensions over which to sum; all by default. This and `epsilon` may be among the options too
 * @param epsilon a lower bound for the sum of squares, which avoids division by 0: 1e-12 by default
 *
 * @example
 * tf.nn.l2Normalize([[3, 4], [0, 2]], 1); // [[0.6, 0.8], [0, 1]]
 */
export function l2Normalize<X extends TensorLike>(
  x: X,
  ...given:
    | [axis: Axis | undefined, epsilon: number, options?: OpOptions]
    | [axis: Axis, options?: Omit<L2NormalizeOptions, 'axis'>]
    | [options?: L2NormalizeOptions]
): Tensor<OperandDType<X>, OperandRank<X>> {
  const options = placed<L2NormalizeOptions>(given, ['axis', 'epsilon']);
  const {
    axis,
    epsilon = 1e-12,
    name = 'l2_normalize',
  } = onlyOptions(options, { axis: 'any', epsilon: 'number', name: 'string' });
  return within(x, 'x', name, (y, scope) => {
    const sum = reduceSum(square(y), { axis, keepDims: true });
    return mul(y, rsqrt(maximum(sum, epsilon)), { name: scope }) as Tensor as Tensor<OperandDType<X>, OperandRank<X>>;
  });
}
