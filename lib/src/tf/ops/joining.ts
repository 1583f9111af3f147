/** Operations that make one tensor of several, and several of one. */

import { checkArray } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { isFullyDefined, Tensor, type TensorLike } from '../graph/tensor';
import { apply, applyOne, asTensor, graphOf, type OpOptions } from './apply';
import { identity, rank, shape, squeeze } from './array';
import { add, mod, sub } from './elementwise/binary';
import { cast } from './elementwise/cast';
import { greaterEqual, less, logicalAnd } from './elementwise/comparison';
import { registerGradient, registerNotDifferentiable } from './gradientRegistry';
import { IndexedSlices } from './indexedSlices';
import { gather, where } from './indexing';
import { constantValue } from './indexing/indices';
import { getItem, slice } from './indexing/slicing';
import type { IndexDType, JoinedDType, OperandDType, OperandRank } from './types';

/** A tuple of `N` elements; an array where `N` is no literal. */
type Repeat<T, N extends number, A extends T[] = []> = number extends N
  ? T[]
  : A['length'] extends N
    ? A
    : Repeat<T, N, [...A, T]>;

/**
 * Tensors joined along a dimension, in which alone their sizes may differ.
 *
 * @param axis the dimension; a negative one counts from the last
 * @throws {InvalidArgumentError} when the tensors differ in dtype, rank or another dimension
 *
 * @example
 * tf.concat([[[1, 2]], [[3, 4]]], 0); // [[1, 2], [3, 4]]
 */
export function concat<X extends TensorLike>(
  values: readonly X[],
  axis: number | Tensor,
  options?: OpOptions,
): Tensor<JoinedDType<X>, 'array'>;
/** @deprecated TensorFlow 0.x took the dimension first: `tf.concat(1, [indices, labels])`. */
export function concat<X extends TensorLike>(
  axis: number | Tensor,
  values: readonly X[],
  options?: OpOptions,
): Tensor<JoinedDType<X>, 'array'>;
export function concat(
  first: readonly TensorLike[] | number | Tensor,
  second: readonly TensorLike[] | number | Tensor,
  options: OpOptions = {},
): Tensor {
  const { name = 'concat' } = onlyOptions(options, ['name']);
  const [values, axis] = Array.isArray(first) ? [first, second] : [second as readonly TensorLike[], first];
  if (!Array.isArray(values))
    throw new InvalidArgumentError(
      `concat takes an array of tensors and the dimension, not ${String(first)} and ${String(second)}`,
    );
  const [only] = values;
  if (only === undefined || values.length > 1) return applyOne('ConcatV2', [values, axis], {}, name);
  const graph = graphOf([only, axis]);
  return graph.nameScope(name, () => {
    asTensor(axis, 'int32', 'concat_dim', graph);
    return identity(only as Tensor, { name });
  });
}

/** Up to this many gradients are sliced one by one; more are split off in one operation. */
const FEW = 16;

registerGradient('ConcatV2', (op, grad) => {
  const values = op.inputs.slice(0, -1);
  const axis = op.inputs.at(-1) as Tensor;
  if (values.length === 1) return [grad, null];
  if (grad instanceof IndexedSlices) return [...partsOfRows(grad, values, axis), null];
  const dimension = mod(cast(axis, 'int32'), rank(values[0] as Tensor), { name: 'mod' });
  const known = values.every((value) => isFullyDefined(value.shape));
  const shapes = known ? values.map((value) => shape(value)) : apply('ShapeN', [values]).outputs;
  if (values.length > FEW) {
    const sizes = squeeze(slice(stack(shapes, { axis: 1 }), [dimension, 0], [1, -1]));
    return [...split(grad, sizes, { axis: dimension, num: values.length }), null];
  }
  const offsets = apply('ConcatOffset', [dimension, shapes]).outputs;
  return [...shapes.map((size, i) => slice(grad, offsets[i] as Tensor, size)), null];
});

/** The gradients of what was joined, from rows of the whole. */
function partsOfRows(grad: IndexedSlices, values: readonly Tensor[], axis: Tensor): Tensor[] {
  const given = Number(constantValue(axis)?.data[0]); // NaN where it isn't known
  const count = values[0]?.rank ?? null;
  if (Number.isNaN(given) || (given < 0 && count === null))
    throw new InvalidArgumentError(
      'the gradient of rows that were looked up in a concatenation needs to know its axis',
    );
  const dimension = given < 0 ? given + (count as number) : given;
  const shapes = values.map((value) => shape(value));
  return dimension === 0 ? rowsByRange(grad, shapes) : columnsByRange(grad, shapes, dimension);
}

/** Tables that were put one below the other: each has the rows whose indices are its own. */
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

/** Tables that were put side by side: each has all the rows, and of them its own part. */
function columnsByRange(
  { values, indices }: IndexedSlices,
  shapes: readonly Tensor<'int32'>[],
  axis: number,
): Tensor[] {
  const offsets = apply('ConcatOffset', [axis, shapes]).outputs;
  return shapes.map((sizes, i) => {
    const size = concat([asTensor([-1], 'int32', 'Const', values.graph), getItem(sizes, [[1, null]])], 0);
    return new IndexedSlices(slice(values, offsets[i] as Tensor, size), indices, sizes);
  });
}

registerNotDifferentiable('ConcatOffset');

/**
 * Tensors of one shape as the parts of one tensor with a dimension more.
 *
 * @param options.axis where the new dimension stands; first by default
 * @throws {InvalidArgumentError} when the tensors differ in dtype or shape
 *
 * @example
 * tf.stack([[1, 2], [3, 4]], { axis: 1 }); // [[1, 3], [2, 4]]
 */
export function stack<X extends TensorLike>(
  values: readonly X[],
  options: OpOptions & { axis?: number } = {},
): Tensor<JoinedDType<X>, 'array'> {
  const { axis = 0, name = 'stack' } = onlyOptions(options, ['axis', 'name']);
  checkArray('the tensors to stack', values);
  const arrays = values.some(
    (value) => typeof value === 'object' && !Array.isArray(value) && !(value instanceof Tensor),
  );
  if (axis !== 0 || arrays) return applyOne('Pack', [values], { axis }, name);
  return asTensor(values, undefined, name) as Tensor as Tensor<JoinedDType<X>, 'array'>;
}

/**
 * @deprecated The name that TensorFlow 0.x had for {@link stack}.
 *
 * @example
 * tf.pack([1, 2, 3]); // [1, 2, 3]
 */
export function pack<X extends TensorLike>(
  values: readonly X[],
  options: OpOptions & { axis?: number } = {},
): Tensor<JoinedDType<X>, 'array'> {
  const { axis, name = 'pack' } = onlyOptions(options, ['axis', 'name']);
  return stack(values, { axis, name });
}

registerGradient('Pack', (op, grad) => unstack(grad, { num: op.inputs.length, axis: Number(op.getAttribute('axis')) }));

/**
 * The parts of a tensor along a dimension, without that dimension.
 *
 * @param options.axis the dimension, the first by default
 * @param options.num its size; needed where the size isn't known while the graph is built, and for a tuple's type
 * @throws {InvalidArgumentError} when the size is not known, or not `num`
 *
 * @example
 * const [x, y] = tf.unstack(tf.zeros([50, 2]), { axis: 1, num: 2 }); // [50, 2] → two of [50]
 */
export function unstack<X extends TensorLike, const N extends number = number>(
  value: X,
  options: OpOptions & { num?: N; axis?: number } = {},
): Repeat<Tensor<OperandDType<X>>, N> {
  const { num, axis = 0, name = 'unstack' } = onlyOptions(options, ['num', 'axis', 'name']);
  const tensor = asTensor(value);
  const count = num ?? tensor.shape?.at(axis);
  if (typeof count !== 'number')
    throw new InvalidArgumentError(`unstack: dimension ${axis} of ${tensor} has no known size; give it as num`);
  const parts: Tensor[] = [...apply('Unpack', [tensor], { num: count, axis }, name).outputs];
  return parts as Repeat<Tensor<OperandDType<X>>, N>;
}

/**
 * @deprecated The name that TensorFlow 0.x had for {@link unstack}.
 *
 * @example
 * const [x, y] = tf.unpack([[1, 2], [3, 4]]);
 */
export function unpack<X extends TensorLike, const N extends number = number>(
  value: X,
  options: OpOptions & { num?: N; axis?: number } = {},
): Repeat<Tensor<OperandDType<X>>, N> {
  const { num, axis, name = 'unpack' } = onlyOptions(options, ['num', 'axis', 'name']);
  return unstack(value, { num, axis, name });
}

registerGradient('Unpack', (op, ...grads) => [stack(grads, { axis: Number(op.getAttribute('axis')) })]);

/** The parts that `split` gives. */
type Parts<T extends Tensor, N> = N extends number
  ? Repeat<T, N>
  : N extends readonly number[]
    ? { -readonly [K in keyof N]: T }
    : T[];

/**
 * A tensor cut along a dimension: into a number of equal parts, or into parts of given sizes.
 *
 * @param numOrSizeSplits how many parts, or the size of each, one of which may be -1 for what remains
 * @param options.axis the dimension, the first by default
 * @param options.num how many sizes a tensor of them has, where its shape doesn't tell
 * @throws {InvalidArgumentError} when the dimension has another size than the parts together
 *
 * @example
 * const [left, right] = tf.split(hidden, [100, 28], { axis: 1 });
 */
export function split<X extends TensorLike, const N extends number | readonly number[] | Tensor>(
  value: X,
  numOrSizeSplits: N,
  options: OpOptions & { axis?: number | Tensor; num?: number } = {},
): Parts<Tensor<OperandDType<X>, OperandRank<X>>, N> {
  const { axis = 0, num, name = 'split' } = onlyOptions(options, ['axis', 'num', 'name']);
  const parts = Array.isArray(numOrSizeSplits) || numOrSizeSplits instanceof Tensor ? splitBySizes() : splitEvenly();
  return [...parts.outputs] as Tensor[] as Parts<Tensor<OperandDType<X>, OperandRank<X>>, N>;

  function splitEvenly() {
    return apply('Split', [axis, value], { num_split: numOrSizeSplits as number }, name);
  }
  function splitBySizes() {
    const graph = graphOf([value, numOrSizeSplits, axis]);
    const sizes = asTensor(numOrSizeSplits as readonly number[] | Tensor, 'int32', 'Const', graph);
    const count = num ?? sizes.shape?.[0];
    if (typeof count !== 'number')
      throw new InvalidArgumentError(`split: ${sizes} doesn't tell how many parts there are; give that as num`);
    return apply('SplitV', [value, sizes, axis], { num_split: count }, name);
  }
}

registerGradient('Split', (op, ...grads) => [null, concat(grads, op.inputs[0] as Tensor)]);
registerGradient('SplitV', (op, ...grads) => [concat(grads, op.inputs[2] as Tensor), null, null]);
