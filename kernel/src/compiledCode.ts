/**
 * Keeps what V8 has compiled, so that the next process need not: the compiler of cells is 9 MB of JavaScript. Node does so itself from 22.8 on;
 * before, it is done here for that one module, which takes most of the time.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';

/** What Node has of late, as far as it is used. */
interface CompileCache {
  enableCompileCache?(folder: string): unknown;
  flushCompileCache?(): void;
}

/** After so many milliseconds, what a module needs in the beginning has been compiled. */
const BEGUN = 10_000;

/** `require` of a large module, by what a process before this one has kept of its code; where none has, this one will. */
export function requireKept(file: string): unknown {
  const folder = path.join(cacheFolder(), 'compiled');
  const { enableCompileCache, flushCompileCache } = Module as CompileCache;
  if (enableCompileCache) {
    enableCompileCache(folder);
    later(() => flushCompileCache?.());
    return require(file);
  }
  const { size, mtimeMs } = statSync(file);
  const name = [path.basename(file), process.version, process.arch, size, Math.round(mtimeMs)].join('-');
  const kept = path.join(folder, name);
  const cachedData = readIfThere(kept);
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
  if (!cachedData || script.cachedDataRejected) later(() => keep(kept, script.createCachedData()));
  return load(script, file);
}

function later(work: () => void): void {
  setTimeout(work, BEGUN).unref();
}

/** The user's cache, which is the library's. */
export function cacheFolder(): string {
  const library = path.dirname(require.resolve('tf-mechanics/package.json'));
  const places = require(path.join(library, 'shared', 'libraryPlaces.cjs')) as { cacheFolder(): string | undefined };
  return places.cacheFolder() ?? tmpdir();
}

/** Does what `require` does with a module of CommonJS that has been compiled. */
function load(script: Script, file: string): unknown {
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  const run = script.runInThisContext() as (...parameters: unknown[]) => void;
  run.call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file));
  module.loaded = true;
  return module.exports;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Writes a file as a whole, or not at all: it is worth no error. */
function keep(file: string, data: Buffer): void {
  const pending = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(pending, data);
    renameSync(pending, file);
  } catch {
    // a full disk, a folder of somebody else: the next process compiles again
  }
}
