/** Chooses which runs in a folder a figure shows. */
import { types } from 'node:util';
import { checkCount, shown } from '../../runtime/arguments';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { notebookHost } from '../../runtime/notebookHost';
import type { Kinds } from '../../runtime/options';
import type { ScalarEvent } from '../../tf/summary';
import { isOwnRun } from '../runs/ownRuns';
import type { RunPart, WholeRun } from '../runs/runParts';

/** Options for choosing runs. */
export interface RunsChoice {
  /**
   * Shows the runs whose path below the folder matches; or `all`.
   *
   * @defaultValue those of this notebook, if there are any: runs that this process has written, or whose name it has
   * passed to `runDirectory`, including older ones. In a plain program, for several folders, and for your own names:
   * all
   */
  runs?: RegExp | 'all';
  /**
   * Shows only this many runs: those with the best final value of the first tag. Smaller is better, unless the tag's
   * name says otherwise (accuracy, precision, recall, F1, AUC, score, reward, correct).
   *
   * @defaultValue all
   */
  best?: number;
}

/** The options of {@link RunsChoice}. */
export const runsChoice = { runs: 'any', best: 'number' } as const satisfies Kinds<RunsChoice>;

/** @throws {InvalidArgumentError} when a choice of runs is invalid */
export function checkChoice({ runs, best }: RunsChoice): void {
  if (runs !== undefined && runs !== 'all' && !types.isRegExp(runs))
    throw new InvalidArgumentError(`runs are chosen by a regular expression, or are 'all', not ${shown(runs)}`);
  if (best !== undefined) checkCount('how many of the best runs are shown', best);
}

/**
 * The runs to read, and the number of others.
 *
 * @param areNamed whether each was requested by name
 * @throws {NotFoundError} when no run matches
 */
export function chosenRuns(
  parts: readonly RunPart[],
  runs: RunsChoice['runs'],
  areNamed: boolean,
): { readonly chosen: readonly RunPart[]; readonly others: number } {
  if (runs === 'all' || (runs === undefined && (areNamed || !notebookHost()))) return { chosen: parts, others: 0 };
  const matches = ({ name, folder }: RunPart) => (runs ? name.search(runs) >= 0 : isOwnRun(folder));
  const chosen = parts.filter(matches);
  if (chosen.length > 0) {
    const wholes = new Set(chosen.map(({ whole }) => whole));
    const others = new Set(parts.map(({ whole }) => whole).filter((whole) => !wholes.has(whole)));
    return { chosen, others: runs ? 0 : others.size };
  }
  if (runs === undefined) return { chosen: parts, others: 0 };
  const names = parts.slice(0, 10).map(({ name }) => `'${name}'`);
  const rest = parts.length > names.length ? ` and ${parts.length - names.length} more` : '';
  throw new NotFoundError(`no run matches ${runs}; there are ${names.join(', ')}${rest}`);
}

/** A part of a run, and its data. */
export interface ReadPart extends RunPart {
  readonly values: ReadonlyMap<string, readonly ScalarEvent[]>;
}

const moreIsBetter = /accuracy|precision|recall|f1|auc|score|reward|correct|right/i;

/** The best runs by a tag, best first. Runs that diverged, or lack the tag, are excluded. */
export function bestRuns(parts: readonly ReadPart[], tag: string, count: number): WholeRun[] {
  const sign = moreIsBetter.test(tag) ? -1 : 1;
  const scores = new Map<WholeRun, number>();
  for (const { whole, part, values } of parts) {
    const events = values.get(tag);
    // Of a run's parts, the one that wasn't trained on counts.
    if (!events || (scores.has(whole) && !/val|test/i.test(part))) continue;
    scores.set(whole, sign * endOf(events));
  }
  return [...scores]
    .filter(([, score]) => Number.isFinite(score))
    .sort(([, one], [, other]) => one - other)
    .slice(0, count)
    .map(([whole]) => whole);
}

/** The mean of a curve's last tenth, which is robust against single batches. */
function endOf(events: readonly ScalarEvent[]): number {
  const last = events.slice(-Math.max(1, Math.floor(events.length / 10)));
  return last.reduce((sum, { value }) => sum + value, 0) / last.length;
}
