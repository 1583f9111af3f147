/** A graph in words, for those who don't see it. */
import type { Hierarchy, Part } from './hierarchy';
import { count } from './text';

/** More nodes of a part than this aren't named. */
const MAX_NAMED = 20;

const parts: readonly (readonly [name: string, part: Part])[] = [
  ['Model', 'model'],
  ['Training', 'training'],
  ['Auxiliary', 'auxiliary'],
];

/**
 * How large a graph is, and what its parts are made of, or its devices.
 *
 * @example
 * // Graph of 156 operations. Model: images, hidden1. Training: gradients.
 */
export function inWords({ root }: Hierarchy): string {
  const named = (nodes: Hierarchy['root']['children']) => {
    const names = nodes.slice(0, MAX_NAMED).map(({ label }) => label);
    return [...names, ...(nodes.length > MAX_NAMED ? [`${nodes.length - MAX_NAMED} more`] : [])].join(', ');
  };
  const groups = root.children.some(({ kind }) => kind === 'device')
    ? root.children.map(({ label, children }) => [label, children] as const)
    : parts.map(([label, part]) => [label, root.children.filter((node) => node.part === part)] as const);
  const sentences = groups
    .filter(([, nodes]) => nodes.length > 0)
    .map(([label, nodes]) => `${label}: ${named(nodes)}.`);
  return [`Graph of ${count(root.operations.length, 'operation')}.`, ...sentences].join(' ');
}
