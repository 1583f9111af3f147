/**
 * Starts processes that end with this one and inherit its loaders and memory limits, so that their modules may be
 * TypeScript.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { inheritedExecArgv, inheritedOptions } from './execArgv';

/** How long, in milliseconds, such a process may take to end by itself. */
const GRACE_MS = 2000;

/**
 * Starts a Node program. Its output is piped, and messages preserve NaN and infinity.
 *
 * @param env additional environment variables
 */
export function forkOwn(file: string, words: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return fork(file, words, {
    env: { ...process.env, ...env, NODE_OPTIONS: inheritedOptions(process.env.NODE_OPTIONS ?? '') },
    execArgv: inheritedExecArgv(process.execArgv),
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/**
 * Ends a process that watches its parent, cleanly if possible.
 *
 * @param ended resolves when it has ended
 */
export async function endOwn(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await ended.finally(() => clearTimeout(timer));
}
