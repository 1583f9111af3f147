/** Chooses the folder for a run's event files and checkpoints. */

import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkPath, checkText, shown } from '../runtime/arguments';
import { AlreadyExistsError, InvalidArgumentError } from '../runtime/errors';
import { makeFolder, makeNewFolder } from '../runtime/files';
import { onlyOptions } from '../runtime/options';
import { writeHParams } from '../tf/summary/fileWriter';
import { namesIn } from './runs/folders';
import { noteRuns, numberOf } from './runs/ownRuns';
import { CONFIG_FILE, checkedConfig, readRunConfig, writeRunConfig } from './runs/runConfig';
import { type FlatConfig, folderSuffix } from './runs/runName';

/** Options of {@link runDirectory}. */
export interface RunDirectoryOptions {
  /**
   * Whether every call returns a new folder, `name-1`, `name-2` …; otherwise it is `name`, cleared of the last run.
   *
   * @defaultValue `true`
   */
  fresh?: boolean;
  /**
   * The hyperparameters of the run. They are recorded in its folder, as `config.json` and for TensorBoard's HParams
   * page, and the folder's name contains those that differ from earlier runs: `name-3-lr=0.1`.
   */
  config?: object;
}

/** The files of a run: event files, checkpoints and their list. Anything else in its folder is not deleted. */
const leftByRun = /^events\.out\.tfevents\.|^checkpoint$|\.(index|meta|data-\d{5}-of-\d{5})$/;

/**
 * Returns a folder for a run, created if necessary, so that a cell that trains can be run again and again: TensorBoard
 * would treat two event files in one folder as the same run, and draw a line that jumps back.
 *
 * A folder keeps its name. So the first run of a name has only a number; later ones also have the hyperparameters in
 * which they differ from existing runs, in common short forms (`lr` for `learningRate`).
 *
 * @param parent the folder of all runs
 * @param name the name of the run
 * @throws {InvalidArgumentError} when `name` is invalid as a folder name, or `config` is not a JSON object
 * @throws {TensorFlowError} when it can't be created
 *
 * @example
 * const logdir = runDirectory('../summaries', 'mechanics-101'); // '../summaries/mechanics-101-1', then -2 …
 *
 * @example
 * const flags = { learningRate: 0.01, batchSize: 100 };
 * runDirectory('summaries', 'digits', { config: flags }); // 'summaries/digits-1'
 * flags.learningRate = 0.1;
 * runDirectory('summaries', 'digits', { config: flags }); // 'summaries/digits-2-lr=0.1'
 */
export function runDirectory(parent: string, name: string, options: RunDirectoryOptions = {}): string {
  const { fresh = true, config } = onlyOptions(options, { fresh: 'boolean', config: 'any' });
  checkPath('the folder of runs', parent);
  checkText('the name of a run', name);
  if (name === '' || name !== path.basename(name) || name === '.' || name === '..')
    throw new InvalidArgumentError(`expected the name of a folder, got ${shown(name)}`);
  const checked = config === undefined ? undefined : checkedConfig(config);
  const folder = fresh ? newFolder(parent, name, checked?.flat) : emptied(path.join(parent, name));
  if (checked) {
    writeRunConfig(folder, name, checked.json);
    writeHParams(folder, checked.flat);
  }
  noteRuns(parent, name);
  return folder;
}

/** A folder with the number after the greatest existing one, so that a name never refers to another run than before. */
function newFolder(parent: string, name: string, config: FlatConfig | undefined): string {
  const siblings = namesIn(parent).filter((sibling) => numberOf(sibling, name) !== undefined);
  const differences = config ? folderSuffix(config, configsOf(parent, siblings, name)) : '';
  for (let number = 1 + Math.max(0, ...siblings.map((sibling) => numberOf(sibling, name)!)); ; number++) {
    const folder = path.join(parent, [name, number, ...(differences ? [differences] : [])].join('-'));
    try {
      makeNewFolder(folder); // fails if it exists, so that two notebooks never use the same
      return folder;
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
    }
  }
}

function configsOf(parent: string, siblings: readonly string[], name: string): FlatConfig[] {
  return siblings.flatMap((sibling) => {
    const found = readRunConfig(path.join(parent, sibling));
    return found?.run === name ? [found.config] : [];
  });
}

function emptied(folder: string): string {
  makeFolder(folder);
  const isOurs = readRunConfig(folder)?.run !== undefined;
  empty(folder, isOurs);
  if (isOurs) rmSync(path.join(folder, CONFIG_FILE));
  return folder;
}

/**
 * @param deep whether subfolders belong to the same run, like those for training and validation, and aren't runs of
 * their own
 */
function empty(folder: string, deep: boolean): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (deep && readRunConfig(full) === undefined) empty(full, deep);
    } else if (leftByRun.test(entry.name)) rmSync(full);
  }
}
