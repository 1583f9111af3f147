/** Work that shuts down cleanly at Ctrl-C, and when nobody reads its output any more. */
import { onOutputLost } from './output';

/** How shells report a program that Ctrl-C ended: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** Calls `work` with a signal that Ctrl-C, a request to end, or output that nobody takes, aborts; a second Ctrl-C ends the program at once. */
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
