/** A graph as text: a line per visible node, indented by scope. */
import { sizesText } from './graphData';
import type { GraphNode } from './hierarchy';
import { count } from './text';

/**
 * The tree of visible nodes if the scopes in `expanded` are open.
 *
 * @example
 * // Graph: 152 operations
 * //   images  Placeholder float32 100×784
 * //   hidden1/  16 operations
 */
export function treeText(root: GraphNode, expanded: ReadonlySet<string>): string {
  const lines = [`Graph: ${count(root.operations.length, 'operation')}`];
  const add = (node: GraphNode, indent: string) => {
    const isScope = node.children.length > 0;
    const what = isScope ? count(node.operations.length, 'operation') : about(node);
    lines.push(`${indent}${node.label}${isScope && node.kind !== 'device' ? '/' : ''}  ${what}`);
    if (isScope && expanded.has(node.id)) for (const child of node.children) add(child, `${indent}  `);
  };
  for (const child of root.children) add(child, '  ');
  return lines.join('\n');
}

function about({ operations: [operation] }: GraphNode): string {
  const output = operation?.outputs[0];
  return [operation?.type, output && `${output.dtype} ${sizesText(output.shape)}`].filter(Boolean).join(' ');
}
