/** The gradients of what `ops/nn/spaceToBatch.ts` builds. */
import { batchToSpace, spaceToBatch } from '../../ops/nn/spaceToBatch';
import type { GradientTable } from '../gradientFunction';

export const spaceToBatchGradients = {
  SpaceToBatchND: (op, grad) => [batchToSpace(grad, op.inputs[1]!, op.inputs[2]!), null, null],
  BatchToSpaceND: (op, grad) => [spaceToBatch(grad, op.inputs[1]!, op.inputs[2]!), null, null],
} satisfies GradientTable;
