/** Gradients of the operations in `ops/elementwise/unary.ts`. */
import type { Tensor } from '../graph/tensor';
import { applyOne, asTensor } from '../ops/apply';
import { zerosLike } from '../ops/array';
import { add, mul, polygamma, sub, truediv } from '../ops/elementwise/binary';
import {
  cos,
  cosh,
  digamma,
  exp,
  neg,
  reciprocal,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sinh,
  square,
} from '../ops/elementwise/unary';
import { changeValues } from '../ops/indexedSlices';
import { conj } from './complex';
import type { GradientFunction, GradientTable } from './gradientFunction';

/**
 * The gradient of a function, from its derivative. The derivative is computed only when the incoming gradient is
 * available, so that its memory isn't occupied while the rest of the graph is still running.
 *
 * @param derivative computed from the operation's input `x` and its output `y`
 */
const byDerivative =
  (derivative: (x: Tensor, y: Tensor) => Tensor): GradientFunction =>
  (op, grad) =>
    op.graph.controlDependencies([grad], () => [mul(grad, derivative(op.inputs[0]!, op.outputs[0]!), { name: 'mul' })]);

/**
 * The gradient of a function for which TensorFlow has an operation, which takes the function's value `y` and its
 * gradient `dy`, in which it is linear.
 *
 * @param given converts `y` for the operation: conjugates it, unless the operation does so itself
 */
const byOperation =
  (type: string, given: (y: Tensor) => Tensor = conj): GradientFunction =>
  (op, grad) => [applyOne(type, [given(op.outputs[0]!), grad])];

/** For operations that conjugate complex values themselves. */
const plain = (y: Tensor) => y;

/**
 * The gradient of such an operation.
 *
 * @param byValue its derivative with respect to `y`, times the incoming gradient `grad`
 * @param given converts `dy` and `grad` for `byValue`: conjugates them, unless the operation conjugates `y` itself
 */
const ofOperation =
  (
    byValue: (y: Tensor, dy: Tensor, grad: Tensor) => Tensor,
    given: (tensor: Tensor) => Tensor = conj,
  ): GradientFunction =>
  (op, grad) =>
    op.graph.controlDependencies([grad], () => {
      const [y, dy] = op.inputs as [Tensor, Tensor];
      return [byValue(y, given(dy), given(grad)), applyOne(op.type, [y, grad])];
    });

/** The product of several factors, named as Python's `*` names it. */
function product(first: Tensor, ...factors: readonly (Tensor | number)[]): Tensor {
  return factors.reduce<Tensor>((result, factor) => mul(result, factor as Tensor, { name: 'mul' }), first);
}

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

const bell = (x: Tensor, height: number) => product(exp(neg(square(x))), height);

const oneMinusSquare = (x: Tensor) => sub(1, square(x));

export const unaryGradients = {
  Neg: (_op, grad) => [changeValues(grad, neg)],
  Conj: (_op, grad) => [conj(grad)],
  Abs: byDerivative((x) => sign(x)),
  Sign: (op) => [zerosLike(op.inputs[0]!)],
  Floor: null,
  Ceil: null,
  Round: null,
  Rint: null,
  Square: (op, grad) =>
    op.graph.controlDependencies([grad], () => {
      const two = asTensor(2, grad.dtype, 'Const', op.graph);
      return [mul(grad, mul(op.inputs[0]!, two))];
    }),
  Sqrt: byOperation('SqrtGrad'),
  // dy / 2y
  SqrtGrad: ofOperation((y, dy, grad) => truediv(product(grad, -0.5, dy), square(y), { name: 'truediv' })),
  Rsqrt: byOperation('RsqrtGrad'),
  // -dy y³ / 2
  RsqrtGrad: ofOperation((y, dy, grad) => product(grad, -1.5, dy, square(y))),
  Reciprocal: byOperation('ReciprocalGrad'),
  // -dy y²
  ReciprocalGrad: ofOperation((y, dy, grad) => product(grad, -2, dy, y)),
  Inv: byOperation('InvGrad'),
  // -dy y²
  InvGrad: ofOperation((y, dy, grad) => product(grad, -2, dy, y)),
  Exp: byDerivative((_x, y) => y),
  Expm1: byDerivative((x) => exp(x)),
  Log: byDerivative((x) => reciprocal(x)),
  Log1p: byDerivative((x) => reciprocal(add(1, x, { name: 'add' }))),
  Tanh: byOperation('TanhGrad', plain),
  // dy (1 - y²)
  TanhGrad: ofOperation((y, dy, grad) => product(grad, -2, dy, y), plain),
  Sigmoid: byOperation('SigmoidGrad', plain),
  // dy y (1 - y)
  SigmoidGrad: ofOperation((y, dy, grad) => {
    const both = product(grad, dy);
    return sub(both, product(both, 2, y), { name: 'sub' });
  }, plain),
  Softplus: byDerivative((x) => sigmoid(x)),
  // Takes dy and x: dy sigmoid(x)
  SoftplusGrad: (op, grad) =>
    op.graph.controlDependencies([grad], () => {
      const [dy, x] = op.inputs as [Tensor, Tensor];
      const byX = applyOne('SigmoidGrad', [sigmoid(x), product(grad, dy)]);
      return [applyOne('SoftplusGrad', [grad, x]), byX];
    }),
  Erf: byDerivative((x) => bell(x, TWO_OVER_ROOT_PI)),
  Erfc: byDerivative((x) => bell(x, -TWO_OVER_ROOT_PI)),
  Sin: byDerivative((x) => cos(x)),
  Cos: byDerivative((x) => neg(sin(x))),
  Tan: byDerivative((x) => square(reciprocal(cos(x)))),
  Asin: byDerivative((x) => rsqrt(oneMinusSquare(x))),
  Acos: byDerivative((x) => neg(rsqrt(oneMinusSquare(x)))),
  Atan: byDerivative((x) => reciprocal(add(1, square(x)))),
  Sinh: byDerivative((x) => cosh(x)),
  Cosh: byDerivative((x) => sinh(x)),
  Asinh: byDerivative((_x, y) => reciprocal(cosh(y))),
  Acosh: byDerivative((_x, y) => reciprocal(sinh(y))),
  Atanh: byDerivative((x) => reciprocal(oneMinusSquare(x))),
  Lgamma: byDerivative((x) => digamma(x)),
  Digamma: byDerivative((x) => polygamma(1, x)),
  IsNan: null,
  IsInf: null,
  IsFinite: null,
} satisfies GradientTable;
