/**
 * Where a random operation's two seeds come from: the graph's, which `setRandomSeed` sets, and its own.
 *
 * @see `get_seed` in TensorFlow's python/framework/random_seed.py
 */

import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { Graph } from '../graph/graph';

/** The graph's seed for an operation that has a seed in a graph that has none. */
const DEFAULT_GRAPH_SEED = 87654321;

/** Seeds are taken modulo this, the greatest 32-bit integer. */
const MODULUS = 2 ** 31 - 1;

/** How many operations of a graph were given a seed because only the graph had one. */
const seeded = new WeakMap<Graph, number>();

/** The attributes of a random operation that seed it; both 0 ask for other numbers in each session. */
export interface Seeds {
  readonly seed: number;
  readonly seed2: number;
}

/**
 * The seeds of the next random operation of a graph.
 *
 * With a seed for the graph and none for the operation, operations take 0, 1, 2 … in the order in which they are added;
 * with one for the operation alone, the graph's is a constant; with neither, nothing is seeded.
 *
 * @param seed the operation's own, when it has one
 * @throws {InvalidArgumentError} when the seed is no integer
 */
export function seedsFor(graph: Graph, seed: number | undefined): Seeds {
  if (seed === undefined && graph.seed === null) return { seed: 0, seed2: 0 };
  const seeds = {
    seed: truncate(graph.seed ?? DEFAULT_GRAPH_SEED),
    seed2: truncate(seed === undefined ? nextSeed(graph) : checkSeed(seed)),
  };
  return seeds.seed === 0 && seeds.seed2 === 0 ? { seed: 0, seed2: MODULUS } : seeds;
}

function nextSeed(graph: Graph): number {
  const count = seeded.get(graph) ?? 0;
  seeded.set(graph, count + 1);
  return count;
}

/** @throws {InvalidArgumentError} when the seed is no integer */
export function checkSeed(seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError(`a seed is an integer, got ${shown(seed)}`);
}

/** The remainder that is never negative. */
function truncate(seed: number): number {
  return ((seed % MODULUS) + MODULUS) % MODULUS;
}
