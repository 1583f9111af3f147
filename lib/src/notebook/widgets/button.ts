/** Buttons. */
import { checkedLabel } from './control';

/** A button, created by {@link button} and displayed by {@link controls}. */
export class ButtonControl {
  /** Its label, if it differs from its name. */
  readonly label: string | undefined;
  /** Distinguishes it from controls with values. */
  readonly kind = 'button';

  /** @internal */
  constructor(label: string | undefined) {
    this.label = checkedLabel(label);
  }
}

/**
 * Creates a button, for {@link controls}.
 *
 * @param label its text; by default, its name
 * @throws {InvalidArgumentError} when `label` is not a string
 *
 * @example
 * const panel = controls({ run: button('Train') });
 * panel.run.onClick(() => console.log('trains'));
 */
export function button(label?: string): ButtonControl {
  return new ButtonControl(label);
}
