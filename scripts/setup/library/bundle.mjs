/**
 * The library's JavaScript in few files: most of a start went into finding, reading and compiling some hundred small ones. `library.js` gives its
 * modules by their names (see `loader.cjs`), `core.js` and `rooms.js` have them, and what others load or start by a file's name is a line that asks
 * for a module.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFileAtomic } from '../../../lib/setup/atomic.mjs';
import { inRoot } from '../paths.mjs';
import { compiledModules, HELPERS, indexes } from './modules.mjs';
import { exportsOf } from './sourceIndex.mjs';

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
export const bundledFiles = ['library.js', ...withFiles.map((name) => `${name}.js`)].concat(
  ['core.js', 'rooms.js'].flatMap((file) => [file, `${file}.map`]),
);

/** Compiles the library in a folder, the repository's if none is named, and writes its files. */
export async function bundleLibrary(lib = inRoot('lib')) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tf-mechanics-library-'));
  try {
    write(await compiledModules(lib, folder), lib);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(modules, lib) {
  const dist = path.join(lib, 'dist');
  const files = Object.entries(partsOf(modules)).map(([file, names]) => [file, fileOf(file, names, modules)]);
  const contents = createHash('sha256');
  for (const [, { code }] of files) contents.update(code);
  const loader = readFileSync(new URL('loader.cjs', import.meta.url), 'utf8');
  mkdirSync(dist, { recursive: true });
  for (const [file, { code, map }] of files) {
    writeFileAtomic(path.join(dist, file), code);
    writeFileAtomic(path.join(dist, `${file}.map`), JSON.stringify(map));
  }
  const imported = new Set([...modules.values()].flatMap(({ imports }) => imports));
  const imports = [...imported].sort().map((name) => `"${name}": () => import("${name}")`);
  const own = { $CONTENTS: contents.digest('hex').slice(0, 16), $IMPORTS: imports.join(', ') };
  writeFileAtomic(
    path.join(dist, 'library.js'),
    loader.replace(/\$[A-Z]+/g, (name) => own[name]),
  );
  for (const name of withFiles) {
    mkdirSync(path.dirname(path.join(dist, name)), { recursive: true });
    writeFileAtomic(path.join(dist, `${name}.js`), fileFor(name, lib));
  }
}

/** What the library's index needs at once, and all else. */
function partsOf(modules) {
  const core = new Set();
  const add = (name) => {
    if (core.has(name)) return;
    core.add(name);
    for (const needed of modules.get(name).atOnce) add(needed);
  };
  add(HELPERS);
  add('index');
  const rooms = [...modules.keys()].filter((name) => !core.has(name));
  return { 'core.js': [...core].sort(), 'rooms.js': rooms.sort() };
}

/** A file of modules, in ASCII alone, which takes half of the memory and is read faster, and the map of its lines. */
function fileOf(file, names, modules) {
  const lines = ['module.exports = {'];
  const sections = [];
  for (const name of names) {
    const { code, map } = modules.get(name);
    const asksForItself = /\b__(?:filename|dirname)\b/.test(code);
    lines.push(`"${name}"(exports, __load, __import${asksForItself ? ', __filename, __dirname' : ''}) {`);
    if (map) sections.push({ offset: { line: lines.length, column: 0 }, map });
    lines.push(...ascii(code.trimEnd()).split('\n'), '},');
  }
  lines.push('};', '');
  return { code: lines.join('\n'), map: { version: 3, file, sections } };
}

const ascii = (code) => code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

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
