/**
 * Node's snapshot of a process that has loaded the compiler, read the declarations of Node's and of the library's, and compiled cells of a
 * folder: what begins out of one has in a third of a second what takes two and a half to load and read. It serves other folders, too, whose
 * first cell takes half a second more. It lies in the user's cache. A compiler's process that began without one of its
 * folder has one made when the kernel has had time for it, for those that come after.
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

/**
 * Where the snapshot for a folder lies, or would lie; undefined where none is wanted, or none fits how this process was started.
 *
 * @param directory the folder that cells run in
 */
export function snapshotFile(directory: string): string | undefined {
  // Node refuses one that was made with other options.
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

/** The one out of which a compiler for a folder begins: the folder's own, or else another's; undefined where there is none. */
export function usableSnapshot(directory: string): string | undefined {
  const own = snapshotFile(directory);
  if (own === undefined || existsSync(own)) return own;
  const [folder, name] = [path.dirname(own), path.basename(own)];
  const kernel = name.slice(0, name.lastIndexOf('-') + 1);
  const all = existsSync(folder) ? readdirSync(folder) : [];
  const other = all.find((each) => each.startsWith(kernel) && each.endsWith('.snapshot'));
  return other && path.join(folder, other);
}

/** Has a snapshot for a folder be made, in a process that outlives this one. */
export function beginSnapshot(directory: string): ChildProcess | undefined {
  const file = process.env[SETTING] === 'kept' ? undefined : snapshotFile(directory);
  if (file === undefined || existsSync(file)) return undefined;
  const maker = spawn(process.execPath, [path.join(__dirname, 'make.js'), directory], {
    detached: true,
    stdio: 'ignore',
  });
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
