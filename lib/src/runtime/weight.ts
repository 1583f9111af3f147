/**
 * Tells JavaScript's garbage collector about memory that it doesn't know of. It runs when memory grows, but knows
 * nothing of libtensorflow's memory or of open files: a small object that stands for a session of a megabyte would
 * otherwise stay alive for a long time.
 */
const weights = new WeakMap<object, Uint8Array>();

/**
 * Makes an object appear to the garbage collector as large as what it stands for, until it is collected or its weight
 * is set to 0. The memory used for this is never written to, so the system provides no pages for it.
 */
export function weigh(object: object, bytes: number): void {
  if (bytes > 0) weights.set(object, Buffer.allocUnsafeSlow(bytes));
  else weights.delete(object);
}
