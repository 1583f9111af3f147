/** Operations that create tensors of a given shape. */

import { shown } from '../../runtime/arguments';
import { type DType, type FloatDType, type HostDType, isHostDType, type NumericDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { sizeOf } from '../../runtime/hostArray';
import { onlyOptions, placed } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import type { Graph } from '../graph/graph';
import { isFullyDefined, Tensor, type TensorLike } from '../graph/tensor';
import { applyOne, asTensor, graphOf, type Operand, type OpOptions } from './apply';
import { reshape, shape } from './array';
import { constant } from './constants';
import type { IndexDType, OperandDType, OperandRank, RankOfSizes, Sizes } from './types';
import { within } from './within';

// Tensors of one value

/**
 * A tensor with the same value everywhere, which need not be known before the graph runs.
 *
 * @param dims its sizes, numbers or scalar tensors
 * @param value a scalar; a number is a `float32` unless `dtype` says otherwise
 *
 * @example
 * tf.fill([3], 0.1); // [0.1, 0.1, 0.1]
 */
export function fill<const S extends Sizes, V extends TensorLike, D extends DType = OperandDType<V>>(
  dims: S,
  value: V,
  options: OpOptions & { dtype?: D } = {},
): Tensor<D, RankOfSizes<S>> {
  const { dtype, name } = onlyOptions(options, { dtype: 'any', name: 'string' });
  return applyOne('Fill', [dims, value], { T: dtype }, name);
}

/** Options that include the dtype of the result. */
export interface DTypeOptions<D extends DType> extends OpOptions {
  dtype?: D;
}

/** Tensors with fewer elements become constants; larger constants would make the GraphDef large. */
const LARGE = 1000;

/** Zero or one in a dtype. */
function unit(dtype: DType, value: 0 | 1): number | boolean | string {
  return dtype === 'bool' ? value === 1 : dtype === 'string' ? '' : value;
}

/** Implements `zeros` and `ones`: a small constant, or else a Fill. */
function filled(graph: Graph, digit: 0 | 1, shape: Sizes | number, dtype: HostDType, name: string): Tensor {
  const sizes = typeof shape === 'number' ? [shape] : shape;
  return graph.asDefault(() =>
    graph.nameScope(name, (scope) => {
      const value = unit(dtype, digit);
      if (!areNumbers(sizes)) {
        const tensor = asTensor(sizes, undefined, 'packed', graph);
        const vector = tensor.rank ? tensor : reshape(tensor, [-1]);
        return fill(vector, constant(value, { dtype }), { name: scope });
      }
      const wrong = sizes.find((size) => !(Number.isInteger(size) && size >= 0));
      if (wrong !== undefined)
        throw new InvalidArgumentError(
          `a shape has whole, non-negative sizes, got ${shown(wrong)} in ${shapeText(sizes)} for '${scope.slice(0, -1)}'`,
        );
      if (sizeOf(sizes) < LARGE) return constant(value, { dtype, shape: sizes, name: scope });
      return fill(asTensor(sizes, 'int32', 'shape_as_tensor', graph), constant(value, { dtype }), { name: scope });
    }),
  );
}

function areNumbers(sizes: Sizes): sizes is readonly number[] {
  return Array.isArray(sizes) && sizes.every((size) => typeof size === 'number');
}

/**
 * A tensor of zeros (`false`, empty strings).
 *
 * @param shape its sizes, numbers or scalar tensors; a number alone for a vector
 * @param dtype `float32` by default; it may be among the options too
 *
 * @example
 * const biases = new tf.Variable(tf.zeros([128]), { name: 'biases' });
 */
export function zeros<const S extends Sizes | number, D extends HostDType = 'float32'>(
  shape: S,
  ...given: [dtype: D, options?: OpOptions] | [options?: DTypeOptions<D>]
): Tensor<D, RankOfSizes<S>> {
  const options = placed<DTypeOptions<HostDType>>(given, ['dtype']);
  const { dtype = 'float32', name = 'zeros' } = onlyOptions(options, { dtype: 'string', name: 'string' });
  return filled(graphOf([shape]), 0, shape, dtype, name) as Tensor as Tensor<D, RankOfSizes<S>>;
}

/**
 * A tensor of ones (`true`).
 *
 * @param shape its sizes, numbers or scalar tensors; a number alone for a vector
 * @param dtype `float32` by default; it may be among the options too
 *
 * @example
 * tf.ones([2, 3], tf.int32);
 */
export function ones<const S extends Sizes | number, D extends Exclude<HostDType, 'string'> = 'float32'>(
  shape: S,
  ...given: [dtype: D, options?: OpOptions] | [options?: DTypeOptions<D>]
): Tensor<D, RankOfSizes<S>> {
  const options = placed<DTypeOptions<HostDType>>(given, ['dtype']);
  const { dtype = 'float32', name = 'ones' } = onlyOptions(options, { dtype: 'string', name: 'string' });
  return filled(graphOf([shape]), 1, shape, dtype, name) as Tensor as Tensor<D, RankOfSizes<S>>;
}

/**
 * Zeros with the shape of another tensor.
 *
 * @param dtype by default, that of the tensor
 *
 * @example
 * const velocity = new tf.Variable(tf.zerosLike(weights));
 */
export function zerosLike<X extends TensorLike, D extends DType = OperandDType<X>>(
  tensor: X,
  ...given: [dtype: D, options?: OpOptions] | [options?: DTypeOptions<D>]
): Tensor<D, OperandRank<X>> {
  const { dtype, name = 'zeros_like' } = onlyOptions(placed<DTypeOptions<DType>>(given, ['dtype']), {
    dtype: 'string',
    name: 'string',
  });
  const zeros = within(tensor, 'tensor', name, (like, scope) => {
    const chosen = dtypeLike(like, dtype);
    const { graph, shape: sizes } = like;
    if (isHostDType(chosen)) {
      if (isFullyDefined(sizes)) return filled(graph, 0, sizes, chosen, scope);
      if (chosen !== like.dtype) return filled(graph, 0, shape(like), chosen, scope);
    }
    return applyOne('ZerosLike', [like], {}, scope);
  });
  return zeros as Tensor as Tensor<D, OperandRank<X>>;
}

/**
 * Ones with the shape of another tensor.
 *
 * @param dtype by default, that of the tensor
 *
 * @example
 * const [dx] = tf.gradients(hidden, [images], { gradYs: [tf.onesLike(hidden)] });
 */
export function onesLike<X extends TensorLike, D extends DType = OperandDType<X>>(
  tensor: X,
  ...given: [dtype: D, options?: OpOptions] | [options?: DTypeOptions<D>]
): Tensor<D, OperandRank<X>> {
  const { dtype, name = 'ones_like' } = onlyOptions(placed<DTypeOptions<DType>>(given, ['dtype']), {
    dtype: 'string',
    name: 'string',
  });
  const ones = within(tensor, 'tensor', name, (like, scope) => {
    const chosen = dtypeLike(like, dtype);
    if (!isHostDType(chosen)) return applyOne('OnesLike', [like], {}, scope);
    const sizes = isFullyDefined(like.shape)
      ? asTensor(like.shape, 'int32', 'Shape/shape_as_tensor', like.graph)
      : shape(like);
    return filled(like.graph, 1, sizes, chosen, scope);
  });
  return ones as Tensor as Tensor<D, OperandRank<X>>;
}

/**
 * The requested dtype, or the tensor's own: if operations have a dtype that we don't know, only the latter is possible.
 */
function dtypeLike(like: Tensor, dtype: DType | undefined): DType {
  if (dtype === undefined || dtype === like.dtype || isHostDType(dtype)) return dtype ?? like.dtype;
  throw new InvalidArgumentError(`${shown(dtype)} is no dtype that zeros and ones have`);
}

// Sequences

/**
 * The numbers from `start` (0 if left out) to `limit`, exclusive.
 *
 * @param options.delta the difference between consecutive numbers, 1 by default
 * @param options.dtype by default, the tensors' own, or `int32`
 * @throws {InvalidArgumentError} when, in a run, `delta` leads away from `limit`
 *
 * @example
 * tf.range(5);                                       // [0, 1, 2, 3, 4]
 * tf.range(1, 0, { delta: -0.25, dtype: 'float32' }); // [1, 0.75, 0.5, 0.25]
 */
export function range<D extends NumericDType = 'int32'>(
  limit: number | Tensor<D>,
  options?: RangeOptions<D>,
): Tensor<D, 'array'>;
export function range<D extends NumericDType = 'int32'>(
  start: number | Tensor<D>,
  limit: number | Tensor<D>,
  options?: RangeOptions<D>,
): Tensor<D, 'array'>;
/** Also accepts the difference by position, as in Python. */
export function range<D extends NumericDType = 'int32'>(
  start: number | Tensor<D>,
  limit: number | Tensor<D>,
  delta: number | Tensor<D>,
  options?: Omit<RangeOptions<D>, 'delta'>,
): Tensor<D, 'array'>;
export function range(...given: readonly (number | Tensor | RangeOptions<NumericDType> | undefined)[]): Tensor {
  const numbers = given.filter((value) => typeof value === 'number' || value instanceof Tensor);
  const [start, limit, delta] = numbers.length === 1 ? [0, ...numbers] : numbers;
  const options = given[numbers.length] as RangeOptions<NumericDType> | undefined;
  const { dtype, name = 'range' } = onlyOptions(options ?? {}, { delta: 'any', dtype: 'string', name: 'string' });
  return applyOne('Range', [start, limit, delta ?? options?.delta ?? 1] as Operand[], { Tidx: dtype }, name);
}

interface RangeOptions<D extends DType> extends OpOptions {
  delta?: number | Tensor<D>;
  dtype?: D;
}

/**
 * `num` equally spaced numbers from `start` to `stop`, inclusive.
 *
 * @param num at least 1
 * @param options.dtype by default, the tensors' own, or `float32`
 *
 * @example
 * tf.linspace(10, 12, 3); // [10, 11, 12]
 */
export function linspace<D extends FloatDType = 'float32'>(
  start: number | Tensor<D>,
  stop: number | Tensor<D>,
  num: number | Tensor<IndexDType>,
  options: OpOptions & { dtype?: D } = {},
): Tensor<D, 'array'> {
  const { dtype, name } = onlyOptions(options, { dtype: 'any', name: 'string' });
  return applyOne('LinSpace', [start, stop, num], { T: dtype }, name);
}

/** Options of {@link oneHot}. */
export interface OneHotOptions<V extends TensorLike, D extends HostDType> extends OpOptions {
  /**
   * A scalar.
   *
   * @defaultValue `1`
   */
  onValue?: V;
  /**
   * A scalar.
   *
   * @defaultValue `0`
   */
  offValue?: V;
  /**
   * The dimension of the result that contains the rows.
   *
   * @defaultValue the last
   */
  axis?: number;
  /** @defaultValue the values' own, or `float32` */
  dtype?: D;
}

/**
 * For each index, a row of `depth` elements that has `onValue` at the index and `offValue` elsewhere. If an index is
 * out of range, its row has no `onValue`.
 *
 * @param indices integers of any shape
 * @param onValue a scalar, 1 by default; this and the following may be among the options too
 * @param offValue a scalar, 0 by default
 *
 * @example
 * tf.oneHot([0, 2], 3, 5, -1); // [[5, -1, -1], [-1, -1, 5]]
 */
export function oneHot<V extends TensorLike, D extends HostDType = OperandDType<V> & HostDType>(
  indices: TensorLike,
  depth: number | Tensor,
  onValue: V | undefined,
  ...others:
    | [offValue?: TensorLike, axis?: number, dtype?: D, options?: OpOptions]
    | [offValue: TensorLike, options: Omit<OneHotOptions<V, D>, 'onValue' | 'offValue'>]
): Tensor<D, 'array'>;
/**
 * For each index, a row of `depth` elements that has `onValue` at the index and `offValue` elsewhere. If an index is
 * out of range, its row has no `onValue`.
 *
 * @param indices integers of any shape
 *
 * @example
 * tf.oneHot([0, 2], 3); // [[1, 0, 0], [0, 0, 1]]
 */
export function oneHot<V extends TensorLike = number, D extends HostDType = OperandDType<V> & HostDType>(
  indices: TensorLike,
  depth: number | Tensor,
  options?: OneHotOptions<V, D>,
): Tensor<D, 'array'>;
export function oneHot(
  indices: TensorLike,
  depth: number | Tensor,
  ...given: readonly unknown[]
): Tensor<HostDType, 'array'> {
  const options = placed<OneHotOptions<TensorLike, HostDType>>(given, ['onValue', 'offValue', 'axis', 'dtype']);
  const known = onlyOptions(options, {
    onValue: 'any',
    offValue: 'any',
    axis: 'number',
    dtype: 'string',
    name: 'string',
  });
  const { onValue, offValue, axis = -1, name = 'one_hot' } = known;
  const graph = graphOf([indices, depth, onValue ?? [], offValue ?? []]);
  const dtypeGiven = options.dtype ?? [onValue, offValue].find((value) => value instanceof Tensor)?.dtype;
  return graph.nameScope(name, (scope) => {
    const on = onValue === undefined ? undefined : asTensor(onValue, dtypeGiven, 'Const', graph);
    const off = offValue === undefined ? undefined : asTensor(offValue, dtypeGiven ?? on?.dtype, 'Const', graph);
    const dtype = dtypeGiven ?? on?.dtype ?? off?.dtype ?? 'float32';
    const values = [
      on ?? asTensor(unit(dtype, 1), dtype, 'on_value', graph),
      off ?? asTensor(unit(dtype, 0), dtype, 'off_value', graph),
    ] as const;
    return applyOne('OneHot', [indices, depth, ...values], { axis }, scope);
  });
}
