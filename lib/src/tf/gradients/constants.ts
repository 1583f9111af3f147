/** Gradients of the operations in `ops/constants.ts`. */

import type { GradientTable } from './gradientFunction';

export const constantsGradients = {
  Const: null,
  Placeholder: null,
  PlaceholderWithDefault: (_op, grad) => [grad],
} satisfies GradientTable;
