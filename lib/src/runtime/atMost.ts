/** Waiting with a time limit. */
import { deferred } from '../../shared/deferred.cjs';

/** The maximum delay of timers. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Resolves with the promise, or after a number of milliseconds, which may be infinite. Keeps the process alive
 * meanwhile.
 */
export async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = deferred<void>();
  const timer =
    milliseconds === Number.POSITIVE_INFINITY
      ? setInterval(() => {}, LONGEST_MS)
      : setTimeout(resolve, Math.min(milliseconds, LONGEST_MS));
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
