/**
 * The constants of a graph for TensorFlow.js: their bytes, concatenated, in files of 4 MB, and a manifest that locates
 * them.
 */
import type { NodeDef } from '../../protos';
import { dtypeOf, type HostDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { fromHalves, isHalf, toHalves } from '../../runtime/halfFloats';
import { HostArray, sizeOf } from '../../runtime/hostArray';
import type { Json } from './json';
import { constantOf } from './nodes';

/** Smaller storage formats for `float32` weights. */
export type Quantization = 'float16' | 'uint8' | 'uint16';

/** All storage formats. */
export const quantizations: readonly Quantization[] = ['float16', 'uint8', 'uint16'];

/** A constant in its storage format. */
interface Weight {
  readonly entry: { readonly [key: string]: Json };
  readonly bytes: Uint8Array;
}

/** The maximum size of a file of weights in bytes: browsers cache files up to this size. */
const SHARD_BYTES = 4 * 1024 * 1024;

/** The files of weights by name, and the manifest. */
export interface StoredWeights {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: Json;
}

/**
 * Stores the constants among some nodes.
 *
 * @throws {InvalidArgumentError} when one has a dtype that TensorFlow.js doesn't support, or its numbers are too large
 */
export function storeWeights(nodes: readonly NodeDef[], quantization: Quantization | undefined): StoredWeights {
  const weights = nodes.filter(({ op }) => op === 'Const').map((node) => weightOf(node, quantization));
  const all = Buffer.concat(weights.map(({ bytes }) => bytes));
  const count = Math.ceil(all.length / SHARD_BYTES);
  const shards = Array.from(
    { length: count },
    (_, i) => [`group1-shard${i + 1}of${count}.bin`, all.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES)] as const,
  );
  const manifest = [{ paths: shards.map(([name]) => name), weights: weights.map(({ entry }) => entry) }];
  return { files: new Map(shards), manifest };
}

function weightOf(node: NodeDef, quantization: Quantization | undefined): Weight {
  const { name } = node;
  const value = constantOf(node) ?? halvesOf(node);
  const stored = value && STORED[value.dtype];
  if (!value || !stored)
    throw new InvalidArgumentError(
      `the constant '${name}' is ${dtypeOf(node.attr.dtype?.type ?? 0)}, which TensorFlow.js doesn't have: cast it to float32 or int32`,
    );
  const entry = { name, shape: [...value.shape], dtype: stored.dtype };
  const data = stored.convert(value.data as never, name);
  if (quantization === undefined || !(data instanceof Float32Array)) return { entry, bytes: bytesOf(data) };
  if (quantization !== 'float16' && !data.every(Number.isFinite))
    throw new InvalidArgumentError(
      `the weight '${name}' has numbers that are infinite or none, for which ${quantization} has nothing: export it as it is, or as float16`,
    );
  const quantized = quantize(data, quantization);
  return { entry: { ...entry, quantization: quantized.described }, bytes: bytesOf(quantized.data) };
}

/** 16-bit floats, which TensorFlow.js treats like others. */
function halvesOf({ attr }: NodeDef): HostArray<'float32'> | undefined {
  const { tensor } = attr.value ?? {};
  const dtype = tensor && dtypeOf(tensor.dtype);
  if (!tensor || !isHalf(dtype)) return undefined;
  const { tensorShape, tensorContent, halfVal } = tensor;
  const shape = tensorShape?.dim.map(({ size }) => size) ?? [];
  // The last element stands for those that are left out.
  const listed = () => Uint16Array.from({ length: sizeOf(shape) }, (_, i) => halfVal[i] ?? halfVal.at(-1) ?? 0);
  const halves = tensorContent.length > 0 ? new Uint16Array(Uint8Array.from(tensorContent).buffer) : listed();
  return new HostArray('float32', shape, fromHalves(dtype, halves));
}

type Stored = Float32Array | Int32Array | Uint8Array | Uint16Array;

const bytesOf = ({ buffer, byteOffset, byteLength }: Stored) => new Uint8Array(buffer, byteOffset, byteLength);

/** How the dtypes of graphs are stored. */
const STORED: Readonly<Record<HostDType, { readonly dtype: string; convert(data: never, name: string): Stored }>> = {
  float32: { dtype: 'float32', convert: (data: Float32Array) => data },
  float64: { dtype: 'float32', convert: (data: Float64Array) => Float32Array.from(data) },
  int32: { dtype: 'int32', convert: (data: Int32Array) => data },
  int8: { dtype: 'int32', convert: (data: Int8Array) => Int32Array.from(data) },
  int16: { dtype: 'int32', convert: (data: Int16Array) => Int32Array.from(data) },
  uint8: { dtype: 'int32', convert: (data: Uint8Array) => Int32Array.from(data) },
  uint16: { dtype: 'int32', convert: (data: Uint16Array) => Int32Array.from(data) },
  uint32: { dtype: 'int32', convert: narrowed },
  int64: { dtype: 'int32', convert: narrowed },
  uint64: { dtype: 'int32', convert: narrowed },
  bool: { dtype: 'bool', convert: (data: Uint8Array) => data },
  string: { dtype: 'string', convert: packed },
};

function narrowed(data: BigInt64Array | BigUint64Array | Uint32Array, name: string): Int32Array {
  return Int32Array.from(data as ArrayLike<number | bigint>, (element) => {
    const number = Number(element);
    if (number === (number | 0)) return number;
    throw new InvalidArgumentError(
      `the constant '${name}' has ${element}, and TensorFlow.js whole numbers of 32 bits only`,
    );
  });
}

/** Each string, preceded by its length in four bytes. */
function packed(texts: readonly Buffer[]): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      return [length, text];
    }),
  );
}

/** Quantizes numbers to fewer bits; they are decoded as they are, or as `number * scale + min`. */
function quantize(
  data: Float32Array,
  dtype: Quantization,
): { data: Uint8Array | Uint16Array; described: { readonly [key: string]: Json } } {
  if (dtype === 'float16') return { data: toHalves('float16', data), described: { dtype, original_dtype: 'float32' } };
  const most = dtype === 'uint8' ? 255 : 65535;
  const { scale, min } = rangeOf(data, most);
  const steps = (number: number) => Math.min(most, Math.max(0, Math.round((number - min) / scale)));
  const quantized = dtype === 'uint8' ? Uint8Array.from(data, steps) : Uint16Array.from(data, steps);
  return { data: quantized, described: { dtype, min, scale, original_dtype: 'float32' } };
}

/**
 * The step between two quantized numbers and the smallest number, chosen so that 0, if it is in the range, is exact.
 */
function rangeOf(data: Float32Array, most: number): { scale: number; min: number } {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of data) {
    least = Math.min(least, number);
    greatest = Math.max(greatest, number);
  }
  if (!(greatest > least)) return { scale: 1, min: data.length > 0 ? least : 0 };
  const scale = (greatest - least) / most;
  return { scale, min: least <= 0 && greatest >= 0 ? -Math.round(-least / scale) * scale : least };
}
