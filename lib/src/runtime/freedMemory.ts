/**
 * Returns unused memory to the operating system. glibc keeps what native code frees, for reuse: good for a training,
 * but wasteful for an idle notebook. And loading a library touches far more of its pages than using it does.
 */
import { readFileSync, realpathSync } from 'node:fs';
import type { Library } from '../../shared/libraryPlaces.cjs';
import type { NativeLibrary } from './koffi';
import { advice, madviseOf } from './madvise';
import { notebookHost } from './notebookHost';

type Trim = { async(keep: number, done: () => void): void };

let trim: Trim | undefined;

/** Has a notebook's process give back what was freed whenever its cells have rested for a moment. */
export function giveBackInPauses(libc: NativeLibrary): void {
  try {
    trim = libc.func('int malloc_trim(size_t)') as unknown as Trim;
  } catch {
    return; // another C library than glibc
  }
  notebookHost()?.onPause?.(giveBackFreedMemory);
}

/** Gives back what was freed, in another thread; before libtensorflow is loaded, that isn't worth it. */
export function giveBackFreedMemory(): void {
  trim?.async(0, () => {});
}

let isGivenBack = false;

/** Gives back what loading libtensorflow has read, when it is called for the first time. */
export function giveBackWhatLoadingRead(libc: NativeLibrary, { main, framework = main }: Library): void {
  if (!isGivenBack) giveBackPagesOf(libc, [framework, main]).catch(() => {}); // they stay then
  isGivenBack = true;
}

/**
 * Lets go of the pages of libraries that nobody has changed: code, constants, the linker's tables. What is needed of them comes back from
 * the system's cache of files, some microseconds for 64 kB. Of libtensorflow 180 MB have been read when it is loaded, by the linker and by
 * what registers operations; a training needs less than half of them again.
 *
 * @returns when they are gone; another thread does it
 */
export async function giveBackPagesOf(libc: NativeLibrary, libraries: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') return;
  const madvise = madviseOf(libc);
  const files = libraries.map((file) => realpathSync(file));
  const giveBack = ({ begin, end }: FilePages) =>
    new Promise<void>((resolve) => madvise.async(begin, Number(end - begin), advice.notNeeded, () => resolve()));
  await Promise.all(unchangedPagesOf(files).map(giveBack));
}

interface FilePages {
  readonly begin: bigint;
  readonly end: bigint;
}

/**
 * Where pages of these files lie in memory: the code, and what stands before it in the file. What stands behind it can't be written to
 * either, but the linker has put addresses there, and then closed it.
 */
function unchangedPagesOf(files: readonly string[]): FilePages[] {
  return readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => files.some((file) => line.endsWith(file)))
    .flatMap((line) => {
      const [, begin, end, access, offset, file] = /^(\w+)-(\w+) (\S+) (\w+) \S+ \d+ +(.+)$/.exec(line) ?? [];
      if (file === undefined || !files.includes(file)) return [];
      const isUnchanged = access === 'r-xp' || (access === 'r--p' && Number(`0x${offset}`) === 0);
      return isUnchanged ? [{ begin: BigInt(`0x${begin}`), end: BigInt(`0x${end}`) }] : [];
    });
}
