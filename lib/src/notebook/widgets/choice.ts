/** Choices among values. */
import { checkArray, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { Control, type ControlOptions } from './control';
import type { ChoiceValue } from './controlView';

/** Options of {@link choice}. */
export interface ChoiceOptions<V> extends ControlOptions {
  /**
   * The initial value.
   *
   * @defaultValue the first
   */
  value?: V;
}

/**
 * Creates a choice among values, for {@link controls}.
 *
 * @throws {InvalidArgumentError} when there is none, one is repeated, or the initial one isn't among them
 *
 * @example
 * const { hidden } = controls({ hidden: choice([32, 64, 128]) }); // of type 32 | 64 | 128
 * hidden; // 32
 */
export function choice<const V extends ChoiceValue, const D extends V = V>(
  values: readonly V[],
  options: ChoiceOptions<D> = {},
): Control<V> {
  const { value, label } = onlyOptions(options, { value: 'any', label: 'string' });
  checkArray('the values of a choice', values);
  const odd = values.find((each) => !['string', 'number', 'boolean'].includes(typeof each) || Number.isNaN(each));
  if (odd !== undefined || values.length === 0 || values.includes(undefined as never))
    throw new InvalidArgumentError(
      `a choice is among texts, numbers and booleans, ${values.length === 0 ? 'and there is none' : `not ${shown(odd)}`}`,
    );
  const twice = values.find((each, i) => values.indexOf(each) < i);
  if (twice !== undefined) throw new InvalidArgumentError(`a choice has each value once, and ${shown(twice)} twice`);
  const own = [...values];
  const among = (given: unknown) => own.find((each) => each === given);
  const expected = `one of ${own.map(shown).join(', ')}`;
  return new Control<V>({ kind: 'choice', values: own }, value ?? own[0], among, expected, label);
}
