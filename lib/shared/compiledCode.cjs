/**
 * `require` of large files by what V8 has compiled of them for a process before this one, which halves the time that it takes. That lies in the user's
 * cache, where Node's own `module.enableCompileCache`, which it has from 22.8 on, would put all modules of the program, too, and throw none away.
 */
'use strict';

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { keep, placeFor, prune, readKept } = require('./keptFiles.cjs');

/** Of each file's name: those of some releases, in some places, for some versions of Node. */
const MOST_KEPT = 16;

/**
 * What a file of CommonJS exports.
 *
 * @param edition tells what is in the file from what else has been, or will be, in a file of this name
 * @returns the `exports`, and what keeps what has been compiled by the time it is called; undefined where that is kept already, or can't be
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

/** With what it has compiled, V8 keeps the file's place, which stack traces tell. */
function nameFor(file, edition) {
  const place = createHash('sha256').update(`${file}\n${edition}`).digest('hex').slice(0, 16);
  return [path.basename(file), process.version, process.arch, place].join('-');
}

/** Does what `require` does with a module of CommonJS that has been compiled. */
function run(script, file) {
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  const started = script.runInThisContext();
  started.call(module.exports, module.exports, Module.createRequire(file), module, file, path.dirname(file));
  module.loaded = true;
  return module.exports;
}
