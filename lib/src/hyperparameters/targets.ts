/** The TensorFlow servers on which trials of a search run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { socketTo } from '../runtime/address';
import { checkArray, checkText } from '../runtime/arguments';
import { InvalidArgumentError, UnavailableError } from '../runtime/errors';
import { Graph } from '../tf/graph/graph';
import { constant } from '../tf/ops/constants';
import { Session } from '../tf/session';
import { parseTarget } from '../tf/session/serverLink';

/** For so long a server may say nothing when it is asked whether it is one. */
const ANSWER_MS = 30_000;

/** So often it is asked for a server that went away. */
const ASKING_MS = 500;

/**
 * Refuses what are no targets, or the same ones twice: one server computes one trial at a time.
 *
 * @throws {InvalidArgumentError} when they are none
 */
export function checkTargets(targets: readonly string[]): void {
  checkArray('the targets of a search', targets);
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

/**
 * Asks a server for a number.
 *
 * @throws {UnavailableError} when it doesn't answer
 */
export async function checkAnswers(target: string): Promise<void> {
  const graph = new Graph();
  const one = graph.asDefault(() => constant(1));
  await using session = new Session({ graph, target });
  try {
    await session.run(one, [], { options: { timeoutInMs: ANSWER_MS } });
  } catch (error) {
    throw new UnavailableError((error as Error).message);
  }
}
