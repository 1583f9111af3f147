/**
 * Which runs are this notebook's. A kernel isn't told in which notebook it runs, so it goes by what its cells have done: a run is this
 * notebook's where this process has written events of it, or has asked for a folder by its name; earlier runs of that name were made
 * by the same cell, before the kernel was started anew.
 */
import path from 'node:path';
import { isWrittenHere } from '../../tf/summary/recordFile';

/** Folders without their numbers, as `runDirectory` was asked for them. */
const askedFor = new Set<string>();

/** Keeps in mind that runs of this name are this notebook's. */
export function noteRuns(parent: string, name: string): void {
  askedFor.add(path.resolve(parent, name));
}

/** Whether a run with events in this folder is this notebook's. */
export function isOwnRun(folder: string): boolean {
  const full = path.resolve(folder);
  if (isWrittenHere(full)) return true;
  for (const one of askedFor) {
    const parent = path.dirname(one);
    if (!full.startsWith(parent + path.sep)) continue;
    const [first = ''] = path.relative(parent, full).split(path.sep);
    if (numberOf(first, path.basename(one)) !== undefined) return true;
  }
  return false;
}

/** The number of a folder among the runs of a name, 0 for the one without; undefined where it is none of them. */
export function numberOf(folder: string, name: string): number | undefined {
  if (folder === name) return 0;
  if (!folder.startsWith(`${name}-`)) return undefined;
  const number = /^([1-9]\d{0,8})(?:$|-.*[=+])/.exec(folder.slice(name.length + 1))?.[1];
  return number === undefined ? undefined : Number(number);
}
