/** What a program in JavaScript may give in place of what the types ask for: one clear error where it enters. */
import { inspect } from 'node:util';
import { InvalidArgumentError } from './errors';

/** How errors show what was given: on one line, without what is within it. */
export const shown = (value: unknown): string => inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });

/** @throws {InvalidArgumentError} when `value`, which is `what`, is no array */
export function checkArray(what: string, value: unknown): void {
  if (!Array.isArray(value)) throw new InvalidArgumentError(`${what} are an array, not ${shown(value)}`);
}

/** @throws {InvalidArgumentError} when `value`, which is `what`, is no text */
export function checkText(what: string, value: unknown): void {
  if (typeof value !== 'string') throw new InvalidArgumentError(`${what} is a text, not ${shown(value)}`);
}

/** @throws {InvalidArgumentError} when `value`, which is `what`, isn't made by the class `kind` */
export function checkInstance(what: string, value: unknown, kind: abstract new (...parameters: never) => object): void {
  if (!(value instanceof kind))
    throw new InvalidArgumentError(`${what} is a ${kind.name.toLowerCase()}, not ${shown(value)}`);
}
