/** Parsers of command-line arguments: each returns the value, or throws a one-line error. */
import { InvalidArgumentError } from 'commander';
import { isAddress } from '../runtime/arguments';

/** A parser of integers of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number of ${least} or more.`);
    return value;
  };
}

/** Parses a comma-separated list. */
export function addresses(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

/** Parses the path of a file or folder. Rejects addresses such as `gs://bucket/run`, before anything is read or computed. */
export function localPath(text: string): string {
  if (isAddress(text)) throw new InvalidArgumentError('It must be a path on this machine, not an address.');
  return text;
}

/** Parses a JSON object. */
export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // reported below
  }
  throw new InvalidArgumentError(`It must be an object in JSON, such as '{"lr":0.01}'.`);
}

/** Quotes a word for a shell command that is printed. */
export function quoted(word: string): string {
  return /^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
