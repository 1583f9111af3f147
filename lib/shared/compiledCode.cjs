/**
 * `require` for large files with a code cache from an earlier process, which halves the loading time. The cache lies in
 * the user's cache folder. Node's own `module.enableCompileCache` (from 22.8 on) would also store all other modules of
 * the program and never delete any.
 */
'use strict';

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { keep, placeFor, prune, readKept } = require('./keptFiles.cjs');

/** Cache files kept per file name: for some releases, places and Node versions. */
const MOST_KEPT = 16;

/**
 * Loads a CommonJS file.
 *
 * @param edition identifies the content among all versions of a file with this name
 * @returns its `exports`, and a function that stores the code compiled so far; that is undefined if the cache exists
 * already or can't be written
 */
exports.requireKept = function requireKept(file, edition) {
  const kept = placeFor(nameFor(file, edition));
  if (kept === undefined || process.versions.bun || process.versions.deno)
    return { exports: Module.createRequire(file)(file), keep: undefined };
  const cachedData = readKept(kept);
  const script = new vm.Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
  const keepNow = () => {
    keep(kept, script.createCachedData());
    const prefix = `${path.basename(file)}-`;
    prune(path.dirname(kept), (name) => name.startsWith(prefix), MOST_KEPT);
  };
  return { exports: run(script, file), keep: cachedData && !script.cachedDataRejected ? undefined : keepNow };
};

/** The cache's name includes the file's path, which V8 stores for stack traces. */
function nameFor(file, edition) {
  const place = createHash('sha256').update(`${file}\n${edition}`).digest('hex').slice(0, 16);
  return [path.basename(file), process.version, process.arch, place].join('-');
}

/** Executes a compiled CommonJS module like `require`. */
function run(script, file) {
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  const started = script.runInThisContext();
  started.call(module.exports, module.exports, Module.createRequire(file), module, file, path.dirname(file));
  module.loaded = true;
  return module.exports;
}
