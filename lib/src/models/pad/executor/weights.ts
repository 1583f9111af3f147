/** Decodes the constants of an exported network from the bytes of its files. */
import { DataLossError } from '../../../runtime/errors';
import type { ModelJson, WeightJson } from '../exportedModel';
import { sizeOf, type Value } from './value';

/** The supported storage dtypes. */
const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1 };

const storedAs = ({ dtype, quantization }: WeightJson) => quantization?.dtype ?? dtype;

/** Whether the storage format of the constants is supported. */
export function canRead({ weightsManifest }: ModelJson): boolean {
  return weightsManifest.every(({ weights }) =>
    weights.every((weight) => ['float32', 'int32'].includes(weight.dtype) && storedAs(weight) in BYTES),
  );
}

/**
 * The constants, by the names of their nodes.
 *
 * @throws {DataLossError} when the files have another size
 */
export function readWeights({ weightsManifest }: ModelJson, bytes: ArrayBuffer): Map<string, Value> {
  const values = new Map<string, Value>();
  let at = 0;
  for (const weight of weightsManifest.flatMap(({ weights }) => weights)) {
    const end = at + BYTES[storedAs(weight)]! * sizeOf(weight.shape);
    if (end > bytes.byteLength)
      throw new DataLossError(`the files of weights end before '${weight.name}' does: copy them anew`);
    values.set(weight.name, constantOf(weight, bytes.slice(at, end)));
    at = end;
  }
  if (at < bytes.byteLength)
    throw new DataLossError(
      `the files of weights have ${bytes.byteLength} bytes, and model.json tells of ${at}: they are of another network`,
    );
  return values;
}

function constantOf(weight: WeightJson, bytes: ArrayBuffer): Value {
  const data = numbersOf(weight, bytes);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  return { shape: weight.shape, data, isFinite: Number.isFinite(sum) };
}

function numbersOf({ dtype, quantization }: WeightJson, bytes: ArrayBuffer): Float32Array | Int32Array {
  if (dtype === 'int32') return new Int32Array(bytes);
  if (!quantization) return new Float32Array(bytes);
  if (quantization.dtype === 'float16') return floatsOf(new Uint16Array(bytes));
  const { scale = 1, min = 0 } = quantization;
  const steps = quantization.dtype === 'uint8' ? new Uint8Array(bytes) : new Uint16Array(bytes);
  const floats = new Float32Array(steps.length);
  for (let i = 0; i < steps.length; i++) floats[i] = steps[i]! * scale + min;
  return floats;
}

/** Decodes 16-bit floats: a sign, five exponent bits, ten fraction bits. */
function floatsOf(halves: Uint16Array): Float32Array {
  const floats = new Float32Array(halves.length);
  const bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = half & 0x7c00;
    const rest = half & 0x7fff;
    if (exponent === 0) floats[i] = (sign === 0 ? rest : -rest) * 2 ** -24;
    else bits[i] = sign | (exponent === 0x7c00 ? 0x7f800000 | (rest << 13) : (rest << 13) + (112 << 23));
  }
  return floats;
}
