/**
 * Checks that a TensorFlow server answers at an address. Only libtensorflow can tell, which a search without targets
 * doesn't need to load, so this is a module of its own.
 */
import { UnavailableError } from '../runtime/errors';
import { Graph } from '../tf/graph/graph';
import { constant } from '../tf/ops/constants';
import { Session } from '../tf/session';

/** How long, in milliseconds, a server may take to answer. */
const ANSWER_MS = 30_000;

/**
 * Requests a number from a server.
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
