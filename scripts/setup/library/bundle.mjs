/**
 * The library's JavaScript in one file, `modules.js`, that TypeScript's compiler makes and esbuild links: most of a start went into finding, reading and
 * compiling some hundred small files. `library.js` gives its modules by their names (see `loader.cjs`), and what others load or start by a file's
 * name is a line that asks for a module.
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

/** Modules that the package exports. */
const exported = Object.values(entries).flatMap(({ default: file }) =>
  file ? file.slice('./dist/'.length, -'.js'.length) : [],
);

/** Modules with a file of their own: those, and the programs of processes and threads. */
const withFiles = [
  ...exported,
  'cli/main',
  'hyperparameters/worker',
  'models/cluster/serverProcess',
  'models/trialWorker',
  'notebook/figure/stillThreadMain',
];

/** What {@link bundleLibrary} makes in lib/dist. */
export const bundledFiles = ['library.js', 'modules.js', 'modules.js.map', ...withFiles.map((name) => `${name}.js`)];

/** Which modules are loaded later, by the index that exports them; what nearly every program takes isn't among them. */
const indexes = {
  index: (module) => !/^\.\/(data|mnist|runtime|tf)\b/.test(module),
  'tf/index': (module) => ['./graphUtil', './savedModel', './summary', './tfjs', './train'].includes(module),
};

/** By path: the `tsc` in node_modules/.bin may become another package's older one. */
export const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');

/** Comments belong to the declarations; in the scripts they would be a sixth of what the package weighs. What is new in JavaScript esbuild lowers. */
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

/** Compiles the library in a folder, the repository's if none is named, and writes its files. */
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

/** Writes the compiled modules in a folder as one, and what gives them. */
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
    // V8 knows no way from code that it has kept to the loader of ES modules.
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

/** A module's name, of its file. */
const nameOf = (file) => file.slice(0, -'.js'.length).split(path.sep).join('/');

/** A plugin that gives esbuild the compiled modules in a folder. */
const modulesOf = (lib, folder) => ({
  name: 'modules',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\.\// }, ({ path: asked, resolveDir }) => {
      const place = path.relative(folder, path.join(resolveDir, asked));
      return place.startsWith('..') ? { path: place, external: true } : undefined; // beside dist
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
 * A module's code in a function of its own, where esbuild renames no class that speaks of itself, and of which the file is where the module would lie by
 * itself.
 */
function inFunction(name, code) {
  const place = (part) => `require("node:path").join(__dirname, ${JSON.stringify(part)})`;
  return /\b__(?:filename|dirname)\b/.test(code)
    ? `((__filename, __dirname) => {${code}\n})(${place(`${name}.js`)}, ${place(path.posix.dirname(name))})`
    : `(() => {${code}\n})()`;
}

/** A file that is one of the library's modules. By the line that never runs, Node knows the names when an ES module imports them. */
function fileFor(name, lib) {
  const loader = path.posix.relative(path.posix.dirname(name), 'library.js');
  const names = exported.includes(name) ? namesOf(name, lib) : [];
  return `${name === 'cli/main' ? '#!/usr/bin/env node\n' : ''}"use strict";
module.exports = require("${loader.startsWith('.') ? loader : `./${loader}`}")("${name}");
${names.length > 0 ? `0 && (module.exports = { ${names.join(', ')} });\n` : ''}`;
}

/** What a module exports. */
function namesOf(name, lib) {
  if (Object.hasOwn(indexes, name)) return exportsOf(path.join(lib, 'src', `${name}.ts`)).flatMap(({ as }) => as ?? []);
  const program = `const load = require(${JSON.stringify(path.join(lib, 'dist', 'library.js'))});
    console.log(JSON.stringify(Object.keys(load(${JSON.stringify(name)}))));
    process.reallyExit();`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
}
