/** The exercises of a notebook, as its cells have them. */

/** A cell of a notebook's file. */
export interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: readonly string[];
}

/** Four cells: what is asked comes before these. */
export interface NotebookExercise {
  readonly id: string;
  /** What the reader works in, as the notebook has it. */
  readonly work: string;
  readonly check: string;
  /** What the folded answer has in the place of the work. */
  readonly answer: string;
}

/** The name in a cell that checks: `exercise('101-learning-rate', …`. */
const CHECK = /^exercise\('([\w-]+)'/m;
/** The code of an answer. */
const ANSWER = /^<details><summary>[^<]+<\/summary>\n\n```ts\n(.*?)\n```\n.*<\/details>$/s;

/**
 * The exercises in their order.
 *
 * @throws {Error} when one hasn't its four cells: the task, the work, the check, and the answer
 */
export function exercisesOf(cells: readonly Cell[]): NotebookExercise[] {
  return cells.flatMap((cell, i) => {
    const check = cell.source.join('');
    const id = cell.cell_type === 'code' && CHECK.exec(check)?.[1];
    if (!id) return [];
    const around = [cells[i - 2], cells[i - 1], cells[i + 1]];
    const [task, work, folded] = around.map((other) => other?.source.join('') ?? '');
    const answer = ANSWER.exec(folded ?? '')?.[1];
    if (
      around.map((other) => other?.cell_type).join() !== 'markdown,code,markdown' ||
      !task?.startsWith('### ') ||
      !answer
    )
      throw new Error(`exercise '${id}' is a task, a cell to work in, this check, and a folded answer with code`);
    return [{ id, work: work!, check, answer }];
  });
}
