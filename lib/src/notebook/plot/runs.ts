/** Finds the runs of a log folder, like TensorBoard. */

import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { checkObject, checkPath } from '../../runtime/arguments';
import { NotFoundError, TensorFlowError } from '../../runtime/errors';
import { fileError } from '../../runtime/files';

/** A folder of runs, several, or several under your own names. */
export type Logdirs = string | readonly string[] | Readonly<Record<string, string>>;

/** A run: a folder with event files. */
export interface Run {
  name: string;
  folder: string;
}

/**
 * All folders with event files in or below the given ones, by name. A run is named by its path below the given folder,
 * preceded by the folder's name if there are several.
 *
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files
 */
export async function findRuns(logdirs: Logdirs): Promise<Run[]> {
  if (typeof logdirs === 'string') return runsBelow(logdirs, '');
  checkObject('a folder, or several,', logdirs);
  const named: (readonly [name: string, folder: string])[] = Array.isArray(logdirs)
    ? logdirs.map((folder: unknown) => [nameOf(folder), String(folder)])
    : Object.entries(logdirs);
  return (await Promise.all(named.map(([name, folder]) => runsBelow(folder, name)))).flat();
}

/**
 * Reads something from all runs, one after the other, so that few files are open at a time. Unreadable runs cause a
 * warning, as long as one is readable.
 *
 * @throws {TensorFlowError} when a folder doesn't exist or contains no event files, or no run can be read
 */
export async function readRuns<T>(logdirs: Logdirs, read: (run: Run) => Promise<T>): Promise<T[]> {
  return readEach(await findRuns(logdirs), read);
}

/** Like {@link readRuns}, for runs that have already been found. */
export async function readEach<R extends Run, T>(runs: readonly R[], read: (run: R) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  const failures: TensorFlowError[] = [];
  for (const run of runs) {
    try {
      found.push(await read(run));
    } catch (error) {
      if (!(error instanceof TensorFlowError)) throw error;
      failures.push(error);
    }
  }
  if (found.length === 0 && failures.length > 0) throw failures[0];
  for (const { message } of failures) console.warn(message);
  return found;
}

/** In natural order: `digits-10` comes after `digits-2`. */
const { compare: byName } = new Intl.Collator('en', { numeric: true });

function nameOf(folder: unknown): string {
  checkPath('the folder of a run', folder);
  return path.basename(folder);
}

async function runsBelow(logdir: string, name: string): Promise<Run[]> {
  checkPath('the folder of a run', logdir);
  const folders = await foldersWithEvents(logdir).catch((error: unknown) => {
    throw fileError(`cannot read runs from ${logdir}`, error);
  });
  if (folders.length === 0) throw new NotFoundError(`there is no event file in or below ${logdir}`);
  return folders
    .map((folder) => path.relative(logdir, folder))
    .sort(byName)
    .map((below) => {
      const full = path.join(name, below);
      return { name: full === '.' ? path.basename(path.resolve(logdir)) : full, folder: path.join(logdir, below) };
    });
}

/** The folders with event files: the given one and those below. Unreadable subfolders cause a warning. */
async function foldersWithEvents(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const below = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const isFolder = await stat(file).then(
        (stats) => stats.isDirectory(),
        () => false, // a broken link, or a file that is gone by now
      );
      if (!isFolder) return [];
      return foldersWithEvents(file).catch((error: Error) => {
        console.warn(`cannot read runs from ${file}: ${error.message}`);
        return [];
      });
    }),
  );
  return [...(names.some((name) => name.includes('tfevents')) ? [folder] : []), ...below.flat()];
}
