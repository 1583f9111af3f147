import { type HostArray, sizeOf } from '../../runtime/hostArray';
import { onlyOptions, placed } from '../../runtime/options';
import { isFullyDefined, type Scalar, Tensor, type TensorLike } from '../graph/tensor';
import { applyOne, asTensor, graphOf, type Operand, type OpOptions } from './apply';
import { sub } from './elementwise/binary';
import { IndexedSlices } from './indexedSlices';
import type { IndexDType, OperandDType, OperandRank, RankOfSizes, RankWithout, Sizes } from './types';
import { within } from './within';

export * from './creation';

// The same values

/**
 * A tensor with the value of `input`, to give it a name or to attach control dependencies.
 *
 * @example
 * const named = tf.identity(logits, { name: 'logits' });
 * named; // 'logits:0'
 */
export function identity<X extends TensorLike>(
  input: X,
  options: OpOptions = {},
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { name } = onlyOptions(options, { name: 'string' });
  if (input instanceof IndexedSlices) return ofParts(input, name) as Tensor as Tensor<OperandDType<X>, OperandRank<X>>;
  return applyOne('Identity', [input], {}, name);
}

function ofParts({ values, indices, denseShape }: IndexedSlices, name: string | undefined): IndexedSlices {
  const [rows, places] = [identity(values, { name }), identity(indices, { name })];
  return new IndexedSlices(rows, places, denseShape && identity(denseShape, { name }));
}

/**
 * A tensor with the value of `input` that blocks gradients.
 *
 * @example
 * const target = tf.stopGradient(logits); // what is behind it learns nothing
 */
export function stopGradient<X extends TensorLike>(
  input: X,
  options: OpOptions = {},
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('StopGradient', [input], {}, name);
}

// What a tensor's shape is

/**
 * The shape of a tensor as a vector; a constant if the shape is known while the graph is built.
 *
 * @param options.outType `int32` or `int64`
 *
 * @example
 * tf.shape(images); // int32 [2], [batch, 784] when it runs
 */
export function shape<D extends IndexDType = 'int32'>(
  input: TensorLike,
  options: OpOptions & { outType?: D } = {},
): Tensor<D, 'array'> {
  const { outType = 'int32' as D, name = 'Shape' } = onlyOptions(options, { outType: 'any', name: 'string' });
  return within(input, 'Const', name, (tensor, scope) => {
    const sizes = tensor.shape;
    if (isFullyDefined(sizes)) return asTensor(sizes, outType, scope, tensor.graph) as Tensor as Tensor<D, 'array'>;
    return applyOne('Shape', [tensor], { out_type: outType }, scope);
  });
}

/**
 * The number of elements of a tensor; a constant if its shape is known while the graph is built.
 *
 * @param options.outType `int32` or `int64`
 *
 * @example
 * tf.size(images); // int32 scalar
 */
export function size<D extends IndexDType = 'int32'>(
  input: TensorLike,
  options: OpOptions & { outType?: D } = {},
): Scalar<D> {
  const { outType = 'int32' as D, name = 'Size' } = onlyOptions(options, { outType: 'any', name: 'string' });
  return within(input, 'Const', name, (tensor, scope) => {
    const sizes = tensor.shape;
    const count = sizes?.includes(0) ? 0 : isFullyDefined(sizes) ? sizeOf(sizes) : undefined;
    if (count !== undefined) return asTensor(count, outType, scope, tensor.graph) as Tensor as Scalar<D>;
    return applyOne('Size', [tensor], { out_type: outType }, scope);
  });
}

/**
 * The number of dimensions of a tensor; a constant if it is known while the graph is built.
 *
 * @example
 * tf.rank(images); // int32 scalar, 2
 */
export function rank(input: TensorLike, options: OpOptions = {}): Scalar<'int32'> {
  const { name = 'Rank' } = onlyOptions(options, { name: 'string' });
  return within(input, 'Const', name, (tensor, scope) => {
    const count = tensor.rank;
    if (count !== null) return asTensor(count, 'int32', scope, tensor.graph) as Tensor as Scalar<'int32'>;
    return applyOne('Rank', [tensor], {}, scope);
  });
}

// Another shape for the same elements

/**
 * The elements of a tensor, in the same order, with another shape.
 *
 * @param shape its sizes, numbers or scalar tensors; one of them may be -1 and is then inferred
 * @throws {InvalidArgumentError} when the shape has another number of elements
 *
 * @example
 * tf.reshape(images, [-1, 28, 28, 1]);
 */
export function reshape<X extends TensorLike, const S extends Sizes>(
  tensor: X,
  shape: S,
  options: OpOptions = {},
): Tensor<OperandDType<X>, RankOfSizes<S>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('Reshape', [tensor, shape], {}, name);
}

/**
 * A tensor with a dimension of size 1 inserted before dimension `axis`.
 *
 * @param axis from -rank-1 to rank; -1 appends it
 * @throws {InvalidArgumentError} when `axis` is outside of that
 *
 * @example
 * tf.expandDims(tf.zeros([28, 28]), 0); // [28, 28] → [1, 28, 28]
 */
export function expandDims<X extends TensorLike>(
  input: X,
  axis: number | Tensor,
  options: OpOptions = {},
): Tensor<OperandDType<X>, 'array'> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('ExpandDims', [input, axis], {}, name);
}

/** Options of {@link squeeze}. */
export interface SqueezeOptions extends OpOptions {
  /**
   * The dimensions to remove, each of size 1.
   *
   * @defaultValue all of size 1
   */
  axis?: number | readonly number[];
}

/**
 * A tensor without its dimensions of size 1.
 *
 * @param axis which of them to remove; may be among the options too
 * @throws {InvalidArgumentError} when one of `axis` is of another size
 *
 * @example
 * tf.squeeze(pictures, -1); // [100, 28, 28, 1] → [100, 28, 28]
 */
export function squeeze<X extends TensorLike, const A extends number | readonly number[] = number | readonly number[]>(
  input: X,
  ...given: [axis: A, options?: OpOptions] | [options?: SqueezeOptions & { axis?: A }]
): Tensor<OperandDType<X>, RankWithout<A>> {
  const { axis, name } = onlyOptions(placed<SqueezeOptions>(given, ['axis']), { axis: 'any', name: 'string' });
  return applyOne('Squeeze', [input], { squeeze_dims: axis === undefined ? undefined : [axis].flat() }, name);
}

// Another order

/** Options of {@link transpose}. */
export interface TransposeOptions extends OpOptions {
  /**
   * For each dimension of the result, the corresponding dimension of the tensor.
   *
   * @defaultValue the reverse order
   */
  perm?: readonly number[] | Tensor;
}

/**
 * A tensor with permuted dimensions.
 *
 * @param perm for each dimension of the result, the corresponding dimension of the tensor, counted from the last where
 *   negative; may be among the options too
 * @throws {InvalidArgumentError} when `perm` is not a permutation of the dimensions
 *
 * @example
 * tf.transpose(pictures, [0, 3, 1, 2]); // [100, 28, 28, 1] → [100, 1, 28, 28]
 */
export function transpose<X extends TensorLike>(
  a: X,
  ...given: [perm: readonly number[] | Tensor, options?: OpOptions] | [options?: TransposeOptions]
): Tensor<OperandDType<X>, OperandRank<X>> {
  const options = placed<TransposeOptions>(given, ['perm']);
  const { perm, name = 'transpose' } = onlyOptions(options, { perm: 'any', name: 'string' });
  const graph = graphOf([a, perm ?? []]);
  return graph.nameScope(name, (scope) => {
    const tensor = asTensor(a, undefined, 'a', graph);
    return applyOne('Transpose', [tensor, perm ? dimensions(tensor, perm) : reversed(tensor)], {}, scope);
  });
}

/** Validates a permutation, since the kernel crashes the process for dimensions that don't exist. */
function dimensions(tensor: Tensor, perm: readonly number[] | Tensor): Operand {
  const known =
    perm instanceof Tensor ? perm.op.type === 'Const' && (perm.op.getAttribute('value') as HostArray).data : perm;
  if (Array.isArray(known) || ArrayBuffer.isView(known)) {
    const axes = Array.from(known as ArrayLike<unknown>, Number);
    return axes.some((axis) => axis < 0) ? axes.map((axis) => (axis < 0 ? axis + axes.length : axis)) : perm;
  }
  if (!(perm instanceof Tensor)) return perm;
  const { rank: count } = tensor;
  const all: Operand =
    count === null ? applyOne('Range', [0, rank(tensor), 1]) : Array.from({ length: count }, (_, i) => i);
  return applyOne('GatherV2', [asTensor(all, 'int32', 'Const', tensor.graph), perm, 0], { Taxis: 'int32' });
}

function reversed(tensor: Tensor): Operand {
  const count = tensor.rank;
  if (count !== null) return Array.from({ length: count }, (_, i) => count - 1 - i);
  return applyOne('Range', [sub(rank(tensor), 1, { name: 'sub' }), -1, -1]);
}

/**
 * A tensor with the elements of some dimensions in reverse order.
 *
 * @param axis the dimensions, each once
 *
 * @example
 * tf.reverse(pictures, [2]); // mirrored
 */
export function reverse<X extends TensorLike>(
  tensor: X,
  axis: readonly number[] | Tensor,
  options: OpOptions = {},
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('ReverseV2', [tensor, axis], {}, name);
}

/**
 * The inverse of a permutation: `y[x[i]] = i`.
 *
 * @param x a vector of the integers from 0 to its length - 1, each once
 * @throws {InvalidArgumentError} when, in a run, it is another vector
 *
 * @example
 * tf.invertPermutation([2, 0, 1]); // [1, 2, 0]
 */
export function invertPermutation<X extends Tensor | readonly number[]>(
  x: X,
  options: OpOptions = {},
): Tensor<X extends Tensor<infer D> ? D : 'int32', 'array'> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('InvertPermutation', [x], {}, name);
}

// Another size

/**
 * A tensor repeated along its dimensions.
 *
 * @param multiples the number of repetitions for each dimension
 *
 * @example
 * tf.tile([[1, 2]], [2, 3]); // [[1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 1, 2]]
 */
export function tile<X extends TensorLike>(
  input: X,
  multiples: Sizes,
  options: OpOptions = {},
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('Tile', [input, multiples], {}, name);
}

/** How `pad` fills the new elements. */
export type PadMode = 'CONSTANT' | 'REFLECT' | 'SYMMETRIC';

/** Options of {@link pad}. */
export interface PadOptions extends OpOptions {
  /**
   * How to fill the new elements.
   *
   * @defaultValue `CONSTANT`
   */
  mode?: PadMode;
  /**
   * The value for mode `CONSTANT`: a scalar.
   *
   * @defaultValue `0`
   */
  constantValues?: TensorLike;
}

/**
 * A tensor with elements added before and after each of its dimensions.
 *
 * @param paddings for each dimension, the numbers of elements before and after
 * @param mode the new elements: for `CONSTANT`, `constantValues`; for `REFLECT`, a mirror image without the edge; for
 * `SYMMETRIC`, a mirror image with the edge. May be among the options too
 * @throws {InvalidArgumentError} when a mirror image would be larger than the tensor
 *
 * @example
 * tf.pad([1, 2, 3], [[2, 1]], 'REFLECT'); // [3, 2, 1, 2, 3, 2]
 */
export function pad<X extends TensorLike>(
  tensor: X,
  paddings: readonly (readonly number[])[] | Tensor,
  ...given: [mode: PadMode, options?: Omit<PadOptions, 'mode'>] | [options?: PadOptions]
): Tensor<OperandDType<X>, OperandRank<X>> {
  const options = placed<PadOptions>(given, ['mode']);
  const {
    mode = 'CONSTANT',
    constantValues = 0,
    name,
  } = onlyOptions(options, { mode: ['CONSTANT', 'REFLECT', 'SYMMETRIC'], constantValues: 'any', name: 'string' });
  if (mode !== 'CONSTANT') return applyOne('MirrorPad', [tensor, paddings], { mode }, name);
  if (constantValues === 0) return applyOne('Pad', [tensor, paddings], {}, name);
  return applyOne('PadV2', [tensor, paddings, constantValues], {}, name);
}

/**
 * A tensor broadcast to another shape: repeated along dimensions of size 1, and along new leading dimensions.
 *
 * @param shape its sizes, numbers or scalar tensors
 * @throws {InvalidArgumentError} when the tensor can't be broadcast to that shape
 *
 * @example
 * tf.broadcastTo([1, 2, 3], [2, 3]); // [[1, 2, 3], [1, 2, 3]]
 */
export function broadcastTo<X extends TensorLike, const S extends Sizes>(
  input: X,
  shape: S,
  options: OpOptions = {},
): Tensor<OperandDType<X>, RankOfSizes<S>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('BroadcastTo', [input, shape], {}, name);
}
