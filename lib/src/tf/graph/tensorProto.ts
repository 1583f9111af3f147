/** Converts host arrays to `TensorProto`s, which summaries and constants contain, and back. */

import type { MessageInit, TensorProto } from '../../protos';
import { allocate, bytesPerElement, dtypeNumber, type HostData, type HostDType } from '../../runtime/dtypes';
import { DataLossError } from '../../runtime/errors';
import { HostArray } from '../../runtime/hostArray';
import { shapeText } from '../../runtime/shapeText';

/** An array as a message. */
export function encodeTensor({ dtype, shape, data }: HostArray): MessageInit<TensorProto> {
  const message = { dtype: dtypeNumber(dtype), tensorShape: { dim: shape.map((size) => ({ size })) } };
  if (dtype === 'string') return { ...message, stringVal: data as Buffer[] };
  const { buffer, byteOffset, byteLength } = data as Exclude<typeof data, Buffer[]>;
  return { ...message, tensorContent: new Uint8Array(buffer, byteOffset, byteLength) };
}

/** The field of a message that holds the elements of each dtype, converted to the elements of a host array. */
const lists: Record<HostDType, (tensor: TensorProto) => readonly unknown[]> = {
  float32: ({ floatVal }) => floatVal,
  float64: ({ doubleVal }) => doubleVal,
  int8: ({ intVal }) => intVal,
  int16: ({ intVal }) => intVal,
  int32: ({ intVal }) => intVal,
  uint8: ({ intVal }) => intVal,
  uint16: ({ intVal }) => intVal,
  uint32: ({ uint32Val }) => uint32Val,
  int64: ({ int64Val }) => int64Val.map(BigInt),
  uint64: ({ uint64Val }) => uint64Val.map(BigInt),
  bool: ({ boolVal }) => boolVal.map(Number),
  string: ({ stringVal }) => stringVal.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
};
const dtypes = new Map((Object.keys(lists) as HostDType[]).map((dtype) => [dtypeNumber(dtype), dtype]));

/** The maximum number of elements of a message that omits repetitions of its last element. */
const MOST_REPEATED = 2 ** 24;

/**
 * Decodes a message; undefined if JavaScript has no array for its dtype, such as `float16`.
 *
 * @throws {DataLossError} when the number of elements doesn't match its shape
 */
export function decodeTensor(tensor: TensorProto): HostArray | undefined {
  const dtype = dtypes.get(tensor.dtype);
  if (dtype === undefined) return undefined;
  const shape = tensor.tensorShape?.dim.map(({ size }) => size) ?? [];
  const size = shape.reduce((product, dimension) => product * dimension, 1); // a damaged message may claim any number
  const elements = lists[dtype](tensor);
  const bytes = tensor.tensorContent;
  const packed = dtype !== 'string' && bytes.length > 0;
  const isHonest = packed
    ? bytes.length === size * bytesPerElement(dtype)
    : elements.length >= size || size <= MOST_REPEATED;
  if (!shape.every((dimension) => dimension >= 0) || !isHonest)
    throw new DataLossError(
      `it claims to be ${dtype} ${shapeText(shape)}, and has ${packed ? `${bytes.length} bytes` : `${elements.length} elements`}`,
    );
  const data = allocate(dtype, size);
  if (packed && !Array.isArray(data)) new Uint8Array(data.buffer).set(bytes);
  // The last element stands for those that are left out; without any elements, all are zero.
  else if (elements.length > 0)
    for (let i = 0; i < data.length; i++) data[i] = elements[Math.min(i, elements.length - 1)] as never;
  return new HostArray(dtype, shape, data as HostData[HostDType]);
}
