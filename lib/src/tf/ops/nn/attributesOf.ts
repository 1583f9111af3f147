/** The attributes that a gradient operation shares with the original one. */
import type { Attributes } from '../../graph/attributes';
import type { Operation } from '../../graph/operation';

/** Copies some attributes of an operation, for another one like it. */
export function attributesOf(op: Operation, ...names: string[]): Attributes {
  return Object.fromEntries(names.map((name) => [name, op.getAttribute(name)]));
}
