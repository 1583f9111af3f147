/** Looks the gradients of operations up: in what users registered, then in the tables. */

import { GraphDef } from '../../protos';
import { checkFunction, checkText } from '../../runtime/arguments';
import { InvalidArgumentError, UnimplementedError } from '../../runtime/errors';
import type { Operation } from '../graph/operation';
import type { GradientFunction } from './gradientFunction';
import { table } from './table';

/** What users registered: these go before the rows of the table. */
const registered = new Map<string, GradientFunction>();

function rowOf({ type }: Operation): GradientFunction | null | undefined {
  return registered.get(type) ?? table.get(type);
}

/**
 * Registers the gradient of a type of operation, in place of one that was registered before, so that a notebook's cell
 * can be run again. The operations that `gradient` adds are named under `gradients/NAME_grad/`.
 *
 * @throws {InvalidArgumentError} when it is no function; one that gives anything but a tensor or null for each input is refused by
 *   `tf.gradients`
 *
 * @example
 * tf.registerGradient('Digamma', (op, grad) => [tf.mul(grad, tf.polygamma(1, op.inputs[0]))]);
 */
export function registerGradient(type: string, gradient: GradientFunction): void {
  checkText('the type of an operation', type);
  checkFunction(`the gradient of ${type}`, gradient);
  registered.set(type, gradient);
}

/** Whether a type of operation is declared to pass no gradient on. */
export function isNotDifferentiable(op: Operation): boolean {
  return rowOf(op) === null;
}

/** What to say of a gradient that would flow through a loop, a condition or a function. */
export function notThrough(construct: string, { name, type }: Operation): UnimplementedError {
  return new UnimplementedError(
    `gradients don't flow through ${construct}, of which '${name}' (${type}) is a part; tf.stopGradient of what it computes, or stopGradients, lets the others be computed`,
  );
}

/** Parts of what only other languages build. */
const CONSTRUCTS: readonly (readonly [types: RegExp, construct: string])[] = [
  [/^(Ref)?(Enter|Exit|NextIteration)$|^LoopCond$|^(Stateless)?While$/, 'a while loop'],
  [/^(Ref)?(Switch|Merge)$/, 'a condition (tf.cond) or a while loop'],
  [/^(Stateless)?(If|Case)$/, 'a condition (tf.cond)'],
  [/^(Stateful)?PartitionedCall$|^SymbolicGradient$|^RemoteCall$|^PyFunc/, 'the call of a function'],
];

function constructOf({ type, graph }: Operation): string | undefined {
  const construct = CONSTRUCTS.find(([types]) => types.test(type))?.[1];
  if (construct) return construct;
  const functions = GraphDef.decode(graph.toGraphDef()).library?.function ?? [];
  return functions.some(({ signature }) => signature?.name === type) ? 'the call of a function' : undefined;
}

/**
 * The gradient of a type of operation, null where it passes none on.
 *
 * @throws {UnimplementedError} when it is a part of a loop, a condition or the call of a function
 * @throws {InvalidArgumentError} when nothing is registered for the type
 */
export function gradientOf(op: Operation): GradientFunction | null {
  const gradient = rowOf(op);
  const construct = gradient === undefined && constructOf(op);
  if (construct) throw notThrough(construct, op);
  if (gradient === undefined)
    throw new InvalidArgumentError(
      `no gradient is registered for ${op.type} (operation '${op.name}'); tf.registerGradient('${op.type}', …) adds one`,
    );
  return gradient;
}
