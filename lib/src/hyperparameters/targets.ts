/** The TensorFlow servers that run the trials of a search. */
import { setTimeout as sleep } from 'node:timers/promises';
import { socketTo } from '../runtime/address';
import { checkText } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { parseTarget } from '../tf/session/target';

/** So often it is asked for a server that went away. */
const ASKING_MS = 500;

/**
 * Refuses what are no targets, or the same ones twice: one server computes one trial at a time.
 *
 * @throws {InvalidArgumentError} when they are none
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

/** Whether something listens where a server is to be. */
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

/** Resolves when something listens where a server is to be, or somebody doesn't want to know any more. */
export async function listens(target: string | undefined, signal: AbortSignal): Promise<void> {
  while (target !== undefined && !signal.aborted && !(await isListening(target)))
    await sleep(ASKING_MS, undefined, { signal }).catch(() => {});
}
