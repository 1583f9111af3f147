/** The gradients of what `ops/nn/normalization.ts` builds. */
import { applyOne } from '../../ops/apply';
import { attributesOf } from '../../ops/nn/attributesOf';
import type { GradientTable } from '../gradientFunction';

export const normalizationGradients = {
  LRN: (op, grad) => [
    applyOne(
      'LRNGrad',
      [grad, op.inputs[0]!, op.outputs[0]!],
      attributesOf(op, 'depth_radius', 'bias', 'alpha', 'beta'),
    ),
  ],
} satisfies GradientTable;
