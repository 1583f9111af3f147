/** What every control has: how a page shows it, and which values it can have. */
import { checkText, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ControlView } from './controlView';

/** What all controls can be told. */
export interface ControlOptions {
  /**
   * What stands beside it.
   *
   * @defaultValue its name
   */
  label?: string;
}

/** A control for values of type `T`: `slider`, `choice`, `checkbox` and `text` make one, and {@link controls} shows it. */
export class Control<out T> {
  /** The value with which it begins. */
  readonly value: T;
  /** What stands beside it, where that isn't its name. */
  readonly label: string | undefined;
  /** @internal */
  readonly view: ControlView;
  readonly #check: (value: unknown) => T | undefined;
  readonly #expected: string;

  /**
   * @internal
   * @param check a value as the control can have it; undefined where it can't
   * @param expected what it can have, for errors
   * @throws {InvalidArgumentError} when `value` can't be one of its values
   */
  constructor(
    view: ControlView,
    value: unknown,
    check: (value: unknown) => T | undefined,
    expected: string,
    label: string | undefined,
  ) {
    this.view = view;
    this.#check = check;
    this.#expected = expected;
    this.value = this.check(`the value of a ${view.kind}`, value);
    this.label = checkedLabel(label);
  }

  /**
   * @internal A value that it can have.
   * @throws {InvalidArgumentError} when it can't
   */
  check(name: string, value: unknown): T {
    const checked = this.#check(value);
    if (checked === undefined) throw new InvalidArgumentError(`${name} is ${this.#expected}, not ${shown(value)}`);
    return checked;
  }
}

/** @throws {InvalidArgumentError} when a label is no text */
export function checkedLabel(label: string | undefined): string | undefined {
  if (label !== undefined) checkText('the label of a control', label);
  return label;
}
