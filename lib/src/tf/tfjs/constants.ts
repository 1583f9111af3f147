/** Computing what depends on constants only. */
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

/** Operations whose outputs aren't computed from values alone, although nothing of theirs lasts. */
const CONTROL_FLOW: ReadonlySet<string> = new Set(['Switch', 'Merge', 'Enter', 'Exit', 'NextIteration', 'LoopCond']);

/** What a constant may have at most that takes the place of smaller ones, in bytes: zeros by their shape are better computed. */
const MOST_GROWN = 100_000;

/** Puts constants in the place of what depends on constants only, as TensorFlow computes it. */
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

/** The nodes that depend on constants only, and give the same whenever they are run. */
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
    return false; // a function of the graph's own
  }
}

/** The outputs of such nodes that others take, and whose value may take their place. */
function neededOf(nodes: Nodes, computable: ReadonlySet<NodeDef>, graph: Graph): Tensor[] {
  const taken = new Set(
    nodes.all.flatMap((node) => (nodes.isKept(node) ? [node.name] : computable.has(node) ? [] : node.input)),
  );
  const needed: Tensor[] = [];
  /** Those whose values are too large to be kept: what they are made of is looked at in their place. */
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

/** Whether what an operation gives is more than what it takes; undefined where one can't say. */
function grows({ inputs, outputs }: Operation): boolean | undefined {
  const [taken, given] = [inputs, outputs].map((tensors) => tensors.map(bytesOf));
  if (![...taken!, ...given!].every((bytes) => bytes !== undefined)) return undefined;
  const sum = (all: typeof taken) => all!.reduce<number>((total, bytes) => total + bytes!, 0);
  return sum(given) > sum(taken);
}

/** The bytes of a value, where its shape and dtype say them. */
function bytesOf({ dtype, shape }: Tensor): number | undefined {
  if (!isHostDType(dtype) || shape === null || !shape.every((size) => size !== null)) return undefined;
  const size = (shape as readonly number[]).reduce((product, dimension) => product * dimension, 1);
  return size * (dtype === 'string' ? 1 : bytesPerElement(dtype));
}

/** Undefined where one can't be computed: it may be in a branch that never runs. */
async function valuesOf(graph: Graph, tensors: readonly Tensor[]): Promise<HostArray[] | undefined> {
  await using session = new Session({ graph });
  try {
    const values = await session.run([...tensors]);
    return values.map((value, i) => toHostArray(value, tensors[i]!.dtype as HostDType));
  } catch {
    return undefined;
  }
}
