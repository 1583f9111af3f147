/** Finds operations and scopes by a typed text. */
import type { GraphNode, Hierarchy } from './hierarchy';

/**
 * The nodes whose name or type contains a text, in the graph's order: for `hidden` the scope `hidden1`, but not all of
 * its contents; for `hidden1/Mat` the operation. An operation that is drawn with another one is found as that one.
 */
export function findNodes({ root }: Hierarchy, text: string): GraphNode[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const isNamed = (name: string) => {
    const at = name.toLowerCase().lastIndexOf(wanted);
    return at >= 0 && at + wanted.length >= name.lastIndexOf('/') + 1;
  };
  const found: GraphNode[] = [];
  const visit = (node: GraphNode) => {
    const isFound =
      node.children.length > 0
        ? isNamed(node.name)
        : node.operations.some(({ name }) => isNamed(name)) || node.operations[0]?.type.toLowerCase() === wanted;
    if (isFound) found.push(node);
    node.children.forEach(visit);
  };
  root.children.forEach(visit);
  return found;
}
