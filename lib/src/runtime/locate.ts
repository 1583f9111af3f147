/**
 * Finds libtensorflow on this machine. The order is the set-up's own (`scripts/setup`): a folder that the user names,
 * what the set-up fetched, what tfjs-node's install script fetched, an importable Python `tensorflow`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { NotFoundError } from './errors';

/** The shared objects of one libtensorflow. */
export interface Library {
  /** The library with the C API. */
  readonly main: string;
  /** The library with the symbols that `main` needs loaded first, where it is a file of its own. */
  readonly framework: string | undefined;
}

const mainNames = [
  'libtensorflow_cc.so.2',
  'libtensorflow.so.2',
  'libtensorflow_cc.2.dylib',
  'libtensorflow.2.dylib',
  'tensorflow.dll',
];
const frameworkNames = ['libtensorflow_framework.so.2', 'libtensorflow_framework.2.dylib'];

const packageFolder = path.join(__dirname, '..', '..');

/**
 * The libtensorflow to use.
 *
 * @throws {NotFoundError} when there is none, saying where was looked and how to get one
 */
export function locateLibrary(): Library {
  const named = process.env.TF_MECHANICS_LIBTENSORFLOW;
  if (named) {
    const library = libraryIn(named);
    if (library) return library;
    throw new NotFoundError(
      `TF_MECHANICS_LIBTENSORFLOW names ${named}, but that folder holds no libtensorflow (${mainNames[0]})`,
    );
  }
  for (const candidate of [cacheFolder, tfjsFolder, pythonFolder]) {
    const folder = candidate();
    const library = folder && libraryIn(folder);
    if (library) return library;
  }
  throw new NotFoundError(
    `libtensorflow was not found: not in ${cacheFolder()}, not in @tensorflow/tfjs-node, and no Python here has TensorFlow. ` +
      'In the tf-mechanics repository run: npm run setup. Elsewhere set TF_MECHANICS_LIBTENSORFLOW to a folder that holds it ' +
      '(the tensorflow folder of a Python installation does)',
  );
}

function libraryIn(folder: string): Library | undefined {
  const find = (names: readonly string[]) =>
    names.map((name) => path.join(folder, name)).find((file) => existsSync(file));
  const main = find(mainNames);
  return main ? { main, framework: find(frameworkNames) } : undefined;
}

/** Beside the package: the repository's `.cache`, or `node_modules/.cache` where the package is installed. */
function cacheFolder(): string {
  return path.join(process.env.TF_MECHANICS_CACHE || path.join(packageFolder, '..', '.cache'), 'libtensorflow');
}

function tfjsFolder(): string | undefined {
  try {
    const manifest = createRequire(__filename).resolve('@tensorflow/tfjs-node/package.json');
    return path.join(path.dirname(manifest), 'deps', 'lib');
  } catch {
    return undefined; // not installed
  }
}

function pythonFolder(): string | undefined {
  const script =
    "import importlib.util as u; s = u.find_spec('tensorflow'); print(s.submodule_search_locations[0] if s else '')";
  const { stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8', timeout: 10_000 });
  return stdout?.trim() || undefined;
}
