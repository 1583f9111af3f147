/** Keeps what a saved model has in a session (variables, tables, queues) apart from what others of the same names have there. */
import type { AttrValue, GraphDef, NodeDef } from '../../protos';
import type { Graph } from '../graph/graph';
import { freeName } from '../graph/names';

/** By this two operations of a session have one resource. */
const SHARED_NAME = 'shared_name';

/**
 * Gives other names to resources of a GraphDef that would be those of a graph: two models with a variable `dense/kernel` each would have one
 * value for both, the one that was loaded last.
 *
 * @param def is changed
 * @param scope what it will be under, or `''`
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
