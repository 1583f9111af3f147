/** Checkboxes. */
import { onlyOptions } from '../../runtime/options';
import { Control, type ControlOptions } from './control';

/**
 * Creates a checkbox, for {@link controls}.
 *
 * @throws {InvalidArgumentError} when `value` is not a boolean
 *
 * @example
 * const { fast } = controls({ fast: checkbox(true, { label: 'as fast as it can' }) });
 * fast; // true
 */
export function checkbox(value = false, options: ControlOptions = {}): Control<boolean> {
  const { label } = onlyOptions(options, { label: 'string' });
  const boolean = (given: unknown) => (typeof given === 'boolean' ? given : undefined);
  return new Control({ kind: 'checkbox' }, value, boolean, 'true or false', label);
}
