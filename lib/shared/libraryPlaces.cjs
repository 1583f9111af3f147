/**
 * The places of libtensorflow on a machine, for the library, which loads it, and the set-up, which installs it. It is
 * plain JavaScript, since the set-up needs it before anything is compiled.
 */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const { homedir } = require('node:os');
const path = require('node:path');

const MAIN_NAMES = {
  linux: ['libtensorflow_cc.so.2', 'libtensorflow.so.2'],
  darwin: ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib'],
  win32: ['tensorflow.dll'],
};
const FRAMEWORK_NAMES = {
  linux: 'libtensorflow_framework.so.2',
  darwin: 'libtensorflow_framework.2.dylib',
};

/** The name of the file with the C API, in wheels and in TensorFlow's own archives. */
const mainNames = MAIN_NAMES[process.platform] ?? MAIN_NAMES.linux;
const frameworkName = FRAMEWORK_NAMES[process.platform] ?? FRAMEWORK_NAMES.linux;

/** The places searched, in order, after the folder that the user specifies. */
const places = [
  { name: 'cache', folder: () => linkIn(cacheFolder()) },
  { name: 'tfjs-node', folder: tfjsFolder },
  { name: 'Python', folder: pythonFolder },
];

/**
 * The user's cache, shared by all their projects, kernels and checkouts: `TF_MECHANICS_CACHE`, or the system's cache
 * folder; undefined if the user has no home folder.
 */
function cacheFolder({ env = process.env, platform = process.platform, home = homeFolder(env) } = {}) {
  if (env.TF_MECHANICS_CACHE) return path.resolve(env.TF_MECHANICS_CACHE);
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'tf-mechanics');
  if (!home) return undefined;
  return path.join(home, ...(platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']), 'tf-mechanics');
}

/** The user's home folder; undefined or empty if there is none. */
function homeFolder(env = process.env) {
  try {
    return env.HOME ?? homedir();
  } catch {
    return undefined; // no entry in the user database
  }
}

/** The cache's link or folder. */
function linkIn(cache) {
  return cache && path.join(cache, 'libtensorflow');
}

/** The folder that the user specifies, whatever it contains. */
function namedFolder() {
  const named = process.env.TF_MECHANICS_LIBTENSORFLOW;
  return named ? path.resolve(named) : undefined;
}

/** The shared objects of the libtensorflow in a folder. */
function libraryIn(folder) {
  const main = mainNames.map((name) => path.join(folder, name)).find(existsSync);
  const framework = path.join(folder, frameworkName);
  return main && { main, framework: existsSync(framework) ? framework : undefined };
}

/**
 * The libtensorflow to use and its origin; undefined if there is none, or none in the folder that the user specifies.
 */
function locate(among = places) {
  const named = namedFolder();
  const candidates = named ? [{ name: 'TF_MECHANICS_LIBTENSORFLOW', folder: () => named }] : among;
  for (const { name: place, folder: find } of candidates) {
    const folder = find();
    const library = folder && libraryIn(folder);
    if (library) return { place, folder, library };
  }
  return undefined;
}

/** Downloaded by the install script of tfjs-node, or linked there by this repository's set-up. */
function tfjsFolder() {
  try {
    const manifest = createRequire(__filename).resolve('@tensorflow/tfjs-node/package.json');
    return path.join(path.dirname(manifest), 'deps', 'lib');
  } catch {
    return undefined; // not installed
  }
}

/** The folder of Python's `tensorflow`, found without importing it, which would take seconds. */
function pythonFolder() {
  const script = `
import importlib.util
spec = importlib.util.find_spec('tensorflow')
print(*(spec.submodule_search_locations or []) if spec else [], sep='\\n')`;
  const { stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8', timeout: 10_000 });
  const folders = (stdout ?? '').split('\n').filter(Boolean);
  return folders.map((folder) => path.resolve(folder)).find(libraryIn);
}

module.exports = { cacheFolder, homeFolder, libraryIn, linkIn, locate, mainNames, namedFolder, places, pythonFolder };
