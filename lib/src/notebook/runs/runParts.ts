/** Folders with events as what they are of: a training is one run, though it writes its training and its validation into folders of their own. */
import path from 'node:path';
import type { Run } from '../plot/runs';
import { readRunConfig } from './runConfig';
import type { FlatConfig } from './runName';

/** What the folders of a training's parts are called, where no `config.json` above them says that they are parts. */
const PARTS = new Set(['train', 'training', 'validation', 'valid', 'val', 'test', 'eval']);

/** A training. */
export interface WholeRun {
  /** Its path below the folder in which runs were looked for. */
  readonly name: string;
  readonly folder: string;
  /** What it was called before it got a number, where `runDirectory` made its folder with a configuration. */
  readonly run: string | undefined;
  /** Its hyperparameters, where it has written them. */
  readonly config: FlatConfig | undefined;
}

/** A folder with events. */
export interface RunPart extends Run {
  readonly whole: WholeRun;
  /** Its path within the training's folder; '' for that one itself. */
  readonly part: string;
}

/** What each folder is of. */
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

/** What is before the path within the training's folder; a name of one's own, which doesn't end with that, stays. */
function nameWithout(below: string, name: string): string {
  if (below === '') return name;
  if (name === below) return '';
  return name.endsWith(path.sep + below) ? name.slice(0, -below.length - 1) : name;
}

/** The folder of the training: the nearest one with a configuration, within where runs were looked for, or the one that has parts. */
function rootOf(full: string, name: string): { root: string; config?: ReturnType<typeof readRunConfig> } {
  let root = full;
  for (let left = name.split(path.sep).length; left >= 0; left--, root = path.dirname(root)) {
    const config = readRunConfig(root);
    if (config) return { root, config };
  }
  return { root: PARTS.has(path.basename(full)) ? path.dirname(full) : full };
}
