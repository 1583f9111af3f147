/** Looks up the gradients of operations: first those that users registered, then the tables. */

import { GraphDef } from '../../protos';
import { checkFunction, checkText } from '../../runtime/arguments';
import { InvalidArgumentError, UnimplementedError } from '../../runtime/errors';
import type { Operation } from '../graph/operation';
import { ofComplex } from './complex';
import type { GradientFunction } from './gradientFunction';
import { table } from './table';

/** Gradients that users registered; they take precedence over the table. */
const registered = new Map<string, GradientFunction>();

function rowOf({ type }: Operation): GradientFunction | null | undefined {
  return registered.get(type) ?? table.get(type);
}

/**
 * Registers the gradient of an operation type. It replaces one that was registered before, so that a cell of a notebook
 * can be run again. The operations that `gradient` adds are named under `gradients/NAME_grad/`.
 *
 * @throws {InvalidArgumentError} when it is not a function. If it returns anything but a tensor or null for each input,
 * `tf.gradients` throws
 *
 * @example
 * tf.registerGradient('Digamma', (op, grad) => [tf.mul(grad, tf.polygamma(1, op.inputs[0]))]);
 */
export function registerGradient(type: string, gradient: GradientFunction): void {
  checkText('the type of an operation', type);
  checkFunction(`the gradient of ${type}`, gradient);
  registered.set(type, gradient);
}

/** Whether an operation is declared to propagate no gradient. */
export function isNotDifferentiable(op: Operation): boolean {
  return rowOf(op) === null;
}

/** The error for a gradient that would have to pass through a loop, a condition or a function. */
export function notThrough(construct: string, { name, type }: Operation): UnimplementedError {
  return new UnimplementedError(
    `gradients don't flow through ${construct}, of which '${name}' (${type}) is a part; tf.stopGradient of what it computes, or stopGradients, lets the others be computed`,
  );
}

/** Operations of control flow, which only other languages build. */
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
 * The gradient function of an operation, or null if it propagates none.
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
  return gradient && !registered.has(op.type) ? ofComplex(op, gradient) : gradient;
}
