/**
 * 16-bit floating-point numbers. JavaScript has no arrays of them, so they are fed and fetched as `float32`, which
 * represents each of them exactly. Other numbers are rounded to the nearest, ties to even, as in TensorFlow.
 */

/** The 16-bit floating-point dtypes. */
export type HalfDType = 'float16' | 'bfloat16';

/** Whether `dtype` is a 16-bit floating-point dtype. */
export function isHalf(dtype: unknown): dtype is HalfDType {
  return dtype === 'float16' || dtype === 'bfloat16';
}

/** Encodes numbers as the nearest ones of `dtype`. */
export function toHalves(dtype: HalfDType, values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, dtype === 'float16' ? float16Of : bfloat16Of);
}

/** Decodes numbers of `dtype`. */
export function fromHalves(dtype: HalfDType, halves: Uint16Array): Float32Array {
  if (dtype === 'float16') return Float32Array.from(halves, numberOfFloat16);
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/** The bits of an infinite `float32`. */
const INFINITY = 0x7f800000;

function bfloat16Of(bits: number): number {
  if ((bits & 0x7fffffff) > INFINITY) return ((bits >>> 16) & 0x8000) | 0x7fc0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** The difference between the exponent biases of `float32` and `float16`. */
const EXPONENTS = 127 - 15;

const float = new Float32Array(1);
const bitsOfFloat = new Uint32Array(float.buffer);

function float16Of(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > INFINITY) return sign | 0x7e00;
  const normal = (size - (EXPONENTS << 23) + 0xfff + ((size >>> 13) & 1)) >> 13;
  if (normal >= 0x7c00) return sign | 0x7c00; // rounds to infinity
  if (size >= (EXPONENTS + 1) << 23) return sign | normal;
  bitsOfFloat[0] = size;
  const steps = float[0]! * 2 ** 24; // in units of the smallest number
  const below = Math.floor(steps);
  const isUp = steps - below > 0.5 || (steps - below === 0.5 && below % 2 === 1);
  return sign | (below + Number(isUp));
}

function numberOfFloat16(half: number): number {
  const [sign, exponent, fraction] = [half & 0x8000 ? -1 : 1, (half >>> 10) & 0x1f, half & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
