/** The edges between visible nodes: all tensors between two nodes form a single edge. */
import { indexOf, producerOf, sizesText } from './graphData';
import type { GraphNode, Hierarchy } from './hierarchy';

/** Data edges carry tensors; control edges only determine the order. */
export type EdgeKind = 'data' | 'control';

/** Everything that flows from one node to another. */
export interface GraphEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly kind: EdgeKind;
  /**
   * The shape of a single tensor, unless its node shows it; the number of several tensors; `''` if unknown, and for
   * control edges.
   */
  readonly label: string;
  /** The names of the tensors. */
  readonly tensors: readonly string[];
}

/** The key of an edge. */
export const edgeId = (from: string, to: string) => `${from}\n${to}`;

/**
 * The visible node that represents `leaf` if the scopes in `expanded` are open: itself, or the outermost closed scope.
 */
export function seenAs(leaf: GraphNode, expanded: ReadonlySet<string>): GraphNode {
  let seen = leaf;
  for (let scope = leaf.parent; scope?.parent; scope = scope.parent) if (!expanded.has(scope.id)) seen = scope;
  return seen;
}

/** The edges between the visible nodes if the scopes in `expanded` are open. */
export function edgesOf({ leaves, root }: Hierarchy, expanded: ReadonlySet<string>): GraphEdge[] {
  const found = new Map<string, { from: GraphNode; to: GraphNode; tensors: Set<string> }>();
  const add = (producer: string, to: GraphNode, tensor?: string) => {
    const leaf = leaves.get(producer);
    const from = leaf && seenAs(leaf, expanded);
    if (!from || from === to) return;
    const key = edgeId(from.id, to.id);
    let edge = found.get(key);
    if (edge === undefined) {
      edge = { from, to, tensors: new Set() };
      found.set(key, edge);
    }
    if (tensor !== undefined) edge.tensors.add(tensor);
  };
  for (const operation of root.operations) {
    const to = seenAs(leaves.get(operation.name)!, expanded);
    for (const tensor of operation.inputs) add(producerOf(tensor), to, tensor);
    for (const name of operation.controlInputs) add(name, to);
  }
  return [...found.values()].map(({ from, to, tensors }) => ({
    from,
    to,
    kind: tensors.size > 0 ? 'data' : 'control',
    label: isShapeSeen(from) && tensors.size === 1 ? '' : labelOf([...tensors], leaves),
    tensors: [...tensors],
  }));
}

/** Whether a node shows its own shape, so that its edges don't need to. */
export const isShapeSeen = ({ kind, children }: GraphNode) =>
  children.length === 0 && (kind === 'variable' || kind === 'placeholder' || kind === 'constant');

function labelOf(tensors: readonly string[], leaves: Hierarchy['leaves']): string {
  const [tensor] = tensors;
  if (tensor === undefined) return '';
  if (tensors.length > 1) return `${tensors.length} tensors`;
  const producer = leaves.get(producerOf(tensor))?.operations.find(({ name }) => name === producerOf(tensor));
  const shape = producer?.outputs[indexOf(tensor)]?.shape;
  return shape ? sizesText(shape) : '';
}
