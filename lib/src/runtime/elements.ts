/** Converts elements of arrays from JavaScript values to a dtype. Nothing is lost silently. */
import { shown } from './arguments';
import { allocate, type DType, type HostData, type HostDType, isBigInt, isFloating, type TypedArray } from './dtypes';
import { InvalidArgumentError } from './errors';

/** The innermost elements of nested arrays. */
export type Leaf = number | bigint | boolean | string | Uint8Array;

/** The range of each integer dtype. */
const ranges: Partial<Record<DType, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  bool: [0, 1],
};
const bigRanges = { int64: [-(2n ** 63n), 2n ** 63n - 1n], uint64: [0n, 2n ** 64n - 1n] } as const;

/** A lone surrogate, which UTF-8 can't encode. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Converts a value to an element of an array of `dtype`; undefined if the dtype can't represent it. */
export function leafOf(value: unknown, dtype: HostDType): number | bigint | Buffer | undefined {
  if (dtype === 'string') {
    if (typeof value === 'string') return LONE_SURROGATE.test(value) ? undefined : Buffer.from(value);
    return value instanceof Uint8Array ? Buffer.from(value) : undefined;
  }
  if (dtype === 'bool') return typeof value === 'boolean' ? Number(value) : undefined;
  if (isFloating(dtype)) return typeof value === 'number' ? value : undefined;
  return integerOf(value, dtype);
}

/** An integer in the range of `dtype`, in the form of its array's elements; otherwise undefined. */
function integerOf(value: unknown, dtype: HostDType): number | bigint | undefined {
  if (isBigInt(dtype)) {
    const [low, high] = bigRanges[dtype];
    const whole = Number.isInteger(value) ? BigInt(value as number) : value;
    return typeof whole === 'bigint' && whole >= low && whole <= high ? whole : undefined;
  }
  const [low, high] = ranges[dtype]!;
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high
    ? (value as number)
    : undefined;
}

/**
 * Converts numbers from one dtype to another. Integers are preserved exactly; fractions are rounded to the nearest
 * number of a floating-point dtype.
 *
 * @throws {InvalidArgumentError} when the dtype can't represent an element; the message names the first one: a fraction
 * for an integer dtype, a number out of range, anything but 0 and 1 for `bool`
 */
export function convertNumbers(data: TypedArray, from: HostDType, to: HostDType): HostData[HostDType] {
  if (to === 'string') throw new InvalidArgumentError(`expected string, got numbers (${from})`);
  const result = allocate(to, data.length) as unknown as (number | bigint)[];
  const floating = isFloating(to);
  const big = isBigInt(to);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (floating) {
      const number = Number(value);
      result[i] = number;
      if (!Number.isFinite(result[i]) && Number.isFinite(number)) throw unheld(value, i, from, to);
    } else {
      // Bigints beyond a double's exact integers are also out of every range that is compared as numbers.
      const whole = integerOf(big || typeof value === 'number' ? value : Number(value), to);
      if (whole === undefined) throw unheld(value, i, from, to);
      result[i] = whole;
    }
  }
  return result as unknown as HostData[HostDType];
}

function unheld(value: number | bigint, at: number, from: HostDType, to: HostDType): InvalidArgumentError {
  const why =
    to === 'bool'
      ? 'which is neither 0 nor 1'
      : Number.isInteger(Number(value))
        ? `which ${to} doesn't hold`
        : 'which is no whole number';
  const rounded = isFloating(to) || to === 'bool' ? '' : '; round or clip the values first, or ';
  return new InvalidArgumentError(
    `expected ${to}, got an array of ${from} whose element ${at} is ${shown(value)}, ${why}${
      rounded || '; '
    }use another dtype`,
  );
}

/** The error for an element of nested arrays that the dtype can't represent. */
export function misfit(value: unknown, dtype: HostDType, indices: readonly number[]): InvalidArgumentError {
  const where = indices.length > 0 ? ` at [${indices.join(', ')}]` : '';
  if (dtype === 'string' && typeof value === 'string')
    return new InvalidArgumentError(`${shown(value)}${where} is no text: it has half of a pair of surrogates`);
  const beyond =
    dtype in { ...ranges, ...bigRanges } && Number.isInteger(value) && dtype !== 'bool'
      ? `, which ${dtype} doesn't hold`
      : '';
  return new InvalidArgumentError(`expected ${dtype}, got ${shown(value)}${where}${beyond}`);
}
