/** Which scopes can be open at once: laying out many nodes takes long, and nobody could read them. */
import type { GraphNode, Hierarchy } from './hierarchy';

/** The nodes seen at most, as far as opening scopes makes them more. */
export const MAX_SEEN = 200;

/** Those of the wanted scopes that can be open, the outermost first: a scope stays closed where too much would be seen. */
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
