/** Gradients of the operations in `ops/indexing/partition.ts`. */
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { range, reshape, shape, size } from '../ops/array';
import { cast } from '../ops/elementwise/cast';
import { dense } from '../ops/indexedSlices';
import { gather } from '../ops/indexing';
import { dynamicPartition } from '../ops/indexing/partition';
import type { GradientFunction, GradientTable } from './gradientFunction';

const ofDynamicStitch: GradientFunction = (op, grad) => {
  const indices = op.inputs.slice(0, op.inputs.length / 2);
  const whole = dense(grad);
  return [...indices.map(() => null), ...indices.map((places) => gather(whole, cast(places, 'int32')))];
};

export const partitionGradients = {
  DynamicPartition: (op, ...grads) => {
    const [data, partitions] = op.inputs as [Tensor, Tensor];
    const places = reshape(range(size(partitions)), shape(partitions));
    const stitched = applyOne('ParallelDynamicStitch', [dynamicPartition(places, partitions, grads.length), grads]);
    return [reshape(stitched, shape(data)), null];
  },
  DynamicStitch: ofDynamicStitch,
  ParallelDynamicStitch: ofDynamicStitch,
} satisfies GradientTable;
