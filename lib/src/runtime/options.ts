/**
 * Validates options objects. Without validation, a misspelled key would be ignored, and a value of the wrong type
 * misinterpreted.
 */
import { checkPath, shown } from './arguments';
import { InvalidArgumentError } from './errors';
import { didYouMean } from './nearest';

/**
 * The kind of an option: its `typeof`, `'path'` for a file or folder, `'array'`, one of a list of strings, a class, or
 * `'any'` if its value is validated where it is used.
 */
export type Kind = Word | 'path' | `${Word} | null` | readonly string[] | Class;
type Class = abstract new (...given: never) => object;
type Word = 'boolean' | 'number' | 'string' | 'function' | 'array' | 'object' | 'any';

/** The kinds of all options of `T`. A missing option, or one of another kind than its type, doesn't compile. */
export type Kinds<T> = { readonly [K in keyof T]-?: KindOf<Exclude<T[K], undefined>> | 'any' };
type KindOf<V> = [V] extends [boolean]
  ? 'boolean'
  : [V] extends [string]
    ? 'string' | 'path' | (string extends V ? never : readonly V[])
    : [V] extends [number]
      ? 'number'
      : [V] extends [(...given: never) => unknown]
        ? 'function'
        : [V] extends [readonly unknown[]]
          ? 'array'
          : null extends V
            ? `${Word} | null`
            : [V] extends [object]
              ? 'object' | (abstract new (...given: never) => V)
              : never;

/**
 * Validates options: returns `options`, if all have known names and the right kinds.
 *
 * @throws {InvalidArgumentError} when an option is unknown (with a suggestion), when it is of another kind, or when
 * `options` is not an object
 *
 * @example
 * const { name, axis = 0 } = onlyOptions({ axis: 1 } as { name?: string; axis?: number }, { name: 'string', axis: 'number' });
 */
export function onlyOptions<T extends object>(options: T, kinds: Kinds<T>): T {
  const known = kinds as Readonly<Record<string, Kind>>;
  checkObjectOfOptions(options, known);
  for (const key in options) {
    if (!Object.hasOwn(known, key)) throw unknownOption(key, Object.keys(known));
    const value: unknown = options[key];
    if (value === undefined) continue;
    if (known[key] === 'path') checkPath(`option '${key}'`, value);
    else if (!isOfKind(value, known[key]!))
      throw new InvalidArgumentError(`option '${key}' is ${inWords(known[key]!)}, not ${shown(value)}`);
  }
  return options;
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'any') return true;
  if (typeof kind === 'function') return value instanceof kind;
  if (typeof kind !== 'string') return kind.includes(value as string);
  if (value === null) return kind.endsWith(' | null');
  return kind.startsWith(typeof value) || (kind.startsWith('array') && Array.isArray(value));
}

function inWords(kind: Kind): string {
  if (typeof kind === 'function') return `a ${kind.name}`;
  if (typeof kind === 'string') return kind.replace(/^\w+/, (word) => NOUNS[word as Word]).replace(' |', ' or');
  return `one of ${kind.map((text) => `'${text}'`).join(', ')}`;
}
const NOUNS: Readonly<Record<Word, string>> = {
  boolean: 'true or false',
  number: 'a number',
  string: 'a text',
  function: 'a function',
  array: 'an array',
  object: 'an object',
  any: 'anything',
};

/**
 * Checks that `options` has only known keys, for options that are listed elsewhere and whose values are validated where
 * they are used.
 *
 * @param path a prefix of their names, for options of an option
 */
export function checkKeys(options: unknown, known: readonly string[], path = ''): void {
  checkObjectOfOptions(options, known);
  for (const key in options) if (!known.includes(key)) throw unknownOption(key, known, path);
}

function checkObjectOfOptions(options: unknown, known: object): asserts options is object {
  if (typeof options === 'object' && options !== null && !Array.isArray(options) && !ArrayBuffer.isView(options))
    return;
  const [first] = Array.isArray(known) ? known : Object.keys(known);
  throw new InvalidArgumentError(`options are an object such as { ${first}: … }, not ${shown(options)}`);
}

function unknownOption(key: string, known: readonly string[], path = ''): InvalidArgumentError {
  const otherwise = `; the options are ${known.join(', ')}`;
  const guess = didYouMean(key, known, { otherwise, as: (name) => `'${path}${name}'` });
  return new InvalidArgumentError(`there is no option '${path}${key}'${guess}`);
}

/**
 * The options of a function of which some may be positional, as in Python: `topK(x, 3)` means `topK(x, { k: 3 })`.
 *
 * @param given the arguments after the required ones: values of the options `places`, in order, and then an object with
 * the others; undefined skips a position
 * @throws {InvalidArgumentError} when there are too many, or an option is given both by position and by name
 *
 * @example
 * placed<{ k?: number; sorted?: boolean }>([3, { sorted: false }], ['k', 'sorted']); // { k: 3, sorted: false }
 */
export function placed<T extends object>(given: readonly unknown[], places: readonly (keyof T & string)[]): T {
  const values = [...given];
  while (values.length > 0 && values.at(-1) === undefined) values.pop();
  const options = isOptions(values.at(-1)) ? (values.pop()! as T) : ({} as T);
  const tooMuch = values.length > places.length ? values[places.length] : values.find(isOptions);
  if (tooMuch !== undefined || values.length > places.length)
    throw new InvalidArgumentError(
      `behind ${places.join(', ')} come options, an object, and nothing more: ${shown(tooMuch)}`,
    );
  const named = { ...options } as Record<string, unknown>;
  for (const [i, value] of values.entries()) {
    const place = places[i]!;
    if (value === undefined) continue;
    if (value === null) throw new InvalidArgumentError(`${place} is null; what is to be left out is undefined`);
    if (named[place] !== undefined)
      throw new InvalidArgumentError(
        `${place} is given twice: ${shown(value)} in its place, ${shown(named[place])} by its name`,
      );
    named[place] = value;
  }
  return named as T;
}

/**
 * Whether a value is an options object: not an array and not a class instance, from any realm, because cells may have
 * their own.
 */
function isOptions(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
