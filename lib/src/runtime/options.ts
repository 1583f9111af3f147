/** Options objects: a misspelt key would be an option that does nothing. */
import { shown } from './arguments';
import { InvalidArgumentError } from './errors';
import { didYouMean } from './nearest';

/** Nothing where `K` names every option of `T`; else what it leaves out, so that a forgotten one doesn't compile. */
type Rest<T, K> = [Exclude<keyof T, K>] extends [never] ? [] : [forgotten: Exclude<keyof T, K>];

/**
 * `options`, which have no others than those `known`.
 *
 * @throws {InvalidArgumentError} when they have, with a guess of what was meant, or when they are no object
 *
 * @example
 * const { name, axis = 0 } = onlyOptions({ axis: 1 } as { name?: string; axis?: number }, ['name', 'axis']);
 */
export function onlyOptions<T extends object, const K extends keyof T>(
  options: T,
  known: readonly K[],
  ..._complete: Rest<T, K>
): T {
  checkKeys(options, known as readonly string[]);
  return options;
}

/**
 * What {@link onlyOptions} does, for options that are listed elsewhere.
 *
 * @param path what stands before their names, where they are options of an option
 */
export function checkKeys(options: unknown, known: readonly string[], path = ''): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || ArrayBuffer.isView(options))
    throw new InvalidArgumentError(`options are an object such as { ${known[0]}: … }, not ${shown(options)}`);
  for (const key in options) {
    if (known.includes(key)) continue;
    const otherwise = `; the options are ${known.join(', ')}`;
    const guess = didYouMean(key, known, { otherwise, as: (name) => `'${path}${name}'` });
    throw new InvalidArgumentError(`there is no option '${path}${key}'${guess}`);
  }
}

/**
 * The options of a function some of which may stand in a place, as Python's users write them: `topK(x, 3)` says what
 * `topK(x, { k: 3 })` does.
 *
 * @param given what came behind the required arguments: values of the options `places`, in their order, and then the
 *   others as an object; undefined leaves a place out
 * @throws {InvalidArgumentError} when there is more than these, or an option has a place and a name
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

/** Whether a value is an object of options: no array, and made by no class; of whichever realm, since cells may have their own. */
function isOptions(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
