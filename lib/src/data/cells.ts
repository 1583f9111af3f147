/** Parses the texts of a file's fields as elements of a dtype. Nothing is guessed, rounded or truncated silently. */

import { shown } from '../runtime/arguments';
import { type HostDType, isBigInt, isFloating } from '../runtime/dtypes';
import { leafOf } from '../runtime/elements';
import { InvalidArgumentError } from '../runtime/errors';

/** An element as an array of its dtype holds it. */
export type Element = number | bigint | Buffer;

/** Numbers as programs write them; not 0x10, 1_000, NaN or Infinity. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Whole numbers, 3.0 among them, which some programs write. */
const WHOLE_NUMBER = /^([+-]?\d+)(?:\.0*)?$/;

const BOOLEANS = new Map([
  ['true', 1],
  ['1', 1],
  ['false', 0],
  ['0', 0],
]);

/** What reads the text of a field; undefined for a text that stands for no element of the dtype. */
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
 * What stands for a missing value, if anything does, as an element.
 *
 * @throws {InvalidArgumentError} when it is none of the dtype
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

/** What was expected in the place of a text of which {@link fieldReader} makes nothing: `a number`. */
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
