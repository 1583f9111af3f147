/** Constant folding. */
import type { GraphDef, NodeDef } from '../../protos';
import { bytesPerElement, type HostDType, isHostDType } from '../../runtime/dtypes';
import { type HostArray, toHostArray } from '../../runtime/hostArray';
import { Graph } from '../graph/graph';
import { encodeGraphDef } from '../graph/graphDef';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { nodeOf } from '../graphUtil/names';
import { Session } from '../session';
import { becomeConstant, type Nodes, type Output, outputOf } from './nodes';

/** Operations whose outputs don't depend on values alone, although they are stateless. */
const CONTROL_FLOW: ReadonlySet<string> = new Set(['Switch', 'Merge', 'Enter', 'Exit', 'NextIteration', 'LoopCond']);

/**
 * The maximum size in bytes of a constant that replaces smaller ones: large tensors of zeros, for example, are better
 * computed from their shape.
 */
const MOST_GROWN = 100_000;

/** Replaces nodes that depend only on constants by the values that TensorFlow computes. */
export async function foldConstants(nodes: Nodes, def: GraphDef): Promise<void> {
  const graph = new Graph();
  const computable = computableOf(nodes, graph);
  if (![...computable].some(({ op }) => op !== 'Const')) return;
  graph.importGraphDef(encodeGraphDef({ ...def, library: undefined, node: [...computable] }), { name: '' });
  const needed = neededOf(nodes, computable, graph);
  if (needed.length === 0) return;
  const values = await valuesOf(graph, needed);
  if (values === undefined) return;
  const sources = new Map<Output, Output>();
  for (const [i, { op, index }] of needed.entries()) {
    const node = nodes.of(op.name)!;
    if (op.outputs.length === 1) becomeConstant(node, values[i]!);
    else sources.set(outputOf(node.name, index), nodes.addConstant(`${node.name}/output_${index}`, values[i]!).name);
  }
  nodes.redirect(sources);
}

/** The nodes that depend only on constants and always have the same value. */
function computableOf(nodes: Nodes, graph: Graph): Set<NodeDef> {
  const computable = new Set<NodeDef>();
  const { all } = nodes;
  for (let before = -1; before < computable.size; ) {
    before = computable.size;
    for (const node of all) {
      if (computable.has(node) || !node.input.every((input) => computable.has(nodes.of(input)!))) continue;
      if (node.op === 'Const' || isFunctionOfItsInputs(node, graph)) computable.add(node);
    }
  }
  return computable;
}

function isFunctionOfItsInputs({ op, attr, input }: NodeDef, graph: Graph): boolean {
  if (input.length === 0 || CONTROL_FLOW.has(op)) return false;
  if (Object.values(attr).some(({ func, list }) => func || list?.func.length)) return false;
  try {
    return !graph.definition(op).isStateful;
  } catch {
    return false; // a function of the graph
  }
}

/** The outputs of such nodes that other nodes use, and that can be replaced by their values. */
function neededOf(nodes: Nodes, computable: ReadonlySet<NodeDef>, graph: Graph): Tensor[] {
  const taken = new Set(
    nodes.all.flatMap((node) => (nodes.isKept(node) ? [node.name] : computable.has(node) ? [] : node.input)),
  );
  const needed: Tensor[] = [];
  /** If a value is too large to be stored, its inputs are considered instead. */
  const pending = [...taken];
  const seen = new Set<Output>();
  for (let output = pending.pop(); output !== undefined; output = pending.pop()) {
    const node = nodes.of(output);
    if (!node || seen.has(output) || node.op === 'Const' || !computable.has(node)) continue;
    seen.add(output);
    const operation = graph.getOperationByName(nodeOf(output));
    if (operation.outputs.every(isSmall) || grows(operation) === false) needed.push(tensorOf(graph, output));
    else pending.push(...node.input);
  }
  return needed;
}

const tensorOf = (graph: Graph, output: Output) => graph.getTensorByName(output.includes(':') ? output : `${output}:0`);

const isSmall = (tensor: Tensor) => (bytesOf(tensor) ?? Number.POSITIVE_INFINITY) <= MOST_GROWN;

/** Whether an operation's output is larger than its inputs; undefined if unknown. */
function grows({ inputs, outputs }: Operation): boolean | undefined {
  const [taken, given] = [inputs, outputs].map((tensors) => tensors.map(bytesOf));
  if (![...taken!, ...given!].every((bytes) => bytes !== undefined)) return undefined;
  const sum = (all: typeof taken) => all!.reduce<number>((total, bytes) => total + bytes!, 0);
  return sum(given) > sum(taken);
}

/** The size of a value in bytes, if its shape and dtype determine it. */
function bytesOf({ dtype, shape }: Tensor): number | undefined {
  if (!isHostDType(dtype) || shape === null || !shape.every((size) => size !== null)) return undefined;
  const size = (shape as readonly number[]).reduce((product, dimension) => product * dimension, 1);
  return size * (dtype === 'string' ? 1 : bytesPerElement(dtype));
}

/** Undefined if one can't be computed: it may be in a branch that never runs. */
async function valuesOf(graph: Graph, tensors: readonly Tensor[]): Promise<HostArray[] | undefined> {
  await using session = new Session({ graph });
  try {
    const values = await session.run([...tensors]);
    return values.map((value, i) => toHostArray(value, tensors[i]!.dtype as HostDType));
  } catch {
    return undefined;
  }
}
