/**
 * Elementwise arithmetic on two tensors. The operands have the same dtype and are broadcast to each other: aligned at
 * their last dimensions, with dimensions of size 1 repeated. A plain value takes the dtype of the other operand, if
 * that is a tensor.
 *
 * @see https://numpy.org/doc/stable/user/basics.broadcasting.html
 */

import { checkArray } from '../../../runtime/arguments';
import { type DType, isTrainable } from '../../../runtime/dtypes';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type Operand, type OpOptions } from '../apply';
import { identity } from '../array';
import { areSlices, joined } from '../indexedSlices';
import type { Binary, Broadcast, JoinedDType, OperandRank, PairDType } from '../types';
import { binary, tensorsOf } from './builders';
import { cast } from './cast';

/** A builder whose operation depends on the operands' dtype. */
function byDType(defaultName: string, build: (x: Tensor, y: Tensor, scope: string) => Tensor): Binary {
  const builder = (x: Operand, y: Operand, options: OpOptions = {}) => {
    const { name = defaultName } = onlyOptions(options, { name: 'string' });
    return graphOf([x, y]).nameScope(name, (scope) => build(...tensorsOf(x, y, ['x', 'y']), scope));
  };
  return builder as Binary;
}

// Sums and products

/**
 * x + y; strings are concatenated.
 *
 * @example
 * tf.add([[1, 2], [3, 4]], [10, 20]); // [[11, 22], [13, 24]]
 */
export const add: Binary = byDType('Add', (x, y, scope) =>
  applyOne(x.dtype === 'string' ? 'Add' : 'AddV2', [x, y], {}, scope),
);

/**
 * x - y.
 *
 * @example
 * tf.sub([3, 4], 1); // [2, 3]
 */
export const sub: Binary = binary('Sub');

/**
 * Another name of {@link sub}.
 *
 * @example
 * tf.subtract([3, 4], 1); // [2, 3]
 */
export const subtract: Binary = sub;

/**
 * x · y.
 *
 * @example
 * tf.mul([3, 4], [2, 10]); // [6, 40]
 */
export const mul: Binary = binary('Mul');

/**
 * Another name of {@link mul}.
 *
 * @example
 * tf.multiply([3, 4], [2, 10]); // [6, 40]
 */
export const multiply: Binary = mul;

/**
 * The sum of several tensors of the same shape and dtype, without broadcasting. If all are sparse gradients
 * (`IndexedSlices`), the result is sparse too and contains all their rows, like the sum over several paths in
 * `gradients`; Python's is dense.
 *
 * @throws {InvalidArgumentError} when there is none, or they differ in shape or dtype
 *
 * @example
 * const weightDecays = tf.trainableVariables().map((variable) => tf.nn.l2Loss(variable.value()));
 * const cost = tf.addN([loss, ...weightDecays]);
 */
export function addN<const T extends readonly TensorLike[]>(
  inputs: T,
  options: OpOptions = {},
): Tensor<JoinedDType<T[number]>, OperandRank<T[number]>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return sumOf(inputs, name) as Tensor<JoinedDType<T[number]>, OperandRank<T[number]>>;
}

function sumOf(inputs: readonly TensorLike[], name: string | undefined): Tensor {
  checkArray('the tensors that addN adds', inputs);
  const [first] = inputs;
  if (first === undefined) throw new InvalidArgumentError('addN needs at least one tensor');
  if (inputs.length > 1 && areSlices(inputs)) return graphOf(inputs).nameScope(name ?? 'AddN', () => joined(inputs));
  if (inputs.length > 1) return applyOne('AddN', [inputs as readonly Operand[]], {}, name);
  const only = asTensor(first);
  return name === undefined ? only : identity(only, { name });
}

// Quotients

/**
 * x / y as in Python 2, like `tf.div`: the quotient of integers is rounded down. {@link truediv} returns the exact
 * quotient.
 *
 * @example
 * tf.div([7, -7], 2); // [3.5, -3.5]
 * tf.div(tf.constant([7, -7], { dtype: 'int32' }), 2); // [3, -4]
 */
export const div: Binary = byDType('div', (x, y, scope) =>
  applyOne(isTrainable(x.dtype) ? 'RealDiv' : 'FloorDiv', [x, y], {}, scope),
);

/** The dtypes to which integers are converted for a division. */
const quotientDTypes: Partial<Record<DType, 'float32' | 'float64'>> = {
  uint8: 'float32',
  int8: 'float32',
  uint16: 'float32',
  int16: 'float32',
  uint32: 'float64',
  int32: 'float64',
  uint64: 'float64',
  int64: 'float64',
};

/** The dtype of a quotient. */
export type QuotientDType<D extends DType> = D extends 'uint8' | 'int8' | 'uint16' | 'int16'
  ? 'float32'
  : D extends 'uint32' | 'int32' | 'uint64' | 'int64'
    ? 'float64'
    : D;

/** A builder of a division with fractional results for integers. */
type Division = <X extends TensorLike, Y extends TensorLike>(
  x: X,
  y: Y,
  options?: OpOptions,
) => Tensor<QuotientDType<PairDType<X, Y>>, Broadcast<OperandRank<X>, OperandRank<Y>>>;

function division(type: string, defaultName: string): Division {
  return byDType(defaultName, (x, y, scope) => {
    const dtype = quotientDTypes[x.dtype] ?? x.dtype;
    return applyOne(type, [cast(x, dtype), cast(y, dtype)], {}, scope);
  }) as Division;
}

/**
 * x / y as in Python 3: integers are converted to `float64` first (those of 8 and 16 bits to `float32`).
 *
 * @example
 * tf.truediv(tf.constant(3, { dtype: 'int32' }), 4); // 0.75
 */
export const truediv: Division = division('RealDiv', 'truediv');

/**
 * Another name of {@link truediv}: Python 3's `/` for tensors.
 *
 * @example
 * tf.divide(tf.constant(7, { dtype: 'int32' }), 2); // 3.5
 */
export const divide: Division = truediv;

/**
 * x / y like {@link truediv}, but 0 wherever y is 0.
 *
 * @example
 * tf.divNoNan([1, 2], [0, 4]); // [0, 0.5]
 */
export const divNoNan: Division = division('DivNoNan', 'div_no_nan');

/**
 * x / y for floating-point numbers.
 *
 * @example
 * tf.realdiv([7, 1], 2); // [3.5, 0.5]
 */
export const realdiv: Binary = binary('RealDiv');

/**
 * x / y, rounded down to an integer.
 *
 * @example
 * tf.floordiv([7, -7], 2); // [3, -4]
 */
export const floordiv: Binary = binary('FloorDiv', 'floordiv');

/**
 * Like {@link floordiv}, but named `FloorDiv` by default.
 *
 * @example
 * tf.floorDiv([7, -7], 2); // [3, -4]
 */
export const floorDiv: Binary = binary('FloorDiv');

/**
 * The remainder of the division rounded down; it has the sign of y.
 *
 * @example
 * tf.floormod([7, -7], 3); // [1, 2]
 */
export const floormod: Binary = binary('FloorMod');

/**
 * Another name of {@link floormod}.
 *
 * @example
 * tf.mod([7, -7], 3); // [1, 2]
 */
export const mod: Binary = floormod;

// Powers, extremes, differences, angles

/**
 * x to the power of y.
 *
 * @throws {InvalidArgumentError} when, in a run, an integer has a negative exponent
 *
 * @example
 * tf.pow([2, 3], 2); // [4, 9]
 */
export const pow: Binary = binary('Pow');

/**
 * The greater of x and y.
 *
 * @example
 * tf.maximum([-1, 2], 0); // [0, 2]
 */
export const maximum: Binary = binary('Maximum');

/**
 * The lesser of x and y.
 *
 * @example
 * tf.minimum([0.01, 0.5], 0.1); // [0.01, 0.1]
 */
export const minimum: Binary = binary('Minimum');

/**
 * (x - y)².
 *
 * @example
 * tf.squaredDifference([1, 5], 3); // [4, 4]
 */
export const squaredDifference: Binary = binary('SquaredDifference');

/**
 * The angle of the point (x, y), from -π to π, as `atan2(y, x)`: `atan(y / x)` in the correct quadrant.
 *
 * @example
 * tf.atan2([1, 1], [1, -1]); // [0.785398, 2.35619]
 */
export const atan2: Binary = binary('Atan2');

/**
 * The polygamma function of order `a` at `x`: the `a`-th derivative of digamma. It has no gradient with respect to the
 * order.
 *
 * @param a the order, an integer in a floating-point tensor
 *
 * @example
 * tf.polygamma(1, 1); // 1.64493
 */
export const polygamma: Binary = binary('Polygamma');
