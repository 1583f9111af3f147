/**
 * Gives the library's modules by their names, such as `tf/graph/graph`. They are functions in two files, for to find and read a file
 * takes longer than to run most modules: `core.js` has those that every program needs, `rooms.js` the others, and is read when one of them is asked for.
 *
 * What V8 has compiled of a file is kept in the user's cache for the next process. Where it isn't there, doesn't fit, or can't be used, the file is
 * compiled as any other.
 */
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { isMainThread } = require('node:worker_threads');
const { cacheFolder } = require('../shared/libraryPlaces.cjs');

/** Read by their names, so that bundlers find them. */
const files = { 'core.js': () => require('./core.js'), 'rooms.js': () => require('./rooms.js') };

/** What modules import when they need it, by a literal each, so that bundlers find that, too. */
const imports = { $IMPORTS };

/** `import()` for the modules: V8 knows no way from code that it has kept to the loader of ES modules. */
const importNow = (name) => (Object.hasOwn(imports, name) ? imports[name]() : import(name));

/** What the files hold, which tells files of the same name apart. */
const CONTENTS = '$CONTENTS';
/** Where they lie, in short: with what V8 has compiled of a file it keeps the file's path, which stack traces tell. */
const PLACE = [...__dirname].reduce((hash, sign) => (hash * 31 + sign.codePointAt(0)) >>> 0, 0).toString(36);

const modules = { ...read('core.js') };
let isWhole = false;

/** What the modules export that have been loaded. */
const loaded = new Map();

/** What a module exports; it runs when it is first asked for. */
function load(name) {
  const known = loaded.get(name);
  if (known) return known;
  if (!Object.hasOwn(modules, name) && !isWhole) {
    Object.assign(modules, read('rooms.js'));
    isWhole = true;
  }
  if (!Object.hasOwn(modules, name)) throw new Error(`tf-mechanics has no module ${name}`);
  const exports = {};
  loaded.set(name, exports);
  try {
    const file = path.join(__dirname, `${name}.js`);
    modules[name](exports, load, importNow, file, path.dirname(file));
  } catch (error) {
    loaded.delete(name);
    throw error;
  }
  return exports;
}

module.exports = load;
/** The names of the modules that have been loaded. */
load.loaded = () => [...loaded.keys()];

/** The functions in a file. */
function read(file) {
  const { script, keep } = keptScript(file);
  if (!script) return files[file]();
  const read = { exports: {} };
  script.runInThisContext()(read.exports, require, read, path.join(__dirname, file), __dirname);
  if (keep) whenEnding(file, () => hasUsedMuchOf(read.exports) && keep());
  return read.exports;
}

/** Whether others will need as much of a file's modules as this process did. */
const hasUsedMuchOf = (modules) => {
  const names = Object.keys(modules);
  return names.filter((name) => loaded.has(name)).length >= names.length / 3;
};

/** A file by what has been kept of it, and what keeps it where nothing has been; nothing where that can't be. */
function keptScript(file) {
  if (process.versions.bun || process.versions.deno) return {};
  try {
    const folder = path.join(cacheFolder(), 'compiled');
    const kept = path.join(folder, [`library-${CONTENTS}`, PLACE, process.version, process.arch, file].join('-'));
    const cachedData = readIfThere(kept);
    const filename = path.join(__dirname, file);
    const text = Module.wrap(readFileSync(filename, 'utf8'));
    const script = new vm.Script(text, { filename, cachedData });
    return { script, keep: cachedData || !isMainThread ? undefined : () => keep(folder, kept, script) };
  } catch {
    return {}; // no home, or a bundle, beside which there is no such file
  }
}

/** Test runners load everything anew for each of their files. */
function whenEnding(file, work) {
  const known = Symbol.for(`tf-mechanics.keeps.${CONTENTS}.${file}`);
  if (process[known]) return;
  process[known] = true;
  process.once('exit', work);
}

function readIfThere(file) {
  try {
    const data = readFileSync(file);
    touch(file);
    return data;
  } catch {
    return undefined;
  }
}

/** Says that a file was used: what wasn't for the longest time goes first. */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // somebody else's
  }
}

/** As many files are kept: those of some releases, in some versions of Node. */
const MOST_KEPT = 16;

/** Keeps what has been compiled by the end of a process. As a whole, or not at all: it is worth no error. */
function keep(folder, file, script) {
  const pending = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(pending, script.createCachedData());
    renameSync(pending, file);
    const ours = readdirSync(folder).filter((name) => name.startsWith('library-'));
    const oldest = ours
      .map((name) => path.join(folder, name))
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const old of oldest.slice(MOST_KEPT)) rmSync(old, { force: true });
  } catch {
    // a full disk, a folder of somebody else: the next process compiles again
  }
}
