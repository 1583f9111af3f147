/** Limits which scopes can be open at once: laying out many nodes takes long, and nobody could read them. */
import type { GraphNode, Hierarchy } from './hierarchy';

/** The maximum number of visible nodes, as far as it depends on open scopes. */
export const MAX_SEEN = 200;

/**
 * The scopes among the wanted ones that can be open, outermost first: a scope stays closed if too much would be
 * visible.
 */
export function openWithin({ root }: Hierarchy, wanted: ReadonlySet<string>, limit = MAX_SEEN): Set<string> {
  const open = new Set<string>();
  let seen = root.children.length;
  let level: readonly GraphNode[] = root.children;
  while (level.length > 0) {
    const opened = level.filter(({ id, children }) => {
      if (children.length === 0 || !wanted.has(id) || seen + children.length > limit) return false;
      seen += children.length;
      return true;
    });
    for (const { id } of opened) open.add(id);
    level = opened.flatMap(({ children }) => children);
  }
  return open;
}
