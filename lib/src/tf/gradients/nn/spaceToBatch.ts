/** The gradients of what `ops/nn/spaceToBatch.ts` builds. */
import type { Tensor } from '../../graph/tensor';
import { batchToSpace, spaceToBatch } from '../../ops/nn/spaceToBatch';
import type { GradientTable } from '../gradientFunction';

export const spaceToBatchGradients = {
  SpaceToBatchND: (op, grad) => [batchToSpace(grad, op.inputs[1] as Tensor, op.inputs[2] as Tensor), null, null],
  BatchToSpaceND: (op, grad) => [spaceToBatch(grad, op.inputs[1] as Tensor, op.inputs[2] as Tensor), null, null],
} satisfies GradientTable;
