/** For tests: the value of what a few builders make. */

import { toHostArray } from '../runtime/hostArray';
import { Graph } from '../tf/graph/graph';
import type { Tensor } from '../tf/graph/tensor';
import { Session } from '../tf/session';

/**
 * The value of the tensor (or the values of the tensors) that `build` adds to a new graph, as nested arrays.
 *
 * @example
 * evaluate(() => add([1, 2], 3)); // [4, 5]
 */
export function evaluate(build: () => Tensor | readonly Tensor[]): unknown {
  const graph = new Graph();
  const session = new Session({ graph });
  const fetches = graph.asDefault(build);
  const values = session.runSync([fetches].flat() as Tensor[]).map((value) => toHostArray(value as never).toArray());
  session.close();
  return Array.isArray(fetches) ? values : values[0];
}

/**
 * The names of the operations that `build` adds to a new graph, in their order, joined by spaces. Placeholders are left
 * out.
 *
 * @example
 * namesOf(() => add([1, 2], 3)); // 'Add/x Add/y Add'
 */
export function namesOf(build: () => unknown): string {
  const graph = new Graph();
  graph.asDefault(() => void build());
  const added = graph.operations.filter(({ type }) => type !== 'Placeholder');
  return added.map(({ name }) => name).join(' ');
}
