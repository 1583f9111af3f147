/**
 * Arrays in the host's memory: what is fed to a session and fetched from one, and conversions from everything that a
 * caller may pass instead (numbers, nested arrays, typed arrays, tfjs tensors).
 */

import { inspect } from 'node:util';
import { shown } from './arguments';
import {
  allocate,
  type DType,
  dtypeOfTypedArray,
  type HostData,
  type HostDType,
  holds,
  isHostDType,
  type ScalarOf,
  type TypedArray,
  typedArrayName,
} from './dtypes';
import { convertNumbers, type Leaf, leafOf, misfit } from './elements';
import { InvalidArgumentError } from './errors';
import { arrayText, displayHostArray } from './hostArrayDisplay';
import { type Displayable, jupyterDisplay, type MimeBundle } from './notebookHost';
import { shapeText } from './shapeText';
import { isTfjsTensor, type TfjsTensor, toTfjs } from './tfjs';

/** `T`, or arrays of `T` nested to any depth. */
export type Nested<T> = T | readonly Nested<T>[];

export type { TypedArray } from './dtypes';

/** Everything that can be used as the value of a tensor. */
export type ArrayLike = Nested<Leaf> | TypedArray | Uint8ClampedArray | Nested<TypedArray> | HostArray | TfjsTensor;

/** The default dtype of a value: `float32` for numbers, whole or not. */
export type DTypeOfValue<V> =
  V extends HostArray<infer D> ? D : V extends Uint8Array | Uint8ClampedArray ? 'uint8' : DTypeOfItem<Item<V>>;

type DTypeOfItem<V> = V extends number | Float32Array
  ? 'float32'
  : V extends Float64Array
    ? 'float64'
    : V extends Int32Array
      ? 'int32'
      : V extends string | Uint8Array
        ? 'string'
        : V extends bigint | BigInt64Array
          ? 'int64'
          : V extends boolean
            ? 'bool'
            : V extends Int16Array
              ? 'int16'
              : V extends Uint16Array
                ? 'uint16'
                : V extends Int8Array
                  ? 'int8'
                  : V extends Uint32Array
                    ? 'uint32'
                    : V extends BigUint64Array
                      ? 'uint64'
                      : HostDType;

/** The elements of nested arrays; written out, because the type checker can't follow arrays nested to any depth. */
type Item<V> = Inner<Inner<Inner<Inner<Inner<V>>>>>;
type Inner<V> = V extends readonly (infer E)[] ? E : V;

/** The maximum rank in TensorFlow. */
export const MAX_RANK = 254;

/**
 * An array in the host's memory: a dtype, a shape, and the elements in row-major order.
 *
 * @example
 * const batch = await session.run(images, feeds); // HostArray<'float32'>
 * batch.shape; // [100, 784]
 * batch.at(0, 300); // one pixel
 * batch.data.subarray(0, 784); // the first image, not copied
 */
export class HostArray<D extends HostDType = HostDType> implements Displayable {
  readonly dtype: D;
  readonly shape: readonly number[];
  /** The elements in row-major order. A 64-bit integer is a `bigint`, a string a `Buffer` with its bytes. */
  readonly data: HostData[D];

  /**
   * @param data the elements, which are not copied
   * @throws {InvalidArgumentError} when the shape isn't made of non-negative integers, when `data` has another type or
   * number of elements than dtype and shape require, or when a bool is neither 0 nor 1
   */
  constructor(dtype: D, shape: readonly number[], data: HostData[D]) {
    checkHostDType(dtype);
    checkData(dtype, shape, data);
    if (dtype === 'bool') checkBooleans(data as Uint8Array);
    this.dtype = dtype;
    this.shape = [...shape];
    this.data = data;
  }

  /** The number of elements. */
  get size(): number {
    return makers.get(this)?.size ?? this.data.length;
  }

  /** The number of dimensions. */
  get rank(): number {
    return this.shape.length;
  }

  /**
   * The element at `indices`, one per dimension.
   *
   * @throws {RangeError} when an index is missing or out of range
   */
  at(...indices: number[]): ScalarOf<D> {
    const { shape } = this;
    if (indices.length !== shape.length)
      throw new RangeError(
        `an array of shape ${shapeText(shape)} takes ${shape.length} indices, not ${indices.length}`,
      );
    let offset = 0;
    for (const [i, index] of indices.entries()) {
      const dimension = shape[i]!;
      if (!Number.isInteger(index) || index < 0 || index >= dimension)
        throw new RangeError(`index ${shown(index)} is outside of dimension ${i} of shape ${shapeText(shape)}`);
      offset = offset * dimension + index;
    }
    return element(this, offset);
  }

  /** The elements as nested arrays; for a scalar, the element. */
  toArray(): Nested<ScalarOf<D>> {
    const { dtype, data, rank, shape } = this;
    let offset = 0;
    const build = (axis: number): Nested<ScalarOf<D>> =>
      axis === rank ? inJavaScript(dtype, data[offset++]) : Array.from({ length: shape[axis]! }, () => build(axis + 1));
    return build(0);
  }

  /**
   * The same elements, not copied, with another shape.
   *
   * @param shape one of its sizes may be -1 and is then inferred
   * @throws {InvalidArgumentError} when the number of elements differs
   *
   * @example
   * batch.reshape([-1, 28, 28]).shape; // [100, 28, 28]
   */
  reshape(shape: readonly number[]): HostArray<D> {
    const full = completed(shape, this.size);
    if (!makers.has(this)) return new HostArray(this.dtype, full, this.data);
    checkSize(full, this.size);
    return deferredArray(this.dtype, full, new ElementsOf(this));
  }

  /**
   * Converts the array to a tensor of `@tensorflow/tfjs-node` (64-bit integers become `int32`).
   *
   * @throws {FailedPreconditionError} when tfjs-node or its native addon is missing; the message says how to install it
   */
  toTensor(): TfjsTensor {
    return toTfjs(this);
  }

  /** The elements in brackets, abbreviated in the middle if there are many: `[[1, 2], [3, 4]]`. */
  toString(): string {
    return arrayText(this);
  }

  /**
   * The value for `JSON.stringify`: nested arrays of numbers, booleans and strings. 64-bit integers beyond 2^53 become
   * strings, because JSON's numbers would lose digits.
   */
  toJSON(): unknown {
    const plain = (value: unknown): unknown => {
      if (Buffer.isBuffer(value)) return value.toString();
      if (Array.isArray(value)) return value.map(plain);
      if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
      return value;
    };
    return plain(this.toArray());
  }

  /** For notebooks: the dtype, the shape, and a table of elements. */
  [jupyterDisplay](): MimeBundle {
    return displayHostArray(this);
  }

  [inspect.custom](_depth: number, options: object): string {
    const elements = this.dtype === 'bool' ? this.toArray() : borrowData(this);
    return `HostArray ${this.dtype} ${shapeText(this.shape)} ${inspect(elements, options)}`;
  }
}

/** Creates the elements of an array on demand. */
export interface ElementMaker<D extends HostDType> {
  /** The number of elements. */
  readonly size: number;
  /** Creates the elements, in memory of their own. */
  make(): HostData[D];
  /** The elements, in memory that may soon be reused: for callers that copy them immediately. */
  borrow(): HostData[D];
  /**
   * The elements in order, a piece at a time, in memory that the next piece reuses: for callers that copy them.
   * Undefined if there are few.
   */
  pieces?(): Iterable<HostData[D]> | undefined;
  /** One element, by its offset. */
  at?(offset: number): HostData[D][number];
}

/** The arrays whose elements haven't been created. */
const makers = new WeakMap<HostArray, ElementMaker<HostDType>>();

/**
 * An array whose elements are created when its `data` is first accessed; from then on, it is an ordinary array. A batch
 * that is only fed is copied once instead of twice.
 */
export function deferredArray<D extends HostDType>(
  dtype: D,
  shape: readonly number[],
  maker: ElementMaker<D>,
): HostArray<D> {
  const array = Object.create(HostArray.prototype) as Writable<HostArray<D>>;
  array.dtype = dtype;
  array.shape = [...shape];
  Object.defineProperty(array, 'data', dataOfDeferred);
  makers.set(array, maker as unknown as ElementMaker<HostDType>);
  return array;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The elements of deferred arrays whose `data` has been accessed. */
const made = new WeakMap<HostArray, HostData[HostDType]>();

/** One getter shared by all deferred arrays: with a getter each, V8 would give every array its own hidden class, which is slow. */
const dataOfDeferred: PropertyDescriptor & ThisType<HostArray> = {
  get() {
    const maker = makers.get(this);
    if (maker) {
      made.set(this, maker.make());
      makers.delete(this);
    }
    return made.get(this);
  },
  enumerable: true,
};

/** The maker of an array's elements; undefined if they exist. */
export function makerOf(array: HostArray): ElementMaker<HostDType> | undefined {
  return makers.get(array);
}

/** The array that provides the elements of a reshaped array; the array itself if it has its own. */
export function originOf(array: HostArray): HostArray {
  const maker = makers.get(array);
  return maker instanceof ElementsOf ? originOf(maker.array as HostArray) : array;
}

/** The elements of an array, for callers that copy them immediately and access nothing else before. */
export function borrowData<D extends HostDType>(array: HostArray<D>): HostData[D] {
  return (makers.get(array)?.borrow() as HostData[D] | undefined) ?? array.data;
}

/**
 * The elements of an array in pieces, as from {@link ElementMaker.pieces}; undefined if there are few, or they exist.
 */
export function piecesOf<D extends HostDType>(array: HostArray<D>): Iterable<HostData[D]> | undefined {
  return makers.get(array)?.pieces?.() as Iterable<HostData[D]> | undefined;
}

/** The elements of another array, which may not have been created. */
class ElementsOf<D extends HostDType> implements ElementMaker<D> {
  constructor(readonly array: HostArray<D>) {}

  get size(): number {
    return this.array.size;
  }

  make(): HostData[D] {
    return this.array.data;
  }

  borrow(): HostData[D] {
    return borrowData(this.array);
  }

  pieces(): Iterable<HostData[D]> | undefined {
    return piecesOf(this.array);
  }

  at(offset: number): HostData[D][number] {
    return storedAt(this.array, offset);
  }
}

/** The stored element at an offset, without creating all of them. */
function storedAt<D extends HostDType>(array: HostArray<D>, offset: number): HostData[D][number] {
  return (makers.get(array)?.at?.(offset) as HostData[D][number] | undefined) ?? array.data[offset]!;
}

/** The element at an offset, as a JavaScript value. */
function element<D extends HostDType>(array: HostArray<D>, offset: number): ScalarOf<D> {
  return inJavaScript(array.dtype, storedAt(array, offset));
}

function inJavaScript<D extends HostDType>(dtype: D, stored: HostData[D][number] | undefined): ScalarOf<D> {
  return (dtype === 'bool' ? stored === 1 : stored) as ScalarOf<D>;
}

/** The element of a scalar as a JavaScript value; any other array unchanged. */
export function scalarOrArray<D extends HostDType>(array: HostArray<D>): ScalarOf<D> | HostArray<D> {
  return array.rank === 0 ? element(array, 0) : array;
}

/**
 * The number of elements of a shape.
 *
 * @throws {InvalidArgumentError} when it isn't made of non-negative integers, or has too many dimensions or elements
 */
export function sizeOf(shape: readonly number[]): number {
  if (!Array.isArray(shape)) throw new InvalidArgumentError(`a shape is an array such as [2, 3], not ${shown(shape)}`);
  if (shape.length > MAX_RANK) throw tooDeep(shape.length);
  let size = 1;
  let nonzero = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0)
      throw new InvalidArgumentError(`a shape is made of whole numbers from 0 on: ${shapeText(shape)} isn't`);
    size *= dimension;
    nonzero *= dimension || 1;
  }
  // TensorFlow also limits the product of the non-zero sizes.
  if (!Number.isSafeInteger(nonzero)) throw new InvalidArgumentError(`shape ${shapeText(shape)} has too many elements`);
  return size;
}

/** @throws {InvalidArgumentError} when it is not a dtype, or one whose elements JavaScript can't represent */
export function checkHostDType(dtype: DType): asserts dtype is HostDType {
  if (!isHostDType(dtype)) throw new InvalidArgumentError(`no array holds elements of dtype ${shown(dtype)}`);
}

/**
 * Refuses data that doesn't match a dtype and a shape. This is repeated whenever data is passed to libtensorflow: a
 * shape or a buffer may have changed meanwhile, and libtensorflow reads whatever it is told to.
 *
 * @throws {InvalidArgumentError} when it doesn't match
 */
export function checkData(dtype: HostDType, shape: readonly number[], data: HostData[HostDType]): void {
  const size = sizeOf(shape);
  if (!holds(dtype, data)) {
    const found = ArrayBuffer.isView(data) ? `a ${data.constructor.name}` : inspect(data);
    throw new InvalidArgumentError(
      dtype === 'string'
        ? `an array of string holds an array of Buffers, not ${found}`
        : `an array of ${dtype} holds a ${typedArrayName(dtype)}, not ${found}; hostArray(data, '${dtype}') converts`,
    );
  }
  checkAttached(data);
  if (data.length !== size) throw otherSize(shape, size, data.length);
}

/**
 * @throws {InvalidArgumentError} when an empty typed array lost its elements because its memory was transferred, for example to a worker
 */
function checkAttached(data: unknown): void {
  if (!ArrayBuffer.isView(data) || data.byteLength > 0) return;
  try {
    new Uint8Array(data.buffer); // Node 20 doesn't know the property `detached`
  } catch {
    throw new InvalidArgumentError(
      `the memory of this ${data.constructor.name} was transferred to another thread or buffer, and its elements with it; pass a copy there, or use the array before`,
    );
  }
}

/** @throws {InvalidArgumentError} when a shape doesn't have this number of elements */
export function checkSize(shape: readonly number[], elements: number): void {
  const size = sizeOf(shape);
  if (elements !== size) throw otherSize(shape, size, elements);
}

function otherSize(shape: readonly number[], size: number, elements: number): InvalidArgumentError {
  return new InvalidArgumentError(`shape ${shapeText(shape)} holds ${size} elements, but the data has ${elements}`);
}

function checkBooleans(data: Uint8Array): void {
  for (let i = 0; i < data.length; i++)
    if (data[i]! > 1) throw new InvalidArgumentError(`a bool is 0 or 1, but element ${i} is ${data[i]}`);
}

/** `shape`, with -1 replaced by the size inferred from the number of elements. */
function completed(shape: readonly number[], size: number): readonly number[] {
  if (!Array.isArray(shape) || !shape.includes(-1)) return shape;
  const known = sizeOf(shape.filter((_, i) => i !== shape.indexOf(-1)));
  if (known === 0 || size % known !== 0)
    throw new InvalidArgumentError(`${size} elements don't make up an array of shape ${shapeText(shape)}`);
  return shape.map((dimension) => (dimension === -1 ? size / known : dimension));
}

function tooDeep(rank?: number): InvalidArgumentError {
  const found = rank === undefined ? 'arrays are nested deeper, or contain themselves' : `this one has ${rank}`;
  return new InvalidArgumentError(`a tensor has at most ${MAX_RANK} dimensions; ${found}`);
}

/**
 * Converts `value` to a host array. Without `dtype`, the dtype is that of a typed array; `float32` for numbers, whole
 * or not, because JavaScript doesn't distinguish 1.0 from 1; `bool`, `string`, and `int64` for bigints. Typed arrays
 * and host arrays of another dtype are converted: integers exactly, fractions by rounding to the nearest.
 *
 * @throws {InvalidArgumentError} when nested arrays are ragged or contain mixed types, or an element doesn't fit the
 * dtype (0.5 or 2^40 for `int32`, 2 for `bool`)
 *
 * @example
 * tf.hostArray([[1, 2], [3, 4]], 'float32').shape; // [2, 2]
 */
export function toHostArray<V extends ArrayLike>(value: V, dtype?: undefined): HostArray<DTypeOfValue<V>>;
export function toHostArray<D extends HostDType>(value: ArrayLike, dtype: D): HostArray<D>;
export function toHostArray(value: ArrayLike, dtype?: HostDType): HostArray;
export function toHostArray(value: ArrayLike, dtype?: HostDType): HostArray {
  if (dtype !== undefined) checkHostDType(dtype);
  if (value instanceof HostArray) return checkDType(value, dtype);
  if (isTfjsTensor(value)) return checkDType(fromTfjs(value), dtype);
  const held = dtype !== 'string' && dtypeOfTypedArray(value);
  if (held) return fromTypedArray(plainBytes(value as TypedArray | Uint8ClampedArray), held, dtype);
  return fromNested(value as Nested<Leaf>, dtype);
}

/** The bytes of a clamped array, as from a canvas, as a `uint8` array. */
function plainBytes(value: TypedArray | Uint8ClampedArray): TypedArray {
  return value instanceof Uint8ClampedArray ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}

function checkDType(array: HostArray, dtype: HostDType = array.dtype): HostArray {
  if (array.dtype === dtype) return array;
  if (array.dtype === 'string') throw new InvalidArgumentError(`expected ${dtype}, got an array of string`);
  return new HostArray(dtype, array.shape, convertNumbers(array.data as TypedArray, array.dtype, dtype));
}

function fromTypedArray(value: TypedArray, held: HostDType, dtype: HostDType = held): HostArray {
  checkAttached(value);
  // Bytes may be booleans too; the array refuses values other than 0 and 1.
  const fits = held === dtype || (held === 'uint8' && dtype === 'bool');
  return new HostArray(
    dtype,
    [value.length],
    fits ? (value as HostData[HostDType]) : convertNumbers(value, held, dtype),
  );
}

function fromTfjs(tensor: TfjsTensor): HostArray {
  const dtype = tensor.dtype as 'float32' | 'int32' | 'bool' | 'string';
  const data = dtype === 'string' ? tensor.dataSync<'string'>().map((text) => Buffer.from(text)) : tensor.dataSync();
  return new HostArray(dtype, [...tensor.shape], data as HostData[typeof dtype]);
}

function fromNested(value: Nested<Leaf> | readonly TypedArray[], dtype: HostDType | undefined): HostArray {
  const shape: number[] = [];
  const isLevel = levelOf(dtype);
  let level: unknown = value;
  let rowsHold: HostDType | undefined;
  while (isLevel(level)) {
    rowsHold = dtypeOfTypedArray(level);
    shape.push(level.length);
    if (shape.length > MAX_RANK) throw tooDeep();
    if (level.length === 0) {
      checkAttached(level);
      break;
    }
    level = level[0];
  }
  const leaves: Leaf[] = [];
  collect(value, shape, 0, leaves, isLevel);
  // The dtype of typed arrays that are rows of nested arrays.
  const chosen = dtype ?? rowsHold ?? inferDType(leaves[0]);
  const data = allocate(chosen, leaves.length) as unknown[];
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leafOf(leaves[i], chosen);
    if (leaf === undefined) throw misfit(leaves[i], chosen, indicesOf(i, shape));
    data[i] = leaf;
  }
  return new HostArray(chosen, shape, data as HostData[HostDType]);
}

/**
 * Tests whether a value is a level of nested arrays. A byte array is an element for dtype `string`, and a row of
 * numbers for any other dtype.
 */
function levelOf(dtype: HostDType | undefined): (value: unknown) => value is globalThis.ArrayLike<unknown> {
  const bytes = dtype === undefined || dtype === 'string';
  return (value): value is globalThis.ArrayLike<unknown> =>
    Array.isArray(value) ||
    (ArrayBuffer.isView(value) && dtypeOfTypedArray(value) !== undefined && !(bytes && value instanceof Uint8Array));
}

function collect(
  value: unknown,
  shape: readonly number[],
  axis: number,
  leaves: Leaf[],
  isLevel: ReturnType<typeof levelOf>,
): void {
  if (axis === shape.length) {
    if (isLevel(value)) throw ragged(shape, axis, 'an array');
    leaves.push(value as Leaf);
    return;
  }
  if (!isLevel(value)) throw ragged(shape, axis, inspect(value));
  if (value.length !== shape[axis]) throw ragged(shape, axis, `an array of ${value.length}`);
  for (let i = 0; i < value.length; i++) collect(value[i], shape, axis + 1, leaves, isLevel);
}

function indicesOf(offset: number, shape: readonly number[]): number[] {
  const indices: number[] = [];
  for (let axis = shape.length - 1, rest = offset; axis >= 0; axis--) {
    const size = shape[axis]!;
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices;
}

function ragged(shape: readonly number[], axis: number, found: string): InvalidArgumentError {
  const expected = axis === shape.length ? 'an element' : `an array of ${shape[axis]}`;
  return new InvalidArgumentError(
    `nested arrays must be rectangular: expected ${expected} at depth ${axis}, got ${found}`,
  );
}

function inferDType(first: Leaf | undefined): HostDType {
  switch (typeof first) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int64';
    case 'string':
      return 'string';
    case 'number':
    case 'undefined': // for an empty array; every dtype refuses undefined values
      return 'float32';
    default:
      if (first instanceof Uint8Array) return 'string';
      throw new InvalidArgumentError(`expected numbers, booleans, strings or bytes, got ${shown(first)}`);
  }
}
