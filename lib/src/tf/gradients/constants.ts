/** The gradients of what `ops/constants.ts` builds. */

import type { GradientTable } from './gradientFunction';

export const constantsGradients = {
  Const: null,
  Placeholder: null,
  PlaceholderWithDefault: (_op, grad) => [grad],
} satisfies GradientTable;
