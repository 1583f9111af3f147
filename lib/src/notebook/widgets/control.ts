/** The base of all controls: how a page shows it, and which values it accepts. */
import { checkText, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ControlView } from './controlView';

/** Options common to all controls. */
export interface ControlOptions {
  /**
   * The label next to it.
   *
   * @defaultValue its name
   */
  label?: string;
}

/**
 * A control for values of type `T`, created by `slider`, `choice`, `checkbox` and `text`, and displayed by
 * {@link controls}.
 */
export class Control<out T> {
  /** The initial value. */
  readonly value: T;
  /** Its label, if it differs from its name. */
  readonly label: string | undefined;
  /** @internal */
  readonly view: ControlView;
  readonly #check: (value: unknown) => T | undefined;
  readonly #expected: string;

  /**
   * @internal
   * @param check converts a value to one that the control accepts; undefined if it doesn't accept it
   * @param expected a description of accepted values, for errors
   * @throws {InvalidArgumentError} when `value` isn't accepted
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
   * @internal Returns an accepted value.
   * @throws {InvalidArgumentError} when it isn't accepted
   */
  check(name: string, value: unknown): T {
    const checked = this.#check(value);
    if (checked === undefined) throw new InvalidArgumentError(`${name} is ${this.#expected}, not ${shown(value)}`);
    return checked;
  }
}

/** @throws {InvalidArgumentError} when a label is not a string */
export function checkedLabel(label: string | undefined): string | undefined {
  if (label !== undefined) checkText('the label of a control', label);
  return label;
}
