/** Options objects: a misspelt key would be an option that does nothing. */
import { shown } from './arguments';
import { InvalidArgumentError } from './errors';
import { nearest } from './nearest';

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
    const guess = nearest(key, known);
    throw new InvalidArgumentError(
      guess === undefined
        ? `there is no option '${path}${key}'; the options are ${known.join(', ')}`
        : `there is no option '${path}${key}'; did you mean '${path}${guess}'?`,
    );
  }
}
