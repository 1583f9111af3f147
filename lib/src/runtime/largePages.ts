/**
 * Memory in pages of 2 MB instead of 4 kB. Random access to a large array has fewer TLB misses, since the processor
 * caches the addresses of about two thousand pages only, and filling it causes fewer page faults.
 */
import { koffi } from './koffi';
import { advice, madviseOf } from './madvise';

/** Requests large pages, before anything is written to a buffer's memory. If there are none, nothing changes. */
export function askForLargePages(buffer: ArrayBufferLike): void {
  if (process.platform !== 'linux') return;
  try {
    madviseOf(koffi().load(null))(new Uint8Array(buffer), buffer.byteLength, advice.largePages);
  } catch {
    // Native calls aren't possible here.
  }
}
