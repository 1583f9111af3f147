/** Runs work that shuts down cleanly on Ctrl-C, and when nobody reads its output any more. */
import { onOutputLost } from './output';

/** The exit code of a program ended by Ctrl-C: 128 + SIGINT. */
export const INTERRUPTED = 130;

/**
 * Calls `work` with a signal that aborts on Ctrl-C, SIGTERM and the like, or when the output is closed; a second Ctrl-C
 * ends the program at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const forget = onOutputLost(stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    forget();
  }
}
