/** The gradients of what `ops/nn/batchNormalization.ts` builds. */
import type { Tensor } from '../../graph/tensor';
import { apply } from '../../ops/apply';
import { attributesOf } from '../../ops/nn/attributesOf';
import { toChannelsFirst, toChannelsLast } from '../../ops/nn/batchNormalization';
import type { DataFormat } from '../../ops/nn/window';
import type { GradientTable } from '../gradientFunction';

export const batchNormalizationGradients = {
  FusedBatchNormV3: (op, grad) => {
    const [x, scale, , mean, variance] = op.inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const [, , , batchMean, batchVariance, reserved] = op.outputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    const differentiate = (grad: Tensor, x: Tensor, moments: readonly Tensor[], dataFormat?: DataFormat) =>
      apply('FusedBatchNormGradV3', [grad, x, scale, ...moments, reserved], {
        ...attributesOf(op, 'epsilon', 'is_training', 'data_format'),
        ...(dataFormat && { data_format: dataFormat }),
      }).outputs as [Tensor, Tensor, Tensor];

    const channelsFirst = op.getAttribute('data_format') === 'NCHW';
    if (op.getAttribute('is_training') || !channelsFirst) {
      const moments = op.getAttribute('is_training') ? [batchMean, batchVariance] : [mean, variance];
      return [...differentiate(grad, x, moments).slice(0, 3), null, null];
    }
    // With given moments, the kernels support only this order.
    const [dx, dscale, doffset] = differentiate(toChannelsLast(grad), toChannelsLast(x), [mean, variance], 'NHWC');
    return [toChannelsFirst(dx), dscale, doffset, null, null];
  },
} satisfies GradientTable;
