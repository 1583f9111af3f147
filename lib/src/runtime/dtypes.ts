/**
 * TensorFlow's element types: their names, their numbers in the C API and in protocol buffers, and the JavaScript
 * values that hold their elements.
 */
import { ResourceExhaustedError } from './errors';

/** The number of each element type in TensorFlow's `types.proto` and `TF_DataType`. */
const numbers = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  qint8: 11,
  quint8: 12,
  qint32: 13,
  bfloat16: 14,
  qint16: 15,
  quint16: 16,
  uint16: 17,
  complex128: 18,
  float16: 19,
  resource: 20,
  variant: 21,
  uint32: 22,
  uint64: 23,
} as const satisfies Record<DType, number>;

// Written as lists, not as keys of another type: the compiler then shows the names of these types.

/** The numeric dtypes that JavaScript can represent. */
export type NumericDType = FloatDType | 'int32' | 'uint32' | 'int16' | 'uint16' | 'int8' | 'uint8' | 'int64' | 'uint64';

/** The dtypes whose values can be fed and fetched. */
export type HostDType = NumericDType | 'bool' | 'string';

/** The name of an element type of TensorFlow. */
export type DType =
  | HostDType
  | 'complex64'
  | 'complex128'
  | 'qint8'
  | 'quint8'
  | 'qint16'
  | 'quint16'
  | 'qint32'
  | 'bfloat16'
  | 'float16'
  | 'resource'
  | 'variant';

/** The type of the elements of an array, for each dtype that JavaScript can represent. */
export interface HostData {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  /** One byte per element, 0 or 1. */
  bool: Uint8Array;
  /** TensorFlow's strings are bytes; `toString()` decodes them as UTF-8. */
  string: Buffer[];
}

/** The floating-point dtypes that JavaScript can represent. */
export type FloatDType = 'float32' | 'float64';

/** One element of an array of dtype `D` as a JavaScript value. */
export type ScalarOf<D extends DType> = D extends 'int64' | 'uint64'
  ? bigint
  : D extends 'bool'
    ? boolean
    : D extends 'string'
      ? Buffer
      : number;

/** Typed arrays that hold elements of some dtype. */
export type TypedArray = Exclude<HostData[HostDType], Buffer[]>;

type TypedArrayConstructor = new (length: number) => TypedArray;

const arrays: Record<Exclude<HostDType, 'string'>, TypedArrayConstructor> = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

const names = new Map<number, DType>(Object.entries(numbers).map(([name, number]) => [number, name as DType]));

/** TensorFlow adds this to the number of a dtype for a reference to a variable's buffer. */
const REF_OFFSET = 100;

/** The number of `dtype` in the C API and in protocol buffers. */
export function dtypeNumber(dtype: DType): number {
  return numbers[dtype];
}

/** The dtype of a number of the C API; for a reference dtype, the dtype to which it refers. */
export function dtypeOf(number: number): DType {
  const name = names.get(isRefDType(number) ? number - REF_OFFSET : number);
  if (name === undefined) throw new RangeError(`no dtype has the number ${number}`);
  return name;
}

/** Whether a number of the C API denotes a reference to a variable's buffer. */
export function isRefDType(number: number): boolean {
  return number > REF_OFFSET;
}

/** Whether `value` is the name of a dtype. */
export function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(numbers, value);
}

/** Whether JavaScript can represent arrays of `dtype`, so that they can be fed and fetched. */
export function isHostDType(dtype: DType): dtype is HostDType {
  return dtype === 'string' || (typeof dtype === 'string' && Object.hasOwn(arrays, dtype));
}

/** Whether `data` has the right type for elements of `dtype`. */
export function holds(dtype: HostDType, data: unknown): boolean {
  if (dtype !== 'string') return data instanceof arrays[dtype];
  return Array.isArray(data) && data.every((bytes) => bytes instanceof Uint8Array);
}

/** The name of the typed array for elements of `dtype`. */
export function typedArrayName(dtype: Exclude<HostDType, 'string'>): string {
  return arrays[dtype].name;
}

const floating = new Set<DType>(['float32', 'float64', 'float16', 'bfloat16']);
const complex = new Set<DType>(['complex64', 'complex128']);

/** Whether `dtype` is a real floating-point type. */
export function isFloating(dtype: DType): boolean {
  return floating.has(dtype);
}

/** Whether `dtype` is a complex type. */
export function isComplex(dtype: DType): boolean {
  return complex.has(dtype);
}

/** Whether `dtype` can have a gradient: floating-point or complex. */
export function isTrainable(dtype: DType): boolean {
  return floating.has(dtype) || complex.has(dtype);
}

/** Whether elements of `dtype` are 64-bit integers, which JavaScript represents as `bigint`. */
export function isBigInt(dtype: DType): dtype is 'int64' | 'uint64' {
  return dtype === 'int64' || dtype === 'uint64';
}

/** The size of an element of `dtype` in its typed array, in bytes. */
export function bytesPerElement(dtype: Exclude<HostDType, 'string'>): number {
  return (arrays[dtype] as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
}

/** The element sizes of the dtypes that JavaScript can't represent, in bytes. */
const otherBytes = {
  float16: 2,
  bfloat16: 2,
  complex64: 8,
  complex128: 16,
  qint8: 1,
  quint8: 1,
  qint16: 2,
  quint16: 2,
  qint32: 4,
} as const satisfies Partial<Record<DType, number>>;

/**
 * The size of an element of `dtype` in bytes; undefined if elements differ in size: strings, resources and variants.
 */
export function elementBytes(dtype: DType): number | undefined {
  if (dtype === 'string' || dtype === 'resource' || dtype === 'variant') return undefined;
  return isHostDType(dtype) ? bytesPerElement(dtype) : otherBytes[dtype];
}

/**
 * New storage for `length` elements of `dtype`: zeros, or empty strings.
 *
 * @throws {ResourceExhaustedError} when there is not enough memory
 */
export function allocate<D extends HostDType>(dtype: D, length: number): HostData[D] {
  try {
    const data =
      dtype === 'string' ? Array.from({ length }, () => Buffer.alloc(0)) : new arrays[dtype as 'float32'](length);
    return data as HostData[D];
  } catch {
    throw new ResourceExhaustedError(`no memory for ${length} elements of ${dtype}`);
  }
}

/**
 * Storage that will be filled completely. Clearing a batch of images first would take about a third of the time of
 * filling it.
 */
export function allocateUnfilled<D extends HostDType>(dtype: D, length: number): HostData[D] {
  if (dtype === 'string') return new Array<Buffer>(length) as HostData[D];
  const { buffer } = Buffer.allocUnsafeSlow(length * bytesPerElement(dtype));
  return new (arrays[dtype as 'float32'] as unknown as new (buffer: ArrayBufferLike) => HostData[D])(buffer);
}

/** The default dtype of a typed array (`uint8` for a `Uint8Array`), or undefined. */
export function dtypeOfTypedArray(value: unknown): Exclude<HostDType, 'string' | 'bool'> | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  if (value instanceof Uint8ClampedArray) return 'uint8';
  for (const [dtype, array] of Object.entries(arrays)) {
    if (dtype !== 'bool' && value instanceof array) return dtype as Exclude<HostDType, 'string' | 'bool'>;
  }
  return undefined;
}
