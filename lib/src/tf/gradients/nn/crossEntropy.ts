/** The gradients of what `ops/nn/crossEntropy.ts` builds. */
import type { Tensor } from '../../graph/tensor';
import { expandDims } from '../../ops/array';
import { add, mul, sub } from '../../ops/elementwise/binary';
import { neg } from '../../ops/elementwise/unary';
import { logSoftmax, softmax } from '../../ops/nn/activations';
import { reduceSum } from '../../ops/reduce';
import type { GradientTable } from '../gradientFunction';

/** Multiplies each row of a matrix by the corresponding element of a vector. */
const timesRows = (vector: Tensor, matrix: Tensor) => mul(expandDims(vector, -1), matrix, { name: 'mul' });

/**
 * The gradient with respect to the logits of a softmax cross entropy, whose operation computes it as its second output,
 * `backprop`.
 *
 * @param byBackprop the gradient of that output; non-zero only in a second derivative
 */
function byLogits(logits: Tensor, backprop: Tensor, grad: Tensor, byBackprop: Tensor): Tensor {
  const first = timesRows(grad, backprop);
  if (isZeros(byBackprop)) return first;
  const probabilities = softmax(logits);
  const mean = reduceSum(mul(byBackprop, probabilities), { axis: -1, keepDims: true });
  return add(first, mul(sub(byBackprop, mean), probabilities), { name: 'add' });
}

/** Whether a gradient only stands for a missing one. */
const isZeros = (grad: Tensor) => grad.op.type === 'ZerosLike';

export const crossEntropyGradients = {
  SoftmaxCrossEntropyWithLogits: (op, grad, byBackprop) => {
    const [logits] = op.inputs as [Tensor];
    const gradient = byLogits(logits, op.outputs[1]!, grad, byBackprop as Tensor);
    const byLabels = timesRows(grad, neg(logSoftmax(logits)));
    return [gradient, isZeros(byBackprop as Tensor) ? byLabels : sub(byLabels, byBackprop as Tensor)];
  },
  SparseSoftmaxCrossEntropyWithLogits: (op, grad, byBackprop) => [
    byLogits(op.inputs[0]!, op.outputs[1]!, grad, byBackprop as Tensor),
    null,
  ],
} satisfies GradientTable;
