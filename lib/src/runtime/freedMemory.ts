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

/** Makes a notebook's process return freed memory whenever no cell has run for a moment. */
export function giveBackInPauses(libc: NativeLibrary): void {
  try {
    trim = libc.func('int malloc_trim(size_t)') as unknown as Trim;
  } catch {
    return; // another C library than glibc
  }
  notebookHost()?.onPause?.(giveBackFreedMemory);
}

/** Returns freed memory, in another thread. Before libtensorflow is loaded, that isn't worthwhile. */
export function giveBackFreedMemory(): void {
  trim?.async(0, () => {});
}

let isGivenBack = false;

/** On its first call, returns the pages that only loading libtensorflow needed. */
export function giveBackWhatLoadingRead(libc: NativeLibrary, { main, framework = main }: Library): void {
  if (!isGivenBack) giveBackPagesOf(libc, [framework, main]).catch(() => {}); // they stay then
  isGivenBack = true;
}

/**
 * Releases the unmodified pages of libraries: code, constants, the linker's tables. Pages that are needed again come
 * from the system's file cache, in a few microseconds per 64 kB. Loading libtensorflow reads 180 MB, through the linker
 * and the registration of operations; a training needs less than half of that again.
 *
 * @returns when they are released, by another thread
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
 * The memory ranges of these files that can be released: the code, and what precedes it in the file. What follows it is
 * read-only too, but the linker has written addresses there before making it read-only.
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
