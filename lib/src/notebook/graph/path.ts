/** Finds what a node depends on, and what depends on it. */
import { edgeId, seenAs } from './edges';
import type { GraphNode, Hierarchy } from './hierarchy';
import { inputsOf } from './operationTypes';

/** What is highlighted in a drawing: ids of nodes, and of edges by {@link edgeId}. */
export interface Lit {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

/**
 * The visible nodes and edges on paths through a node: everything it is computed from, and everything computed from it,
 * with the enclosing scopes.
 */
export function pathOf(node: GraphNode, { root, leaves }: Hierarchy, expanded: ReadonlySet<string>): Lit {
  const before = new Map(root.operations.map((operation) => [operation.name, inputsOf(operation)]));
  const after = new Map<string, string[]>(root.operations.map(({ name }) => [name, []]));
  for (const [name, producers] of before) for (const producer of producers) after.get(producer)?.push(name);

  const start = node.operations.map(({ name }) => name);
  const nodes = new Set<string>();
  const edges = new Set<string>();
  for (const next of [before, after]) {
    const reached = new Set(start);
    for (const name of reached) for (const other of next.get(name) ?? []) reached.add(other);
    for (const name of reached) {
      const leaf = leaves.get(name);
      if (!leaf) continue;
      const to = seenAs(leaf, expanded);
      for (let around: GraphNode | undefined = to; around; around = around.parent) nodes.add(around.id);
      for (const producer of before.get(name) ?? []) {
        const from = leaves.get(producer);
        if (from && reached.has(producer)) edges.add(edgeId(seenAs(from, expanded).id, to.id));
      }
    }
  }
  return { nodes, edges };
}
