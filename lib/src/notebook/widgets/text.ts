/** Text fields. */
import { onlyOptions } from '../../runtime/options';
import { Control, type ControlOptions } from './control';

/** The maximum length of a text from a page, in characters. */
const LONGEST = 100_000;

/**
 * Creates a text field, for {@link controls}.
 *
 * @throws {InvalidArgumentError} when `value` is not a string
 *
 * @example
 * const { name } = controls({ name: text('run') });
 * name; // 'run'
 */
export function text(value = '', options: ControlOptions = {}): Control<string> {
  const { label } = onlyOptions(options, { label: 'string' });
  const line = (given: unknown) => (typeof given === 'string' && given.length <= LONGEST ? given : undefined);
  return new Control({ kind: 'text' }, value, line, 'a text', label);
}
