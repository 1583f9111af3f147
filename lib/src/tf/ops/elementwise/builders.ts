/** Creates builders of the most common kinds, from the operation's type alone. */

import { onlyOptions } from '../../../runtime/options';
import { Tensor } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type Operand } from '../apply';
import type { Binary, Comparison, Unary } from '../types';

/**
 * Creates a builder of an operation with one operand.
 *
 * @param defaultName the operation's default name
 */
export function unary(type: string, defaultName: string = type): Unary {
  return (x, options = {}) => applyOne(type, [x], {}, onlyOptions(options, { name: 'string' }).name ?? defaultName);
}

/** Creates a builder of an operation with two operands that are broadcast to each other. */
export function binary(type: string, defaultName: string = type): Binary {
  return (x, y, options = {}) =>
    applyOne(type, [x, y], {}, onlyOptions(options, { name: 'string' }).name ?? defaultName);
}

/** Creates a builder of a comparison of two operands, which are broadcast to each other. */
export function comparison(type: string): Comparison {
  return (x, y, options = {}) => applyOne(type, [x, y], {}, onlyOptions(options, { name: 'string' }).name);
}

/**
 * Converts both operands to tensors, for a builder that needs their dtype or rank. A plain value takes the dtype of the
 * other operand, if that is a tensor.
 *
 * @param names of the constants that plain values become
 */
export function tensorsOf(x: Operand, y: Operand, names: readonly [string, string]): [Tensor, Tensor] {
  const graph = graphOf([x, y]);
  const dtype = [x, y].find((operand) => operand instanceof Tensor)?.dtype;
  const left = asTensor(x, dtype, names[0], graph);
  return [left, asTensor(y, left.dtype, names[1], graph)];
}
