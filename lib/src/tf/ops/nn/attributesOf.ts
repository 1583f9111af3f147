/** What a gradient has in common with the operation that it is of. */
import type { Attributes } from '../../graph/attributes';
import type { Operation } from '../../graph/operation';

/** Attributes of an operation, by name, for another one that is like it. */
export function attributesOf(op: Operation, ...names: string[]): Attributes {
  return Object.fromEntries(names.map((name) => [name, op.getAttribute(name)]));
}
