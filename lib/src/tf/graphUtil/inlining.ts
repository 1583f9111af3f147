/** Inlines functions in place of the operations that call them. */
import { type AttrValue, type FunctionDef, type GraphDef, type MessageInit, NodeDef } from '../../protos';
import type { Graph } from '../graph/graph';
import { freeName } from '../graph/names';
import { functionsOf } from './freezing';
import { isControl } from './names';

/** Operations that call the function in their attribute `f`; others have the name of the function that they call. */
const CALLS: ReadonlySet<string> = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** The maximum depth of nested calls, since a recursive function would never end. */
const DEEPEST = 50;

/**
 * Inlines the functions that a graph calls. The calling operations then only forward the results. Branches and loops
 * are left unchanged, and control dependencies are dropped.
 *
 * @param graph knows the types of operations
 */
export function inlineCalls(graph: Graph, def: GraphDef): GraphDef {
  const functions = functionsOf(def);
  if (functions.size === 0) return def;
  const inlining = new Inlining(graph, functions, new Set(def.node.map(({ name }) => name)));
  return { ...def, node: def.node.flatMap((node) => inlining.expand(node, 0)) };
}

/** A function's node, and its name in the graph. */
interface Copied {
  readonly inner: NodeDef;
  readonly name: string;
}

class Inlining {
  readonly #graph: Graph;
  readonly #functions: ReadonlyMap<string, FunctionDef>;
  /** The names of all nodes. */
  readonly #taken: Set<string>;

  constructor(graph: Graph, functions: ReadonlyMap<string, FunctionDef>, taken: Set<string>) {
    this.#graph = graph;
    this.#functions = functions;
    this.#taken = taken;
  }

  /** A node, or the nodes that it calls. */
  expand(node: NodeDef, depth: number): NodeDef[] {
    const called = this.#functions.get(CALLS.has(node.op) ? (node.attr.f?.func?.name ?? '') : node.op);
    const given = node.input.filter((input) => !isControl(input));
    const { inputArg = [], outputArg = [] } = called?.signature ?? {};
    if (!called || depth > DEEPEST || inputArg.length !== given.length) return [node];
    const args = new Map(inputArg.map(({ name }, i) => [name, given[i]!]));
    const body = new Map(
      called.nodeDef.map((inner) => [inner.name, { inner, name: this.#newName(`${node.name}/${inner.name}`) }]),
    );
    const outer = (input: string) => this.#outer(input, args, body);
    const copies = Array.from(body.values(), ({ inner: { op, input, attr }, name }) =>
      copyOf(name, op, input.filter((taken) => !isControl(taken)).map(outer), bound(attr, node.attr)),
    );
    const types = outputArg.map(({ type, typeAttr }) => node.attr[typeAttr]?.type ?? type);
    const results = outputArg.map(({ name }) => outer(called.ret[name]!));
    const end =
      results.length === 1
        ? copyOf(node.name, 'Identity', results, { T: { type: types[0]! } })
        : copyOf(node.name, 'IdentityN', results, { T: { list: { type: types } } });
    return [...copies.flatMap((copy) => this.expand(copy, depth + 1)), end];
  }

  /** What an input of a function's node, `argument` or `node:output:0`, refers to in the calling graph. */
  #outer(input: string, args: ReadonlyMap<string, string>, body: ReadonlyMap<string, Copied>): string {
    const [own = '', output, index = '0'] = input.split(':');
    const { inner, name } = body.get(own) ?? {};
    if (!inner) return args.get(own) ?? input;
    const place = Number(index) + this.#placeOf(inner, output);
    return place === 0 ? `${name}` : `${name}:${place}`;
  }

  #newName(name: string): string {
    const free = freeName(name, this.#taken);
    this.#taken.add(free);
    return free;
  }

  /** The number of outputs before the one of a given name. */
  #placeOf({ op, attr }: NodeDef, output: string | undefined): number {
    const { outputArg = [] } = this.#functions.get(op)?.signature ?? this.#graph.definition(op);
    let place = 0;
    for (const { name, numberAttr, typeListAttr } of outputArg) {
      if (name === output) break;
      if (numberAttr) place += Number(attr[numberAttr]?.i ?? 1);
      else place += typeListAttr ? (attr[typeListAttr]?.list?.type.length ?? 1) : 1;
    }
    return place;
  }
}

/** A node's attributes, with the function's placeholders replaced by the caller's attributes. */
function bound(attr: NodeDef['attr'], given: NodeDef['attr']): NodeDef['attr'] {
  return Object.fromEntries(
    Object.entries(attr).map(([key, value]) => [
      key,
      value.placeholder === undefined ? value : (given[value.placeholder] ?? value),
    ]),
  );
}

function copyOf(name: string, op: string, input: string[], attr: Record<string, MessageInit<AttrValue>>): NodeDef {
  return NodeDef.decode(NodeDef.encode({ name, op, input, attr }));
}
