/**
 * Bundles the library's JavaScript into one file, `modules.js`, compiled by TypeScript and linked by esbuild: finding,
 * reading and compiling hundreds of small files took most of the start-up time. `library.js` returns its modules by
 * name (see `loader.cjs`). Files that other programs load or start by name contain a single line that requests a
 * module.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFileAtomic } from '../../../lib/setup/atomic.mjs';
import { run } from '../../../lib/setup/command.mjs';
import { inRoot, root } from '../paths.mjs';
import { exportsOf, indexCode } from './sourceIndex.mjs';

const { exports: entries } = JSON.parse(readFileSync(inRoot('lib', 'package.json'), 'utf8'));

/** The modules that the package exports. */
const exported = Object.values(entries).flatMap(({ default: file }) =>
  file ? file.slice('./dist/'.length, -'.js'.length) : [],
);

/** The modules that need a file of their own: those, and the programs of processes and threads. */
const withFiles = [
  ...exported,
  'cli/main',
  'hyperparameters/worker',
  'models/cluster/serverProcess',
  'models/trialWorker',
  'notebook/figure/stillThreadMain',
];

/** The files that {@link bundleLibrary} creates in lib/dist. */
export const bundledFiles = ['library.js', 'modules.js', 'modules.js.map', ...withFiles.map((name) => `${name}.js`)];

/**
 * The modules loaded lazily, by the index that exports them; modules that almost every program uses aren't included.
 */
const indexes = {
  index: (module) => !/^\.\/(data|mnist|runtime|tf)\b/.test(module),
  'tf/index': (module) => ['./graphUtil', './savedModel', './summary', './tfjs', './train'].includes(module),
};

/** By its path: `tsc` in node_modules/.bin may be another package's older version. */
export const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');

/**
 * Comments are only needed in the declarations; in the scripts they would be a sixth of the package's size. esbuild
 * lowers new syntax.
 */
const scriptsAlone = [
  ['removeComments', 'true'],
  ['noCheck', 'true'],
  ['target', 'esnext'],
  ['emitDeclarationOnly', 'false'],
  ['declaration', 'false'],
  ['composite', 'false'],
  ['incremental', 'false'],
  ['tsBuildInfoFile', 'null'],
].flatMap(([option, value]) => [`--${option}`, value]);

/** Compiles the library in a folder (by default the repository's) and writes its files. */
export async function bundleLibrary(lib = inRoot('lib')) {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'tf-mechanics-library-'));
  try {
    await run(process.execPath, [compiler, '-p', lib, '--outDir', folder, ...scriptsAlone], {
      visible: true,
      cwd: root,
    });
    await link(lib, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const name of withFiles) {
    mkdirSync(path.dirname(path.join(lib, 'dist', name)), { recursive: true });
    writeFileAtomic(path.join(lib, 'dist', `${name}.js`), fileFor(name, lib));
  }
}

/** Links the compiled modules in a folder and writes the loader. */
async function link(lib, folder) {
  const { build } = await import('esbuild');
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.js'));
  const modules = files.sort().map((file) => `"${nameOf(file)}": () => require("./${nameOf(file)}"),`);
  const { outputFiles } = await build({
    stdin: { contents: `module.exports = {\n${modules.join('\n')}\n};`, resolveDir: folder, sourcefile: 'modules.js' },
    outfile: path.join(lib, 'dist', 'modules.js'),
    absWorkingDir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // code from a V8 code cache can't use the ES module loader
    supported: { 'dynamic-import': false },
    sourcemap: 'external',
    sourcesContent: false,
    plugins: [modulesOf(lib, folder)],
    write: false,
  });
  for (const { path: file, contents } of outputFiles) writeFileAtomic(file, contents);
  const { hash } = outputFiles.find((file) => file.path.endsWith('.js'));
  const loader = readFileSync(new URL('loader.cjs', import.meta.url), 'utf8');
  writeFileAtomic(
    path.join(lib, 'dist', 'library.js'),
    loader.replace('$CONTENTS', () => hash),
  );
}

/** A module's name, from its file. */
const nameOf = (file) => file.slice(0, -'.js'.length).split(path.sep).join('/');

/** An esbuild plugin that resolves the compiled modules in a folder. */
const modulesOf = (lib, folder) => ({
  name: 'modules',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\.\// }, ({ path: asked, resolveDir }) => {
      const place = path.relative(folder, path.join(resolveDir, asked));
      return place.startsWith('..') ? { path: place, external: true } : undefined; // outside of dist
    });
    onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      const name = nameOf(path.relative(folder, file));
      const isLater = indexes[name];
      if (isLater) return { contents: indexCode(exportsOf(path.join(lib, 'src', `${name}.ts`)), isLater) };
      return { contents: inFunction(name, readFileSync(file, 'utf8').replace(/^#!.*/, '')) };
    });
  },
});

/**
 * A module's code wrapped in a function, so that esbuild doesn't rename classes that refer to themselves, and
 * `__filename` is the path that the module's own file would have.
 */
function inFunction(name, code) {
  const place = (part) => `require("node:path").join(__dirname, ${JSON.stringify(part)})`;
  return /\b__(?:filename|dirname)\b/.test(code)
    ? `((__filename, __dirname) => {${code}\n})(${place(`${name}.js`)}, ${place(path.posix.dirname(name))})`
    : `(() => {${code}\n})()`;
}

/**
 * The stub file of a library module. A line that is never executed tells Node its export names when ES modules import
 * it.
 */
function fileFor(name, lib) {
  const loader = path.posix.relative(path.posix.dirname(name), 'library.js');
  const names = exported.includes(name) ? namesOf(name, lib) : [];
  return `${name === 'cli/main' ? '#!/usr/bin/env node\n' : ''}"use strict";
module.exports = require("${loader.startsWith('.') ? loader : `./${loader}`}")("${name}");
${names.length > 0 ? `0 && (module.exports = { ${names.join(', ')} });\n` : ''}`;
}

/** The export names of a module. */
function namesOf(name, lib) {
  if (Object.hasOwn(indexes, name)) return exportsOf(path.join(lib, 'src', `${name}.ts`)).flatMap(({ as }) => as ?? []);
  const program = `const load = require(${JSON.stringify(path.join(lib, 'dist', 'library.js'))});
    console.log(JSON.stringify(Object.keys(load(${JSON.stringify(name)}))));
    process.reallyExit();`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
}
