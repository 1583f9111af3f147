/** What a table says of runs. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { NotFoundError } from '../../runtime/errors';
import { readScalars } from '../../tf/summary';
import { findRuns, readEach } from '../plot/runs';
import { namesIn } from './folders';
import type { FlatConfig } from './runName';
import { partsOf } from './runParts';

/** A run in a table of runs. */
export interface RunRow {
  /** The path of its folder below the one of all runs, by which it can be deleted. */
  readonly name: string;
  /** The folder itself, for `plot.scalars` and the like. */
  readonly folder: string;
  /** Its hyperparameters by their paths; none where it has written none. */
  readonly config: FlatConfig;
  /** The last step of which it has written a scalar. */
  readonly step: number | undefined;
  /** The last value of each scalar, by its tag; behind the name of the part that wrote it, `validation/loss`, where that is one. */
  readonly values: Readonly<Record<string, number>>;
  /** When it has last written one. */
  readonly time: Date | undefined;
  /** How many trials it has, where it is a search. */
  readonly trials?: number;
}

/** Where a search keeps what happens: its trials are runs of its own, of which a table of runs has one row. */
const JOURNAL = 'journal.jsonl';

/**
 * A row a run below a folder, in the order of their names; none where there are no event files.
 *
 * @throws {NotFoundError} when the folder isn't there
 */
export async function runRows(dir: string): Promise<RunRow[]> {
  const parts = partsOf(await foundIn(dir));
  const rows = new Map<string, RunRow>();
  const searches = parts.map(({ folder }) => searchOf(dir, folder));
  for (const search of new Set(searches))
    if (search !== undefined)
      rows.set(search, {
        ...emptyRow(search, path.join(dir, search)),
        trials: namesIn(path.join(dir, search, 'trials')).length,
      });
  const others = parts.filter((_, i) => searches[i] === undefined);
  await readEach(others, async ({ folder, whole, part }) => {
    const before = rows.get(whole.name) ?? emptyRow(whole.name, whole.folder, whole.config);
    rows.set(whole.name, before); // also where its events can't be read
    const last = [...(await readScalars(folder))].map(([tag, events]) => [tag, events.at(-1)!] as const);
    const greatest = (numbers: readonly number[]) => (numbers.length > 0 ? Math.max(...numbers) : undefined);
    const time = greatest([...last.map(([, { wallTime }]) => 1000 * wallTime), ...(before.time ? [+before.time] : [])]);
    rows.set(whole.name, {
      ...before,
      step: greatest([...last.map(([, { step }]) => step), ...(before.step === undefined ? [] : [before.step])]),
      values: {
        ...before.values,
        ...Object.fromEntries(last.map(([tag, { value }]) => [part ? `${part}/${tag}` : tag, value])),
      },
      time: time === undefined ? undefined : new Date(time),
    });
  });
  return [...rows.values()].sort((one, other) => byName(one.name, other.name));
}

function emptyRow(name: string, folder: string, config: FlatConfig = {}): RunRow {
  return { name, folder, config, step: undefined, values: {}, time: undefined };
}

const { compare: byName } = new Intl.Collator('en', { numeric: true });

async function foundIn(dir: string) {
  try {
    return await findRuns(dir);
  } catch (error) {
    if (error instanceof NotFoundError && existsSync(dir)) return []; // no events yet
    throw error;
  }
}

/** The search that a folder is of, as a path below `dir`; undefined where it is of none. */
function searchOf(dir: string, folder: string): string | undefined {
  const names = path.relative(dir, folder).split(path.sep);
  for (let count = 1; count <= names.length; count++) {
    const below = path.join(...names.slice(0, count));
    if (below !== '' && existsSync(path.join(dir, below, JOURNAL))) return below;
  }
  return undefined;
}
