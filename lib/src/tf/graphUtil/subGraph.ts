/**
 * Extracts the part of a GraphDef that some nodes need.
 *
 * @see TensorFlow's python/framework/graph_util_impl.py
 */
import type { GraphDef } from '../../protos';
import { checkIterable, shown } from '../../runtime/arguments';
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import { didYouMean } from '../../runtime/nearest';
import { decodeGraphDef, encodeGraphDef } from '../graph/graphDef';
import { Operation } from '../graph/operation';
import { Tensor } from '../graph/tensor';
import { colocatedWith, nodeOf } from './names';

/** A node of a GraphDef: its name, or that of one of its tensors; or an operation or tensor of the original graph. */
export type NodeName = string | Operation | Tensor;

/**
 * The nodes needed to compute others, including these, and the nodes with which they are colocated.
 *
 * @param graphDef the bytes of a `GraphDef`, or its text
 * @param destinationNodes what must remain computable
 * @returns the bytes of a `GraphDef` with the nodes in their original order, and all functions
 * @throws {NotFoundError} when the GraphDef has no node of such a name
 * @throws {InvalidArgumentError} when it is not a GraphDef
 *
 * @example
 * const inference = tf.graphUtil.extractSubGraph(graph.toGraphDef(), [logits]);
 * new tf.Graph().importGraphDef(inference, { name: '' });
 */
export function extractSubGraph(graphDef: Uint8Array | string, destinationNodes: Iterable<NodeName>): Uint8Array {
  const def = decodeGraphDef(graphDef);
  return encodeGraphDef(subGraph(def, namesOf('the nodes to keep', destinationNodes)));
}

/** Like {@link extractSubGraph}, for a decoded message. The result shares its nodes and functions. */
export function subGraph(def: GraphDef, destinations: readonly string[]): GraphDef {
  const nodes = new Map(def.node.map((node) => [node.name, node]));
  for (const name of destinations) {
    if (!nodes.has(name))
      throw new NotFoundError(`the GraphDef has no node '${name}'${didYouMean(name, [...nodes.keys()])}`);
  }
  const kept = new Set<string>();
  const pending = [...destinations];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const node = nodes.get(name);
    if (!node || kept.has(name)) continue;
    kept.add(name);
    pending.push(...node.input.map(nodeOf), ...colocatedWith(node));
  }
  return { ...def, node: def.node.filter(({ name }) => kept.has(name)) };
}

/** @throws {InvalidArgumentError} when `what` aren't names */
export function namesOf(what: string, elements: Iterable<NodeName>): string[] {
  checkIterable(what, elements);
  return [...elements].map((element) => {
    if (element instanceof Tensor) return element.op.name;
    if (element instanceof Operation) return element.name;
    if (typeof element === 'string') return nodeOf(element);
    throw new InvalidArgumentError(
      `${what} are names of nodes, such as 'softmax', or operations or tensors, not ${shown(element)}`,
    );
  });
}
