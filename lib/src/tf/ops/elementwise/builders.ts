/** Builders of the commonest kinds, from nothing but the operation's type. */

import { onlyOptions } from '../../../runtime/options';
import { Tensor } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type Operand } from '../apply';
import type { Binary, Comparison, Unary } from '../types';

/**
 * A builder of an operation of one operand.
 *
 * @param defaultName the operation's name when a caller gives none
 */
export function unary(type: string, defaultName: string = type): Unary {
  return (x, options = {}) => applyOne(type, [x], {}, onlyOptions(options, { name: 'string' }).name ?? defaultName);
}

/** A builder of an operation of two operands that are broadcast to each other. */
export function binary(type: string, defaultName: string = type): Binary {
  return (x, y, options = {}) =>
    applyOne(type, [x, y], {}, onlyOptions(options, { name: 'string' }).name ?? defaultName);
}

/** A builder of an operation that compares two operands, which are broadcast to each other. */
export function comparison(type: string): Comparison {
  return (x, y, options = {}) => applyOne(type, [x, y], {}, onlyOptions(options, { name: 'string' }).name);
}

/**
 * Both operands as tensors, for a builder that has to know their dtype or rank: a plain value takes the dtype of the
 * tensor beside it.
 *
 * @param names of the constants that plain values become
 */
export function tensorsOf(x: Operand, y: Operand, names: readonly [string, string]): [Tensor, Tensor] {
  const graph = graphOf([x, y]);
  const dtype = [x, y].find((operand) => operand instanceof Tensor)?.dtype;
  const left = asTensor(x, dtype, names[0], graph);
  return [left, asTensor(y, left.dtype, names[1], graph)];
}
