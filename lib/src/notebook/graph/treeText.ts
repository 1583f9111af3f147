/** A graph as text: a line for every node that is seen, indented by its scope. */
import { deviceLabel, devicesOf } from './devices';
import { sizesText } from './graphData';
import type { GraphNode } from './hierarchy';
import { count } from './layout';

/**
 * The tree of what is seen while the scopes of `expanded` are open.
 *
 * @param withDevices whether each line ends with the device, or those of a scope
 *
 * @example
 * // Graph: 152 operations
 * //   images  Placeholder float32 100×784
 * //   hidden1/  16 operations
 */
export function treeText(root: GraphNode, expanded: ReadonlySet<string>, withDevices = false): string {
  const lines = [`Graph: ${count(root.operations.length, 'operation')}`];
  const add = (node: GraphNode, indent: string) => {
    const isScope = node.children.length > 0;
    const what = isScope ? count(node.operations.length, 'operation') : about(node);
    const where = withDevices
      ? `  ${devicesOf(node)
          .map(({ device }) => deviceLabel(device))
          .join(', ')}`
      : '';
    lines.push(`${indent}${node.label}${isScope ? '/' : ''}  ${what}${where}`);
    if (isScope && expanded.has(node.id)) for (const child of node.children) add(child, `${indent}  `);
  };
  for (const child of root.children) add(child, '  ');
  return lines.join('\n');
}

function about({ operations: [operation] }: GraphNode): string {
  const output = operation?.outputs[0];
  return [operation?.type, output && `${output.dtype} ${sizesText(output.shape)}`].filter(Boolean).join(' ');
}
