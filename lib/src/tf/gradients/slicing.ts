/** Gradients of the operations in `ops/indexing/slicing.ts`. */
import type { Attributes } from '../graph/attributes';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { pad, rank, reshape, shape } from '../ops/array';
import { sub } from '../ops/elementwise/binary';
import { constantValue } from '../ops/indexing/indices';
import { concat, stack } from '../ops/joining';
import type { IndexDType } from '../ops/types';
import type { GradientTable } from './gradientFunction';

/** The masks of a `StridedSlice` or `StridedSliceGrad`, for its inverse. */
function masksOf(op: Operation): Attributes {
  const names = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'];
  return Object.fromEntries(names.map((name) => [name, op.getAttribute(name)]));
}

export const slicingGradients = {
  Slice: (op, grad) => {
    const [input, begin] = op.inputs as [Tensor, Tensor];
    const outType = begin.dtype as IndexDType;
    const count = rank(input);
    const sizes = shape(op.outputs[0]!, { outType });
    const column = stack([count, 1]);
    const before = reshape(begin, column);
    const rest = sub(shape(input, { outType }), sizes, { name: 'sub' });
    const after = reshape(sub(rest, begin, { name: 'sub' }), column);
    return [pad(grad, concat([before, after], 1)), null, null];
  },
  StridedSlice: (op, grad) => {
    const [input, begin, end, strides] = op.inputs as [Tensor, Tensor, Tensor, Tensor];
    const sizes = shape(input, { outType: begin.dtype as IndexDType });
    const places = [sizes, begin, end, strides].map((place) => constantValue(place) ?? place);
    return [applyOne('StridedSliceGrad', [...places, grad], { ...masksOf(op), Index: begin.dtype }), null, null, null];
  },
  StridedSliceGrad: (op, grad) => {
    const [, begin, end, strides] = op.inputs as [Tensor, Tensor, Tensor, Tensor];
    return [null, null, null, null, applyOne('StridedSlice', [grad, begin, end, strides], masksOf(op))];
  },
} satisfies GradientTable;
