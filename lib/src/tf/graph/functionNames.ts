/** Resolves name clashes between the functions of a GraphDef and those of a graph. */
import { isDeepStrictEqual } from 'node:util';
import {
  type AttrValue,
  type FunctionDef,
  FunctionDef as FunctionDefCodec,
  GraphDef,
  type NodeDef,
} from '../../protos';
import { capi } from '../../runtime/capi';
import type { Graph } from './graph';
import { freeName } from './names';

/**
 * Adds numbers to names of functions that clash with other functions of the graph. The runtime refuses two functions of
 * one name, and Python numbers functions anew in each program, so the functions of two models often have the same
 * names.
 *
 * @param def is modified
 * @returns whether it was
 */
export function keepFunctionsApart(graph: Graph, def: GraphDef): boolean {
  const functions = def.library?.function ?? [];
  if (functions.length === 0 || capi().graphNumFunctions(graph.pointer) === 0) return false;
  const known = new Map(
    GraphDef.decode(graph.toGraphDef()).library?.function.map((made) => [made.signature?.name ?? '', made]),
  );
  const taken = new Set([...known.keys(), ...functions.map(({ signature }) => signature?.name ?? '')]);
  const names = new Map<string, string>();
  for (const made of clashing(functions, known)) {
    const name = freeName(made, taken);
    taken.add(name);
    names.set(made, name);
  }
  if (names.size > 0) rename(def, names);
  return names.size > 0;
}

/** The functions that must be renamed: those that clash, and those that call them. */
function clashing(functions: readonly FunctionDef[], known: ReadonlyMap<string, FunctionDef>): Set<string> {
  const clashing = new Set<string>();
  const isKnown = (name: string) => known.has(name) && !clashing.has(name);
  for (let before = -1; before < clashing.size; ) {
    before = clashing.size;
    for (const made of functions) {
      const name = made.signature?.name ?? '';
      // A function identical to an existing one calls functions of the same names there, which must be identical too.
      const callsOthers = () => made.nodeDef.some((node) => calledBy(node).some((called) => clashing.has(called)));
      if (isKnown(name) && (!isSame(made, known.get(name)!) || callsOthers())) clashing.add(name);
    }
  }
  return clashing;
}

/** Compares decoded messages, not bytes, because maps have no order. */
function isSame(a: FunctionDef, b: FunctionDef): boolean {
  const plain = (made: FunctionDef) => FunctionDefCodec.decode(FunctionDefCodec.encode(made));
  return isDeepStrictEqual(plain(a), plain(b));
}

/** The functions that a node refers to. */
export function calledBy({ op, attr }: NodeDef): string[] {
  const called = [op];
  for (const value of Object.values(attr)) visitNames(value, (named) => called.push(named.name));
  return called;
}

function visitNames({ func, list }: AttrValue, visit: (named: { name: string }) => void): void {
  for (const named of [...(func ? [func] : []), ...(list?.func ?? [])]) {
    visit(named);
    for (const value of Object.values(named.attr)) visitNames(value, visit);
  }
}

function rename(def: GraphDef, names: ReadonlyMap<string, string>): void {
  const renamed = (name: string) => names.get(name) ?? name;
  const inNodes = (nodes: readonly NodeDef[]) => {
    for (const node of nodes) {
      node.op = renamed(node.op);
      for (const value of Object.values(node.attr))
        visitNames(value, (named) => {
          named.name = renamed(named.name);
        });
    }
  };
  inNodes(def.node);
  for (const { signature, nodeDef, attr } of def.library?.function ?? []) {
    if (signature) signature.name = renamed(signature.name);
    inNodes(nodeDef);
    for (const value of Object.values(attr)) {
      visitNames(value, (named) => {
        named.name = renamed(named.name);
      });
      // A function names its gradient in a string.
      const other = value.s && names.get(Buffer.from(value.s).toString());
      if (other !== undefined) value.s = Buffer.from(other);
    }
  }
  for (const gradient of def.library?.gradient ?? []) {
    gradient.functionName = renamed(gradient.functionName);
    gradient.gradientFunc = renamed(gradient.gradientFunc);
  }
}
