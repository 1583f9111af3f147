/** The rows of a table of runs. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { NotFoundError } from '../../runtime/errors';
import { readScalars } from '../../tf/summary';
import { findRuns, readEach } from '../plot/runs';
import { namesIn } from './folders';
import type { FlatConfig } from './runName';
import { partsOf } from './runParts';

/** A row of a table of runs. */
export interface RunRow {
  /** The path of its folder below the folder of all runs, by which it can be deleted. */
  readonly name: string;
  /** The folder itself, for `plot.scalars` and similar functions. */
  readonly folder: string;
  /** Its hyperparameters by path; empty if it recorded none. */
  readonly config: FlatConfig;
  /** The last step at which it wrote a scalar. */
  readonly step: number | undefined;
  /** The last value of each scalar, by tag; preceded by the name of the part, `validation/loss`, if there are parts. */
  readonly values: Readonly<Record<string, number>>;
  /** When it last wrote a scalar. */
  readonly time: Date | undefined;
  /** The number of its trials, if it is a search. */
  readonly trials?: number;
}

/** The journal of a search: its trials are runs, but a table has a single row for the search. */
const JOURNAL = 'journal.jsonl';

/**
 * A row per run below a folder, ordered by name; empty if there are no event files.
 *
 * @throws {NotFoundError} when the folder doesn't exist
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
    rows.set(whole.name, before); // even if its events can't be read
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

/** The search to which a folder belongs, as a path below `dir`; undefined if there is none. */
function searchOf(dir: string, folder: string): string | undefined {
  const names = path.relative(dir, folder).split(path.sep);
  for (let count = 1; count <= names.length; count++) {
    const below = path.join(...names.slice(0, count));
    if (below !== '' && existsSync(path.join(dir, below, JOURNAL))) return below;
  }
  return undefined;
}
