/** Parsers of command-line arguments: each returns the value, or fails with one clear line. */
import { InvalidArgumentError } from 'commander';
import { isAddress } from '../runtime/arguments';

/** A parser of whole numbers of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number of ${least} or more.`);
    return value;
  };
}

/** Words that commas divide. */
export function addresses(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

/** The path of a file or folder. An address such as `gs://bucket/run` is refused before anything is read or computed. */
export function localPath(text: string): string {
  if (isAddress(text)) throw new InvalidArgumentError('It must be a path on this machine, not an address.');
  return text;
}

/** An object in JSON. */
export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError(`It must be an object in JSON, such as '{"lr":0.01}'.`);
}

/** A word as a shell takes it, for a command that is printed. */
export function quoted(word: string): string {
  return /^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
