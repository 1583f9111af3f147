/** Networks in sessions, and how far from them others are. */
import { tf } from '../../lib/src';
import type { Built } from './networks';

/** A network in a session of its own, with what its outputs are there for what it is fed. */
export interface Started extends Built {
  readonly session: tf.Session;
  readonly expected: Readonly<Record<string, tf.HostArray>>;
}

/** Starts a network in a graph of its own. */
export async function started(build: () => Built): Promise<Started> {
  const graph = new tf.Graph();
  graph.seed = 1;
  const [built, init] = graph.asDefault(() => [build(), tf.globalVariablesInitializer()] as const);
  const session = new tf.Session({ graph });
  await session.run(init);
  const { inputs, outputs, feeds, answers = outputs } = built;
  const given = Object.entries(feeds).map(([name, value]) => [inputs[name]!, value] as const);
  const values = await session.run(answers, given);
  const expected = Object.entries(values).map(([name, value]) => [name, tf.hostArray(value as tf.ArrayLike)]);
  return { ...built, session, expected: Object.fromEntries(expected) };
}

/** How far two rows of numbers are apart where they are furthest apart: relative to the greater ones, of those above 1. */
export function furthest(actual: ArrayLike<number>, expected: ArrayLike<unknown>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...Array.from(actual, (number, i) => {
      const other = Number(expected[i]);
      return Math.abs(number - other) / Math.max(1, Math.abs(other));
    }),
  );
}
