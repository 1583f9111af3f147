/** Gradients of the operations in `ops/joining.ts`. */

import { InvalidArgumentError } from '../../runtime/errors';
import { isFullyDefined, type Tensor } from '../graph/tensor';
import { apply, asTensor } from '../ops/apply';
import { rank, shape, squeeze } from '../ops/array';
import { add, mod, sub } from '../ops/elementwise/binary';
import { cast } from '../ops/elementwise/cast';
import { greaterEqual, less, logicalAnd } from '../ops/elementwise/comparison';
import { IndexedSlices } from '../ops/indexedSlices';
import { gather, where } from '../ops/indexing';
import { constantValue } from '../ops/indexing/indices';
import { getItem, slice } from '../ops/indexing/slicing';
import { concat, split, stack, unstack } from '../ops/joining';
import type { IndexDType } from '../ops/types';
import type { GradientTable } from './gradientFunction';

/** Up to this many gradients are sliced individually; more are split in one operation. */
const FEW = 16;

/** The gradients of joined tensors, from rows of the whole. */
function partsOfRows(grad: IndexedSlices, values: readonly Tensor[], axis: Tensor): Tensor[] {
  const given = Number(constantValue(axis)?.data[0]); // NaN if unknown
  const count = values[0]?.rank ?? null;
  if (Number.isNaN(given) || (given < 0 && count === null))
    throw new InvalidArgumentError(
      'the gradient of rows that were looked up in a concatenation needs to know its axis',
    );
  const dimension = given < 0 ? given + count! : given;
  const shapes = values.map((value) => shape(value));
  return dimension === 0 ? rowsByRange(grad, shapes) : columnsByRange(grad, shapes, dimension);
}

/** For tables joined along the rows: each gets the rows with its own indices. */
function rowsByRange({ values, indices }: IndexedSlices, shapes: readonly Tensor<'int32'>[]): Tensor[] {
  let start: Tensor<IndexDType> = asTensor(0, indices.dtype, 'Const', values.graph) as Tensor as Tensor<IndexDType>;
  return shapes.map((sizes) => {
    const end = add(start, cast(getItem(sizes, [0]), indices.dtype), { name: 'add' });
    const isOwn = logicalAnd(greaterEqual(indices, start), less(indices, end));
    const own = squeeze(where(isOwn), { axis: [1] });
    const places = sub(gather(indices, own), start, { name: 'sub' });
    start = end;
    return new IndexedSlices(gather(values, own), places, sizes);
  });
}

/** For tables joined along the columns: each gets its own columns of all rows. */
function columnsByRange(
  { values, indices }: IndexedSlices,
  shapes: readonly Tensor<'int32'>[],
  axis: number,
): Tensor[] {
  const offsets = apply('ConcatOffset', [axis, shapes]).outputs;
  return shapes.map((sizes, i) => {
    const size = concat([asTensor([-1], 'int32', 'Const', values.graph), getItem(sizes, [[1, null]])], 0);
    return new IndexedSlices(slice(values, offsets[i]!, size), indices, sizes);
  });
}

export const joiningGradients = {
  ConcatV2: (op, grad) => {
    const values = op.inputs.slice(0, -1);
    const axis = op.inputs.at(-1)!;
    if (values.length === 1) return [grad, null];
    if (grad instanceof IndexedSlices) return [...partsOfRows(grad, values, axis), null];
    const dimension = mod(cast(axis, 'int32'), rank(values[0]!), { name: 'mod' });
    const known = values.every((value) => isFullyDefined(value.shape));
    const shapes = known ? values.map((value) => shape(value)) : apply('ShapeN', [values]).outputs;
    if (values.length > FEW) {
      const sizes = squeeze(slice(stack(shapes, { axis: 1 }), [dimension, 0], [1, -1]));
      return [...split(grad, sizes, { axis: dimension, num: values.length }), null];
    }
    const offsets = apply('ConcatOffset', [dimension, shapes]).outputs;
    return [...shapes.map((size, i) => slice(grad, offsets[i]!, size)), null];
  },
  ConcatOffset: null,
  Pack: (op, grad) => unstack(grad, { num: op.inputs.length, axis: Number(op.getAttribute('axis')) }),
  Unpack: (op, ...grads) => [stack(grads, { axis: Number(op.getAttribute('axis')) })],
  Split: (op, ...grads) => [null, concat(grads, op.inputs[0]!)],
  SplitV: (op, ...grads) => [concat(grads, op.inputs[2]!), null, null],
} satisfies GradientTable;
