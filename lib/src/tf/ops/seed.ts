/**
 * Determines the two seeds of a random operation: the graph's, set by `setRandomSeed`, and the operation's own.
 *
 * @see `get_seed` in TensorFlow's python/framework/random_seed.py
 */

import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { Graph } from '../graph/graph';

/** The graph seed for an operation with a seed in a graph without one. */
const DEFAULT_GRAPH_SEED = 87654321;

/** Seeds are taken modulo this, the greatest 32-bit integer. */
const MODULUS = 2 ** 31 - 1;

/** How many operations of a graph derived their seeds from the graph's. */
const seeded = new WeakMap<Graph, number>();

/** The seed attributes of a random operation; if both are 0, numbers differ between sessions. */
export interface Seeds {
  readonly seed: number;
  readonly seed2: number;
}

/**
 * The seeds of the next random operation of a graph.
 *
 * If only the graph has a seed, operations get the seeds 0, 1, 2 … in the order in which they are added. If only the
 * operation has one, the graph's is a constant. Otherwise, nothing is seeded.
 *
 * @param seed the operation's own, if it has one
 * @throws {InvalidArgumentError} when the seed is not an integer
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

/** @throws {InvalidArgumentError} when the seed is not an integer */
export function checkSeed(seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError(`a seed is an integer, got ${shown(seed)}`);
}

/** The non-negative remainder. */
function truncate(seed: number): number {
  return ((seed % MODULUS) + MODULUS) % MODULUS;
}
