/** The gradients of what `ops/topK.ts` builds. */
import type { Tensor } from '../graph/tensor';
import { range, reshape, shape, size } from '../ops/array';
import { add, mul } from '../ops/elementwise/binary';
import { getItem, scatterNd } from '../ops/indexing';
import { stack } from '../ops/joining';
import type { GradientTable } from './gradientFunction';

export const topKGradients = {
  // Each gradient flows back to the element that was chosen, found by its position in the flat input.
  TopKV2: (op, grad) => {
    const input = op.inputs[0]!;
    const indices = op.outputs[1]! as Tensor<'int32'>;
    const inputShape = shape(input);
    const rows = reshape(indices, stack([-1, getItem(shape(indices), [-1])]));
    const starts = mul(range(getItem(shape(rows), [0])), getItem(inputShape, [-1]), { name: 'mul' });
    const places = add(rows, reshape(starts, [-1, 1]), { name: 'add' });
    const flat = scatterNd(reshape(places, [-1, 1]), reshape(grad, [-1]), [size(input)]);
    return [reshape(flat, inputShape), null];
  },
} satisfies GradientTable;
