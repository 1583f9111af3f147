/**
 * Graphs in JSON for TensorFlow.js: protocol buffers' JSON format, with bytes in base64 and 64-bit numbers as strings.
 */
import {
  type AttrValue,
  DataType,
  type FunctionDef,
  type GraphDef,
  type NodeDef,
  type SignatureDef,
  type TensorShapeProto,
} from '../../protos';

/** What JSON holds. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

const typeNames = new Map<number, string>(Object.entries(DataType).map(([name, number]) => [number, name]));

/** The name of a dtype, such as `DT_FLOAT`. */
const typeName = (number: number) => `DT_${typeNames.get(number) ?? 'INVALID'}`;

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

const mapValues = <T>(record: Readonly<Record<string, T>>, map: (value: T) => Json): Json =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

/** A graph whose constants are stored elsewhere. */
export function graphToJson({ node, library, versions }: GraphDef): Json {
  return {
    node: node.map(nodeToJson),
    library: library && library.function.length > 0 ? { function: library.function.map(functionToJson) } : {},
    versions: { producer: versions?.producer ?? 0, minConsumer: versions?.minConsumer ?? 0 },
  };
}

function nodeToJson({ name, op, input, attr }: NodeDef): Json {
  const own = Object.fromEntries(Object.entries(attr).filter(([key]) => !key.startsWith('_')));
  return { name, op, ...(input.length > 0 && { input }), attr: mapValues(own, attributeToJson) };
}

function functionToJson({ signature, nodeDef, ret }: FunctionDef): Json {
  const args = (list: NonNullable<typeof signature>['inputArg'] = []) =>
    list.map(({ name, type }) => ({ name, type: typeName(type) }));
  return {
    signature: {
      name: signature?.name,
      inputArg: args(signature?.inputArg),
      outputArg: args(signature?.outputArg),
    },
    nodeDef: nodeDef.map(nodeToJson),
    ret,
  };
}

function attributeToJson(value: AttrValue): Json {
  const { list, s, i, f, b, type, shape, tensor, func } = value;
  if (s !== undefined) return { s: base64(s) };
  if (i !== undefined) return { i: String(i) };
  if (f !== undefined) return { f: floatToJson(f) };
  if (b !== undefined) return { b };
  if (type !== undefined) return { type: typeName(type) };
  if (shape !== undefined) return { shape: shapeToJson(shape) };
  // A constant's elements are among the weights.
  if (tensor !== undefined)
    return { tensor: { dtype: typeName(tensor.dtype), tensorShape: shapeToJson(tensor.tensorShape) } };
  if (func !== undefined) return { func: { name: func.name } };
  return { list: list ? listToJson(list) : {} };
}

function listToJson(list: AttrValue.ListValue): Json {
  return {
    ...(list.s.length > 0 && { s: list.s.map(base64) }),
    ...(list.i.length > 0 && { i: list.i.map(String) }),
    ...(list.f.length > 0 && { f: list.f.map(floatToJson) }),
    ...(list.b.length > 0 && { b: list.b }),
    ...(list.type.length > 0 && { type: list.type.map(typeName) }),
    ...(list.shape.length > 0 && { shape: list.shape.map(shapeToJson) }),
    ...(list.func.length > 0 && { func: list.func.map(({ name }) => ({ name })) }),
  };
}

/** JSON has no NaN and no infinity. */
const floatToJson = (value: number): Json => (Number.isFinite(value) ? value : String(value));

function shapeToJson(shape: TensorShapeProto | undefined): Json {
  if (shape?.unknownRank) return { unknownRank: true };
  const dim = (shape?.dim ?? []).map(({ size }) => ({ size: String(size) }));
  return dim.length > 0 ? { dim } : {};
}

/** The inputs and outputs of a graph. */
export function signatureToJson({ inputs, outputs, methodName }: SignatureDef): Json {
  const tensors = (infos: SignatureDef['inputs']) =>
    mapValues(infos, ({ name, dtype, tensorShape }) => ({
      name,
      dtype: typeName(dtype),
      tensorShape: shapeToJson(tensorShape),
    }));
  return { inputs: tensors(inputs), outputs: tensors(outputs), methodName };
}
