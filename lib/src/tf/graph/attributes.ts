/** Converts attributes of operations between JavaScript values and TensorFlow's `AttrValue`. */

import { AttrValue, type MessageInit, type OpDef, type TensorShapeProto } from '../../protos';
import { shown } from '../../runtime/arguments';
import { capi, type Pointer } from '../../runtime/capi';
import { type DType, dtypeNumber, dtypeOf, isDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { HostArray } from '../../runtime/hostArray';
import { checked } from '../../runtime/status';
import { checkSerializable, fromNative, toNative } from './nativeTensor';
import { checkShape, type Shape } from './tensor';

/** A function of the graph's library, with its own attributes. */
export interface FunctionAttribute {
  readonly function: string;
  readonly attributes?: Attributes;
}

type AttributeItem = number | bigint | boolean | string | Uint8Array | Shape | HostArray | FunctionAttribute;

/** The value of an attribute: dtypes by name, shapes with `null` for what is unknown, tensors as host arrays. */
export type AttributeValue = AttributeItem | readonly AttributeItem[];

/** Attributes by name. Undefined ones get their defaults. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

type AttributeDef = OpDef['attr'][number];

/** Sets an attribute of an operation that is being built. Validate the value first, with {@link encodeAttribute}. */
export function setAttribute(description: Pointer, name: string, encoded: Uint8Array | HostArray): void {
  const { setAttrTensor, setAttrValueProto, deleteTensor } = capi();
  if (encoded instanceof HostArray) {
    const tensor = toNative(encoded);
    checked((status) => setAttrTensor(description, name, tensor, status));
    deleteTensor(tensor);
  } else {
    checked((status) => setAttrValueProto(description, name, encoded, encoded.byteLength, status));
  }
}

/**
 * Converts an attribute's value to what {@link setAttribute} takes: a tensor remains an array, anything else becomes
 * the bytes of its `AttrValue`.
 *
 * @throws {InvalidArgumentError} when the value doesn't have the type that the operation's definition specifies
 */
export function encodeAttribute(def: AttributeDef, value: AttributeValue): Uint8Array | HostArray {
  if (def.type === 'tensor' && value instanceof HostArray) {
    checkSerializable(value, 'a constant');
    return value;
  }
  const list = /^list\((.*)\)$/.exec(def.type)?.[1];
  if (list === undefined) return AttrValue.encode(encodeItem(def.type, value, def));
  if (!Array.isArray(value)) throw mismatch(def, value);
  const items = value.map((item) => encodeItem(list, item, def));
  const field = fields[list];
  if (field === undefined) throw mismatch(def, value);
  return AttrValue.encode({ list: { [field]: items.map((item) => item[field]) } });
}

/** The field of `AttrValue` that holds each type of attribute. */
const fields: Record<string, 's' | 'i' | 'f' | 'b' | 'type' | 'shape' | 'func'> = {
  string: 's',
  int: 'i',
  float: 'f',
  bool: 'b',
  type: 'type',
  shape: 'shape',
  func: 'func',
};

function encodeItem(type: string, value: AttributeValue, def: AttributeDef): MessageInit<AttrValue> {
  switch (type) {
    case 'string':
      if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return { s: Buffer.from(value) };
      if (value instanceof Uint8Array) return { s: value };
      break;
    case 'int':
      if ((typeof value === 'bigint' || Number.isInteger(value)) && fitsInt64(value as number | bigint))
        return { i: value as number | bigint };
      break;
    case 'float':
      if (typeof value === 'number') return { f: value };
      break;
    case 'bool':
      if (typeof value === 'boolean') return { b: value };
      break;
    case 'type':
      if (isDType(value)) return { type: dtypeNumber(value) };
      break;
    case 'shape':
      checkShape(value);
      return { shape: encodeShape(value) };
    case 'func':
      if (typeof value === 'object' && value !== null && 'function' in value) return { func: { name: value.function } };
      break;
  }
  throw mismatch(def, value);
}

/** A description of the values of each attribute type. */
const meanings: Record<string, string> = {
  string: 'a string',
  int: 'an integer',
  float: 'a number',
  bool: 'a boolean',
  type: "a dtype such as 'float32'",
  shape: 'a shape such as [null, 3]',
  tensor: 'a host array',
  func: 'a function',
};

function mismatch({ name, type }: AttributeDef, value: AttributeValue): InvalidArgumentError {
  const item = /^list\((.*)\)$/.exec(type)?.[1];
  const expected = item ? `an array, each item ${meanings[item]}` : meanings[type];
  return new InvalidArgumentError(`attribute '${name}' is ${expected}, got ${shown(value)}`);
}

function fitsInt64(value: number | bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

/** Converts a shape to its protocol buffer. */
export function encodeShape(shape: Shape): { unknownRank: true } | { dim: { size: number }[] } {
  return shape === null ? { unknownRank: true } : { dim: shape.map((size) => ({ size: size ?? -1 })) };
}

/** Converts the protocol buffer of a shape. */
export function decodeShape(proto: TensorShapeProto): Shape {
  if (proto.unknownRank) return null;
  return (proto.dim ?? []).map(({ size }) => (Number(size) < 0 ? null : Number(size)));
}

/** The JavaScript value of an `AttrValue` without tensors. Strings that aren't valid UTF-8 remain bytes. */
export function decodeAttribute(value: AttrValue): AttributeValue {
  if (value.s !== undefined) return decodeString(value.s);
  if (value.i !== undefined) return value.i;
  if (value.f !== undefined) return value.f;
  if (value.b !== undefined) return value.b;
  if (value.type !== undefined) return dtypeOf(value.type);
  if (value.shape !== undefined) return decodeShape(value.shape);
  if (value.func !== undefined) return { function: value.func.name };
  const { list } = value;
  if (list?.s?.length) return list.s.map(decodeString);
  if (list?.i?.length) return list.i;
  if (list?.f?.length) return list.f;
  if (list?.b?.length) return list.b;
  if (list?.type?.length) return list.type.map((type): DType => dtypeOf(type));
  if (list?.shape?.length) return list.shape.map(decodeShape);
  if (list?.func?.length) return list.func.map(({ name }) => ({ function: name }));
  return [];
}

function decodeString(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

/** The value of a tensor attribute, such as a constant's `value`. */
export function readTensorAttribute(operation: Pointer, name: string): HostArray {
  const { operationGetAttrTensor, deleteTensor } = capi();
  const tensor = new BigInt64Array(1);
  checked((status) => operationGetAttrTensor(operation, name, tensor, status));
  const pointer = tensor[0]!;
  try {
    return fromNative(pointer);
  } finally {
    deleteTensor(pointer);
  }
}
