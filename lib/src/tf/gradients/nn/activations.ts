/** The gradients of what `ops/nn/activations.ts` builds. */
import type { Tensor } from '../../graph/tensor';
import { applyOne } from '../../ops/apply';
import { zerosLike } from '../../ops/array';
import { mul, sub } from '../../ops/elementwise/binary';
import { less } from '../../ops/elementwise/comparison';
import { exp } from '../../ops/elementwise/unary';
import { where } from '../../ops/indexing';
import { reduceSum } from '../../ops/reduce';
import type { GradientFunction, GradientTable } from '../gradientFunction';

const ofRelu: GradientFunction = (op, grad) => [applyOne(`${op.type}Grad`, [grad, op.outputs[0]!])];

// The slopes of these are constant, except at a corner.
const ofReluSlope: GradientFunction = (op, grad) => {
  const x = op.inputs[1]!;
  const attributes = op.type === 'LeakyReluGrad' ? { alpha: op.getAttribute('alpha') } : {};
  return [applyOne(op.type, [grad, x], attributes), zerosLike(x)];
};

// Below 0, the slope is the function's value plus a constant.
const ofEluSlope: GradientFunction = (op, grad) => {
  const [received, y] = op.inputs as [Tensor, Tensor];
  const bySlope = where(less(y, 0), mul(grad, received, { name: 'mul' }), zerosLike(y));
  return [applyOne(op.type, [grad, y]), bySlope];
};

export const activationsGradients = {
  Relu: ofRelu,
  Relu6: ofRelu,
  Elu: ofRelu,
  Selu: ofRelu,
  Softsign: (op, grad) => [applyOne('SoftsignGrad', [grad, op.inputs[0]!])],
  LeakyRelu: (op, grad) => [applyOne('LeakyReluGrad', [grad, op.inputs[0]!], { alpha: op.getAttribute('alpha') })],
  ReluGrad: ofReluSlope,
  Relu6Grad: ofReluSlope,
  LeakyReluGrad: ofReluSlope,
  EluGrad: ofEluSlope,
  SeluGrad: ofEluSlope,
  Softmax: (op, grad) => {
    const [softmax] = op.outputs as [Tensor];
    const mean = reduceSum(mul(grad, softmax, { name: 'mul' }), { axis: -1, keepDims: true });
    return [mul(sub(grad, mean, { name: 'sub' }), softmax, { name: 'mul' })];
  },
  LogSoftmax: (op, grad) => {
    const softmax = exp(op.outputs[0]!);
    const sum = reduceSum(grad, { axis: -1, keepDims: true });
    return [sub(grad, mul(sum, softmax, { name: 'mul' }), { name: 'sub' })];
  },
} satisfies GradientTable;
