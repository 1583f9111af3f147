/** The messages of `graph.proto`: tensors, attributes, nodes, functions and the definitions of ops. */
import { type Codec, codec } from './codec';

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
  /** A `DataType` number. */
  dtype: number;
  tensorShape?: TensorShapeProto;
  versionNumber: number;
  tensorContent: Uint8Array;
  /** Bit patterns of half and bfloat16 elements. */
  halfVal: number[];
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
  dtypesAndShapes: { dtype: number; shape?: TensorShapeProto }[];
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
  /** A `DataType` number. */
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
}
export const GraphDef: Codec<GraphDef> = codec('GraphDef');

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
  argAttr: Record<number, { attr: Record<string, AttrValue> }>;
  resourceArgUniqueId: Record<number, number>;
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
    /** A `DataType` number; 0 where `typeAttr` or `typeListAttr` names an attribute. */
    type: number;
    typeAttr: string;
    numberAttr: string;
    typeListAttr: string;
    isRef: boolean;
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
