/**
 * Validates arguments. A JavaScript program may pass anything, whatever the types say; it gets one clear error where
 * the argument enters.
 */
import { inspect } from 'node:util';
import { InvalidArgumentError } from './errors';

/** How errors show a value: on one line, without nested values. */
export const shown = (value: unknown): string => inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });

/** @throws {InvalidArgumentError} when `value`, described by `what`, is not an array */
export function checkArray(what: string, value: unknown): void {
  if (!Array.isArray(value)) throw new InvalidArgumentError(`${what} are an array, not ${shown(value)}`);
}

/**
 * @throws {InvalidArgumentError} when `value`, described by `what`, is not a string, or can't be passed as UTF-8: NUL
 * would terminate it, and a lone surrogate would become another character
 */
export function checkText(what: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw new InvalidArgumentError(`${what} is a text, not ${shown(value)}`);
  const at = value.search(/[\0\p{Surrogate}]/u);
  if (at < 0) return;
  const found = value[at] === '\0' ? 'a NUL character' : 'half of a surrogate pair';
  throw new InvalidArgumentError(`${what} has ${found} in it, at ${at}: ${shown(value)}`);
}

/** Whether a text is an address such as `gs://bucket/run` rather than a path. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(text);
}

/**
 * @throws {InvalidArgumentError} when `value`, described by `what`, is not a string, or is an address such as
 * `gs://bucket/run`, which a file system would take for folders, the first named `gs:`
 */
export function checkPath(what: string, value: unknown): asserts value is string {
  checkText(what, value);
  if (!isAddress(value)) return;
  const otherwise = /^file:/i.test(value) ? ": node:url's fileURLToPath makes one of it" : '';
  throw new InvalidArgumentError(`${what} is a path on this machine, not the address ${shown(value)}${otherwise}`);
}

/** @throws {InvalidArgumentError} when `value`, described by `what`, is not iterable */
export function checkIterable(what: string, value: unknown): asserts value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value))
    throw new InvalidArgumentError(`${what} are an array, not ${shown(value)}`);
}

/** @throws {InvalidArgumentError} when `value`, described by `what`, is not a function */
export function checkFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') throw new InvalidArgumentError(`${what} is a function, not ${shown(value)}`);
}

/** @throws {InvalidArgumentError} when `value`, described by `what`, is not an object */
export function checkObject(what: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null)
    throw new InvalidArgumentError(`${what} is an object, not ${shown(value)}`);
}

/** @throws {InvalidArgumentError} when `value`, described by `what`, is not a boolean */
export function checkBoolean(what: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new InvalidArgumentError(`${what} is true or false, not ${shown(value)}`);
}

/** @throws {InvalidArgumentError} when `value`, described by `what`, is not a number of seconds; infinity is allowed */
export function checkSeconds(what: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0))
    throw new InvalidArgumentError(`${what} is a number from 0 on, not ${shown(value)}`);
}

/** @throws {InvalidArgumentError} when `value`, described by `what`, is not a positive integer, or above `most` */
export function checkCount(what: string, value: unknown, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most)
    throw new InvalidArgumentError(`${what} is a whole number from 1 on, not ${shown(value)}`);
}

/** @throws {InvalidArgumentError} when `value`, described by `what`, is not an instance of `kind` */
export function checkInstance(
  what: string,
  value: unknown,
  kind: abstract new (...parameters: never) => object,
  noun: string = kind.name.toLowerCase(),
): void {
  if (!(value instanceof kind)) throw new InvalidArgumentError(`${what} is a ${noun}, not ${shown(value)}`);
}
