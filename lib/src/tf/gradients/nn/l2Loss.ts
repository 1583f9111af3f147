/** The gradients of what `ops/nn/l2Loss.ts` builds. */
import { mul } from '../../ops/elementwise/binary';
import type { GradientTable } from '../gradientFunction';

export const l2LossGradients = {
  L2Loss: (op, grad) => [mul(op.inputs[0]!, grad, { name: 'mul' })],
} satisfies GradientTable;
