/** Parses the texts of a file's fields as elements of a dtype. Nothing is guessed, rounded or truncated silently. */

import { shown } from '../runtime/arguments';
import { type HostDType, isBigInt, isFloating } from '../runtime/dtypes';
import { leafOf } from '../runtime/elements';
import { InvalidArgumentError } from '../runtime/errors';

/** An element, in the form of its dtype's arrays. */
export type Element = number | bigint | Buffer;

/** Decimal numbers; not 0x10, 1_000, NaN or Infinity. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Integers, including the form 3.0, which some programs write. */
const WHOLE_NUMBER = /^([+-]?\d+)(?:\.0*)?$/;

const BOOLEANS = new Map([
  ['true', 1],
  ['1', 1],
  ['false', 0],
  ['0', 0],
]);

/** A parser for texts of a dtype; it returns undefined for a text that isn't an element. */
export function fieldReader(dtype: HostDType): (text: string) => Element | undefined {
  if (dtype === 'string') return (text) => leafOf(text, dtype);
  if (dtype === 'bool') return (text) => BOOLEANS.get(text.trim().toLowerCase());
  if (dtype === 'float32') return (text) => finite(Math.fround(numberIn(text)));
  if (isFloating(dtype)) return (text) => finite(numberIn(text));
  const read = isBigInt(dtype) ? BigInt : Number;
  return (text) => {
    const digits = WHOLE_NUMBER.exec(text.trim())?.[1];
    return digits === undefined ? undefined : leafOf(read(digits.replace('+', '')), dtype);
  };
}

/**
 * The replacement for missing values, if any, as an element.
 *
 * @throws {InvalidArgumentError} when it doesn't fit the dtype
 */
export function elementForMissing(
  value: Parameters<typeof leafOf>[0] | undefined,
  dtype: HostDType,
): Element | undefined {
  if (value === undefined) return undefined;
  const element = leafOf(value, dtype);
  if (element === undefined)
    throw new InvalidArgumentError(`expected a value of ${dtype} for what is missing, got ${shown(value)}`);
  return element;
}

/** Describes what was expected instead of a text that {@link fieldReader} rejects: `a number`. */
export function wantedOf(dtype: HostDType, text: string): string {
  if (dtype === 'string') return 'a text';
  if (dtype === 'bool') return 'true or false';
  const [pattern, wanted] = isFloating(dtype) ? [NUMBER, 'a number'] : [WHOLE_NUMBER, 'a whole number'];
  return pattern.test(text.trim()) ? `${wanted} that ${dtype} holds` : wanted;
}

function numberIn(text: string): number {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
