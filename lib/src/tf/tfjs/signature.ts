/** The inputs and outputs of a network: dedicated nodes with their public names. */
import { type AttrValue, type GraphDef, type MessageInit, NodeDef, SignatureDef } from '../../protos';
import { dtypeNumber } from '../../runtime/dtypes';
import { encodeShape } from '../graph/attributes';
import { freeName } from '../graph/names';
import type { NamedTensors } from '../savedModel';
import { signatureConstants } from '../savedModel/constants';
import { buildTensorInfo } from '../savedModel/signatureDefs';
import { become, type Output, outputOf } from './nodes';

/** The names of nodes, by the names of inputs or outputs in a signature. */
type NodeNames = ReadonlyMap<string, string>;

/** Replaces some tensors of a graph by inputs. */
export function takeInputs(def: GraphDef, inputs: NamedTensors): NodeNames {
  const nodes = new Map(def.node.map((node) => [node.name, node]));
  const cut = new Map<Output, Output>();
  const taken = Object.entries(inputs).map(([key, { op, index, dtype, shape }]): [string, string] => {
    const attributes = { dtype: { type: dtypeNumber(dtype) }, shape: { shape: encodeShape(shape) } };
    if (op.type === 'PlaceholderWithDefault') become(nodes.get(op.name)!, 'Placeholder', [], attributes);
    if (op.type.startsWith('Placeholder')) return [key, op.name];
    const name = addNode(def, key, 'Placeholder', [], attributes);
    cut.set(outputOf(op.name, index), name);
    return [key, name];
  });
  for (const node of def.node) node.input = node.input.map((input) => cut.get(input) ?? input);
  return new Map(taken);
}

/** Makes each output the only output of a node, because TensorFlow.js identifies outputs by node. */
export function nameOutputs(def: GraphDef, outputs: NamedTensors): NodeNames {
  const given = new Set<string>();
  return new Map(
    Object.entries(outputs).map(([key, { op, index, dtype }]) => {
      const isOwn =
        index === 0 && op.outputs.length === 1 && !given.has(op.name) && !/^Placeholder|^Const$/.test(op.type);
      const name = isOwn
        ? op.name
        : addNode(def, key, 'Identity', [outputOf(op.name, index)], { T: { type: dtypeNumber(dtype) } });
      given.add(name);
      return [key, name];
    }),
  );
}

function addNode(
  def: GraphDef,
  key: string,
  op: string,
  input: string[],
  attr: Record<string, MessageInit<AttrValue>>,
): string {
  const taken = new Set(def.node.map(({ name }) => name));
  const name = freeName(key.replace(/[^\w./-]|^[^A-Za-z0-9.]/g, '_').replace(/^_+/, '') || op, taken);
  def.node.push(NodeDef.decode(NodeDef.encode({ name, op, input, attr })));
  return name;
}

/** The signature of a network whose nodes have these names. */
export function signatureOf(
  inputs: NamedTensors,
  inputNodes: NodeNames,
  outputs: NamedTensors,
  outputNodes: NodeNames,
): SignatureDef {
  const described = (tensors: NamedTensors, nodes: NodeNames) =>
    Object.fromEntries(
      Object.entries(tensors).map(([key, tensor]) => [
        key,
        { ...buildTensorInfo(tensor), name: `${nodes.get(key) ?? tensor.op.name}:0` },
      ]),
    );
  return SignatureDef.decode(
    SignatureDef.encode({
      inputs: described(inputs, inputNodes),
      outputs: described(outputs, outputNodes),
      methodName: signatureConstants.PREDICT_METHOD_NAME,
    }),
  );
}
