/** Elementwise functions of one operand. The result has the shape of the operand and usually its dtype. */

import { isFloating } from '../../../runtime/dtypes';
import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type Operand, type OpOptions } from '../apply';
import type { OperandRank, Unary } from '../types';
import { unary } from './builders';

// Sign and size

/**
 * -x.
 *
 * @example
 * tf.neg([1, -2]); // [-1, 2]
 */
export const neg: Unary = unary('Neg');

/**
 * Another name of {@link neg}.
 *
 * @example
 * tf.negative([1, -2]); // [-1, 2]
 */
export const negative: Unary = neg;

/**
 * The absolute value of x. Its gradient at 0 is 0.
 *
 * @example
 * tf.abs([1, -2]); // [1, 2]
 */
export const abs: Unary = unary('Abs');

/**
 * -1 where x is negative, 1 where it is positive, 0 where it is 0. Its gradient is 0.
 *
 * @example
 * tf.sign([-3, 0, 5]); // [-1, 0, 1]
 */
export const sign: Unary = unary('Sign');

// Whole numbers

/**
 * x rounded down to an integer.
 *
 * @example
 * tf.floor([1.7, -1.2]); // [1, -2]
 */
export const floor: Unary = unary('Floor');

/**
 * x rounded up to an integer.
 *
 * @example
 * tf.ceil([1.2, -1.7]); // [2, -1]
 */
export const ceil: Unary = unary('Ceil');

/**
 * x rounded to the nearest integer, ties to even. Integer tensors are returned unchanged.
 *
 * @example
 * tf.round([0.5, 1.5, 2.5, -1.2]); // [0, 2, 2, -1]
 */
export const round: Unary = ((x: Operand, options: OpOptions = {}) => {
  const { name } = onlyOptions(options, { name: 'string' });
  const tensor = asTensor(x, undefined, 'x');
  return isFloating(tensor.dtype) ? applyOne('Round', [tensor], {}, name) : tensor;
}) as Unary;

// Powers and logarithms

/**
 * x².
 *
 * @example
 * tf.square([1, 2, -3]); // [1, 4, 9]
 */
export const square: Unary = unary('Square');

/**
 * The square root of x, NaN where x is negative.
 *
 * @example
 * tf.sqrt([4, 9]); // [2, 3]
 */
export const sqrt: Unary = unary('Sqrt');

/**
 * 1 / √x.
 *
 * @example
 * tf.rsqrt([4, 0.25]); // [0.5, 2]
 */
export const rsqrt: Unary = unary('Rsqrt');

/**
 * 1 / x.
 *
 * @example
 * tf.reciprocal([4, -0.5]); // [0.25, -2]
 */
export const reciprocal: Unary = unary('Reciprocal');

/**
 * e to the power of x.
 *
 * @example
 * tf.exp([0, 1]); // [1, 2.71828]
 */
export const exp: Unary = unary('Exp');

/**
 * exp(x) - 1, accurate even for small x.
 *
 * @example
 * tf.expm1([0, 1]); // [0, 1.71828]
 */
export const expm1: Unary = unary('Expm1');

/**
 * The natural logarithm of x.
 *
 * @example
 * tf.log([1, Math.E]); // [0, 1]
 */
export const log: Unary = unary('Log');

/**
 * log(1 + x), accurate even for small x.
 *
 * @example
 * tf.log1p([0, 1e-10]); // [0, 1e-10]
 */
export const log1p: Unary = unary('Log1p');

// Smooth steps

/**
 * The hyperbolic tangent of x: between -1 and 1.
 *
 * @example
 * tf.tanh([0, 1]); // [0, 0.761594]
 */
export const tanh: Unary = unary('Tanh');

/**
 * 1 / (1 + exp(-x)): between 0 and 1.
 *
 * @example
 * tf.sigmoid([0, 100]); // [0.5, 1]
 */
export const sigmoid: Unary = unary('Sigmoid');

/**
 * log(1 + exp(x)): a smooth maximum of x and 0.
 *
 * @example
 * tf.nn.softplus([0, 20]); // [0.693147, 20]
 */
export const softplus: Unary = unary('Softplus');

/**
 * log(sigmoid(x)), accurate even where the sigmoid is close to 0.
 *
 * @example
 * tf.logSigmoid([0, -100]); // [-0.693147, -100]
 */
export const logSigmoid: Unary = ((x: Operand, options: OpOptions = {}) => {
  const { name = 'LogSigmoid' } = onlyOptions(options, { name: 'string' });
  const graph = graphOf([x]);
  return graph.nameScope(name, (scope) => neg(softplus(neg(asTensor(x, undefined, 'x', graph))), { name: scope }));
}) as Unary;

/**
 * The error function of x: the probability that a normal variable with variance ½ is between -x and x.
 *
 * @example
 * tf.erf([0, 1]); // [0, 0.842701]
 */
export const erf: Unary = unary('Erf');

/**
 * 1 - erf(x), accurate even for large x.
 *
 * @example
 * tf.erfc([0, 1]); // [1, 0.157299]
 */
export const erfc: Unary = unary('Erfc');

// Angles, in radians

/**
 * The sine of x.
 *
 * @example
 * tf.sin([0, Math.PI / 2]); // [0, 1]
 */
export const sin: Unary = unary('Sin');

/**
 * The cosine of x.
 *
 * @example
 * tf.cos([0, Math.PI]); // [1, -1]
 */
export const cos: Unary = unary('Cos');

/**
 * The tangent of x.
 *
 * @example
 * tf.tan([0, Math.PI / 4]); // [0, 1]
 */
export const tan: Unary = unary('Tan');

/**
 * The angle from -π/2 to π/2 whose sine is x.
 *
 * @example
 * tf.asin([0, 1]); // [0, 1.5708]
 */
export const asin: Unary = unary('Asin');

/**
 * The angle from 0 to π whose cosine is x.
 *
 * @example
 * tf.acos([1, 0]); // [0, 1.5708]
 */
export const acos: Unary = unary('Acos');

/**
 * The angle from -π/2 to π/2 whose tangent is x.
 *
 * @example
 * tf.atan([0, 1]); // [0, 0.785398]
 */
export const atan: Unary = unary('Atan');

/**
 * The hyperbolic sine of x.
 *
 * @example
 * tf.sinh([0, 1]); // [0, 1.1752]
 */
export const sinh: Unary = unary('Sinh');

/**
 * The hyperbolic cosine of x.
 *
 * @example
 * tf.cosh([0, 1]); // [1, 1.54308]
 */
export const cosh: Unary = unary('Cosh');

/**
 * The number whose hyperbolic sine is x.
 *
 * @example
 * tf.asinh([0, 1.1752]); // [0, 1]
 */
export const asinh: Unary = unary('Asinh');

/**
 * The non-negative number whose hyperbolic cosine is x.
 *
 * @example
 * tf.acosh([1, 1.54308]); // [0, 1]
 */
export const acosh: Unary = unary('Acosh');

/**
 * The number whose hyperbolic tangent is x.
 *
 * @example
 * tf.atanh([0, 0.5]); // [0, 0.549306]
 */
export const atanh: Unary = unary('Atanh');

// The gamma function

/**
 * The logarithm of the absolute value of the gamma function of x.
 *
 * @example
 * tf.lgamma([1, 5]); // [0, 3.17805]
 */
export const lgamma: Unary = unary('Lgamma');

/**
 * The derivative of {@link lgamma}.
 *
 * @example
 * tf.digamma([1, 2]); // [-0.577216, 0.422784]
 */
export const digamma: Unary = unary('Digamma');

// Numbers that are none

/** A test of each element. */
type Test = <X extends TensorLike>(x: X, options?: OpOptions) => Tensor<'bool', OperandRank<X>>;

const test =
  (type: string): Test =>
  (x, options = {}) =>
    applyOne(type, [x], {}, onlyOptions(options, { name: 'string' }).name);

/**
 * Whether each element is NaN.
 *
 * @example
 * tf.isNan([1, Number.NaN]); // [false, true]
 */
export const isNan: Test = test('IsNan');

/**
 * Whether each element is infinite.
 *
 * @example
 * tf.isInf([1, Number.NEGATIVE_INFINITY]); // [false, true]
 */
export const isInf: Test = test('IsInf');

/**
 * Whether each element is neither infinite nor NaN.
 *
 * @example
 * tf.isFinite([1, Number.NaN, Number.POSITIVE_INFINITY]); // [true, false, false]
 */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the name that TensorFlow has for it
export const isFinite: Test = test('IsFinite');
