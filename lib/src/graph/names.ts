/**
 * TensorFlow 1's rules for names: which are valid, and how a used one gets a number.
 *
 * @see `Graph.unique_name` and `Graph.name_scope` in TensorFlow's python/framework/ops.py
 */
import { InvalidArgumentError } from '../runtime/errors';

const VALID_OPERATION = /^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/;
const VALID_NESTED_SCOPE = /^[A-Za-z0-9_.\\/>-]*$/;

/** Gives out unique names. Case is ignored, since names become files on systems that ignore it. */
export class Names {
  readonly #used = new Map<string, number>();

  /** `name`, or `name_1`, `name_2` … where it is used; the name given out counts as used. */
  unique(name: string): string {
    const key = name.toLowerCase();
    let count = this.#used.get(key) ?? 0;
    this.#used.set(key, count + 1);
    if (count === 0) return name;
    let candidate = key;
    while (this.#used.has(candidate)) candidate = `${key}_${count++}`;
    this.#used.set(candidate, 1);
    return `${name}_${count - 1}`;
  }

  /** Counts `name` as used, as an operation that was imported under it does. */
  use(name: string): void {
    const key = name.toLowerCase();
    if (!this.#used.has(key)) this.#used.set(key, 1);
  }
}

/** @throws {InvalidArgumentError} when an operation can't have this name */
export function checkOperationName(name: string): void {
  if (!VALID_OPERATION.test(name)) throw invalid('an operation', name, 'start with a letter, a digit or a dot');
}

/** @throws {InvalidArgumentError} when a scope can't have this name; one inside another may start with `_` or `-` */
export function checkScopeName(name: string, nested: boolean): void {
  const valid = nested ? VALID_NESTED_SCOPE : VALID_OPERATION;
  if (!valid.test(name))
    throw invalid(
      'a name scope',
      name,
      nested ? 'have one character or more' : 'start with a letter, a digit or a dot',
    );
}

function invalid(what: string, name: string, start: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `'${name}' is no name for ${what}: it must ${start}, and hold only letters, digits and _ . - / \\ >`,
  );
}
