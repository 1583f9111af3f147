/** Putting what functions do in the place of the operations that call them. */
import { type AttrValue, type FunctionDef, type GraphDef, type MessageInit, NodeDef } from '../../protos';
import type { Graph } from '../graph/graph';
import { freeName } from '../graph/names';
import { functionsOf } from './freezing';
import { isControl } from './names';

/** Operations that call the function of their attribute `f`; others are called as the function that they call. */
const CALLS: ReadonlySet<string> = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** So deep calls may lie in each other; a function that calls itself is never at its end. */
const DEEPEST = 50;

/**
 * Puts the nodes of functions beside those of a graph that call them, under their names: what called only hands on what came of it
 * then. Branches and loops are left as they are, and nothing waits for anything any more.
 *
 * @param graph knows the types of operations
 */
export function inlineCalls(graph: Graph, def: GraphDef): GraphDef {
  const functions = functionsOf(def);
  if (functions.size === 0) return def;
  const inlining = new Inlining(graph, functions, new Set(def.node.map(({ name }) => name)));
  return { ...def, node: def.node.flatMap((node) => inlining.expand(node, 0)) };
}

/** A function's node, and what it is called in the graph. */
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

  /** A node, or what it calls. */
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

  /** What an input of a function's node, `argument` or `node:output:0`, is outside of it. */
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

  /** How many outputs of a node come before that of a name. */
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

/** Attributes of a function's node, of which some are those of who calls it. */
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
