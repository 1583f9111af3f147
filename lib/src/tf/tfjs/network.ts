/** The smallest graph that computes some outputs. */
import type { FunctionDef, GraphDef, SignatureDef } from '../../protos';
import { InvalidArgumentError } from '../../runtime/errors';
import type { Graph } from '../graph/graph';
import { decodeGraphDef, encodeGraphDef } from '../graph/graphDef';
import { convertVariablesToConstants } from '../graphUtil';
import { removeDropout } from '../graphUtil/dropout';
import { functionsOf, withCalled } from '../graphUtil/freezing';
import { inlineCalls } from '../graphUtil/inlining';
import { isControl } from '../graphUtil/names';
import { subGraph } from '../graphUtil/subGraph';
import type { NamedTensors } from '../savedModel';
import type { Session } from '../session';
import { foldBatchNorms } from './batchNorm';
import { foldConstants } from './constants';
import { become, constantOf, Nodes, type Output } from './nodes';
import { removeDecided, removeHandingOn } from './passing';
import { nameOutputs, signatureOf, takeInputs } from './signature';

/** A graph without variables, and its inputs and outputs. */
export interface Network {
  readonly graph: GraphDef;
  readonly signature: SignatureDef;
}

/**
 * The simplified graph that computes some outputs.
 *
 * @param inputs by default, the placeholders that the outputs need
 */
export async function networkOf(session: Session, outputs: NamedTensors, inputs?: NamedTensors): Promise<Network> {
  const { graph } = session;
  const def = decodeGraphDef(graph.toGraphDef());
  removeDropout(graph, def);
  const taken = takeInputs(def, inputs ?? {});
  const given = nameOutputs(def, outputs);
  for (const node of def.node)
    if (node.op === 'PlaceholderWithDefault') become(node, 'Identity', node.input, { T: node.attr.dtype ?? {} });
  const constant = await convertVariablesToConstants(session, encodeGraphDef(def), given.values());
  const frozen = inlineCalls(graph, decodeGraphDef(constant));
  giveDefaults(graph, frozen);
  const isTaken = new Set(taken.values());
  const nodes = new Nodes(frozen.node, [...given.values(), ...isTaken]);
  await simplify(nodes, frozen);
  const reached = subGraph({ ...frozen, node: nodes.all }, [...given.values()]);
  const placeholders = reached.node.filter(({ op }) => op === 'Placeholder').map(({ name }) => name);
  const others = placeholders.filter((name) => !isTaken.has(name));
  if (inputs && others.length > 0)
    throw new InvalidArgumentError(
      `the outputs need '${others.join("' and '")}', which the inputs don't have: give ${others.length > 1 ? 'them' : 'it'} too, or choose other outputs`,
    );
  // Unused inputs are kept, because callers will pass them.
  const unneeded = def.node.filter(({ name }) => isTaken.has(name) && !placeholders.includes(name));
  const whole = withCalled({ ...reached, node: [...unneeded, ...reached.node] });
  for (const called of whole.library?.function ?? []) prepareFunction(called);
  const found = inputs ?? Object.fromEntries(placeholders.map((name) => [name, graph.getTensorByName(`${name}:0`)]));
  return { graph: whole, signature: signatureOf(found, taken, outputs, given) };
}

/** Adds default values of attributes, which SavedModels omit in functions: TensorFlow.js doesn't know all of them. */
function giveDefaults(graph: Graph, def: GraphDef): void {
  const functions = functionsOf(def);
  for (const { op, attr } of [...def.node, ...[...functions.values()].flatMap(({ nodeDef }) => nodeDef)])
    if (!functions.has(op))
      for (const { name, defaultValue } of graph.definition(op).attr) if (defaultValue) attr[name] ??= defaultValue;
}

async function simplify(nodes: Nodes, def: GraphDef): Promise<void> {
  removeHandingOn(nodes);
  do await foldConstants(nodes, def);
  while (removeDecided(nodes, (output) => decisionOf(nodes, output)));
  removeHandingOn(nodes);
  foldBatchNorms(nodes);
  removeHandingOn(nodes);
}

function decisionOf(nodes: Nodes, output: Output): boolean | undefined {
  const value = constantOf(nodes.of(output));
  return value?.dtype === 'bool' && value.rank === 0 ? value.data[0] === 1 : undefined;
}

/**
 * Gives the constants of a function unique names, because all weights are stored together, and removes control
 * dependencies.
 */
function prepareFunction({ signature, nodeDef, ret }: FunctionDef): void {
  const names = new Map(
    nodeDef.flatMap(({ name, op }) => (op === 'Const' ? [[name, `${signature?.name}/${name}`] as const] : [])),
  );
  const renamed = (input: string) => input.replace(/^[^:]+/, (name) => names.get(name) ?? name);
  for (const node of nodeDef) {
    node.name = names.get(node.name) ?? node.name;
    node.input = node.input.filter((input) => !isControl(input)).map(renamed);
  }
  for (const [key, output] of Object.entries(ret)) ret[key] = renamed(output);
}
