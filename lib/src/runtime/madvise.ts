/** `madvise`: tells Linux how a range of memory will be used. */
import type { NativeFunction, NativeLibrary } from './koffi';

/** `MADV_DONTNEED`, `MADV_HUGEPAGE`, `MADV_NOHUGEPAGE` */
export const advice = { notNeeded: 4, largePages: 14, smallPages: 15 } as const;

/** Gives advice about a memory range (address and length); `async` does it in another thread. */
export type Advise = NativeFunction<number> & {
  async(begin: bigint, bytes: number, advice: number, done: () => void): void;
};

export const madviseOf = (libc: NativeLibrary) => libc.func('int madvise(void *, size_t, int)') as Advise;
