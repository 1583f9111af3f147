/**
 * GraphDefs without what only training needs.
 *
 * @see TensorFlow's python/framework/graph_util_impl.py
 */
import type { GraphDef } from '../../protos';
import { onlyOptions, placed } from '../../runtime/options';
import { decodeGraphDef, encodeGraphDef } from '../graph/graphDef';
import { colocatedWith, isControl, nodeOf } from './names';
import { type NodeName, namesOf } from './subGraph';

/** What to leave. */
export interface RemoveTrainingNodesOptions {
  /**
   * Nodes that stay, such as an `Identity` by whose name the output is known.
   *
   * @defaultValue `[]`
   */
  protectedNodes?: Iterable<NodeName>;
}

/**
 * Takes out nodes that hand on what they are given: `CheckNumerics`, and `Identity` where nothing waits for it, it waits for nothing and no
 * other node is placed with it. What took their output takes their input.
 *
 * Python's function doesn't give the input of a `CheckNumerics` to those who took its output, and drops functions and versions; the graph is
 * no graph any more, then.
 *
 * @param graphDef the bytes of a `GraphDef`, or its text
 * @param protectedNodes nodes that stay; it may be among the options too
 * @returns the bytes of a `GraphDef`
 * @throws {InvalidArgumentError} when it is no GraphDef
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

/** The same of a message, whose nodes it changes. */
export function withoutTrainingNodes(def: GraphDef, isProtected: ReadonlySet<string>): GraphDef {
  const waitedFor = new Set(def.node.flatMap(({ input }) => input.filter(isControl).map(nodeOf)));
  const placedWith = new Set(def.node.flatMap(colocatedWith));
  /** The input that stands for each node that goes. */
  const sources = new Map<string, string>();
  for (const { name, op, input } of def.node) {
    const stays = isProtected.has(name) || waitedFor.has(name) || placedWith.has(name) || input.some(isControl);
    if ((op === 'Identity' || op === 'CheckNumerics') && !stays) sources.set(name, input[0]!);
  }
  const node = def.node.filter(({ name }) => !sources.has(name));
  for (const kept of node) kept.input = kept.input.map((input) => sourceOf(input, sources));
  return { ...def, node };
}

/** What an input comes from in the end. Nodes that only hand on each other's output are no graph, and stay what they are. */
function sourceOf(input: string, sources: ReadonlyMap<string, string>): string {
  let source = input;
  for (let i = 0; i < sources.size; i++) source = sources.get(nodeOf(source)) ?? source;
  return source;
}
