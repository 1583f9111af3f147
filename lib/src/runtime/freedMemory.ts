/**
 * Memory that native code has freed. glibc keeps it for what comes next, which a training needs many times a second; a notebook whose reader
 * reads needs none of it.
 */
import type { NativeLibrary } from './koffi';
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
