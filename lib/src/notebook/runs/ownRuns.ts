/**
 * Finds out which runs belong to this notebook. A kernel isn't told which notebook it runs, so this relies on what its
 * cells have done: a run belongs to this notebook if this process has written events of it, or has requested a folder
 * under its name; earlier runs of that name were made by the same cell, before the kernel was restarted.
 */
import path from 'node:path';
import { isWrittenHere } from '../../tf/summary/recordFile';

/** The folders requested from `runDirectory`, without their numbers. */
const askedFor = new Set<string>();

/** Records that runs of this name belong to this notebook. */
export function noteRuns(parent: string, name: string): void {
  askedFor.add(path.resolve(parent, name));
}

/** Whether a run with events in this folder belongs to this notebook. */
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

/**
 * The number of a folder among the runs of a name; 0 for the one without a number, undefined if it isn't one of them.
 */
export function numberOf(folder: string, name: string): number | undefined {
  if (folder === name) return 0;
  if (!folder.startsWith(`${name}-`)) return undefined;
  const number = /^([1-9]\d{0,8})(?:$|-.*[=+])/.exec(folder.slice(name.length + 1))?.[1];
  return number === undefined ? undefined : Number(number);
}
