/**
 * Builds the native addon of `@tensorflow/tfjs-node` against the libtensorflow that the library uses. The package's own
 * install script, which downloads both, is disabled (see .npmrc): it doesn't verify hashes, and fails the whole
 * `npm ci` where it can't download. Only the conversions from and to tfjs tensors need the addon, so a machine without
 * a compiler gets a message, once, and continues without it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { linkAtomic, writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { CommandError, excerpt, run } from '../../lib/setup/command.mjs';
import { libraryIn, presentLibrary } from '../../lib/setup/libtensorflow.mjs';
import { note } from '../../lib/setup/progress.mjs';
import { inRoot, log, root, tfjsNode } from './paths.mjs';

const dependencies = path.join(tfjsNode, 'deps');
const linked = path.join(dependencies, 'lib');

/**
 * The result of the last attempt and its inputs. It is written last, and disappears when npm reinstalls the package.
 */
const stamp = path.join(tfjsNode, '.tf-mechanics.json');

export const tfjsAddon = {
  name: "tfjs-node's addon",

  needed({ retry } = {}) {
    if (retry) return 'tried again';
    if (!existsSync(stamp)) return 'not built yet';
    const last = JSON.parse(readFileSync(stamp, 'utf8'));
    if (last.library !== library() || last.node !== process.versions.modules)
      return 'libtensorflow or Node has changed';
    if (last.works) return builtAddon() && libraryIn(linked) ? undefined : 'it is gone';
    if (last.tools !== tools().join(' ')) return 'the compiler has changed';
  },

  async run({ retry } = {}) {
    const problem = await attempt(retry);
    if (problem) {
      note(
        `${problem}\n` +
          'Training works without it; feeding tfjs tensors and value.toTensor() do not.\n' +
          'Once the cause is gone: npm run setup -- --retry',
      );
    }
    writeFileAtomic(
      stamp,
      JSON.stringify({ works: !problem, library: library(), node: process.versions.modules, tools: tools().join(' ') }),
    );
  },
};

/** Builds and tests the addon; returns what failed, if anything. */
async function attempt(retry) {
  link();
  const built = builtAddon() && !retry;
  if (built && !(await problemInUse())) return undefined;
  return (await problemInBuild()) ?? (await problemInUse());
}

/** The folder of the libtensorflow in use, with links resolved, since they may change. */
function library() {
  const { folder, library } = presentLibrary();
  const real = path.dirname(realpathSync(library.main));
  return libraryIn(real) ? real : folder;
}

function builtAddon() {
  const folder = path.join(tfjsNode, 'lib');
  const builds = existsSync(folder) ? readdirSync(folder) : [];
  return builds.some((build) => existsSync(path.join(folder, build, 'tfjs_binding.node')));
}

/** Links libtensorflow where the addon's build and loading look for it, under all of its names. */
function link() {
  const folder = library();
  if (existsSync(linked) && folder === realpathSync(linked)) return; // installed by tfjs-node itself
  const { main, framework } = libraryIn(folder);
  mkdirSync(linked, { recursive: true });
  const names = (stem) =>
    process.platform === 'darwin'
      ? [`${stem}.dylib`, `${stem}.2.dylib`]
      : [`${stem}.so`, `${stem}.so.2`, `${stem}.so.2.9.1`]; // tfjs-node expects version 2.9.1
  // The addon refers to each library by the name stored in it (SONAME), which is its file's name.
  for (const name of [path.basename(main), ...names('libtensorflow')]) linkAtomic(main, path.join(linked, name));
  for (const name of framework ? names('libtensorflow_framework') : []) linkAtomic(framework, path.join(linked, name));
  // In a wheel next to the libraries, in an archive next to their folder.
  const include = [path.join(folder, 'include'), path.join(folder, '..', 'include')].find(existsSync);
  if (include) linkAtomic(include, path.join(dependencies, 'include'));
}

/** The build tools, as far as they are installed. */
function tools() {
  const compilers = [process.env.CXX, 'g++', 'c++', 'clang++'].filter(Boolean);
  return [['python3'], ['make'], compilers].flatMap((names) => names.map(inPath).find(Boolean) ?? []);
}

function inPath(name) {
  const folders = path.isAbsolute(name) ? [''] : (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find(existsSync);
}

async function problemInBuild() {
  if (tools().length < 3) {
    const install =
      process.platform === 'darwin' ? 'xcode-select --install' : 'Debian and Ubuntu: apt install python3 make g++';
    return `it is compiled here, which needs python3, make and a C++ compiler (${install}).`;
  }
  const nodePreGyp = inRoot('node_modules', '@mapbox', 'node-pre-gyp', 'bin', 'node-pre-gyp');
  try {
    await run(process.execPath, [nodePreGyp, 'install', '--build-from-source'], {
      label: 'compiling',
      cwd: tfjsNode,
      env: nodeHeaders(),
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return `it did not compile:\n${excerpt(error, log('tfjs-addon.log'))}`;
  }
}

/** Node's headers, if installed next to it, so that node-gyp needn't download them. */
function nodeHeaders() {
  const folder = path.join(path.dirname(process.execPath), '..');
  const header = path.join(folder, 'include', 'node', 'node_version.h');
  if (process.env.npm_config_nodedir || !existsSync(header)) return {};
  const text = readFileSync(header, 'utf8');
  const [major, minor, patch] = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1],
  );
  return `${major}.${minor}.${patch}` === process.versions.node ? { npm_config_nodedir: folder } : {};
}

/** Tests the functions that the library uses, in a child process, since a broken addon can crash. */
async function problemInUse() {
  const script = `
const tf = require('@tensorflow/tfjs-node');
if (tf.tensor([1, 2]).dataSync()[1] !== 2) throw new Error('a tensor lost its values');`;
  try {
    await run(process.execPath, ['-e', script], {
      cwd: root,
      env: { TF_CPP_MIN_LOG_LEVEL: '3' },
      label: 'trying it',
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return `it does not work with Node ${process.version}:\n${excerpt(error, log('tfjs-addon.log'))}`;
  }
}
