/** Gradients of the operations in `ops/elementwise/cast.ts`. */

import { isTrainable } from '../../runtime/dtypes';
import { cast } from '../ops/elementwise/cast';
import type { GradientTable } from './gradientFunction';

export const castGradients = {
  Cast: (op, grad) => {
    const { dtype } = op.inputs[0]!;
    return [isTrainable(dtype) && isTrainable(grad.dtype) ? cast(grad, dtype) : null];
  },
} satisfies GradientTable;
