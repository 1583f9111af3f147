/** Conversions of numbers in any form. */
import { InvalidArgumentError } from './errors';
import { type ArrayLike, type HostArray, toHostArray } from './hostArray';

/** Numbers with their shape, in row-major order. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: globalThis.ArrayLike<number>;
}

/**
 * Converts an array of any kind to numbers.
 *
 * @param what a description, for errors
 * @throws {InvalidArgumentError} when the elements are not numbers, or nested arrays aren't rectangular
 */
export function numbersOf(value: ArrayLike, what: string): Numbers {
  const { shape, data, dtype } = arrayOfNumbers(value, what);
  if (dtype === 'int64' || dtype === 'uint64') return { shape, data: Array.from(data as BigInt64Array, Number) };
  return { shape, data: data as Float32Array };
}

/**
 * Like {@link numbersOf}, without accessing the elements: the images of a data set stay in their original form.
 *
 * @throws {InvalidArgumentError} when {@link numbersOf} would
 */
export function arrayOfNumbers(value: ArrayLike, what: string): HostArray {
  // Plain numbers are doubles: steps and times would lose precision as float32.
  const array = Array.isArray(value) && holdsNumbers(value) ? toHostArray(value, 'float64') : toHostArray(value);
  if (array.dtype === 'string') throw new InvalidArgumentError(`expected numbers for ${what}, got strings`);
  return array;
}

function holdsNumbers(value: readonly unknown[]): boolean {
  let first: unknown = value;
  while (Array.isArray(first)) first = first[0];
  return typeof first === 'number';
}
