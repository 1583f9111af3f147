/**
 * Constants and placeholders: tensors whose value is fixed when the graph is built, and those whose value is fed when
 * it runs.
 */

import { allocate, type DType, type HostData, type HostDType } from '../../runtime/dtypes';
import {
  type ArrayLike,
  type DTypeOfValue,
  HostArray,
  sizeOf,
  type TypedArray,
  toHostArray,
} from '../../runtime/hostArray';
import { onlyOptions, placed } from '../../runtime/options';
import { getDefaultGraph } from '../graph/graph';
import { checkSerializableBytes } from '../graph/nativeTensor';
import { type Rank, type RankOf, type Shape, shapeOf, type Tensor } from '../graph/tensor';
import { applyOne, type Operand, type OpOptions } from './apply';

/** The rank of a value, as far as its type determines it. */
export type RankOfValue<V> = V extends number | bigint | boolean | string
  ? 'scalar'
  : V extends TypedArray | readonly unknown[]
    ? 'array'
    : Rank;

type ConstantShape = readonly number[] | undefined;

/** Options of {@link constant}. */
export interface ConstantOptions<D extends HostDType, S extends ConstantShape = ConstantShape> extends OpOptions {
  /**
   * @defaultValue that of the value
   */
  dtype?: D;
  /** The shape for the value's elements; a single element is repeated. */
  shape?: S;
}

type RankOfConstant<V, S> = S extends readonly number[] ? RankOf<S> : RankOfValue<V>;

/**
 * A tensor with a fixed value.
 *
 * @param value numbers are `float32` if no dtype is given, bigints `int64`
 * @param dtype the dtype of the elements; may be among the options too
 * @throws {InvalidArgumentError} when the value is ragged, or doesn't fit the dtype or shape
 *
 * @example
 * tf.constant(7, tf.int64); // 7n
 */
export function constant<V extends ArrayLike, D extends HostDType, const S extends ConstantShape = undefined>(
  value: V,
  dtype: D,
  options?: Omit<ConstantOptions<D, S>, 'dtype'>,
): Tensor<D, RankOfConstant<V, S>>;
/**
 * A tensor with a fixed value.
 *
 * @param shape the shape for the value's elements; a single element is repeated
 * @throws {InvalidArgumentError} when the value is ragged, or doesn't fit the dtype or shape
 *
 * @example
 * tf.constant(0.1, tf.float32, [3]); // [0.1, 0.1, 0.1]
 */
export function constant<V extends ArrayLike, const S extends readonly number[], D extends HostDType = DTypeOfValue<V>>(
  value: V,
  dtype: D | undefined,
  shape: S,
  options?: OpOptions,
): Tensor<D, RankOfConstant<V, S>>;
/**
 * A tensor with a fixed value.
 *
 * @param value numbers are `float32` if no dtype is given, bigints `int64`
 * @throws {InvalidArgumentError} when the value is ragged, or doesn't fit the dtype or shape
 *
 * @example
 * tf.constant([[1, 2], [3, 4]]);                 // float32 [2, 2]
 * tf.constant(0, { dtype: 'int32', shape: [3] }); // [0, 0, 0]
 */
export function constant<
  V extends ArrayLike,
  D extends HostDType = DTypeOfValue<V>,
  const S extends ConstantShape = undefined,
>(value: V, options?: ConstantOptions<D, S>): Tensor<D, RankOfConstant<V, S>>;
export function constant(value: ArrayLike, ...given: readonly unknown[]): Tensor {
  const options = placed<ConstantOptions<HostDType, ConstantShape>>(given, ['dtype', 'shape']);
  const { dtype, shape, name = 'Const' } = onlyOptions(options, { dtype: 'string', shape: 'array', name: 'string' });
  const array = toHostArray(value, dtype);
  const shaped = shape === undefined ? array : fill(array, shape);
  const attributes = { value: shaped, dtype: shaped.dtype };
  const operation = getDefaultGraph().createOperation('Const', [], attributes, { name });
  return operation.outputs[0]!;
}

function fill(array: HostArray, shape: readonly number[]): HostArray {
  if (array.size !== 1) return array.reshape(shape);
  const bytes = Array.isArray(array.data) ? 1 : array.data.byteLength;
  checkSerializableBytes(sizeOf(shape) * bytes, 'a constant');
  const data = allocate(array.dtype, sizeOf(shape)) as unknown[];
  data.fill(array.data[0]);
  return new HostArray(array.dtype, shape, data as unknown as HostData[HostDType]);
}

/**
 * A tensor whose value must be fed in every run.
 *
 * @param shape `null` for dimensions that may differ from run to run; a number for a vector of that size; if left out,
 * any shape may be fed
 *
 * @example
 * const images = tf.placeholder('float32', [null, 784], { name: 'images' });
 */
export function placeholder<D extends DType, const S extends Shape | number | undefined = undefined>(
  dtype: D,
  shape?: S,
  options: OpOptions = {},
): Tensor<D, RankOf<S>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('Placeholder', [], { dtype, shape: shapeOf(shape ?? null) }, name);
}

/**
 * A tensor whose value may be fed; otherwise it has the value of `input`.
 *
 * @param shape the shape that may be fed; it must be compatible with the input's
 *
 * @example
 * const keepProb = tf.placeholderWithDefault(1, []);
 */
export function placeholderWithDefault<D extends DType, const S extends Shape | number>(
  input: Tensor<D>,
  shape: S,
  options?: OpOptions,
): Tensor<D, RankOf<S>>;
export function placeholderWithDefault<V extends ArrayLike, const S extends Shape | number>(
  input: V,
  shape: S,
  options?: OpOptions,
): Tensor<DTypeOfValue<V>, RankOf<S>>;
export function placeholderWithDefault(input: Operand, shape: Shape | number, options: OpOptions = {}): Tensor {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('PlaceholderWithDefault', [input], { shape: shapeOf(shape) }, name);
}
