/** Something to press. */
import { checkedLabel } from './control';

/** A button before it is shown: {@link button} makes one, and {@link controls} shows it. */
export class ButtonControl {
  /** What stands on it, where that isn't its name. */
  readonly label: string | undefined;
  /** What tells it from controls with values. */
  readonly kind = 'button';

  /** @internal */
  constructor(label: string | undefined) {
    this.label = checkedLabel(label);
  }
}

/**
 * A button, for {@link controls}.
 *
 * @param label what stands on it; its name where it is left out
 * @throws {InvalidArgumentError} when `label` is no text
 *
 * @example
 * const panel = controls({ run: button('Train') });
 * panel.run.onClick(() => console.log('trains'));
 */
export function button(label?: string): ButtonControl {
  return new ButtonControl(label);
}
