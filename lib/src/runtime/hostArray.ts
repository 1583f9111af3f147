/**
 * Arrays in the host's memory: what is fed to a session and what is fetched from one, and the conversion from
 * everything that a caller may write instead (numbers, nested arrays, typed arrays, tfjs tensors).
 */
import { inspect } from 'node:util';
import type { Tensor as TfjsTensor } from '@tensorflow/tfjs-core';
import {
  allocate,
  type DType,
  dtypeOfTypedArray,
  type HostData,
  type HostDType,
  isBigInt,
  isFloating,
  type ScalarOf,
} from './dtypes';
import { InvalidArgumentError } from './errors';
import { type Displayable, jupyterDisplay, type MimeBundle } from './host';
import { displayHostArray } from './hostArrayDisplay';
import { isTfjsTensor, toTfjs } from './tfjs';

/** Arrays of `T` nested to any depth, and `T` itself. */
export type Nested<T> = T | readonly Nested<T>[];

/** Typed arrays that hold elements of some dtype. */
export type TypedArray = Exclude<HostData[HostDType], Buffer[]>;

/** Everything that can stand for the value of a tensor. */
export type ArrayLike = Nested<number | bigint | boolean | string | Uint8Array> | TypedArray | HostArray | TfjsTensor;

/**
 * An array in the host's memory: a dtype, a shape, and the elements in row-major order.
 *
 * @example
 * const images = await session.run(batch);      // HostArray<'float32'> of shape [100, 784]
 * images.at(0, 300);                            // one pixel
 * images.data.subarray(0, 784);                 // the first image, not copied
 */
export class HostArray<D extends HostDType = HostDType> implements Displayable {
  readonly dtype: D;
  readonly shape: readonly number[];
  /** The elements in row-major order. A 64-bit integer is a `bigint`, a string the `Buffer` of its bytes. */
  readonly data: HostData[D];

  /** @throws {InvalidArgumentError} when `data` has not the number of elements that `shape` says */
  constructor(dtype: D, shape: readonly number[], data: HostData[D]) {
    const size = sizeOf(shape);
    if (data.length !== size)
      throw new InvalidArgumentError(`shape [${shape}] holds ${size} elements, but the data has ${data.length}`);
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }

  /** The number of elements. */
  get size(): number {
    return this.data.length;
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
      throw new RangeError(`an array of shape [${shape}] takes ${shape.length} indices, not ${indices.length}`);
    let offset = 0;
    for (const [i, index] of indices.entries()) {
      const dimension = shape[i] as number;
      if (!Number.isInteger(index) || index < 0 || index >= dimension)
        throw new RangeError(`index ${index} is outside of dimension ${i} of shape [${shape}]`);
      offset = offset * dimension + index;
    }
    return element(this, offset);
  }

  /** The elements as nested arrays; of a scalar, the element. */
  toArray(): Nested<ScalarOf<D>> {
    let offset = 0;
    const build = (axis: number): Nested<ScalarOf<D>> =>
      axis === this.rank
        ? element(this, offset++)
        : Array.from({ length: this.shape[axis] as number }, () => build(axis + 1));
    return build(0);
  }

  /**
   * The same elements, not copied, under another shape.
   *
   * @throws {InvalidArgumentError} when the number of elements differs
   */
  reshape(shape: readonly number[]): HostArray<D> {
    return new HostArray(this.dtype, shape, this.data);
  }

  /**
   * A tensor of `@tensorflow/tfjs-node` with this value (64-bit integers become `int32`).
   *
   * @throws {Error} when tfjs-node's native addon isn't there, saying how to get it
   */
  toTensor(): TfjsTensor {
    return toTfjs(this);
  }

  /** The dtype, the shape and elements, in a table in a notebook. */
  [jupyterDisplay](): MimeBundle {
    return displayHostArray(this);
  }

  [inspect.custom](_depth: number, options: object): string {
    return `HostArray ${this.dtype} [${this.shape}] ${inspect(this.dtype === 'bool' ? this.toArray() : this.data, options)}`;
  }
}

/** One element of an array as a JavaScript value, by its place in the data. */
function element<D extends HostDType>(array: HostArray<D>, offset: number): ScalarOf<D> {
  const value = array.data[offset];
  return (array.dtype === 'bool' ? value === 1 : value) as ScalarOf<D>;
}

/** The value of an array of one element and no dimension as JavaScript has it; any other array itself. */
export function scalarOrArray<D extends HostDType>(array: HostArray<D>): ScalarOf<D> | HostArray<D> {
  return array.rank === 0 ? element(array, 0) : array;
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/**
 * A host array of `value`. Without `dtype`, it is the value's own: what a typed array holds; `float32` for numbers,
 * whole or not, since JavaScript doesn't tell 1.0 from 1; `bool`, `string`, and `int64` for bigints.
 *
 * @throws {InvalidArgumentError} when nested arrays are ragged or mix kinds, or an element doesn't fit the dtype
 *
 * @example
 * toHostArray([[1, 2], [3, 4]], 'float32').shape; // [2, 2]
 */
export function toHostArray(value: ArrayLike, dtype?: undefined): HostArray;
export function toHostArray<D extends HostDType>(value: ArrayLike, dtype: D): HostArray<D>;
export function toHostArray(value: ArrayLike, dtype?: HostDType): HostArray;
export function toHostArray(value: ArrayLike, dtype?: HostDType): HostArray {
  if (value instanceof HostArray) return checkDType(value, dtype);
  if (isTfjsTensor(value)) return checkDType(fromTfjs(value), dtype);
  const held = dtype !== 'string' && dtypeOfTypedArray(value);
  if (held) return fromTypedArray(value as TypedArray, held, dtype);
  return fromNested(value as Nested<Leaf>, dtype);
}

type Leaf = number | bigint | boolean | string | Uint8Array;

function checkDType(array: HostArray, dtype: HostDType | undefined): HostArray {
  if (dtype === undefined || array.dtype === dtype) return array;
  // A tfjs bool and a uint8 share their bytes but not their meaning; nothing is converted silently.
  throw new InvalidArgumentError(`expected ${dtype}, got an array of ${array.dtype}`);
}

function fromTypedArray(value: TypedArray, held: HostDType, dtype: HostDType = held): HostArray {
  // One byte an element holds booleans too.
  if (held !== dtype && !(dtype === 'bool' && held === 'uint8'))
    throw new InvalidArgumentError(`expected ${dtype}, got a ${value.constructor.name} (${held})`);
  return new HostArray(dtype, [value.length], value as HostData[HostDType]);
}

function fromTfjs(tensor: TfjsTensor): HostArray {
  const dtype = tensor.dtype as 'float32' | 'int32' | 'bool' | 'string';
  const data = dtype === 'string' ? tensor.dataSync<'string'>().map((text) => Buffer.from(text)) : tensor.dataSync();
  return new HostArray(dtype, [...tensor.shape], data as HostData[typeof dtype]);
}

function fromNested(value: Nested<Leaf>, dtype: HostDType | undefined): HostArray {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const leaves: Leaf[] = [];
  collect(value, shape, 0, leaves);
  const chosen = dtype ?? inferDType(leaves[0]);
  const data = allocate(chosen, leaves.length) as unknown[];
  for (const [i, leaf] of leaves.entries()) data[i] = convert(leaf, chosen);
  return new HostArray(chosen, shape, data as HostData[HostDType]);
}

function collect(value: Nested<Leaf>, shape: readonly number[], axis: number, leaves: Leaf[]): void {
  if (axis === shape.length) {
    if (Array.isArray(value)) throw ragged(shape, axis, 'an array');
    leaves.push(value as Leaf);
    return;
  }
  if (!Array.isArray(value)) throw ragged(shape, axis, inspect(value));
  if (value.length !== shape[axis]) throw ragged(shape, axis, `an array of ${value.length}`);
  for (const item of value) collect(item, shape, axis + 1, leaves);
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
      throw new InvalidArgumentError(`expected numbers, booleans, strings or bytes, got ${inspect(first)}`);
  }
}

/** The least and greatest value of each integer dtype that JavaScript holds as a number. */
const ranges: Partial<Record<DType, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};

function convert(value: Leaf, dtype: HostDType): number | bigint | Buffer {
  if (dtype === 'string') {
    if (typeof value === 'string') return Buffer.from(value);
    if (value instanceof Uint8Array) return Buffer.from(value);
  } else if (dtype === 'bool') {
    if (typeof value === 'boolean') return value ? 1 : 0;
  } else if (isFloating(dtype)) {
    if (typeof value === 'number') return value;
  } else if (isBigInt(dtype)) {
    const low = dtype === 'int64' ? -(2n ** 63n) : 0n;
    const high = dtype === 'int64' ? 2n ** 63n - 1n : 2n ** 64n - 1n;
    const whole = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
    if (typeof whole === 'bigint' && whole >= low && whole <= high) return whole;
  } else {
    const [low, high] = ranges[dtype] as readonly [number, number];
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  }
  throw new InvalidArgumentError(`expected ${dtype}, got ${inspect(value)}`);
}
