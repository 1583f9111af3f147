/**
 * JavaScript's collector looks for what is no longer used when memory grows, and knows nothing of libtensorflow's memory or of open files: an
 * object of a hundred bytes that stands for a session of a megabyte would lie about until much else has been made.
 */
const weights = new WeakMap<object, Uint8Array>();

/**
 * Has an object weigh as much as what it stands for, until it is collected or weighs 0. The memory that says so is never written to, so
 * the system provides no pages for it.
 */
export function weigh(object: object, bytes: number): void {
  if (bytes > 0) weights.set(object, Buffer.allocUnsafeSlow(bytes));
  else weights.delete(object);
}
