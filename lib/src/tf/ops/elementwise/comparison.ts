/** Elementwise comparisons, and logic on their results. They have no gradients. */

import { onlyOptions } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import type { Broadcast, Comparison, OperandRank } from '../types';
import { comparison } from './builders';

/**
 * Whether x = y; also for strings and booleans.
 *
 * @example
 * tf.equal([1, 2, 3], 2); // [false, true, false]
 */
export const equal: Comparison = comparison('Equal');

/**
 * Whether x ≠ y; also for strings and booleans.
 *
 * @example
 * tf.notEqual([1, 2, 3], 2); // [true, false, true]
 */
export const notEqual: Comparison = comparison('NotEqual');

/**
 * Whether x < y.
 *
 * @example
 * tf.less([1, 2, 3], 2); // [true, false, false]
 */
export const less: Comparison = comparison('Less');

/**
 * Whether x ≤ y.
 *
 * @example
 * tf.lessEqual([1, 2, 3], 2); // [true, true, false]
 */
export const lessEqual: Comparison = comparison('LessEqual');

/**
 * Whether x > y.
 *
 * @example
 * tf.greater([1, 2, 3], 2); // [false, false, true]
 */
export const greater: Comparison = comparison('Greater');

/**
 * Whether x ≥ y.
 *
 * @example
 * tf.greaterEqual([1, 2, 3], 2); // [false, true, true]
 */
export const greaterEqual: Comparison = comparison('GreaterEqual');

/** A logical operation on two boolean tensors, which are broadcast to each other. */
type Connective = <X extends TensorLike<'bool'>, Y extends TensorLike<'bool'>>(
  x: X,
  y: Y,
  options?: OpOptions,
) => Tensor<'bool', Broadcast<OperandRank<X>, OperandRank<Y>>>;

const connective =
  (type: string): Connective =>
  (x, y, options = {}) =>
    applyOne(type, [x, y], {}, onlyOptions(options, { name: 'string' }).name);

/**
 * Whether both x and y are true.
 *
 * @example
 * tf.logicalAnd([true, true, false], [true, false, false]); // [true, false, false]
 */
export const logicalAnd: Connective = connective('LogicalAnd');

/**
 * Whether x or y is true, or both are.
 *
 * @example
 * tf.logicalOr([true, true, false], [true, false, false]); // [true, true, false]
 */
export const logicalOr: Connective = connective('LogicalOr');

/**
 * Whether x is false.
 *
 * @example
 * tf.logicalNot([true, false]); // [false, true]
 */
export function logicalNot<X extends TensorLike<'bool'>>(
  x: X,
  options: OpOptions = {},
): Tensor<'bool', OperandRank<X>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('LogicalNot', [x], {}, name);
}

/**
 * Whether exactly one of x and y is true.
 *
 * @example
 * tf.logicalXor([true, true, false], [true, false, false]); // [false, true, false]
 */
export const logicalXor: Connective = (x, y, options = {}) => {
  const { name = 'LogicalXor' } = onlyOptions(options, { name: 'string' });
  const either = logicalOr(x, y);
  return applyOne('LogicalAnd', [either, logicalNot(logicalAnd(x, y))], {}, name);
};
