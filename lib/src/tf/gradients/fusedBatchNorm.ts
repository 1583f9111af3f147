/**
 * The second derivative of `fusedBatchNorm`: the derivative of the first one's formulas, written as simple operations.
 */
import type { Tensor } from '../graph/tensor';
import { identity } from '../ops/array';
import { add, mul, sub } from '../ops/elementwise/binary';
import { reciprocal, rsqrt } from '../ops/elementwise/unary';
import { toChannelsFirst, toChannelsLast } from '../ops/nn/batchNormalization';
import { moments } from '../ops/nn/normalization';
import { reduceMean, reduceSum } from '../ops/reduce';
import type { GradientFunction, GradientTable } from './gradientFunction';
import { gradients } from './gradients';

const ofFusedBatchNormGrad: GradientFunction = (op, ...grads) => {
  const [grad, x, scale, mean, variance] = op.inputs.map((input) => identity(input)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const channelsFirst = op.getAttribute('data_format') === 'NCHW';
  const epsilon = op.getAttribute('epsilon') as number;
  const given = op.getAttribute('is_training') ? undefined : { mean, variance };
  const [dx, ...others] = channelsFirst
    ? simpleGradient(toChannelsLast(grad), toChannelsLast(x), scale, given, epsilon)
    : simpleGradient(grad, x, scale, given, epsilon);
  const outputs = [channelsFirst ? toChannelsFirst(dx) : dx, ...others];
  const inputs = gradients(outputs, [grad, x, scale], {
    gradYs: grads.slice(0, 3),
    unconnectedGradients: 'zero',
  });
  return [...inputs, null, null, null];
};

/** The gradients with respect to `x`, scale and offset, for channels in the last dimension. */
function simpleGradient(
  grad: Tensor,
  x: Tensor,
  scale: Tensor,
  given: { mean: Tensor; variance: Tensor } | undefined,
  epsilon: number,
): [Tensor, Tensor, Tensor] {
  const axis = [0, 1, 2];
  const [mean, variance] = given ? [given.mean, given.variance] : moments(x, axis);
  const deviation = rsqrt(add(variance, epsilon));
  const offset = sub(x, mean);
  const product = mul(grad, offset);
  const gradients = { scale: mul(deviation, reduceSum(product, { axis })), offset: reduceSum(grad, { axis }) };
  const factor = mul(scale, deviation);
  if (given) return [mul(factor, grad), gradients.scale, gradients.offset];
  // The batch's own moments depend on x too.
  const byVariance = mul(mul(reciprocal(add(variance, epsilon)), reduceMean(product, { axis })), offset);
  const centered = sub(grad, reduceMean(grad, { axis }));
  return [mul(factor, sub(centered, byVariance)), gradients.scale, gradients.offset];
}

export const fusedBatchNormGradients = { FusedBatchNormGradV3: ofFusedBatchNormGrad } satisfies GradientTable;
