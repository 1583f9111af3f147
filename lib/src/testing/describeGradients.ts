/** For tests: everything that should hold of the gradients of an operation, from a table of its uses. */
import { describe, it } from 'vitest';
import type { ArrayLike } from '../runtime/hostArray';
import { gradients } from '../tf/gradients';
import type { Tensor } from '../tf/graph/tensor';
import { applyOne } from '../tf/ops/apply';
import { checkGradients } from './checkGradients';
import { checkNativeGradients } from './checkNativeGradients';

/** A function of tensors to differentiate. */
export type Differentiable = (...inputs: Tensor<'float64'>[]) => Tensor;

/** A title, a function, and where to differentiate it. */
export type GradientCase = readonly [title: string, build: Differentiable, inputs: readonly ArrayLike[]];

/**
 * Describes the gradients of each function: against differences with and without static shapes, once more for second
 * derivatives, and against libtensorflow's own.
 *
 * @param options.native false for operations whose gradients libtensorflow can't build
 */
export function describeGradients(cases: readonly GradientCase[], { native = true } = {}): void {
  describe.each(cases)('the gradients of %s', (_title, build, inputs) => {
    it('are those of differences', () => checkGradients(build as () => Tensor<'float64'>, inputs));
    it('need no static shapes', () =>
      checkGradients(build as () => Tensor<'float64'>, inputs, { unknownShapes: true }));
    it('have gradients', () => checkGradients(derivativeOf(build), inputs, { tolerance: 1e-5 }));
    it.runIf(native)("are libtensorflow's", () => checkNativeGradients(build, inputs));
  });
}

/**
 * The derivative with respect to the first input, to be differentiated again. What goes in and what comes out are squared,
 * so that the second derivative passes both through the operation and through its gradient.
 */
function derivativeOf(build: Differentiable): (...inputs: Tensor<'float64'>[]) => Tensor<'float64'> {
  const square = (x: Tensor) => applyOne<'float64'>('Mul', [x, x]);
  return (...inputs) => {
    const y = square(build(...inputs.map(square)));
    return gradients(y, [inputs[0]!], { unconnectedGradients: 'zero' })[0];
  };
}
