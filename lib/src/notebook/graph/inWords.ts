/** Describes a graph in words, for screen readers. */
import type { Hierarchy, Part } from './hierarchy';

/** The maximum number of named nodes of a part. */
const MAX_NAMED = 20;

const parts: readonly Part[] = ['model', 'training', 'auxiliary'];

/**
 * The size of a graph, and the main nodes of its parts, or its devices.
 *
 * @example
 * // Graph of 156 operations. Model: images, hidden1. Training: gradients.
 */
export function inWords({ root, says }: Hierarchy): string {
  const named = (nodes: Hierarchy['root']['children']) => {
    const names = nodes.slice(0, MAX_NAMED).map(({ label }) => label);
    return says.list(names, nodes.length - names.length);
  };
  const groups = root.children.some(({ kind }) => kind === 'device')
    ? root.children.map(({ label, children }) => [label, children] as const)
    : parts.map((part) => [says.parts[part], root.children.filter((node) => node.part === part)] as const);
  const sentences = groups
    .filter(([, nodes]) => nodes.length > 0)
    .map(([label, nodes]) => says.part(label, named(nodes)));
  return [says.graph(says.operations(root.operations.length)), ...sentences].join(says.between);
}
