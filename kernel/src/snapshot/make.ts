/**
 * Builds the snapshot for a folder: `node make.js <folder>`. It runs in the background and replaces the file
 * atomically.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { prune } from '../keptFiles';
import { runtimeLibrary } from '../language/runtimeLibrary';
import { missingPackages } from '../projectFiles';
import { snapshotFile, snapshotSources } from './snapshot';

/** Milliseconds after which another process that builds it must have finished or failed. */
const PATIENCE = 5 * 60_000;
/** How many snapshots (of 50 MB each) are kept: the most recently used. */
const MOST_KEPT = 6;

/** Node builds snapshots from a script, not from a module; this script runs a CommonJS module. */
const SCRIPT = `const { readFileSync } = require('node:fs');
const module = { exports: {} };
new Function('exports', 'require', 'module', readFileSync(process.argv[2], 'utf8'))(module.exports, require, module);`;

process.chdir(process.argv[2] ?? '');
const directory = process.cwd(); // the real path, as the kernel uses
const file = snapshotFile(directory);
if (file === undefined) process.exit(0); // snapshots are disabled
const script = `${file}.js`;
const pending = `${file}.pending`;

mkdirSync(path.dirname(file), { recursive: true });
if (age(pending) > PATIENCE) rmSync(pending, { force: true });
closeSync(openSync(pending, 'wx')); // fails if another process is building it
try {
  setPriority(constants.priority.PRIORITY_LOW);
  const { compiler, library } = snapshotSources();
  const builder = path.join(__dirname, 'builder.js');
  const dist = path.join(__dirname, '..');
  const folder = path.dirname(path.dirname(library));
  writeFileSync(script, SCRIPT);
  execFileSync(
    process.execPath,
    [
      ...['--snapshot-blob', pending, '--build-snapshot', script],
      builder,
      dist,
      compiler,
      JSON.stringify(missingPackages(directory, { 'tf-mechanics': folder })),
      JSON.stringify(runtimeLibrary()),
    ],
    { cwd: directory, stdio: 'ignore' },
  );
  renameSync(pending, file);
  prune(path.dirname(file), (name) => name.endsWith('.snapshot'), MOST_KEPT);
} finally {
  rmSync(script, { force: true });
  rmSync(pending, { force: true });
}

/** Milliseconds since a file was written. */
function age(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}
