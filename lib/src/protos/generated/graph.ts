/**
 * Graphs: tensors, attributes, nodes, functions and the definitions of ops.
 *
 * Made by `npm run protos` from lib/protos/graph.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';

/** The type of a tensor's elements. A reference to a variable has the number of its type plus 100. */
export const DataType = {
  INVALID: 0,
  FLOAT: 1,
  DOUBLE: 2,
  INT32: 3,
  UINT8: 4,
  INT16: 5,
  INT8: 6,
  STRING: 7,
  COMPLEX64: 8,
  INT64: 9,
  BOOL: 10,
  QINT8: 11,
  QUINT8: 12,
  QINT32: 13,
  BFLOAT16: 14,
  QINT16: 15,
  QUINT16: 16,
  UINT16: 17,
  COMPLEX128: 18,
  HALF: 19,
  RESOURCE: 20,
  VARIANT: 21,
  UINT32: 22,
  UINT64: 23,
  FLOAT8_E5M2: 24,
  FLOAT8_E4M3FN: 25,
  INT4: 29,
  UINT4: 30,
} as const;

/** A static shape; `dim` says nothing where `unknownRank` is true. */
export interface TensorShapeProto {
  dim: TensorShapeProto.Dim[];
  unknownRank: boolean;
}
export namespace TensorShapeProto {
  /** One dimension; a size of -1 is unknown. */
  export interface Dim {
    size: number;
    name: string;
  }
}
export const TensorShapeProto: Codec<TensorShapeProto> = codec('TensorShapeProto');

/**
 * A tensor with its elements: raw and little-endian in `tensorContent`, or in the list that suits `dtype`, which may be
 * shorter than the shape (its last element fills the rest).
 */
export interface TensorProto {
  /** One of {@link DataType}. */
  dtype: number;
  tensorShape?: TensorShapeProto;
  versionNumber: number;
  tensorContent: Uint8Array;
  floatVal: number[];
  doubleVal: number[];
  /** Elements of int32, int16, int8, uint16, uint8 and the quantized types. */
  intVal: number[];
  stringVal: Uint8Array[];
  /** Real and imaginary parts in turn. */
  scomplexVal: number[];
  int64Val: (number | bigint)[];
  boolVal: boolean[];
  dcomplexVal: number[];
  /** Bit patterns of half and bfloat16 elements. */
  halfVal: number[];
  resourceHandleVal: ResourceHandleProto[];
  variantVal: VariantTensorDataProto[];
  uint32Val: number[];
  uint64Val: (number | bigint)[];
  float8Val: Uint8Array;
}
export const TensorProto: Codec<TensorProto> = codec('TensorProto');

/** A handle of a resource that lives on a device. */
export interface ResourceHandleProto {
  device: string;
  container: string;
  name: string;
  hashCode: number | bigint;
  maybeTypeName: string;
  dtypesAndShapes: ResourceHandleProto.DtypeAndShape[];
}
export namespace ResourceHandleProto {
  /** The dtype and the shape of a value that the resource holds. */
  export interface DtypeAndShape {
    /** One of {@link DataType}. */
    dtype: number;
    shape?: TensorShapeProto;
  }
}
export const ResourceHandleProto: Codec<ResourceHandleProto> = codec('ResourceHandleProto');

/** The serialized value of one element of a variant tensor. */
export interface VariantTensorDataProto {
  typeName: string;
  metadata: Uint8Array;
  tensors: TensorProto[];
}
export const VariantTensorDataProto: Codec<VariantTensorDataProto> = codec('VariantTensorDataProto');

/** The value of an attribute: exactly one field is set. */
export interface AttrValue {
  list?: AttrValue.ListValue;
  /** A string attribute, as bytes. */
  s?: Uint8Array;
  i?: number | bigint;
  f?: number;
  b?: boolean;
  /** One of {@link DataType}. */
  type?: number;
  shape?: TensorShapeProto;
  tensor?: TensorProto;
  /** Only inside a function: the name of the function's attribute that is to be put here. */
  placeholder?: string;
  func?: NameAttrList;
}
export namespace AttrValue {
  /** A list of attribute values, all of one kind. */
  export interface ListValue {
    s: Uint8Array[];
    i: (number | bigint)[];
    f: number[];
    b: boolean[];
    /** One of {@link DataType}. */
    type: number[];
    shape: TensorShapeProto[];
    tensor: TensorProto[];
    func: NameAttrList[];
  }
}
export const AttrValue: Codec<AttrValue> = codec('AttrValue');

/** A function's name with attributes. */
export interface NameAttrList {
  name: string;
  attr: Record<string, AttrValue>;
}
export const NameAttrList: Codec<NameAttrList> = codec('NameAttrList');

/** An operation of a graph. */
export interface NodeDef {
  name: string;
  op: string;
  /** `'node'` for its first output, `'node:1'` for its second, `'^node'` for a control input. */
  input: string[];
  device: string;
  attr: Record<string, AttrValue>;
  experimentalDebugInfo?: NodeDef.ExperimentalDebugInfo;
  experimentalType?: FullTypeDef;
}
export namespace NodeDef {
  /** The nodes and functions that a node was made from. */
  export interface ExperimentalDebugInfo {
    originalNodeNames: string[];
    originalFuncNames: string[];
  }
}
export const NodeDef: Codec<NodeDef> = codec('NodeDef');

/** Which TensorFlow made a graph and which may read it. */
export interface VersionDef {
  producer: number;
  minConsumer: number;
  badConsumers: number[];
}
export const VersionDef: Codec<VersionDef> = codec('VersionDef');

/** A graph. */
export interface GraphDef {
  node: NodeDef[];
  library?: FunctionDefLibrary;
  /** What was used before `versions`. */
  version: number;
  versions?: VersionDef;
  debugInfo?: GraphDebugInfo;
}
export const GraphDef: Codec<GraphDef> = codec('GraphDef');

/** Where in Python's sources the nodes were made. */
export interface GraphDebugInfo {
  files: string[];
  traces: Record<string, GraphDebugInfo.StackTrace>;
  framesById: Record<string, GraphDebugInfo.FileLineCol>;
  nameToTraceId: Record<string, number | bigint>;
  tracesById: Record<string, GraphDebugInfo.StackTrace>;
}
export namespace GraphDebugInfo {
  /** A place in a source; `fileIndex` counts in `files`. */
  export interface FileLineCol {
    fileIndex?: number;
    line?: number;
    col?: number;
    func?: string;
    code?: string;
  }
  /** The places that called each other, written out or by their `framesById`. */
  export interface StackTrace {
    fileLineCols: GraphDebugInfo.FileLineCol[];
    frameId: (number | bigint)[];
  }
}
export const GraphDebugInfo: Codec<GraphDebugInfo> = codec('GraphDebugInfo');

/** The functions that a graph calls. */
export interface FunctionDefLibrary {
  function: FunctionDef[];
  gradient: GradientDef[];
  registeredGradients: RegisteredGradient[];
}
export const FunctionDefLibrary: Codec<FunctionDefLibrary> = codec('FunctionDefLibrary');

/** A function: its signature, its nodes and which of their outputs it returns. */
export interface FunctionDef {
  signature?: OpDef;
  nodeDef: NodeDef[];
  ret: Record<string, string>;
  attr: Record<string, AttrValue>;
  controlRet: Record<string, string>;
  argAttr: Record<number, FunctionDef.ArgAttrs>;
  resourceArgUniqueId: Record<number, number>;
}
export namespace FunctionDef {
  /** The attributes of an argument. */
  export interface ArgAttrs {
    attr: Record<string, AttrValue>;
  }
}
export const FunctionDef: Codec<FunctionDef> = codec('FunctionDef');

/** The function that computes the gradient of another. */
export interface GradientDef {
  functionName: string;
  gradientFunc: string;
}
export const GradientDef: Codec<GradientDef> = codec('GradientDef');

/** The function that computes the gradient of a type of operation. */
export interface RegisteredGradient {
  gradientFunc: string;
  registeredOpType: string;
}
export const RegisteredGradient: Codec<RegisteredGradient> = codec('RegisteredGradient');

/** What an op takes and gives: the registry's entry for one type of operation. */
export interface OpDef {
  name: string;
  inputArg: OpDef.ArgDef[];
  outputArg: OpDef.ArgDef[];
  attr: OpDef.AttrDef[];
  summary: string;
  description: string;
  deprecation?: OpDeprecation;
  isAggregate: boolean;
  isStateful: boolean;
  isCommutative: boolean;
  allowsUninitializedInput: boolean;
  controlOutput: string[];
  isDistributedCommunication: boolean;
}
export namespace OpDef {
  /** An argument. Its type, its number and its list of types are fixed, or named after the attribute that holds them. */
  export interface ArgDef {
    name: string;
    description: string;
    /** One of {@link DataType}. 0 where `typeAttr` or `typeListAttr` names an attribute. */
    type: number;
    typeAttr: string;
    numberAttr: string;
    typeListAttr: string;
    handleData: ResourceHandleProto.DtypeAndShape[];
    isRef: boolean;
    experimentalFullType?: FullTypeDef;
  }
  /** An attribute. */
  export interface AttrDef {
    name: string;
    /** `'int'`, `'list(shape)'`, `'type'` … */
    type: string;
    defaultValue?: AttrValue;
    description: string;
    hasMinimum: boolean;
    /** The least value, or the least length of a list. */
    minimum: number | bigint;
    /** A list of what is allowed. */
    allowedValues?: AttrValue;
  }
}
export const OpDef: Codec<OpDef> = codec('OpDef');

/** From which graph version on an op is deprecated, and why. */
export interface OpDeprecation {
  version: number;
  explanation: string;
}
export const OpDeprecation: Codec<OpDeprecation> = codec('OpDeprecation');

/** A registry of ops, or a part of one. */
export interface OpList {
  op: OpDef[];
}
export const OpList: Codec<OpList> = codec('OpList');

/** A type with its parameters, as newer programs write it to nodes and functions. */
export const FullTypeId = {
  UNSET: 0,
  VAR: 1,
  ANY: 2,
  PRODUCT: 3,
  NAMED: 4,
  FOR_EACH: 20,
  CALLABLE: 100,
  TENSOR: 1000,
  ARRAY: 1001,
  OPTIONAL: 1002,
  LITERAL: 1003,
  ENCODED: 1004,
  SHAPE_TENSOR: 1005,
  BOOL: 200,
  UINT8: 201,
  UINT16: 202,
  UINT32: 203,
  UINT64: 204,
  INT8: 205,
  INT16: 206,
  INT32: 207,
  INT64: 208,
  HALF: 209,
  FLOAT: 210,
  DOUBLE: 211,
  BFLOAT16: 215,
  COMPLEX64: 212,
  COMPLEX128: 213,
  STRING: 214,
  DATASET: 10102,
  RAGGED: 10103,
  ITERATOR: 10104,
  MUTEX_LOCK: 10202,
  LEGACY_VARIANT: 10203,
} as const;

export interface FullTypeDef {
  /** One of {@link FullTypeId}. */
  typeId: number;
  args: FullTypeDef[];
  s?: string;
  i?: number | bigint;
}
export const FullTypeDef: Codec<FullTypeDef> = codec('FullTypeDef');
