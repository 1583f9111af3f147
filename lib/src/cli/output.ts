/**
 * Handles output that can't be written because nobody reads it any more (`tf-mechanics train | head -1`) or its disk is
 * full. Later output is dropped, work that can be stopped shuts down cleanly (see `interruptible.ts`), and the exit
 * code reports the failure.
 */

/** The exit code of a program whose output was closed: 128 + SIGPIPE. */
const CLOSED = 141;

let exitCode: number | undefined;
let isWatched = false;
const listeners = new Set<() => void>();

/** Handles output errors as described, instead of ending at once with a stack trace. */
export function watchOutput(): void {
  if (isWatched) return;
  isWatched = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (exitCode !== undefined) return;
    exitCode = error.code === 'EPIPE' ? CLOSED : 1;
    if (error.code !== 'EPIPE') console.error(`error: the output can't be written: ${error.message}`);
    for (const listener of listeners) listener();
  });
  process.stderr.on('error', () => {}); // there is nowhere else to report it
  process.on('exit', () => {
    process.exitCode = exitCode ?? process.exitCode;
  });
}

/** Calls `listener` when the output can't be written any more; returns a function that removes it. */
export function onOutputLost(listener: () => void): () => void {
  listeners.add(listener);
  if (exitCode !== undefined) listener();
  return () => listeners.delete(listener);
}
