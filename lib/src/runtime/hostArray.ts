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

/** Arrays of `T` nested to any depth, and `T` itself. */
export type Nested<T> = T | readonly Nested<T>[];

export type { TypedArray } from './dtypes';

/** Everything that can stand for the value of a tensor. */
export type ArrayLike = Nested<Leaf> | TypedArray | Uint8ClampedArray | Nested<TypedArray> | HostArray | TfjsTensor;

/** The dtype that a value has when none is given: numbers are `float32`, whole or not. */
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

/** What nested arrays hold; written out, since the type checker can't follow arrays nested to any depth. */
type Item<V> = Inner<Inner<Inner<Inner<Inner<V>>>>>;
type Inner<V> = V extends readonly (infer E)[] ? E : V;

/** TensorFlow has no tensors of more dimensions. */
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
  /** The elements in row-major order. A 64-bit integer is a `bigint`, a string the `Buffer` of its bytes. */
  readonly data: HostData[D];

  /**
   * @param data the elements, not copied
   * @throws {InvalidArgumentError} when the shape isn't made of whole numbers from 0 on, when `data` isn't of the kind that
   *   the dtype has, or has not the number of elements that the shape says, or when one of bools is neither 0 nor 1
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
   * The element at `indices`, one a dimension.
   *
   * @throws {RangeError} when an index is missing or outside of its dimension
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

  /** The elements as nested arrays; of a scalar, the element. */
  toArray(): Nested<ScalarOf<D>> {
    const { dtype, data, rank, shape } = this;
    let offset = 0;
    const build = (axis: number): Nested<ScalarOf<D>> =>
      axis === rank ? inJavaScript(dtype, data[offset++]) : Array.from({ length: shape[axis]! }, () => build(axis + 1));
    return build(0);
  }

  /**
   * The same elements, not copied, under another shape.
   *
   * @param shape one of its sizes may be -1: it becomes what the number of elements leaves for it
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
   * A tensor of `@tensorflow/tfjs-node` with this value (64-bit integers become `int32`).
   *
   * @throws {FailedPreconditionError} when tfjs-node or its native addon isn't there, saying how to get it
   */
  toTensor(): TfjsTensor {
    return toTfjs(this);
  }

  /** The elements in brackets, those in the middle left out where there are many: `[[1, 2], [3, 4]]`. */
  toString(): string {
    return arrayText(this);
  }

  /**
   * What `JSON.stringify` writes: nested arrays of numbers, booleans and texts. 64-bit integers beyond 2^53 become texts,
   * since JSON's numbers would lose digits.
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

  /** The dtype, the shape and elements, in a table in a notebook. */
  [jupyterDisplay](): MimeBundle {
    return displayHostArray(this);
  }

  [inspect.custom](_depth: number, options: object): string {
    const elements = this.dtype === 'bool' ? this.toArray() : borrowData(this);
    return `HostArray ${this.dtype} ${shapeText(this.shape)} ${inspect(elements, options)}`;
  }
}

/** Makes the elements of an array. */
export interface ElementMaker<D extends HostDType> {
  /** How many there are. */
  readonly size: number;
  /** The elements, in memory of their own. */
  make(): HostData[D];
  /** The elements, in memory that may be another's soon: for who copies them at once. */
  borrow(): HostData[D];
  /** Many elements in their order, a piece at a time, each in memory that is the next one's: for who copies them. Of few, undefined. */
  pieces?(): Iterable<HostData[D]> | undefined;
  /** One element by its place. */
  at?(offset: number): HostData[D][number];
}

/** The arrays whose elements nobody has looked at. */
const makers = new WeakMap<HostArray, ElementMaker<HostDType>>();

/**
 * An array whose elements are made when somebody looks at its `data`, and from then on are like any other's. A batch that is fed and
 * not looked at is copied once instead of twice.
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

/** The elements of deferred arrays that somebody has looked at. */
const made = new WeakMap<HostArray, HostData[HostDType]>();

/** One getter for all of them: with one each, every array would be of a kind of its own to V8, and slow to read. */
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

/** What makes the elements of an array; undefined of one that has them. */
export function makerOf(array: HostArray): ElementMaker<HostDType> | undefined {
  return makers.get(array);
}

/** The array whose elements an array has under another shape; where it has its own, itself. */
export function originOf(array: HostArray): HostArray {
  const maker = makers.get(array);
  return maker instanceof ElementsOf ? originOf(maker.array as HostArray) : array;
}

/** The elements of an array for who copies them at once, and looks at nothing else before. */
export function borrowData<D extends HostDType>(array: HostArray<D>): HostData[D] {
  return (makers.get(array)?.borrow() as HostData[D] | undefined) ?? array.data;
}

/** Many elements of an array, as {@link ElementMaker.pieces} gives them; undefined where they are few, or are there. */
export function piecesOf<D extends HostDType>(array: HostArray<D>): Iterable<HostData[D]> | undefined {
  return makers.get(array)?.pieces?.() as Iterable<HostData[D]> | undefined;
}

/** The elements of another array, which may not have them yet. */
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

/** What an array's data has at a place, without making all of it. */
function storedAt<D extends HostDType>(array: HostArray<D>, offset: number): HostData[D][number] {
  return (makers.get(array)?.at?.(offset) as HostData[D][number] | undefined) ?? array.data[offset]!;
}

/** One element of an array as a JavaScript value, by its place in the data. */
function element<D extends HostDType>(array: HostArray<D>, offset: number): ScalarOf<D> {
  return inJavaScript(array.dtype, storedAt(array, offset));
}

function inJavaScript<D extends HostDType>(dtype: D, stored: HostData[D][number] | undefined): ScalarOf<D> {
  return (dtype === 'bool' ? stored === 1 : stored) as ScalarOf<D>;
}

/** The value of an array of one element and no dimension as JavaScript has it; any other array itself. */
export function scalarOrArray<D extends HostDType>(array: HostArray<D>): ScalarOf<D> | HostArray<D> {
  return array.rank === 0 ? element(array, 0) : array;
}

/**
 * The number of elements of a shape.
 *
 * @throws {InvalidArgumentError} when it isn't made of whole numbers from 0 on, or has too many dimensions or elements
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
  // TensorFlow multiplies what isn't zero, too.
  if (!Number.isSafeInteger(nonzero)) throw new InvalidArgumentError(`shape ${shapeText(shape)} has too many elements`);
  return size;
}

/** @throws {InvalidArgumentError} when it is no dtype, or one of which no array on this side holds elements */
export function checkHostDType(dtype: DType): asserts dtype is HostDType {
  if (!isHostDType(dtype)) throw new InvalidArgumentError(`no array holds elements of dtype ${shown(dtype)}`);
}

/**
 * Refuses data that isn't what a dtype and a shape say. Whoever hands data to libtensorflow asks it again: a shape or a
 * buffer may have changed meanwhile, and libtensorflow reads what it is told to read.
 *
 * @throws {InvalidArgumentError} when it isn't
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
  if (data.length !== size) throw otherSize(shape, size, data.length);
}

/** @throws {InvalidArgumentError} when a shape isn't one of so many elements */
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

/** `shape` with its -1, if it has one, replaced by what `size` elements leave for it. */
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
 * A host array of `value`. Without `dtype`, it is the value's own: what a typed array holds; `float32` for numbers,
 * whole or not, since JavaScript doesn't tell 1.0 from 1; `bool`, `string`, and `int64` for bigints. Typed arrays and host
 * arrays of another dtype are converted: every whole number stays the same, a fraction becomes the nearest that the dtype has.
 *
 * @throws {InvalidArgumentError} when nested arrays are ragged or mix kinds, or an element doesn't fit the dtype (0.5 or
 *   2^40 for `int32`, 2 for `bool`)
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

/** A clamped array's bytes, as a canvas has them, in the array that holds a `uint8`. */
function plainBytes(value: TypedArray | Uint8ClampedArray): TypedArray {
  return value instanceof Uint8ClampedArray ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}

function checkDType(array: HostArray, dtype: HostDType = array.dtype): HostArray {
  if (array.dtype === dtype) return array;
  if (array.dtype === 'string') throw new InvalidArgumentError(`expected ${dtype}, got an array of string`);
  return new HostArray(dtype, array.shape, convertNumbers(array.data as TypedArray, array.dtype, dtype));
}

function fromTypedArray(value: TypedArray, held: HostDType, dtype: HostDType = held): HostArray {
  // One byte an element holds booleans too; others than 0 and 1 among them are refused by the array.
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
    if (level.length === 0) break;
    level = level[0];
  }
  const leaves: Leaf[] = [];
  collect(value, shape, 0, leaves, isLevel);
  // Typed arrays that are rows of nested ones say what they hold.
  const chosen = dtype ?? rowsHold ?? inferDType(leaves[0]);
  const data = allocate(chosen, leaves.length) as unknown[];
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leafOf(leaves[i], chosen);
    if (leaf === undefined) throw misfit(leaves[i], chosen, indicesOf(i, shape));
    data[i] = leaf;
  }
  return new HostArray(chosen, shape, data as HostData[HostDType]);
}

/** What is a level of nested arrays. Bytes are the element of an array of strings, and a row of numbers of any other dtype. */
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
    case 'undefined': // an empty array's; a value that is undefined is refused by every dtype
      return 'float32';
    default:
      if (first instanceof Uint8Array) return 'string';
      throw new InvalidArgumentError(`expected numbers, booleans, strings or bytes, got ${shown(first)}`);
  }
}
