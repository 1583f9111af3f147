/**
 * TensorFlow 1's rules for names: which are valid, and how a name that is taken gets a number.
 *
 * @see `Graph.unique_name` and `Graph.name_scope` in TensorFlow's python/framework/ops.py
 */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';

/**
 * The node names that TensorFlow's runtime accepts in a GraphDef. Python's own pattern also allows a backslash and a
 * trailing `>`: graphs with such names can be written, but not read again.
 */
const VALID_NAME = /^[A-Za-z0-9.][A-Za-z0-9_./-]*(>[A-Za-z0-9.][A-Za-z0-9_./-]*)*$/;

/** Allocates unique names. Case is ignored, because names become file names on case-insensitive systems. */
export class Names {
  readonly #used = new Map<string, number>();
  /** The changes that may have to be undone: each name, with its previous count. */
  readonly #changes: [key: string, before: number | undefined][] = [];
  #attempts = 0;

  /**
   * Runs something that reserves names. If it throws, and `isUndone` returns true, the names are released.
   *
   * @returns what `use` returns
   */
  attempt<T>(use: () => T, isUndone: (error: unknown) => boolean): T {
    const begin = this.#changes.length;
    this.#attempts++;
    try {
      return use();
    } catch (error) {
      if (isUndone(error))
        for (const [key, before] of this.#changes.splice(begin).reverse())
          if (before === undefined) this.#used.delete(key);
          else this.#used.set(key, before);
      throw error;
    } finally {
      if (--this.#attempts === 0) this.#changes.length = 0;
    }
  }

  /** Reserves `name`, or `name_1`, `name_2` … if it is taken. */
  unique(name: string): string {
    const key = name.toLowerCase();
    let count = this.#used.get(key) ?? 0;
    this.#set(key, count + 1);
    if (count === 0) return name;
    let candidate = key;
    while (this.#used.has(candidate)) candidate = `${key}_${count++}`;
    this.#set(candidate, 1);
    return `${name}_${count - 1}`;
  }

  /** Marks `name` as used, as for an imported operation. */
  use(name: string): void {
    const key = name.toLowerCase();
    if (!this.#used.has(key)) this.#set(key, 1);
  }

  #set(key: string, count: number): void {
    if (this.#attempts > 0) this.#changes.push([key, this.#used.get(key)]);
    this.#used.set(key, count);
  }
}

/**
 * Refuses an invalid name of an operation.
 *
 * @param name including its scopes
 * @throws {InvalidArgumentError} when it is invalid
 */
export function checkOperationName(name: unknown): asserts name is string {
  check('an operation', name);
}

/**
 * Refuses an invalid name of a scope.
 *
 * @param name including its scopes
 * @throws {InvalidArgumentError} when it is invalid
 */
export function checkScopeName(name: unknown): asserts name is string {
  check('a name scope', name);
}

function check(what: string, name: unknown): asserts name is string {
  if (typeof name !== 'string') throw new InvalidArgumentError(`the name of ${what} is a string, not ${shown(name)}`);
  if (!VALID_NAME.test(name))
    throw new InvalidArgumentError(
      `${shown(name)} is no name for ${what}: it must start with a letter, a digit or a dot, and hold only letters, digits and _ . - / ` +
        '(and >, before a letter, a digit or a dot)',
    );
}

/** The name, or the first free one with a number appended. */
export function freeName(name: string, taken: { has(name: string): boolean }): string {
  for (let i = 0; ; i++) {
    const candidate = i === 0 ? name : `${name}_${i}`;
    if (!taken.has(candidate)) return candidate;
  }
}
