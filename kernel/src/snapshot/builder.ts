/**
 * The script that runs when a snapshot is built (see `make.ts`), in the folder that it is built for: loads the
 * compiler, reads declarations, compiles some cells to warm up V8, and keeps that compiler. While building a snapshot,
 * Node can only load its own modules, so this file brings a loader of its own.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import Module, { isBuiltin } from 'node:module';
import path from 'node:path';
import { startupSnapshot } from 'node:v8';
import type * as TypeScript from 'typescript-6.0';
import type { answerRequests } from '../language/answering';
import type { prepareEngine } from '../language/prepared';
import type { taps } from '../language/tslab';
import type { KeptFile, SnapshotContents, setSnapshotContents } from './contents';

/** The `require` that Node gives a snapshot's script: for its own modules only. */
declare const require: (id: string) => unknown;

interface Loaded {
  exports: unknown;
}

const [, , , dist = '', compiler = '', packages = '', options = ''] = process.argv;
const cache: Record<string, Loaded | undefined> = {};

/** Loads a CommonJS file. */
function load(file: string): unknown {
  const known = cache[file];
  if (known) return known.exports;
  const module: Loaded = { exports: {} };
  cache[file] = module;
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.json')) module.exports = JSON.parse(text);
  else {
    const run = new Function('exports', 'require', 'module', '__filename', '__dirname', text);
    run(module.exports, requireOf(file), module, file, path.dirname(file));
  }
  return module.exports;
}

/** The `require` of a file. */
function requireOf(file: string) {
  const resolve = (id: string) => resolved(id, path.dirname(file));
  return Object.assign((id: string) => (isBuiltin(id) ? require(id) : load(resolve(id))), { resolve, cache });
}

/** Resolves a request by the plain CommonJS rules, which suffice here. */
function resolved(id: string, folder: string): string {
  if (path.isAbsolute(id)) return id;
  if (id.startsWith('.')) return fileAt(path.resolve(folder, id)) ?? missing(id);
  for (let at = folder; ; at = path.dirname(at)) {
    const found = fileAt(path.join(at, 'node_modules', id));
    if (found !== undefined) return found;
    if (at === path.dirname(at)) return missing(id);
  }
}

function fileAt(place: string): string | undefined {
  const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  const description = path.join(place, 'package.json');
  const main = existsSync(description) ? String(JSON.parse(readFileSync(description, 'utf8')).main ?? 'index.js') : '';
  return [place, `${place}.js`, path.join(place, main), path.join(place, 'index.js')].find(isFile);
}

function missing(id: string): never {
  throw new Error(`the snapshot lacks the module ${id}`);
}

const ofKernel = <T>(name: string) => load(path.join(dist, `${name}.js`)) as T;

const files = new Map<string, KeptFile>();
const ts = load(compiler) as typeof TypeScript;
// The built-in one caches the folder.
ts.sys.getCurrentDirectory = () => process.cwd();
const imported: SnapshotContents['imported'] = new Map();
const contents: SnapshotContents = { compiler: ts, files, imported };
ofKernel<{ setSnapshotContents: typeof setSnapshotContents }>('snapshot/contents').setSnapshotContents(contents);
// Parts of Node's API don't exist yet at this stage.
ofKernel<Record<string, unknown>>('language/runtimeLibrary').runtimeLibrary = () => JSON.parse(options);
contents.answerRequests = ofKernel<{ answerRequests: typeof answerRequests }>('language/answering').answerRequests;
const { prepareEngine: prepare } = ofKernel<{ prepareEngine: typeof prepareEngine }>('language/prepared');
prepare(process.cwd(), JSON.parse(packages));
const { tapped, resolver } = ofKernel<{ taps: typeof taps }>('language/tslab').taps;
for (const file of tapped.program?.getSourceFiles() ?? [])
  if (file.isDeclarationFile && path.dirname(file.fileName) !== process.cwd())
    files.set(file.fileName, { file, written: statSync(file.fileName).mtimeMs });
for (const [key, { resolvedModule }] of resolver!.imported)
  if (!key.includes(` ${process.cwd()} `)) imported.set(key, { resolvedModule });

startupSnapshot.setDeserializeMainFunction(() => {
  const [, program = ''] = process.argv;
  // Node's way to run a main program isn't available here, but that to load a module is.
  Module.createRequire(program)(program);
});
