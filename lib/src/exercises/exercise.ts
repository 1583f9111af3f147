/** Checks a reader's solution of an exercise. */
import { inspect } from 'node:util';
import { inLanguage } from '../notebook/language';
import { InvalidArgumentError, TensorFlowError } from '../runtime/errors';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../runtime/notebookHost';
import { checkKeys } from '../runtime/options';
import { card, item } from './card';
import type { ExerciseDefinition, Outcome } from './definition';
import { checkedLast } from './hint';
import { definitionOf, type ExerciseEffects, type ExerciseId } from './notebooks';
import { keepSolved } from './progress';
import { said } from './says';
import { showAnew } from './table';

const HINT = { en: 'For a hint, run `hint()`.', zh: '想要提示，请运行 `hint()`。' };

/** The result of checking an exercise, as a notebook shows it. */
export class ExerciseResult implements Displayable {
  readonly id: string;
  readonly title: string;
  /** What is right, in sentences. */
  readonly right: readonly string[];
  /** The first thing missing; undefined if nothing is. */
  readonly missing: string | undefined;
  readonly #later: number;

  constructor(id: string, title: string, { right, missing, later }: Outcome) {
    this.id = id;
    this.title = title;
    this.right = right;
    this.missing = missing;
    this.#later = later;
  }

  /** Whether nothing is missing. */
  get isSolved(): boolean {
    return this.missing === undefined;
  }

  get #heading(): string {
    const state = this.isSolved ? { en: 'solved', zh: '完成' } : { en: 'not yet', zh: '还没完成' };
    return `${this.title}${inLanguage({ en: ': ', zh: '：' })}${inLanguage(state)}`;
  }

  get #lines(): readonly (readonly [isRight: boolean, text: string])[] {
    const right = this.right.map((text) => [true, text] as const);
    return this.missing === undefined ? right : [...right, [false, this.missing]];
  }

  get #advice(): string {
    if (this.isSolved) return '';
    const later = { en: `After that, ${this.#later} more to check.`, zh: `之后还要检查 ${this.#later} 项。` };
    return this.#later > 0 ? inLanguage({ en: `${later.en} ${HINT.en}`, zh: later.zh + HINT.zh }) : inLanguage(HINT);
  }

  /** The notebook's display: what is right and what is missing, with a coloured edge in the page. */
  [jupyterDisplay](): MimeBundle {
    const items = this.#lines.map(([isRight, text]) => item(isRight, text));
    return {
      'text/html': card(this.#heading, `<ul style="list-style:none;margin:4px 0;padding:0">${items.join('')}</ul>`, {
        state: this.isSolved ? 'right' : 'missing',
        advice: this.#advice,
      }),
      'text/plain': this.toString(),
    };
  }

  /** The title, and a line for each thing right or missing. */
  toString(): string {
    const lines = this.#lines.map(([isRight, text]) => `  ${isRight ? '✓' : '✗'} ${text}`);
    return [this.#heading, ...lines, ...(this.isSolved ? [] : [`  ${this.#advice}`])].join('\n');
  }

  /** The same text for a REPL. */
  [inspect.custom](): string {
    return this.toString();
  }
}

/**
 * Checks an exercise of the notebooks by its effects: graphs, curves and arrays, never by the code. As a cell's last
 * expression, the result shows what is right and what is missing. A solved exercise is recorded in the notebook's
 * folder.
 *
 * @param id write `exercise` with the id and hover over it to see the effects
 * @param effects what the exercise asks for
 * @throws {InvalidArgumentError} when there is no such exercise, or the effects have the wrong form
 * @throws {TensorFlowError} when the record can't be written
 *
 * @example
 * const result = exercise('101-learning-rate', { trainings: [], best: undefined, bestOf200: undefined });
 * result.isSolved; // false
 */
export function exercise<Id extends ExerciseId>(id: Id, effects: ExerciseEffects[Id]): ExerciseResult {
  const definition = definitionOf(id);
  checkKeys(effects, definition.effects);
  const result = new ExerciseResult(id, inLanguage(definition.title), outcomeOf(id, definition, effects));
  checkedLast(id);
  if (result.isSolved) {
    keepSolved(id);
    showAnew();
  }
  return result;
}

function outcomeOf<E>(id: string, { checks }: ExerciseDefinition<E>, effects: E): Outcome {
  try {
    const first = checks.findIndex((check) => !check.holds(effects));
    const held = first < 0 ? checks : checks.slice(0, first);
    const failed = checks[first];
    return {
      right: held.map(({ right }) => said(right, effects)),
      missing: failed && said(failed.missing, effects),
      later: failed ? checks.length - first - 1 : 0,
    };
  } catch (error) {
    // Untyped programs may pass anything, and checks don't validate their effects.
    if (error instanceof TensorFlowError) throw error;
    throw new InvalidArgumentError(
      `the effects of exercise '${id}' are not such as it looks at: ${(error as Error).message}`,
    );
  }
}
