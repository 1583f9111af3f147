/** The gradients of what `ops/cast.ts` builds. */

import { isFloating } from '../../runtime/dtypes';
import { cast } from '../ops/elementwise/cast';
import type { GradientTable } from './gradientFunction';

export const castGradients = {
  Cast: (op, grad) => {
    const { dtype } = op.inputs[0]!;
    return [isFloating(dtype) && isFloating(grad.dtype) ? cast(grad, dtype) : null];
  },
} satisfies GradientTable;
