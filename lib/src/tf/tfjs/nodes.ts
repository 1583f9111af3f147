/** The nodes of a graph that is being rewritten, and how they are connected. */
import { type AttrValue, type MessageInit, NodeDef, type TensorProto } from '../../protos';
import type { HostArray } from '../../runtime/hostArray';
import { freeName } from '../graph/names';
import { decodeTensor, encodeTensor } from '../graph/tensorProto';
import { isControl, nodeOf } from '../graphUtil/names';

/** An output of a node, in the form that inputs have: the first is `'x'`, others are `'x:1'`. */
export type Output = string;

/** The name of an output. */
export const outputOf = (name: string, index: number): Output => (index === 0 ? name : `${name}:${index}`);

/** The nodes by name, in their original order. */
export class Nodes {
  readonly #nodes: Map<string, NodeDef>;
  /** The nodes that keep their names, because they are known by them. */
  readonly #kept: ReadonlySet<string>;

  /**
   * @param nodes are modified; control dependencies are removed
   * @param kept the names of nodes that stay
   */
  constructor(nodes: readonly NodeDef[], kept: Iterable<string>) {
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
    this.#kept = new Set(kept);
    for (const node of nodes) {
      node.input = node.input.filter((input) => !isControl(input)).map(plain);
      for (const key of Object.keys(node.attr)) if (key.startsWith('_')) delete node.attr[key]; // such as colocation
    }
  }

  get all(): NodeDef[] {
    return [...this.#nodes.values()];
  }

  /** The node that computes an output. */
  of(output: Output): NodeDef | undefined {
    return this.#nodes.get(nodeOf(output));
  }

  isKept({ name }: NodeDef): boolean {
    return this.#kept.has(name);
  }

  /** Adds a node under a free name. */
  add(name: string, op: string, input: string[], attr: Record<string, MessageInit<AttrValue>>): NodeDef {
    const node = NodeDef.decode(NodeDef.encode({ name: freeName(name, this.#nodes), op, input, attr }));
    this.#nodes.set(node.name, node);
    return node;
  }

  /** Adds a constant. */
  addConstant(name: string, value: HostArray): NodeDef {
    return this.add(name, 'Const', [], constantAttributes(value));
  }

  /** Makes all users of an output use another one; nodes without any users are removed. */
  redirect(others: ReadonlyMap<Output, Output>): void {
    const end = (output: Output) => {
      let last = output;
      for (let i = 0; i <= others.size && others.has(last); i++) last = others.get(last)!;
      return last;
    };
    if (others.size > 0) for (const node of this.#nodes.values()) node.input = node.input.map(end);
    this.#prune();
  }

  #prune(): void {
    const reached = new Set<string>();
    const pending = [...this.#kept];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      pending.push(...(this.#nodes.get(name)?.input.map(nodeOf) ?? []));
    }
    for (const name of this.#nodes.keys()) if (!reached.has(name)) this.#nodes.delete(name);
  }

  /** The number of inputs that use each node. */
  uses(): Map<string, number> {
    const uses = new Map<string, number>();
    for (const { input } of this.#nodes.values())
      for (const taken of input) uses.set(nodeOf(taken), (uses.get(nodeOf(taken)) ?? 0) + 1);
    return uses;
  }
}

/** `'x'` for `'x:0'`. */
const plain = (input: string) => input.replace(/:0$/, '');

/** The value of a constant; undefined for other nodes, and for dtypes that JavaScript can't represent. */
export function constantOf(node: NodeDef | undefined): HostArray | undefined {
  const tensor = node?.op === 'Const' ? node.attr.value?.tensor : undefined;
  return tensor && decodeTensor(tensor);
}

/** Turns a node into a constant. */
export function becomeConstant(node: NodeDef, value: HostArray): void {
  become(node, 'Const', [], constantAttributes(value));
}

/** Turns a node into another operation. */
export function become(node: NodeDef, op: string, input: string[], attr: Record<string, MessageInit<AttrValue>>): void {
  Object.assign(node, NodeDef.decode(NodeDef.encode({ name: node.name, op, input, attr })));
}

function constantAttributes(value: HostArray): Record<string, MessageInit<AttrValue>> {
  const tensor: MessageInit<TensorProto> = encodeTensor(value);
  return { dtype: { type: tensor.dtype as number }, value: { tensor } };
}
