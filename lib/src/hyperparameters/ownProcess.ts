/**
 * Starts processes that end with this one and inherit its loaders and memory limits, so that their modules may be
 * TypeScript.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { inheritedExecArgv, inheritedOptions } from './execArgv';

/** How long such a process has to end by itself, in milliseconds. */
const GRACE_MS = 2000;

/**
 * Begins a program of Node's. What it prints is read, and messages keep numbers that are no numbers.
 *
 * @param env variables besides those of this process
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
 * Ends a process that looks for its parent, in good order where it can.
 *
 * @param ended resolves when it has ended
 */
export async function endOwn(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await ended.finally(() => clearTimeout(timer));
}
