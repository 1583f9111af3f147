/** Gradients of the operations in `ops/array.ts`. */
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { applyOne, asTensor } from '../ops/apply';
import { invertPermutation, rank, reshape, reverse, shape, size, transpose } from '../ops/array';
import { range } from '../ops/creation';
import { mod, sub } from '../ops/elementwise/binary';
import { cast } from '../ops/elementwise/cast';
import { dense, IndexedSlices } from '../ops/indexedSlices';
import { unsortedSegmentSum } from '../ops/indexing/segments';
import { getItem, slice } from '../ops/indexing/slicing';
import { concat, stack } from '../ops/joining';
import { reduceSum } from '../ops/reduce';
import type { IndexDType } from '../ops/types';
import { unbroadcast } from './broadcast';
import type { GradientTable } from './gradientFunction';

/** `grad` in the shape of the operation's first input. */
const reshapedToInput = (input: Tensor | undefined, grad: Tensor) => reshape(dense(grad), shape(input!));

/** The part of `grad` at the position of the operation's input, between the paddings. */
function unpadded({ inputs }: Operation, grad: Tensor): Tensor {
  const [input, paddings] = inputs as [Tensor, Tensor];
  const before = reshape(slice(paddings, [0, 0], stack([rank(input), 1])), [-1]);
  return slice(grad, before, shape(input, { outType: paddings.dtype as IndexDType }));
}

/** A transposition by a permutation that the forward operation has validated. */
const transposed = (grad: Tensor, perm: Tensor) =>
  grad.graph.nameScope('transpose', (scope) => applyOne('Transpose', [grad, perm], {}, scope));

export const arrayGradients = {
  Identity: (_op, grad) => [grad],
  StopGradient: null,
  Shape: null,
  ShapeN: null,
  Size: null,
  Rank: null,
  Reshape: (op, grad) => [reshapedToInput(op.inputs[0], grad), null],
  ExpandDims: (op, grad) => [reshapedToInput(op.inputs[0], grad), null],
  Squeeze: (op, grad) => [reshapedToInput(op.inputs[0], grad)],
  EnsureShape: (_op, grad) => [grad],
  Transpose: (op, grad) => [transposed(grad, invertPermutation(op.inputs[1]!)), null],
  ReverseV2: (op, grad) => [reverse(grad, op.inputs[1]!), null],
  InvertPermutation: null,
  Tile: (op, grad) => {
    const [input, multiples] = op.inputs as [Tensor, Tensor];
    // [2, 3] tiled by [4, 5] is [8, 15], which is [4, 2, 5, 3] with the copies in separate dimensions.
    const sizes = stack([multiples, shape(input, { outType: multiples.dtype as IndexDType })]);
    const split = reshape(transpose(sizes), [-1]);
    const copies = range(0, size(split), { delta: 2 });
    if (!(grad instanceof IndexedSlices)) return [reduceSum(reshape(grad, split), { axis: copies }), null];
    // The copies of a row coincide: the first dimension is then the input's.
    const rows = cast(getItem(shape(input), [0]), grad.indices.dtype);
    const places = mod(grad.indices, rows, { name: 'mod' });
    const first = unsortedSegmentSum(grad.values, places, rows);
    const rest = concat([asTensor([1], split.dtype, 'Const', op.graph), getItem(split, [[1, null]])], 0);
    return [reduceSum(reshape(first, rest), { axis: copies }), null];
  },
  Pad: (op, grad) => [unpadded(op, grad), null],
  PadV2: (op, grad) => {
    const inner = unpadded(op, grad);
    const isConstant = op.inputs[2]?.op.type === 'Const';
    return [inner, null, isConstant ? null : sub(reduceSum(grad), reduceSum(inner), { name: 'sub' })];
  },
  MirrorPad: (op, grad) => [applyOne('MirrorPadGrad', [grad, op.inputs[1]!], { mode: op.getAttribute('mode') }), null],
  MirrorPadGrad: (op, grad) => [applyOne('MirrorPad', [grad, op.inputs[1]!], { mode: op.getAttribute('mode') }), null],
  BroadcastTo: (op, grad) => [unbroadcast(op.inputs[0]!, op.outputs[0]!, grad, null)[0], null],
} satisfies GradientTable;
