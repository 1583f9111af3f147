/** Describes the runs in a folder. */
import { NotFoundError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { readScalars, type ScalarEvent } from '../../tf/summary';
import { chosenRuns } from '../plot/chosenRuns';
import type { Points } from '../plot/curves';
import { findRuns, type Logdirs, readEach } from '../plot/runs';
import { partsOf } from '../runs/runParts';
import { checkLevels, levelOptions, type ObserveCurvesOptions, saidOf } from './curves';
import { Observation } from './observation';

/** Options of describing runs. */
export interface ObserveScalarsOptions extends ObserveCurvesOptions {
  /** The tag of the values. */
  tag: string;
}

/** The maximum number of described runs. */
const RUNS = 2;

/**
 * Describes the last run compared with the one before it: where each begins and ends, and when it passes a level.
 *
 * @param logdirs as for `plot.scalars`: of a folder's runs, those of this notebook, if there are any
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files, or no run has the tag
 * @throws {InvalidArgumentError} when a level is not a number
 * @example
 * await observe.scalars('summaries', { tag: 'loss', below: 0.5 });
 */
export async function scalars(logdirs: Logdirs, options: ObserveScalarsOptions): Promise<Observation> {
  const { tag, ...asked } = onlyOptions(options, { tag: 'string', ...levelOptions });
  checkLevels(asked);
  const { chosen } = chosenRuns(partsOf(await findRuns(logdirs)), undefined, typeof logdirs !== 'string');
  const runs = await readEach(chosen, async ({ name, folder }) => ({
    name,
    events: (await readScalars(folder)).get(tag),
  }));
  const last = runs
    .filter((run): run is { name: string; events: ScalarEvent[] } => run.events !== undefined)
    .sort((a, b) => b.events.at(-1)!.wallTime - a.events.at(-1)!.wallTime)
    .slice(0, RUNS);
  if (last.length === 0) throw new NotFoundError(`no run has scalars of the tag '${tag}'`);
  const curves = new Map(last.map(({ name, events }) => [`${tag} of ${name}`, pointsOf(events)]));
  return new Observation(saidOf(curves, asked));
}

const pointsOf = (events: readonly ScalarEvent[]): Points => ({
  x: events.map(({ step }) => step),
  y: events.map(({ value }) => value),
});
