/**
 * Node startup snapshots of the compiler process, taken after it has loaded the compiler, read the declarations of Node
 * and of the library, and compiled cells of a folder. Starting from one takes a third of a second instead of 2.5
 * seconds. A snapshot also serves other folders, whose first cell then takes half a second more. Snapshots lie in the
 * user's cache. A compiler process that started without a snapshot of its folder has one built when the kernel is idle,
 * for later processes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { placeFor } from '../keptFiles';

/**
 * The environment variable that disables snapshots (`TF_MECHANICS_SNAPSHOT=no`), or only building them in the
 * background (`kept`).
 */
const SETTING = 'TF_MECHANICS_SNAPSHOT';

/** The folder of the code that reads the declarations. */
const LANGUAGE = path.join(__dirname, '..', 'language');

/** The files that a snapshot is built from. */
export interface SnapshotSources {
  readonly compiler: string;
  /** The library's declarations. */
  readonly library: string;
}

/**
 * The path of the snapshot for a folder, whether or not it exists; undefined if snapshots are disabled or don't fit
 * this process's options.
 *
 * @param directory the folder that cells run in
 */
export function snapshotFile(directory: string): string | undefined {
  // Node rejects a snapshot built with other options.
  if (process.env[SETTING] === 'no' || process.execArgv.length > 0) return undefined;
  const { compiler, library } = snapshotSources();
  const types = require.resolve('@types/node/package.json');
  const own = readdirSync(LANGUAGE).filter((name) => name.endsWith('.js'));
  const files = [compiler, library, types, ...own.map((name) => path.join(LANGUAGE, name))];
  const made = files.map((file) => [file, lastWritten(file)]);
  const kernel = hash([process.version, process.arch, process.env.NODE_OPTIONS ?? '', made]);
  return placeFor(`kernel-${kernel}-${hash(directory)}.snapshot`);
}

const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/**
 * The snapshot from which to start a compiler for a folder: the folder's own, or another one; undefined if there is
 * none.
 */
export function usableSnapshot(directory: string): string | undefined {
  const own = snapshotFile(directory);
  if (own === undefined || existsSync(own)) return own;
  const [folder, name] = [path.dirname(own), path.basename(own)];
  const kernel = name.slice(0, name.lastIndexOf('-') + 1);
  const all = existsSync(folder) ? readdirSync(folder) : [];
  const other = all.find((each) => each.startsWith(kernel) && each.endsWith('.snapshot'));
  return other && path.join(folder, other);
}

/** Builds a snapshot for a folder in a detached process. */
export function beginSnapshot(directory: string): ChildProcess | undefined {
  const file = process.env[SETTING] === 'kept' ? undefined : snapshotFile(directory);
  if (file === undefined || existsSync(file)) return undefined;
  const maker = spawn(process.execPath, [path.join(__dirname, 'make.js'), directory], {
    detached: true,
    stdio: 'ignore',
  });
  maker.on('error', () => {}); // the next kernel starts as slowly as this one
  maker.unref();
  return maker;
}

export function snapshotSources(): SnapshotSources {
  const library = path.dirname(require.resolve('tf-mechanics/package.json'));
  return { compiler: require.resolve('typescript-6.0'), library: path.join(library, 'dist', 'index.d.ts') };
}

function lastWritten(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
