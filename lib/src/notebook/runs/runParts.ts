/**
 * Groups folders with events into trainings: a training is one run, although it writes training and validation events
 * to separate folders.
 */
import path from 'node:path';
import type { Run } from '../plot/runs';
import { readRunConfig } from './runConfig';
import type { FlatConfig } from './runName';

/** The usual folder names of a training's parts, for folders without a `config.json` above them. */
const PARTS = new Set(['train', 'training', 'validation', 'valid', 'val', 'test', 'eval']);

/** A training. */
export interface WholeRun {
  /** Its path below the folder in which runs were searched. */
  readonly name: string;
  readonly folder: string;
  /** Its name before it got a number, if `runDirectory` created its folder with a configuration. */
  readonly run: string | undefined;
  /** Its hyperparameters, if it recorded them. */
  readonly config: FlatConfig | undefined;
}

/** A folder with events. */
export interface RunPart extends Run {
  readonly whole: WholeRun;
  /** Its path within the training's folder; '' for that folder itself. */
  readonly part: string;
}

/** The training to which each folder belongs. */
export function partsOf(found: readonly Run[]): RunPart[] {
  const wholes = new Map<string, WholeRun>();
  return found.map(({ name, folder }) => {
    const full = path.resolve(folder);
    const { root, config } = rootOf(full, name);
    let whole = wholes.get(root);
    if (!whole) {
      const below = path.relative(root, full);
      whole = {
        name: nameWithout(below, name) || path.basename(root),
        folder: path.join(folder, path.relative(full, root)),
        run: config?.run,
        config: config?.config,
      };
      wholes.set(root, whole);
    }
    return { name, folder, whole, part: path.relative(root, full) };
  });
}

/**
 * The name without the path within the training's folder; a caller's own name, which doesn't end with it, stays
 * unchanged.
 */
function nameWithout(below: string, name: string): string {
  if (below === '') return name;
  if (name === below) return '';
  return name.endsWith(path.sep + below) ? name.slice(0, -below.length - 1) : name;
}

/**
 * The folder of the training: the closest one with a configuration, within the searched folder, or the one that has
 * parts.
 */
function rootOf(full: string, name: string): { root: string; config?: ReturnType<typeof readRunConfig> } {
  let root = full;
  for (let left = name.split(path.sep).length; left >= 0; left--, root = path.dirname(root)) {
    const config = readRunConfig(root);
    if (config) return { root, config };
  }
  return { root: PARTS.has(path.basename(full)) ? path.dirname(full) : full };
}
