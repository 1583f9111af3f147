/** Converts between names of classes and the numbers that networks learn. */

import { checkArray, checkText, shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { type ArrayLike, HostArray, toHostArray } from '../runtime/hostArray';
import { nearest } from '../runtime/nearest';

/** A class number for each example, and the names of the classes. */
export interface ClassNumbers {
  /** Class numbers, in the shape of the texts. */
  readonly numbers: HostArray<'int32'>;
  /** The name of each class, by its number. */
  readonly names: readonly string[];
}

/**
 * Converts texts to class numbers from 0 on. Store `names` with the model, to interpret its answers.
 *
 * @param texts the class of each example
 * @param names the classes in order, if they are known: for another set, use those of the training set
 * @defaultValue of `names`: all distinct texts, sorted
 * @throws {InvalidArgumentError} when a text isn't in `names`, two names are the same, or there are no texts
 *
 * @example
 * const { numbers, names } = data.classNumbers(['setosa', 'virginica', 'setosa', 'versicolor']);
 * numbers.toArray(); // [0, 2, 0, 1]
 * names[2]; // 'virginica'
 */
export function classNumbers(texts: HostArray<'string'> | readonly string[], names?: readonly string[]): ClassNumbers {
  if (typeof texts === 'string')
    throw new InvalidArgumentError(`the names of classes are an array, not ${shown(texts)}`);
  const array = toHostArray(texts as ArrayLike, 'string');
  const found = array.data.map(String);
  const known = names ?? [...new Set(found)].sort();
  const numberOf = classNumberer(known);
  const numbers = Int32Array.from(found, (text, example) => {
    const number = numberOf(text);
    if (number === undefined) throw new InvalidArgumentError(`example ${example}: ${expectedClass(known, text)}`);
    return number;
  });
  return { numbers: new HostArray('int32', array.shape, numbers), names: [...known] };
}

/** Returns a function from class names to numbers, which returns undefined for an unknown name. */
export function classNumberer(names: readonly string[]): (name: string) => number | undefined {
  checkArray('names of classes', names);
  const numbers = new Map(names.map((name, number) => [name, number]));
  for (const name of names) checkText('the name of a class', name);
  if (names.length === 0) throw new InvalidArgumentError('expected names of classes, got none');
  if (numbers.size < names.length)
    throw new InvalidArgumentError(`expected a name for each class, got one twice: ${shown(names)}`);
  return (name) => numbers.get(name);
}

/** Describes what was expected instead of an unknown class. */
export function expectedClass(names: readonly string[], found: string): string {
  const guess = nearest(found, names);
  const some = names.length > 8 ? [...names.slice(0, 8), `… (${names.length} classes)`] : names;
  return `expected one of ${some.join(', ')}, got ${shown(found)}${guess === undefined ? '' : `; is it '${guess}'?`}`;
}
