/** What a gradient is. */
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';

/**
 * The gradient of an operation: from the gradients with respect to its outputs, those with respect to its inputs.
 *
 * @param op the operation
 * @param grads one for each output; zeros for an output that nothing depends on (absent where its dtype has no zeros
 *   that could matter, such as integers)
 * @returns one for each input, null for an input that has none (an index, a shape)
 */
export type GradientFunction = (op: Operation, ...grads: Tensor[]) => readonly (Tensor | null)[];

/** Gradients by the type of their operation; null for one that passes none on: nothing it computes changes smoothly. */
export type GradientTable = Readonly<Record<string, GradientFunction | null>>;
