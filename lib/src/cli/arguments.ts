/** Values of the command line: each parser gives the value or one clear line. */
import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number of ${least} or more.`);
    return value;
  };
}

/** A number greater than zero. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It must be a number greater than 0.');
  return value;
}

/** A number greater than zero and not greater than one. */
export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1))
    throw new InvalidArgumentError('It must be a number above 0 and up to 1.');
  return value;
}
