/** Gradients of the operations in `ops/clip.ts`. */
import type { Tensor } from '../graph/tensor';
import { zerosLike } from '../ops/array';
import { greater, less, logicalOr } from '../ops/elementwise/comparison';
import { where } from '../ops/indexing';
import { unbroadcast } from './broadcast';
import type { GradientTable } from './gradientFunction';

export const clipGradients = {
  // An operation that TensorFlow itself creates from a maximum of a minimum.
  ClipByValue: (op, grad) => {
    const [x, low, high] = op.inputs as [Tensor, Tensor, Tensor];
    const none = zerosLike(grad);
    const below = less(x, low);
    const above = greater(x, high);
    const [, byLow] = unbroadcast(x, low, null, where(below, grad, none));
    const [, byHigh] = unbroadcast(x, high, null, where(above, grad, none));
    return [where(logicalOr(below, above), none, grad), byLow, byHigh];
  },
} satisfies GradientTable;
