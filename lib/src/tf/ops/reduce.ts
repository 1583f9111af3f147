/** Reductions: a tensor's dimensions summed up, or otherwise brought to one element each; and running sums along one. */

import { type HostArray, sizeOf } from '../../runtime/hostArray';
import { onlyOptions } from '../../runtime/options';
import type { Operation } from '../graph/operation';
import { isFullyDefined, type Scalar, type Tensor, type TensorLike } from '../graph/tensor';
import { applyOne, asTensor, graphOf, type OpOptions } from './apply';
import {
  broadcastTo,
  invertPermutation,
  ones,
  range,
  rank,
  reshape,
  shape,
  size,
  stopGradient,
  tile,
  transpose,
} from './array';
import { add, divNoNan, mod, mul, sub, truediv } from './elementwise/binary';
import { cast } from './elementwise/cast';
import { equal } from './elementwise/comparison';
import { exp, log } from './elementwise/unary';
import { registerGradient, registerNotDifferentiable } from './gradientRegistry';
import { gather } from './indexing';
import { concat } from './joining';
import type { OperandDType, OperandRank } from './types';

/** Which dimensions to reduce. Negative numbers count from the last dimension. */
export type Axis = number | readonly number[] | Tensor;

/** How to reduce. */
export interface ReduceOptions extends OpOptions {
  /** The dimensions to reduce; all when left out, none for `[]`. */
  axis?: Axis;
  /** Whether a reduced dimension stays, with size 1. */
  keepDims?: boolean;
}

/** A reduction that keeps the dtype. */
export interface Reduction {
  <X extends TensorLike>(
    input: X,
    options?: OpOptions & { axis?: undefined; keepDims?: false },
  ): Tensor<OperandDType<X>, 'scalar'>;
  <X extends TensorLike>(
    input: X,
    options: ReduceOptions & { keepDims: true },
  ): Tensor<OperandDType<X>, OperandRank<X>>;
  <X extends TensorLike>(input: X, options?: ReduceOptions): Tensor<OperandDType<X>>;
}

function reduction(type: string): Reduction {
  return ((input: TensorLike, options: ReduceOptions = {}) => {
    const { axis, keepDims = false, name } = onlyOptions(options, ['axis', 'keepDims', 'name']);
    const tensor = asTensor(input, undefined, 'Const');
    const axes = axis ?? allAxes(tensor);
    return toScalar(options, applyOne(type, [tensor, axes], { keep_dims: keepDims }, name));
  }) as Reduction;
}

/** The axes of all dimensions, as the operand of a reduction. */
function allAxes(tensor: Tensor): Tensor {
  const count = tensor.rank;
  // Python's TensorFlow has a range for a scalar too.
  if (!count) return range(rank(tensor));
  const axes = Int32Array.from({ length: count }, (_, axis) => axis);
  return asTensor(axes, 'int32', 'Const', tensor.graph);
}

/** Where inference can't see that nothing but a scalar remains, it is told. */
function toScalar({ axis, keepDims = false }: ReduceOptions, result: Tensor): Tensor {
  if (axis === undefined && !keepDims) result.setShape([]);
  return result;
}

// Sums and means

/**
 * The sum of elements.
 *
 * @example
 * tf.reduceSum([[1, 2], [3, 4]]);                             // 10
 * tf.reduceSum([[1, 2], [3, 4]], { axis: 0 });                 // [4, 6]
 * tf.reduceSum([[1, 2], [3, 4]], { axis: 1, keepDims: true }); // [[3], [7]]
 */
export const reduceSum: Reduction = reduction('Sum');

/**
 * The mean of elements. That of integers is rounded towards zero: {@link cast} them first for another.
 *
 * @example
 * tf.reduceMean([1, 2, 6]); // 3
 */
export const reduceMean: Reduction = reduction('Mean');

registerGradient('Sum', (op, grad) => [spread(op, grad), null]);

registerGradient('Mean', (op, grad) => {
  const total = spread(op, grad);
  return [truediv(total, meanCount(op, total), { name: 'truediv' }), null];
});

/** What arrives at a sum, for each element that was summed. */
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

/** How many elements a mean is of, as a tensor of the dtype of `like`. */
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

/** The reduced dimensions, counted from the first one; undefined if they aren't known before the graph runs. */
function knownAxes({ rank }: Tensor, { op }: Tensor): readonly number[] | undefined {
  if (rank === null || op.type !== 'Const') return rank === 0 ? [] : undefined;
  const axes: Iterable<number | bigint> = (op.getAttribute('value') as HostArray<'int32' | 'int64'>).data;
  return Array.from(axes, (axis) => (axis < 0 ? Number(axis) + rank : Number(axis)));
}

/** Axes as a tensor, counted from the first dimension. */
function fromStart(axes: Tensor, count: Tensor): Tensor {
  return mod(add(axes, count, { name: 'add' }), count, { name: 'mod' });
}

/** The shape that is left when reduced dimensions are kept with size 1. */
function reducedShape(input: Tensor, axes: Tensor, inputShape: Tensor): readonly number[] | Tensor {
  const sizes = input.shape;
  const known = knownAxes(input, axes);
  if (isFullyDefined(sizes) && known) return sizes.map((length, axis) => (known.includes(axis) ? 1 : length));
  const count = size(inputShape);
  const reduced = fromStart(cast(axes, 'int32'), count);
  const indices = [range(count), reduced];
  return applyOne('DynamicStitch', [indices, [inputShape, ones(shape(reduced), { dtype: 'int32' })]]);
}

// Extremes and products

/**
 * The greatest element. Elements that share that place share the gradient.
 *
 * @example
 * tf.reduceMax([[3, 1], [2, 4]], { axis: 1 }); // [3, 4]
 */
export const reduceMax: Reduction = reduction('Max');

/**
 * The least element. Elements that share that place share the gradient.
 *
 * @example
 * tf.reduceMin([[3, 1], [2, 4]], { axis: 1 }); // [1, 2]
 */
export const reduceMin: Reduction = reduction('Min');

for (const type of ['Max', 'Min'])
  registerGradient(type, (op, grad) => {
    const [input, axes] = op.inputs as [Tensor, Tensor];
    const output = op.outputs[0] as Tensor;
    const keptDims = op.getAttribute('keep_dims') === true;
    const kept = keptDims ? shape(output) : reducedShape(input, axes, shape(input));
    const withDims = (tensor: Tensor) => (keptDims ? tensor : reshape(tensor, kept));
    const isChosen = cast(equal(withDims(output), input), grad.dtype);
    const arriving = withDims(grad);
    const shared = truediv(isChosen, reshape(reduceSum(isChosen, { axis: axes }), kept), { name: 'truediv' });
    return [mul(shared, arriving, { name: 'mul' }), null];
  });

/**
 * The product of elements.
 *
 * @example
 * tf.reduceProd([1, 2, 3, 4]); // 24
 */
export const reduceProd: Reduction = reduction('Prod');

// Dividing the product by an element would fail where that is 0, so the other elements are multiplied: those before it
// times those after it, with the reduced dimensions made one.
registerGradient('Prod', (op, grad) => {
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
});

/**
 * Whether all elements are true.
 *
 * @example
 * tf.reduceAll(tf.isFinite([1, 2, Number.NaN])); // false
 */
export const reduceAll: Reduction = reduction('All');

/**
 * Whether any element is true.
 *
 * @example
 * tf.reduceAny([[true, false], [false, false]], { axis: 1 }); // [true, false]
 */
export const reduceAny: Reduction = reduction('Any');

registerNotDifferentiable('All', 'Any');

/**
 * log(Σ exp(x)), exact where exp would overflow too.
 *
 * @example
 * tf.reduceLogSumExp([[0, 0]], { axis: 1 }); // [0.693147]
 */
export const reduceLogSumExp: Reduction = ((input: TensorLike, options: ReduceOptions = {}) => {
  const { axis, keepDims = false, name = 'ReduceLogSumExp' } = onlyOptions(options, ['axis', 'keepDims', 'name']);
  const graph = graphOf([input]);
  return graph.nameScope(name, (scope) => {
    const x = asTensor(input, undefined, 'input_tensor', graph);
    const greatest = reduceMax(x, { axis, keepDims: true });
    const zeros = applyOne('ZerosLike', [greatest]);
    const shift = stopGradient(applyOne('Select', [applyOne('IsFinite', [greatest]), greatest, zeros]));
    const result = log(reduceSum(exp(sub(x, shift)), { axis, keepDims }));
    const back = keepDims ? shift : applyOne('Reshape', [shift, applyOne('Shape', [result])]);
    return toScalar(options, add(result, back, { name: scope }));
  });
}) as Reduction;

// Places

/** Which dimension to search. */
export interface ArgOptions<D extends 'int32' | 'int64'> extends OpOptions {
  /** The dimension; the first when left out. */
  axis?: number | Scalar;
  /** The dtype of the indices: `int64` when left out. */
  outputType?: D;
}

/**
 * The index of the greatest element along a dimension; of equal ones, the first.
 *
 * @example
 * const predictions = tf.argMax(logits, { axis: 1 }); // int64 [batch]
 */
export function argMax<D extends 'int32' | 'int64' = 'int64'>(
  input: TensorLike,
  options: ArgOptions<D> = {},
): Tensor<D> {
  const { axis = 0, outputType = 'int64' as D, name } = onlyOptions(options, ['axis', 'outputType', 'name']);
  return applyOne('ArgMax', [input, axis], { output_type: outputType }, name);
}

/**
 * The index of the least element along a dimension; of equal ones, the first.
 *
 * @example
 * tf.argMin([[3, 1, 2]], { axis: 1 }); // [1]
 */
export function argMin<D extends 'int32' | 'int64' = 'int64'>(
  input: TensorLike,
  options: ArgOptions<D> = {},
): Tensor<D> {
  const { axis = 0, outputType = 'int64' as D, name } = onlyOptions(options, ['axis', 'outputType', 'name']);
  return applyOne('ArgMin', [input, axis], { output_type: outputType }, name);
}

registerNotDifferentiable('ArgMax', 'ArgMin');

// Running sums

/** How to run along a dimension. */
export interface CumulativeOptions extends OpOptions {
  /** The dimension; the first when left out. */
  axis?: number | Scalar;
  /** Whether each result leaves out the element at its own place. */
  exclusive?: boolean;
  /** Whether to run from the end. */
  reverse?: boolean;
}

/** A running sum or product. */
type Cumulative = <X extends TensorLike>(x: X, options?: CumulativeOptions) => Tensor<OperandDType<X>, OperandRank<X>>;

const cumulative =
  (type: string): Cumulative =>
  (x, options = {}) => {
    const known = onlyOptions(options, ['axis', 'exclusive', 'reverse', 'name']);
    const { axis = 0, exclusive = false, reverse = false, name } = known;
    return applyOne(type, [x, axis], { exclusive, reverse }, name);
  };

/**
 * The sums of the elements along a dimension up to each of them.
 *
 * @example
 * tf.cumsum([1, 2, 3]);                                      // [1, 3, 6]
 * tf.cumsum([1, 2, 3], { exclusive: true });                 // [0, 1, 3]
 * tf.cumsum([1, 2, 3], { exclusive: true, reverse: true });  // [5, 3, 0]
 */
export const cumsum: Cumulative = cumulative('Cumsum');

registerGradient('Cumsum', (op, grad) => {
  const { axis, exclusive, reverse } = cumulativeOptions(op);
  return [cumsum(grad, { axis, exclusive, reverse: !reverse }), null];
});

/**
 * The products of the elements along a dimension up to each of them. The gradient is 0 at elements that are 0.
 *
 * @example
 * tf.cumprod([1, 2, 3]); // [1, 2, 6]
 */
export const cumprod: Cumulative = cumulative('Cumprod');

registerGradient('Cumprod', (op, grad) => {
  const x = op.inputs[0] as Tensor;
  const { axis, exclusive, reverse } = cumulativeOptions(op);
  const products = mul(cumprod(x, { axis, exclusive, reverse }), grad, { name: 'mul' });
  return [divNoNan(cumsum(products, { axis, exclusive, reverse: !reverse }), x), null];
});

function cumulativeOptions(op: Operation) {
  return {
    axis: op.inputs[1] as Scalar,
    exclusive: op.getAttribute('exclusive') === true,
    reverse: op.getAttribute('reverse') === true,
  };
}
