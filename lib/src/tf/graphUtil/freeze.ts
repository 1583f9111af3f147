/**
 * Freezes graphs: replaces variables by constants, so that one file contains a network with its trained values.
 *
 * @see TensorFlow's python/framework/convert_to_constants.py
 */
import type { NodeDef } from '../../protos';
import { checkInstance } from '../../runtime/arguments';
import { FailedPreconditionError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import type { Graph } from '../graph/graph';
import { decodeGraphDef, encodeGraphDef } from '../graph/graphDef';
import type { Tensor } from '../graph/tensor';
import { Session } from '../session';
import { frozen, VARIABLE_TYPES } from './freezing';
import { type NodeName, namesOf, subGraph } from './subGraph';

/** Options of freezing: which variables to convert. */
export interface ConvertVariablesOptions {
  /**
   * The names of the variables' operations to convert.
   *
   * @defaultValue all
   */
  variableNamesWhitelist?: Iterable<string>;
  /**
   * The names of those not to convert.
   *
   * @defaultValue none
   */
  variableNamesBlacklist?: Iterable<string>;
}

/**
 * The part of a graph that computes some outputs, with variables replaced by constants with the session's values. Both
 * kinds of variables are converted, including resource variables that are passed to functions (`While`, `If`,
 * `PartitionedCall` …).
 *
 * @param session has the variables' values
 * @param inputGraphDef the bytes of a `GraphDef`, or its text: `session.graph.toGraphDef()`, or a part of it
 * @param outputNodes what the result must compute
 * @returns the bytes of a `GraphDef`
 * @throws {NotFoundError} when the GraphDef has no node of such a name
 * @throws {FailedPreconditionError} when a variable has no value
 * @throws {InvalidArgumentError} when computing the outputs also writes a variable, or when the result would be 2 GiB
 * or more
 *
 * @example
 * const frozen = await tf.graphUtil.convertVariablesToConstants(session, session.graph.toGraphDef(), [logits]);
 * tf.io.writeGraph(frozen, 'models', 'frozen.pb', { asText: false });
 */
export async function convertVariablesToConstants(
  session: Session,
  inputGraphDef: Uint8Array | string,
  outputNodes: Iterable<NodeName>,
  options: ConvertVariablesOptions = {},
): Promise<Uint8Array> {
  const { variableNamesWhitelist, variableNamesBlacklist } = onlyOptions(options, {
    variableNamesWhitelist: 'any',
    variableNamesBlacklist: 'any',
  });
  checkInstance('what has the values of variables', session, Session, 'session');
  const only = variableNamesWhitelist && new Set(namesOf('the variables to convert', variableNamesWhitelist));
  const but = new Set(namesOf('the variables to keep', variableNamesBlacklist ?? []));
  const outputs = namesOf('the outputs', outputNodes);
  const def = subGraph(decodeGraphDef(inputGraphDef), outputs);
  const variables = def.node.filter(
    ({ name, op }) => VARIABLE_TYPES.has(op) && (!only || only.has(name)) && !but.has(name),
  );
  const snapshots = variables.map((variable) => snapshotOf(session.graph, variable));
  const values = await session.runForMessages(snapshots);
  const constants = variables.map(({ name }, i) => [name, values[i]!] as const);
  return encodeGraphDef(frozen(session.graph, def, new Map(constants), outputs));
}

/** The tensor with a variable's value: itself or, for a resource, the operation that reads it. */
function snapshotOf(graph: Graph, { name, op }: NodeDef): Tensor {
  const variable = graph.getTensorByName(`${name}:0`);
  if (op !== 'VarHandleOp') return variable;
  const read = graph.operations.find(({ type, inputs }) => type === 'ReadVariableOp' && inputs[0]!.op === variable.op);
  if (read) return read.outputs[0]!;
  throw new FailedPreconditionError(`the graph of the session has no operation that reads variable '${name}'`);
}
