/** The types of gradient functions and of tables of them. */
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';

/**
 * The gradient of an operation: computes the gradients with respect to its inputs from those with respect to its
 * outputs.
 *
 * @param op the operation
 * @param grads one for each output; zeros for an output on which nothing depends (undefined if zeros of its dtype can't
 * matter, as for integers)
 * @returns one for each input, null for an input without a gradient (an index, a shape)
 */
export type GradientFunction = (op: Operation, ...grads: Tensor[]) => readonly (Tensor | null)[];

/**
 * Gradient functions by operation type; null for an operation that propagates no gradient, because its outputs don't
 * vary smoothly.
 */
export type GradientTable = Readonly<Record<string, GradientFunction | null>>;
