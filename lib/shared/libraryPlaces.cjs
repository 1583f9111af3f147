/**
 * Where libtensorflow lies on a machine, for the library, which loads it, and for the set-up, which puts it there. It is plain
 * JavaScript, for the set-up needs it before anything is compiled.
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

/** What the file with the C API is called, in the wheels and in TensorFlow's own archives. */
const mainNames = MAIN_NAMES[process.platform] ?? MAIN_NAMES.linux;
const frameworkName = FRAMEWORK_NAMES[process.platform] ?? FRAMEWORK_NAMES.linux;

/** What is tried, in this order, after the folder that the user names. */
const places = [
  { name: 'cache', folder: () => linkIn(cacheFolder()) },
  { name: 'tfjs-node', folder: tfjsFolder },
  { name: 'Python', folder: pythonFolder },
];

/**
 * The user's cache, which all projects, kernels and repositories of theirs share: `TF_MECHANICS_CACHE`, or where the system keeps caches;
 * undefined where the user has no home.
 */
function cacheFolder({ env = process.env, platform = process.platform, home = homeFolder(env) } = {}) {
  if (env.TF_MECHANICS_CACHE) return path.resolve(env.TF_MECHANICS_CACHE);
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'tf-mechanics');
  if (!home) return undefined;
  return path.join(home, ...(platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']), 'tf-mechanics');
}

/** The user's home; undefined or empty where there is none. */
function homeFolder(env = process.env) {
  try {
    return env.HOME ?? homedir();
  } catch {
    return undefined; // no entry among the system's users
  }
}

/** In a cache it is a link, or a folder, of this name. */
function linkIn(cache) {
  return cache && path.join(cache, 'libtensorflow');
}

/** The folder that the user names, whatever is in it. */
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

/** The libtensorflow to use, and where it is from; undefined where there is none, or none in the folder that the user names. */
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

/** What the install script of tfjs-node fetched, or this repository's set-up linked there. */
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
