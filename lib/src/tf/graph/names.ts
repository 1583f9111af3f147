/**
 * TensorFlow 1's rules for names: which are valid, and how a used one gets a number.
 *
 * @see `Graph.unique_name` and `Graph.name_scope` in TensorFlow's python/framework/ops.py
 */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';

/**
 * What TensorFlow's runtime takes as a node's name when it reads a GraphDef. Python's own pattern is wider by a backslash and
 * a `>` at the end: graphs with such names can be written, but never read again.
 */
const VALID_NAME = /^[A-Za-z0-9.][A-Za-z0-9_./-]*(>[A-Za-z0-9.][A-Za-z0-9_./-]*)*$/;

/** Gives out unique names. Case is ignored, since names become files on systems that ignore it. */
export class Names {
  readonly #used = new Map<string, number>();
  /** What was changed while somebody may want it undone: each name, with what it was before. */
  readonly #changes: [key: string, before: number | undefined][] = [];
  #attempts = 0;

  /**
   * Runs what uses names, and where it throws, and `isUndone` says so, gives them back.
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

  /** `name`, or `name_1`, `name_2` … where it is used; the name given out counts as used. */
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

  /** Counts `name` as used, as an operation that was imported under it does. */
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
 * Refuses what can't be the name of an operation.
 *
 * @param name with the scopes it is in
 * @throws {InvalidArgumentError} when it can't
 */
export function checkOperationName(name: unknown): asserts name is string {
  check('an operation', name);
}

/**
 * Refuses what can't be the name of a scope.
 *
 * @param name with the scopes it is in
 * @throws {InvalidArgumentError} when it can't
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

/** The name, or where it is taken the first that is free with a number behind it. */
export function freeName(name: string, taken: { has(name: string): boolean }): string {
  for (let i = 0; ; i++) {
    const candidate = i === 0 ? name : `${name}_${i}`;
    if (!taken.has(candidate)) return candidate;
  }
}
