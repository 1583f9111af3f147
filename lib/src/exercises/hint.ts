/** Hints, one at a time. */
import { inspect } from 'node:util';
import { inLanguage } from '../notebook/language';
import { FailedPreconditionError } from '../runtime/errors';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../runtime/notebookHost';
import { card, rich } from './card';
import { definitionOf, type ExerciseId } from './notebooks';

/** How many hints were given of each exercise. */
const given = new Map<ExerciseId, number>();
let last: ExerciseId | undefined;

/** Remembers whose hints are asked for without an id. */
export function checkedLast(id: ExerciseId): void {
  last = id;
}

/** A hint, as a notebook shows it. */
export class Hint implements Displayable {
  /** Which it is, and of which exercise. */
  readonly title: string;
  readonly text: string;

  constructor(title: string, text: string) {
    this.title = title;
    this.text = text;
  }

  /** As the notebook shows it: its title and the hint. */
  [jupyterDisplay](): MimeBundle {
    return { 'text/html': card(this.title, `<div>${rich(this.text)}</div>`), 'text/plain': this.toString() };
  }

  /** The title and the hint. */
  toString(): string {
    return `${this.title}\n  ${this.text}`;
  }

  /** The same text as a REPL shows it. */
  [inspect.custom](): string {
    return this.toString();
  }
}

/**
 * One more hint of an exercise each time; after the last one, it is given again.
 *
 * @param id left out, the exercise that was checked last
 * @throws {FailedPreconditionError} when none has been checked yet, and none is named
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
