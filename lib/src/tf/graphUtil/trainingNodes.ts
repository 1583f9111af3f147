/**
 * Removes nodes from GraphDefs that only training needs.
 *
 * @see TensorFlow's python/framework/graph_util_impl.py
 */
import type { GraphDef } from '../../protos';
import { onlyOptions, placed } from '../../runtime/options';
import { decodeGraphDef, encodeGraphDef } from '../graph/graphDef';
import { colocatedWith, isControl, nodeOf } from './names';
import { type NodeName, namesOf } from './subGraph';

/** Options of {@link removeTrainingNodes}. */
export interface RemoveTrainingNodesOptions {
  /**
   * Nodes to keep, such as an `Identity` that gives the output its name.
   *
   * @defaultValue `[]`
   */
  protectedNodes?: Iterable<NodeName>;
}

/**
 * Removes nodes that only forward their input: `CheckNumerics`, and `Identity` without control dependencies and
 * colocated nodes. Nodes that used their output use their input instead.
 *
 * Python's function doesn't reconnect the outputs of a `CheckNumerics`, and drops functions and versions, so its result
 * is not a valid graph.
 *
 * @param graphDef the bytes of a `GraphDef`, or its text
 * @param protectedNodes nodes to keep; may be among the options too
 * @returns the bytes of a `GraphDef`
 * @throws {InvalidArgumentError} when it is not a GraphDef
 *
 * @example
 * const frozen = await tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), [logits]);
 * const small = tf.graphUtil.removeTrainingNodes(frozen, [logits]);
 */
export function removeTrainingNodes(
  graphDef: Uint8Array | string,
  ...given: [protectedNodes: Iterable<NodeName>] | [options?: RemoveTrainingNodesOptions]
): Uint8Array {
  const options = placed<RemoveTrainingNodesOptions>(given, ['protectedNodes']);
  const { protectedNodes = [] } = onlyOptions(options, { protectedNodes: 'any' });
  const def = decodeGraphDef(graphDef);
  return encodeGraphDef(withoutTrainingNodes(def, new Set(namesOf('the nodes to protect', protectedNodes))));
}

/** Like {@link removeTrainingNodes}, for a decoded message, whose nodes it modifies. */
export function withoutTrainingNodes(def: GraphDef, isProtected: ReadonlySet<string>): GraphDef {
  const waitedFor = new Set(def.node.flatMap(({ input }) => input.filter(isControl).map(nodeOf)));
  const placedWith = new Set(def.node.flatMap(colocatedWith));
  /** The inputs that replace the removed nodes. */
  const sources = new Map<string, string>();
  for (const { name, op, input } of def.node) {
    const stays = isProtected.has(name) || waitedFor.has(name) || placedWith.has(name) || input.some(isControl);
    if ((op === 'Identity' || op === 'CheckNumerics') && !stays) sources.set(name, input[0]!);
  }
  const node = def.node.filter(({ name }) => !sources.has(name));
  for (const kept of node) kept.input = kept.input.map((input) => sourceOf(input, sources));
  return { ...def, node };
}

/**
 * The node that an input ultimately comes from. A cycle of nodes that only forward each other's outputs is not a valid
 * graph, and is left unchanged.
 */
function sourceOf(input: string, sources: ReadonlyMap<string, string>): string {
  let source = input;
  for (let i = 0; i < sources.size; i++) source = sources.get(nodeOf(source)) ?? source;
  return source;
}
