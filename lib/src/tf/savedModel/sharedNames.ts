/**
 * Resolves name clashes between a SavedModel's resources (variables, tables, queues) and others in the same session.
 */
import type { AttrValue, GraphDef, NodeDef } from '../../protos';
import type { Graph } from '../graph/graph';
import { freeName } from '../graph/names';

/** Operations of a session with the same value of this attribute share a resource. */
const SHARED_NAME = 'shared_name';

/**
 * Renames resources of a GraphDef whose names a graph already has: otherwise, two models that each have a variable
 * `dense/kernel` would share its value, the one loaded last.
 *
 * @param def is modified
 * @param scope the scope under which it will be imported, or `''`
 */
export function keepResourcesApart(graph: Graph, { node, library }: GraphDef, scope: string): void {
  const taken = new Set(graph.operations.flatMap((operation) => namesOf(graph, operation)));
  if (taken.size === 0) return;
  const nodes = [...node, ...(library?.function.flatMap(({ nodeDef }) => nodeDef) ?? [])];
  const own = new Set(nodes.flatMap(({ attr }) => sharedName(attr) ?? []));
  const renamed = new Map<string, string>();
  for (const name of own) {
    if (!taken.has(name)) continue;
    const free = freeName(scope ? `${scope}/${name}` : name, { has: (other) => taken.has(other) || own.has(other) });
    taken.add(free);
    renamed.set(name, free);
  }
  for (const { attr } of nodes) rename(attr, renamed);
}

function namesOf(graph: Graph, operation: { type: string; getAttribute(name: string): unknown }): string[] {
  const { attr } = graph.definition(operation.type);
  if (!attr.some(({ name }) => name === SHARED_NAME)) return [];
  const name = String(operation.getAttribute(SHARED_NAME));
  return name === '' ? [] : [name];
}

function sharedName(attr: NodeDef['attr']): string | undefined {
  const name = attr[SHARED_NAME]?.s;
  return name?.length ? Buffer.from(name).toString() : undefined;
}

function rename(attr: Record<string, AttrValue>, renamed: ReadonlyMap<string, string>): void {
  const name = renamed.get(sharedName(attr) ?? '');
  if (name !== undefined) attr[SHARED_NAME]!.s = Buffer.from(name);
}
