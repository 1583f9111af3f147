/**
 * Converts host arrays to `TF_Tensor` and back. A native tensor belongs to its creator, who frees it with
 * `deleteTensor`.
 */
import { type MessageInit, TensorProto } from '../../protos';
import { withBuffer } from '../../runtime/buffer';
import { capi, type Pointer } from '../../runtime/capi';
import {
  allocate,
  bytesPerElement,
  type DType,
  dtypeNumber,
  dtypeOf,
  elementBytes,
  type HostData,
  type HostDType,
  isHostDType,
} from '../../runtime/dtypes';
import { InvalidArgumentError, ResourceExhaustedError } from '../../runtime/errors';
import { fromHalves, type HalfDType, toHalves } from '../../runtime/halfFloats';
import {
  borrowData,
  checkData,
  checkSize,
  deferredArray,
  type ElementMaker,
  HostArray,
  makerOf,
  piecesOf,
  type TypedArray,
} from '../../runtime/hostArray';
import { checked } from '../../runtime/status';
import { encodeTensor } from './tensorProto';

/**
 * A native tensor with a copy of `array`.
 *
 * @throws {InvalidArgumentError} when the array's shape or data were changed since its creation and contradict each
 * other
 * @throws {ResourceExhaustedError} when there is not enough memory
 */
export function toNative(array: HostArray): Pointer {
  const maker = makerOf(array);
  if (maker instanceof HalfElements) return numbersToNative({ dtype: maker.dtype, shape: array.shape }, maker.halves);
  const pieces = piecesOf(array);
  if (pieces) return piecesToNative(array, pieces as Iterable<TypedArray>);
  const data = borrowData(array);
  checkData(array.dtype, array.shape, data);
  return array.dtype === 'string'
    ? stringsToNative(array as HostArray<'string'>)
    : numbersToNative(array, data as TypedArray);
}

/** Numbers that have 16 bits in native memory. */
class HalfElements implements ElementMaker<'float32'> {
  constructor(
    readonly dtype: HalfDType,
    readonly halves: Uint16Array,
  ) {}

  get size(): number {
    return this.halves.length;
  }

  make(): Float32Array {
    return fromHalves(this.dtype, this.halves);
  }

  borrow(): Float32Array {
    return this.make();
  }
}

/** The elements of an array rounded to `dtype`; its native tensor has that dtype. */
export function halfArray(dtype: HalfDType, { shape, data }: HostArray<'float32'>): HostArray<'float32'> {
  return deferredArray('float32', shape, new HalfElements(dtype, toHalves(dtype, data)));
}

/** Elements that stay in native memory. */
class ResidentElements<D extends HostDType> implements ElementMaker<D> {
  constructor(
    readonly tensor: Pointer,
    readonly size: number,
  ) {}

  make(): HostData[D] {
    return fromNative(this.tensor).data as HostData[D];
  }

  borrow(): HostData[D] {
    return this.make();
  }
}

const released = new FinalizationRegistry<Pointer>((tensor) => capi().deleteTensor(tensor));

/**
 * An array whose elements are copied to native memory once, and can be fed from there any number of times: a data set
 * from which each step takes some rows. Once its `data` is accessed, it becomes an ordinary array.
 */
export function residentArray<D extends HostDType>(
  dtype: D,
  shape: readonly number[],
  data: HostData[D],
): HostArray<D> {
  const tensor = toNative(new HostArray(dtype, shape, data));
  const array = deferredArray(dtype, shape, new ResidentElements<D>(tensor, data.length));
  released.register(array, tensor);
  return array;
}

/** The native tensor that an array owns for its lifetime; undefined for ordinary arrays. */
export function residentTensor(array: HostArray): Pointer | undefined {
  const maker = makerOf(array);
  return maker instanceof ResidentElements ? maker.tensor : undefined;
}

function numbersToNative(array: Described, data: TypedArray): Pointer {
  const { tensorData, memcpy } = capi();
  const tensor = allocated(array, data.byteLength);
  // A copy, not a view: freeing an external ArrayBuffer would have to wait for the garbage collector, and cost more.
  if (data.byteLength > 0) memcpy(tensorData(tensor), data, data.byteLength);
  return tensor;
}

/** Like {@link numbersToNative}, for elements that are never all in memory at once. */
function piecesToNative(array: HostArray, pieces: Iterable<TypedArray>): Pointer {
  checkSize(array.shape, array.size);
  const { tensorData, memcpy } = capi();
  const tensor = allocated(array, array.size * bytesPerElement(array.dtype as Exclude<HostDType, 'string'>));
  let at = tensorData(tensor);
  for (const piece of pieces) {
    memcpy(at, piece, piece.byteLength);
    at += BigInt(piece.byteLength);
  }
  return tensor;
}

/** The properties of a native tensor. */
interface Described {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

function allocated({ dtype, shape }: Described, bytes: number): Pointer {
  const tensor = capi().allocateTensor(dtypeNumber(dtype), dimensions(shape), shape.length, bytes);
  if (tensor === null) throw new ResourceExhaustedError(`no memory for a tensor of ${bytes} bytes`);
  return tensor;
}

/** A protocol buffer holds less than 2 GiB; some of it is reserved for everything but the elements. */
const MAX_SERIALIZED = 2 ** 31 - 2 ** 16;

/** The length and field number that are written for each string. */
const STRING_OVERHEAD = 6;

/**
 * Refuses an array that no protocol buffer can hold: libtensorflow aborts the process when it writes one that is too
 * large.
 *
 * @throws {InvalidArgumentError} when the elements have too many bytes
 */
export function checkSerializable(array: HostArray, what: string): void {
  const bytes =
    array.dtype === 'string'
      ? (array.data as Buffer[]).reduce((sum, text) => sum + text.byteLength + STRING_OVERHEAD, 0)
      : (array.data as TypedArray).byteLength;
  checkSerializableBytes(bytes, what);
}

/** The same check for a number of bytes, before the elements exist. */
export function checkSerializableBytes(bytes: number, what: string): void {
  if (bytes > MAX_SERIALIZED)
    throw new InvalidArgumentError(
      `${what} holds less than 2 GiB, but these elements are ${bytes} bytes; feed them to a placeholder, in parts if they are strings`,
    );
}

/**
 * Strings are passed as a protocol buffer, so that the tensor owns them: the runtime wouldn't free strings that were
 * written into an allocated tensor.
 */
function stringsToNative(array: HostArray<'string'>): Pointer {
  checkSerializable(array, 'a tensor of strings');
  const { allocateTensor, tensorFromProto, deleteTensor } = capi();
  const proto = TensorProto.encode({
    dtype: dtypeNumber('string'),
    tensorShape: { dim: array.shape.map((size) => ({ size })) },
    stringVal: array.data,
  });
  // Any small tensor: it is overwritten.
  const tensor = allocateTensor(dtypeNumber('uint8'), dimensions([1]), 1, 1);
  if (tensor === null) throw new ResourceExhaustedError('no memory for a tensor');
  try {
    withBuffer(proto, (buffer) => checked((status) => tensorFromProto(buffer, tensor, status)));
  } catch (error) {
    deleteTensor(tensor);
    throw error;
  }
  return tensor;
}

/** Sizes for the C API. Rank 0 gets one entry too, because koffi passes an empty array as a null pointer. */
function dimensions(shape: readonly number[]): BigInt64Array {
  return BigInt64Array.from(shape, BigInt);
}

/**
 * Copies a native tensor to host memory.
 *
 * @throws {InvalidArgumentError} when JavaScript can't represent its dtype
 */
export function fromNative(tensor: Pointer): HostArray {
  const { tensorType, tensorData, memcpy } = capi();
  const dtype = dtypeOf(tensorType(tensor));
  if (!isHostDType(dtype))
    throw new InvalidArgumentError(
      `a value of dtype ${dtype} can't be held by JavaScript; cast it to another dtype first`,
    );
  const { shape, size } = shapeOf(tensor);
  if (dtype === 'string') return new HostArray(dtype, shape, readStrings(tensorData(tensor), size));
  const data = allocate(dtype, size) as TypedArray;
  if (data.byteLength > 0) memcpy(data, tensorData(tensor), data.byteLength);
  return new HostArray(dtype, shape, data as HostData[typeof dtype]);
}

function shapeOf(tensor: Pointer): { shape: number[]; size: number } {
  const { numDims, dim } = capi();
  const rank = numDims(tensor);
  const shape: number[] = [];
  let size = 1;
  for (let i = 0; i < rank; i++) {
    const length = Number(dim(tensor, i));
    shape.push(length);
    size *= length;
  }
  return { shape, size };
}

/**
 * Encodes a native tensor as a message, even if JavaScript has no array for its elements.
 *
 * @throws {InvalidArgumentError} when its elements are resources or variants instead of values
 */
export function messageOfNative(tensor: Pointer): MessageInit<TensorProto> {
  const { tensorType, tensorData, memcpy } = capi();
  const dtype = dtypeOf(tensorType(tensor));
  if (isHostDType(dtype)) return encodeTensor(fromNative(tensor));
  const bytes = elementBytes(dtype);
  if (bytes === undefined) throw new InvalidArgumentError(`a ${dtype} is no value`);
  const { shape, size } = shapeOf(tensor);
  const tensorContent = new Uint8Array(size * bytes);
  if (size > 0) memcpy(tensorContent, tensorData(tensor), tensorContent.byteLength);
  return { dtype: dtypeNumber(dtype), tensorShape: { dim: shape.map((length) => ({ size: length })) }, tensorContent };
}

/** The size of a `TF_TString`. */
const TSTRING_BYTES = 24n;

function readStrings(first: Pointer, count: number): Buffer[] {
  const { stringGetDataPointer, stringGetSize, memcpy } = capi();
  return Array.from({ length: count }, (_, i) => {
    const string = first + BigInt(i) * TSTRING_BYTES;
    const bytes = Buffer.alloc(Number(stringGetSize(string)));
    if (bytes.byteLength > 0) memcpy(bytes, stringGetDataPointer(string), bytes.byteLength);
    return bytes;
  });
}
