/** Hints, one at a time. */
import { inspect } from 'node:util';
import { inLanguage } from '../notebook/language';
import { FailedPreconditionError } from '../runtime/errors';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../runtime/notebookHost';
import { card, rich } from './card';
import { definitionOf, type ExerciseId } from './notebooks';

/** The number of hints given for each exercise. */
const given = new Map<ExerciseId, number>();
let last: ExerciseId | undefined;

/** Sets the exercise whose hints are given without an id. */
export function checkedLast(id: ExerciseId): void {
  last = id;
}

/** A hint, as a notebook shows it. */
export class Hint implements Displayable {
  /** Its number, and the exercise. */
  readonly title: string;
  readonly text: string;

  constructor(title: string, text: string) {
    this.title = title;
    this.text = text;
  }

  /** The notebook's display: the title and the hint. */
  [jupyterDisplay](): MimeBundle {
    return { 'text/html': card(this.title, `<div>${rich(this.text)}</div>`), 'text/plain': this.toString() };
  }

  /** The title and the hint. */
  toString(): string {
    return `${this.title}\n  ${this.text}`;
  }

  /** The same text for a REPL. */
  [inspect.custom](): string {
    return this.toString();
  }
}

/**
 * The next hint for an exercise; after the last one, the last one again.
 *
 * @param id if omitted, the exercise that was checked last
 * @throws {FailedPreconditionError} when no id is given and no exercise has been checked yet
 * @throws {InvalidArgumentError} when there is no such exercise
 *
 * @example
 * hint('101-learning-rate');
 */
export function hint(id: ExerciseId | undefined = last): Hint {
  if (id === undefined)
    throw new FailedPreconditionError('which exercise? Check one first, or name one: hint("101-learning-rate")');
  const { title, hints } = definitionOf(id);
  const number = Math.min((given.get(id) ?? 0) + 1, hints.length);
  given.set(id, number);
  const heading = {
    en: `${title.en}: hint ${number} of ${hints.length}`,
    zh: `${title.zh}：提示 ${number}（共 ${hints.length} 条）`,
  };
  const answer = {
    en: 'That was the last one; the answer is folded below the check.',
    zh: '提示到此为止；检查下面折叠着答案。',
  };
  const text = inLanguage(hints[number - 1]!);
  return new Hint(
    inLanguage(heading),
    number < hints.length ? text : text + inLanguage({ en: ` ${answer.en}`, zh: answer.zh }),
  );
}
