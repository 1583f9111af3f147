/** The table of solved exercises. */
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { inLanguage } from '../notebook/language';
import { escapeHtml } from '../runtime/html';
import {
  type Displayable,
  jupyterDisplay,
  jupyterDisplayId,
  type MimeBundle,
  notebookHost,
} from '../runtime/notebookHost';
import { mark, rich } from './card';
import { definitionOf, type ExerciseId, type ExerciseNotebook, exercisesOf } from './notebooks';
import { solved } from './progress';

/** The tables shown in notebooks. */
const shown = new Set<ExerciseTable>();

/** Updates all tables shown. */
export function showAnew(): void {
  for (const table of shown) table.update();
}

/** A table of exercises with their states, which a notebook updates when one is solved. */
export class ExerciseTable implements Displayable {
  readonly [jupyterDisplayId] = randomUUID();
  readonly #ids: readonly ExerciseId[];

  constructor(ids: readonly ExerciseId[]) {
    this.#ids = ids;
  }

  #rows(): readonly (readonly [isSolved: boolean, title: string, id: string])[] {
    const done = solved();
    return this.#ids.map((id) => [done.has(id), inLanguage(definitionOf(id).title), id]);
  }

  /** The number of solved exercises. */
  get count(): number {
    return this.#rows().filter(([isSolved]) => isSolved).length;
  }

  /** The notebook's display, which is updated in place. */
  [jupyterDisplay](): MimeBundle {
    shown.add(this);
    const rows = this.#rows().map(
      ([isSolved, title, id]) =>
        `<tr><td>${mark(isSolved)} ${stateText(isSolved)}</td><td style="text-align:left">${rich(title)}</td>` +
        `<td style="text-align:left"><code>${escapeHtml(id)}</code></td></tr>`,
    );
    const heads = HEADS.map((head) => `<th scope="col" style="text-align:left">${inLanguage(head)}</th>`);
    const caption = `<caption style="text-align:left;caption-side:top"><b>${this.#caption}</b></caption>`;
    return {
      'text/html': `<table>${caption}<thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`,
      'text/plain': this.toString(),
    };
  }

  get #caption(): string {
    const [done, all] = [this.count, this.#ids.length];
    return inLanguage({ en: `Exercises: ${done} of ${all} solved`, zh: `练习：${all} 个中完成了 ${done} 个` });
  }

  /** Updates its displays. */
  update(): void {
    notebookHost()?.display(this[jupyterDisplay](), { displayId: this[jupyterDisplayId], update: true });
  }

  /** The number of solved exercises, and a line for each exercise. */
  toString(): string {
    const lines = this.#rows().map(([isSolved, title, id]) => `  ${isSolved ? '✓' : '·'} ${title} (${id})`);
    return [this.#caption, ...lines].join('\n');
  }

  /** The same text for a REPL. */
  [inspect.custom](): string {
    return this.toString();
  }
}

const HEADS = [
  { en: 'State', zh: '状态' },
  { en: 'Exercise', zh: '练习' },
  { en: 'Id', zh: '名字' },
];
const stateText = (isSolved: boolean) =>
  inLanguage(isSolved ? { en: 'solved', zh: '完成' } : { en: 'open', zh: '未做' });

/**
 * The exercises with their states in this folder; in a notebook, the table is updated as they are solved.
 *
 * @param notebook the notebook's file name without number and extension; if omitted, all notebooks
 * @throws {InvalidArgumentError} when there is no such notebook with exercises
 * @throws {TensorFlowError} when the file of solved exercises can't be read
 *
 * @example
 * exercises('mechanics-101').count; // 0
 */
export function exercises(notebook?: ExerciseNotebook): ExerciseTable {
  return new ExerciseTable(exercisesOf(notebook));
}
