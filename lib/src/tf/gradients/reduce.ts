/** Gradients of the operations in `ops/reduce.ts`. */

import { type HostArray, sizeOf } from '../../runtime/hostArray';
import type { Operation } from '../graph/operation';
import { isFullyDefined, type Scalar, type Tensor } from '../graph/tensor';
import { applyOne, asTensor } from '../ops/apply';
import { broadcastTo, invertPermutation, ones, range, rank, reshape, shape, size, tile, transpose } from '../ops/array';
import { add, divNoNan, mod, mul, truediv } from '../ops/elementwise/binary';
import { cast } from '../ops/elementwise/cast';
import { equal } from '../ops/elementwise/comparison';
import { gather } from '../ops/indexing';
import { concat } from '../ops/joining';
import { cumprod, cumsum, reduceProd, reduceSum } from '../ops/reduce';
import type { GradientFunction, GradientTable } from './gradientFunction';

/** The gradient of a sum, for each summed element. */
function spread(op: Operation, grad: Tensor): Tensor {
  const [input, axes] = op.inputs as [Tensor, Tensor];
  const sizes = input.shape;
  const known = knownAxes(input, axes);
  if (sizes && known && axes.rank === 1 && sizes.every((_, axis) => known[axis] === axis)) {
    const one = reshape(grad, Array<number>(sizes.length).fill(1));
    const multiples = isFullyDefined(sizes) ? asTensor(sizes, 'int32', 'Const', op.graph) : shape(input);
    return tile(one, multiples);
  }
  if (isFullyDefined(sizes) && known) {
    const kept = sizes.map((size, axis) => (known.includes(axis) ? 1 : size));
    return tile(
      reshape(grad, kept),
      sizes.map((size, axis) => (known.includes(axis) ? size : 1)),
    );
  }
  const inputShape = shape(input);
  const kept = op.getAttribute('keep_dims') ? grad : reshape(grad, reducedShape(input, axes, inputShape));
  return broadcastTo(kept, inputShape);
}

/** The number of elements of a mean, as a tensor of the dtype of `like`. */
function meanCount(op: Operation, like: Tensor): Tensor {
  const [input, axes] = op.inputs as [Tensor, Tensor];
  const before = input.shape;
  const after = op.outputs[0]?.shape ?? null;
  if (isFullyDefined(before) && isFullyDefined(after)) {
    const count = Math.floor(sizeOf(before) / Math.max(sizeOf(after), 1));
    return asTensor(count, like.dtype, 'Const', op.graph);
  }
  const inputShape = shape(input);
  const reduced = fromStart(cast(axes, 'int32'), size(inputShape));
  return cast(reduceProd(gather(inputShape, reduced)), like.dtype);
}

// What the gradients of reductions share

/** The reduced dimensions as non-negative numbers; undefined if they are unknown before the graph runs. */
function knownAxes({ rank }: Tensor, { op }: Tensor): readonly number[] | undefined {
  if (rank === null || op.type !== 'Const') return rank === 0 ? [] : undefined;
  const axes: Iterable<number | bigint> = (op.getAttribute('value') as HostArray<'int32' | 'int64'>).data;
  return Array.from(axes, (axis) => (axis < 0 ? Number(axis) + rank : Number(axis)));
}

/** Axes as a tensor of non-negative numbers. */
function fromStart(axes: Tensor, count: Tensor): Tensor {
  return mod(add(axes, count, { name: 'add' }), count, { name: 'mod' });
}

/** The result's shape if the reduced dimensions were kept with size 1. */
function reducedShape(input: Tensor, axes: Tensor, inputShape: Tensor): readonly number[] | Tensor {
  const sizes = input.shape;
  const known = knownAxes(input, axes);
  if (isFullyDefined(sizes) && known) return sizes.map((length, axis) => (known.includes(axis) ? 1 : length));
  const count = size(inputShape);
  const reduced = fromStart(cast(axes, 'int32'), count);
  const indices = [range(count), reduced];
  return applyOne('DynamicStitch', [indices, [inputShape, ones(shape(reduced), { dtype: 'int32' })]]);
}

const ofMax: GradientFunction = (op, grad) => {
  const [input, axes] = op.inputs as [Tensor, Tensor];
  const output = op.outputs[0]!;
  const keptDims = op.getAttribute('keep_dims') === true;
  const kept = keptDims ? shape(output) : reducedShape(input, axes, shape(input));
  const withDims = (tensor: Tensor) => (keptDims ? tensor : reshape(tensor, kept));
  const isChosen = cast(equal(withDims(output), input), grad.dtype);
  const arriving = withDims(grad);
  const shared = truediv(isChosen, reshape(reduceSum(isChosen, { axis: axes }), kept), { name: 'truediv' });
  return [mul(shared, arriving, { name: 'mul' }), null];
};

function cumulativeOptions(op: Operation) {
  return {
    axis: op.inputs[1]! as Scalar,
    exclusive: op.getAttribute('exclusive') === true,
    reverse: op.getAttribute('reverse') === true,
  };
}

export const reduceGradients = {
  Sum: (op, grad) => [spread(op, grad), null],
  Mean: (op, grad) => {
    const total = spread(op, grad);
    return [truediv(total, meanCount(op, total), { name: 'truediv' }), null];
  },
  Max: ofMax,
  Min: ofMax,
  // Dividing the product by an element would fail if that is 0. So the other elements are multiplied: those before it
  // times those after it, with the reduced dimensions merged into one.
  Prod: (op, grad) => {
    const [input, axes] = op.inputs as [Tensor, Tensor];
    const { graph } = op;
    const inputShape = shape(input);
    const flatAxes = reshape(axes, [-1]);
    const kept = op.getAttribute('keep_dims') ? grad : reshape(grad, reducedShape(input, axes, inputShape));
    const arriving = broadcastTo(kept, inputShape);
    const { permutation, sizes } = graph.device('/cpu:0', () => {
      const count = rank(input);
      const reduced = cast(fromStart(flatAxes, cast(count, axes.dtype)), 'int32');
      const others = applyOne('ListDiff', [range(count), reduced]);
      const sizeAlong = (dimensions: Tensor) => reduceProd(gather(inputShape, dimensions));
      return {
        permutation: concat([reduced, others], 0),
        sizes: [sizeAlong(reduced), sizeAlong(others)],
      };
    });
    const permuted = transpose(input, { perm: permutation });
    const columns = reshape(permuted, sizes);
    const before = cumprod(columns, { exclusive: true });
    const after = cumprod(columns, { exclusive: true, reverse: true });
    const others = reshape(mul(before, after, { name: 'mul' }), shape(permuted));
    const inOrder = transpose(others, { perm: invertPermutation(permutation) });
    return [reshape(mul(arriving, inOrder, { name: 'mul' }), inputShape), null];
  },
  All: null,
  Any: null,
  ArgMax: null,
  ArgMin: null,
  Cumsum: (op, grad) => {
    const { axis, exclusive, reverse } = cumulativeOptions(op);
    return [cumsum(grad, { axis, exclusive, reverse: !reverse }), null];
  },
  Cumprod: (op, grad) => {
    const x = op.inputs[0]!;
    const { axis, exclusive, reverse } = cumulativeOptions(op);
    const products = mul(cumprod(x, { axis, exclusive, reverse }), grad, { name: 'mul' });
    return [divNoNan(cumsum(products, { axis, exclusive, reverse: !reverse }), x), null];
  },
} satisfies GradientTable;
