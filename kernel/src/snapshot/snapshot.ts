/**
 * Node's snapshot of a process that has loaded the compiler and read the declarations of Node's and of the library's: what begins out of one has in a
 * third of a second what takes a second and a half to load and read. It lies in the user's cache. A compiler's process that began without one
 * has one made when the kernel has had time for it, for those that come after.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { placeFor } from '../keptFiles';

/** The environment variable by which none is made or used, `TF_MECHANICS_SNAPSHOT=no`, or none is made by the way: `kept`. */
const SETTING = 'TF_MECHANICS_SNAPSHOT';

/** What reads the declarations. */
const LANGUAGE = path.join(__dirname, '..', 'language');

/** What is in a snapshot: of each file its name. */
export interface SnapshotSources {
  readonly compiler: string;
  /** The types of the library. */
  readonly library: string;
}

/** Where the snapshot of this kernel lies, or would lie; undefined where none is wanted, or none fits how this process was started. */
export function snapshotFile(): string | undefined {
  // Node refuses one that was made with other options.
  if (process.env[SETTING] === 'no' || process.execArgv.length > 0) return undefined;
  const { compiler, library } = snapshotSources();
  const types = require.resolve('@types/node/package.json');
  const own = readdirSync(LANGUAGE).filter((name) => name.endsWith('.js'));
  const files = [compiler, library, types, ...own.map((name) => path.join(LANGUAGE, name))];
  const made = files.map((file) => [file, lastWritten(file)]);
  const key = JSON.stringify([process.version, process.arch, process.env.NODE_OPTIONS ?? '', made]);
  return placeFor(`kernel-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.snapshot`);
}

/** Has a snapshot be made, in a process that outlives this one. */
export function beginSnapshot(): ChildProcess | undefined {
  const file = process.env[SETTING] === 'kept' ? undefined : snapshotFile();
  if (file === undefined || existsSync(file)) return undefined;
  const maker = spawn(process.execPath, [path.join(__dirname, 'make.js'), file], { detached: true, stdio: 'ignore' });
  maker.on('error', () => {}); // the next kernel takes as long as this one, then
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
