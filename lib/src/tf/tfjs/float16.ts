/** Numbers of 16 bits: a sign, five bits of an exponent and ten of a fraction. */

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The bits of the nearest number of 16 bits; of two that are as near, of the even one. */
export function float16Bits(number: number): number {
  single[0] = number;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const magnitude = bits[0]! & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // what would be rounded above 65504 is infinite
  if (magnitude < 0x38800000) {
    // Below 2 ** -14 they lie at the same distance, 2 ** -24.
    const steps = Math.abs(single[0]!) * 2 ** 24;
    return sign | roundToEven(steps);
  }
  // The exponent's bias is 15 and not 127; a fraction that is rounded up to 1 goes on into the exponent.
  return sign | roundToEven((magnitude - 0x38000000) / 2 ** 13);
}

function roundToEven(number: number): number {
  const below = Math.floor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
