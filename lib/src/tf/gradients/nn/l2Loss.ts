/** The gradients of what `ops/nn/l2Loss.ts` builds. */
import type { Tensor } from '../../graph/tensor';
import { mul } from '../../ops/elementwise/binary';
import type { GradientTable } from '../gradientFunction';

export const l2LossGradients = {
  L2Loss: (op, grad) => [mul(op.inputs[0] as Tensor, grad, { name: 'mul' })],
} satisfies GradientTable;
