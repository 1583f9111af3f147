/** A line of text. */
import { onlyOptions } from '../../runtime/options';
import { Control, type ControlOptions } from './control';

/** Characters of a text that a page may send. */
const LONGEST = 100_000;

/**
 * A line of text, for {@link controls}.
 *
 * @throws {InvalidArgumentError} when `value` is no text
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
