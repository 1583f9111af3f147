/** Where a run leaves its event files and checkpoints. */

import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkText, shown } from '../runtime/arguments';
import { AlreadyExistsError, InvalidArgumentError } from '../runtime/errors';
import { makeFolder, makeNewFolder } from '../runtime/files';
import { onlyOptions } from '../runtime/options';

/** How {@link runDirectory} chooses. */
export interface RunDirectoryOptions {
  /**
   * Whether every call gives a new folder, `name-1`, `name-2` …; otherwise it is `name`, emptied of the last run.
   *
   * @defaultValue `true`
   */
  fresh?: boolean;
}

/** What a run leaves: event files, checkpoints and their list. Anything else in its folder is not ours to delete. */
const leftByRun = /^events\.out\.tfevents\.|^checkpoint$|\.(index|meta|data-\d{5}-of-\d{5})$/;

/**
 * A folder for a run, made if need be, so that a cell that trains can be run again and again: TensorBoard takes two event files in one
 * folder for one run, and draws a line that jumps back.
 *
 * @param parent the folder of all runs
 * @param name what the run is called
 * @throws {InvalidArgumentError} when `name` is no name of a folder
 * @throws {TensorFlowError} when it can't be made
 *
 * @example
 * const logdir = runDirectory('../summaries', 'mechanics-101'); // '../summaries/mechanics-101-1', then -2 …
 */
export function runDirectory(parent: string, name: string, options: RunDirectoryOptions = {}): string {
  const { fresh = true } = onlyOptions(options, ['fresh']);
  checkText('the folder of runs', parent);
  checkText('the name of a run', name);
  if (name === '' || name !== path.basename(name) || name === '.' || name === '..')
    throw new InvalidArgumentError(`expected the name of a folder, got ${shown(name)}`);
  if (!fresh) return emptied(path.join(parent, name));
  for (let number = 1; ; number++) {
    const folder = path.join(parent, `${name}-${number}`);
    try {
      makeNewFolder(folder); // fails where it exists, so that two notebooks never take the same
      return folder;
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
    }
  }
}

function emptied(folder: string): string {
  makeFolder(folder);
  for (const file of readdirSync(folder)) if (leftByRun.test(file)) rmSync(path.join(folder, file));
  return folder;
}
