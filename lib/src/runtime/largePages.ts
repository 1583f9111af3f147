/**
 * Memory in pages of 2 MB in place of 4 kB. Whoever reads here and there in much of it waits less so: the processor knows where some two
 * thousand pages lie, and looks up the others in memory. And it is filled with fewer interruptions.
 */
import { koffi } from './koffi';
import { advice, madviseOf } from './madvise';

/** Asks for large pages before anything is written to the memory of a buffer. Where there are none it stays as it is. */
export function askForLargePages(buffer: ArrayBuffer): void {
  if (process.platform !== 'linux') return;
  try {
    madviseOf(koffi().load(null))(new Uint8Array(buffer), buffer.byteLength, advice.largePages);
  } catch {
    // Nothing native can be called here.
  }
}
