/** Nodes of a hierarchy under construction. */
import type { GraphNode } from './hierarchy';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type Draft = Mutable<Omit<GraphNode, 'children' | 'parent'>> & { parent: Draft | undefined; children: Draft[] };

export function draft(id: string, name: string, label: string, parent: Draft | undefined): Draft {
  return { id, name, label, kind: 'operation', parent, children: [], operations: [], part: 'model' };
}
