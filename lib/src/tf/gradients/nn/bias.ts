/** The gradients of what `ops/nn/bias.ts` builds. */
import type { Tensor } from '../../graph/tensor';
import { applyOne } from '../../ops/apply';
import { broadcastTo, fill, rank, reshape, shape } from '../../ops/array';
import { sub } from '../../ops/elementwise/binary';
import { concat } from '../../ops/joining';
import { attributesOf } from '../../ops/nn/attributesOf';
import type { GradientTable } from '../gradientFunction';

/** A vector as a tensor that broadcasts along the channels in dimension 1 of `like`. */
function asChannels(vector: Tensor, like: Tensor): Tensor {
  const count = like.rank;
  if (count !== null) return reshape(vector, [-1, ...Array<number>(count - 2).fill(1)]);
  return reshape(vector, concat([[-1], fill([sub(rank(like), 2)], 1, { dtype: 'int32' })], 0));
}

export const biasGradients = {
  BiasAdd: (op, grad) => [grad, applyOne('BiasAddGrad', [grad], attributesOf(op, 'data_format'))],
  // BiasAddGrad sums over all dimensions except that of the channels.
  BiasAddGrad: (op, grad) => {
    const [input] = op.inputs as [Tensor];
    const channelsLast = op.getAttribute('data_format') !== 'NCHW';
    return [broadcastTo(channelsLast ? grad : asChannels(grad, input), shape(input))];
  },
} satisfies GradientTable;
