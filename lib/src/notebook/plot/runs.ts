/** The runs of a log folder, as TensorBoard finds them. */
import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { NotFoundError } from '../../runtime/errors';
import { fileError } from '../../runtime/files';

/** A folder of runs, several, or several under names of one's own. */
export type Logdirs = string | readonly string[] | Readonly<Record<string, string>>;

/** A run: a folder with event files. */
export interface Run {
  name: string;
  folder: string;
}

/**
 * All folders with event files in or below the given ones, by name. A run is called as its path below the folder that was
 * given, after that one's own name where there are several.
 *
 * @throws {NotFoundError} when a folder isn't there or holds no event files
 */
export async function findRuns(logdirs: Logdirs): Promise<Run[]> {
  if (typeof logdirs === 'string') return runsBelow(logdirs, '');
  const named: (readonly [name: string, folder: string])[] = Array.isArray(logdirs)
    ? logdirs.map((folder: string) => [path.basename(folder), folder])
    : Object.entries(logdirs);
  return (await Promise.all(named.map(([name, folder]) => runsBelow(folder, name)))).flat();
}

async function runsBelow(logdir: string, name: string): Promise<Run[]> {
  let files: string[];
  try {
    files = await readdir(logdir, { recursive: true });
  } catch (error) {
    throw fileError(`cannot read runs from ${logdir}`, error);
  }
  const folders = new Set(
    files.filter((file) => path.basename(file).includes('tfevents')).map((file) => path.dirname(file)),
  );
  if (folders.size === 0) throw new NotFoundError(`there is no event file in or below ${logdir}`);
  return [...folders].sort().map((below) => {
    const full = path.join(name, below);
    return { name: full === '.' ? path.basename(path.resolve(logdir)) : full, folder: path.join(logdir, below) };
  });
}
