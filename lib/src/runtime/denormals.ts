/**
 * The treatment of denormal numbers (too small for full precision; below 1.2e-38 for float32). TensorFlow's own threads
 * flush them to 0, which is far faster on most processors. Threads that TensorFlow didn't start must be switched to the
 * same mode, or results would depend on the thread. JavaScript's arithmetic preserves denormals, so a JavaScript thread
 * is switched only while libtensorflow computes in it.
 */
import type { NativeLibrary } from './koffi';

/**
 * The offset of the processor's control word in a system's `fenv_t`, and its bits that flush results and operands to 0.
 */
const controls: Record<string, { offset: number; bits: number } | undefined> = {
  'linux x64': { offset: 28, bits: 0x8040 }, // MXCSR: FTZ, DAZ
  'linux arm64': { offset: 0, bits: 1 << 24 }, // FPCR: FZ
  'darwin x64': { offset: 4, bits: 0x8040 },
  'darwin arm64': { offset: 8, bits: 1 << 24 },
};

/** Larger than any system's `fenv_t`. */
const ENVIRONMENT_BYTES = 64;

export interface Denormals {
  /** Makes this thread flush denormals to 0. A pair of calls takes less than a microsecond. */
  flushDenormals(): void;
  /** Makes it preserve them again. */
  keepDenormals(): void;
}

/** The two functions for this system. If its control word is unknown, they do nothing. */
export function denormals(libc: NativeLibrary): Denormals {
  const control = controls[`${process.platform} ${process.arch}`];
  if (control === undefined) return { flushDenormals: () => {}, keepDenormals: () => {} };
  const setEnvironment = libc.func('int fesetenv(const void *)');
  const kept = new Uint8Array(ENVIRONMENT_BYTES);
  libc.func('int fegetenv(void *)')(kept);
  const flushed = kept.slice();
  const words = new DataView(flushed.buffer);
  words.setUint32(control.offset, words.getUint32(control.offset, true) | control.bits, true);
  return { flushDenormals: () => setEnvironment(flushed), keepDenormals: () => setEnvironment(kept) };
}
