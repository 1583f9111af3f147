/** The TensorFlow servers that run the trials of a search. */
import { setTimeout as sleep } from 'node:timers/promises';
import { socketTo } from '../runtime/address';
import { checkText } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { parseTarget } from '../tf/session/target';

/** Milliseconds between two checks for a lost server. */
const ASKING_MS = 500;

/**
 * Validates targets; each may occur only once, since a server runs one trial at a time.
 *
 * @throws {InvalidArgumentError} when a target is invalid or repeated
 */
export function checkTargets(targets: readonly string[]): void {
  if (targets.length === 0) throw new InvalidArgumentError('the targets of a search are one at least');
  for (const [i, target] of targets.entries()) {
    checkText('a target of a search', target);
    parseTarget(target);
    if (targets.indexOf(target) < i)
      throw new InvalidArgumentError(`${target} is named twice: a server computes one trial at a time`);
  }
}

/** Whether a server's port accepts connections. */
export function isListening(target: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = socketTo(parseTarget(target));
    const settle = (listens: boolean) => () => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
  });
}

/** Resolves when a server's port accepts connections, or the signal aborts. */
export async function listens(target: string | undefined, signal: AbortSignal): Promise<void> {
  while (target !== undefined && !signal.aborted && !(await isListening(target)))
    await sleep(ASKING_MS, undefined, { signal }).catch(() => {});
}
