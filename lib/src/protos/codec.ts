/**
 * Typed codecs over protobufjs' reflection. A message is identified by its name and typed by a TypeScript interface;
 * its wire format comes from the `.proto` files in `lib/protos`. `npm run protos` generates both (`generated`).
 *
 * The representation of decoded messages:
 * - every scalar, list and map is present; absent ones have their proto3 defaults (`0`, `''`, `false`, no bytes, `[]`,
 *   `{}`);
 * - an absent sub-message, and a oneof member that isn't set, is `undefined`;
 * - names are camelCase, enums are numbers, and bytes are views of the decoded bytes (copy them to keep them alone);
 * - a 64-bit integer is a `number`, or a `bigint` where a number wouldn't be exact. Fields for which that happens in
 *   practice are typed `number | bigint`; the others (steps, sizes, durations) are typed `number`
 *   (`jstype = JS_NUMBER`);
 * - fields that our `.proto` files don't define are kept, and written again when the same object is encoded.
 */

import protobuf from 'protobufjs/light';
import { shown } from '../runtime/arguments';
import { messageOf } from '../runtime/errorContext';
import { DataLossError, InvalidArgumentError } from '../runtime/errors';
import { checkKeys } from '../runtime/options';
import { type Descriptor, descriptor } from './generated/descriptor';
import { formatText, parseText } from './textFormat';
import { ExactReader, ExactWriter } from './wire';

/**
 * What can be encoded as a message `T`: any part of it. Lists may be array-likes (a `Float32Array` for floats), 64-bit
 * integers numbers or bigints, and bytes a string, which is encoded as UTF-8.
 */
export type MessageInit<T> = T extends Uint8Array
  ? Uint8Array | string
  : T extends number | bigint
    ? number | bigint
    : T extends string | boolean
      ? T
      : T extends readonly (infer E)[]
        ? ArrayLike<MessageInit<E>>
        : { readonly [K in keyof T]?: MessageInit<T[K]> };

/** Encodes and decodes messages of one type. */
export interface Codec<T> {
  /**
   * Encodes a message. Omitted fields, and scalars with their default value, take no bytes.
   *
   * @throws {InvalidArgumentError} when a value does not fit its field: not an integer, out of range, of another type
   * @example
   * const bytes = tf.summary.Event.encode({ step: 1, fileVersion: 'brain.Event:2' });
   */
  encode(message: MessageInit<T>): Uint8Array;

  /**
   * Validates a message written by a caller: fields that the type doesn't have, which encoding would omit, are errors,
   * and so are values of another kind than their field.
   *
   * @throws {InvalidArgumentError} when a field doesn't exist, with a suggestion, or its value is of another kind
   */
  check(message: MessageInit<T>): void;

  /**
   * Decodes a message; absent fields have their defaults (see the head of this file).
   *
   * @throws {DataLossError} when the bytes are not such a message
   * @throws {InvalidArgumentError} when it isn't given bytes
   * @example
   * const bytes = await session.run(merged, feeds);
   * tf.summary.Summary.decode(bytes).value.map(({ tag }) => tag);
   */
  decode(bytes: Uint8Array): T;

  /**
   * The message in text format, as in `.pbtxt` files, without fields that our `.proto` files don't define.
   *
   * @throws {InvalidArgumentError} when a value does not fit its field
   */
  toText(message: MessageInit<T>): string;

  /**
   * Parses a message in text format.
   *
   * @throws {InvalidArgumentError} when the text isn't such a message, with the line and the column
   * @example
   * tf.summary.Event.fromText('step: 3 file_version: "brain.Event:2"').step; // 3
   */
  fromText(text: string): T;
}

let root: protobuf.Root | undefined;
/** The same messages with field names as in `.proto` files, for the text format. */
let textRoot: protobuf.Root | undefined;

const fullName = (name: string) => (name.startsWith('google.') ? name : `tensorflow.${name}`);

function lookUp(name: string): protobuf.Type {
  root ??= protobuf.Root.fromJSON(inCamelCase(descriptor));
  const type = root.lookupType(fullName(name));
  giveDefaults(type);
  return type;
}

function lookUpForText(name: string): protobuf.Type {
  textRoot ??= protobuf.Root.fromJSON(descriptor);
  return textRoot.lookupType(fullName(name));
}

const { camelCase } = protobuf.util;

/** The message descriptors with camelCase field names. */
function inCamelCase({ nested, fields, oneofs, ...rest }: Descriptor): Descriptor {
  return {
    ...rest,
    ...(fields && { fields: mapEntries(fields, (name, field) => [camelCase(name), field]) }),
    ...(oneofs && {
      oneofs: mapEntries(oneofs, (name, { oneof }) => [camelCase(name), { oneof: oneof.map(camelCase) }]),
    }),
    ...(nested && { nested: mapEntries(nested, (name, inner) => [name, inCamelCase(inner)]) }),
  };
}

function mapEntries<T>(record: Record<string, T>, map: (key: string, value: T) => [string, T]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => map(key, value)));
}

const prepared = new WeakSet<protobuf.Type>();

/**
 * protobufjs keeps the defaults of absent scalars in a prototype, where spreads and comparisons miss them; our messages
 * own them. This runs before a type's codec is created, since the decoder stores the constructor, and after the types
 * of its fields.
 */
function giveDefaults(type: protobuf.Type): void {
  if (prepared.has(type)) return;
  prepared.add(type);
  for (const field of type.fieldsArray) {
    if (field.resolvedType instanceof protobuf.Type) giveDefaults(field.resolvedType);
  }
  type.ctor = messageClass(type);
  // The prototype's values must not be used: its 64-bit defaults are `Long` objects.
  for (const field of type.fieldsArray) type.ctor.prototype[field.name] = undefined;
  // protobufjs' JSON conversion doesn't support bigints; without it, a message is a plain object.
  type.ctor.prototype.toJSON = undefined;
  // Loops over a message's fields skip the prototype's properties, so decoded messages behave like written ones.
  for (const name of Object.keys(type.ctor.prototype))
    Object.defineProperty(type.ctor.prototype, name, { enumerable: false });
}

const noBytes = new Uint8Array(0);

function messageClass(type: protobuf.Type): protobuf.Constructor<object> {
  const scalars: Record<string, unknown> = {};
  const lists: string[] = [];
  const maps: string[] = [];
  for (const field of type.fieldsArray) {
    if (field.map) maps.push(field.name);
    else if (field.repeated) lists.push(field.name);
    else if (field.partOf || field.resolvedType instanceof protobuf.Type) continue;
    else scalars[field.name] = field.bytes ? noBytes : field.long ? 0 : field.typeDefault;
  }
  const Message = class extends protobuf.Message<object> {
    [field: string]: unknown;
    constructor() {
      super();
      Object.assign(this, scalars);
      for (const name of lists) this[name] = [];
      for (const name of maps) this[name] = {};
    }
  };
  Object.defineProperty(Message, 'name', { value: type.name });
  return Message;
}

/**
 * Rejects values of another kind than their fields, which protobufjs would coerce, and in messages that a caller
 * `wrote` also unknown fields, which it would omit.
 */
function checkFields(type: protobuf.Type, message: unknown, wrote: boolean, path = ''): void {
  if (wrote) checkKeys(message, Object.keys(type.fields), path);
  if (!isMessage(message)) throw otherKind(path.slice(0, -1) || 'a message', 'an object', message);
  for (const name in message) {
    const field = type.fields[name];
    const value: unknown = message[name as keyof typeof message];
    if (field === undefined || value === undefined || value === null) continue;
    field.resolve();
    const [isOne, noun] = kindOf(field);
    const inside = field.resolvedType instanceof protobuf.Type ? field.resolvedType : undefined;
    const check = (item: unknown, key?: string | number) => {
      if (!inside && isOne(item)) return;
      const place = key === undefined ? path + name : `${path}${name}[${key}]`;
      if (!isOne(item)) throw otherKind(place, noun, item);
      if (inside) checkFields(inside, item, wrote, `${place}.`);
    };
    if (field.map) {
      if (!isMessage(value)) throw otherKind(path + name, 'an object', value);
      for (const [key, item] of Object.entries(value)) check(item, key);
    } else if (field.repeated) {
      if (!isList(value)) throw otherKind(path + name, 'an array', value);
      // All elements of a typed array have the same kind.
      const { length } = value;
      for (let i = 0; i < (ArrayBuffer.isView(value) ? Math.min(length, 1) : length); i++) check(value[i], i);
    } else {
      check(value);
    }
  }
}

const otherKind = (what: string, noun: string, value: unknown) =>
  new InvalidArgumentError(`${what} is ${noun}, not ${shown(value)}`);
const isMessage = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
const isList = (value: unknown): value is ArrayLike<unknown> =>
  typeof value === 'object' && value !== null && Number.isInteger((value as ArrayLike<unknown>).length);

/** Tests the kind of a field's value, with the kind's name. The range of numbers is checked by the writer. */
function kindOf({ type, resolvedType }: protobuf.Field): readonly [isOne: (value: unknown) => boolean, noun: string] {
  if (resolvedType instanceof protobuf.Type) return [isMessage, 'an object'];
  return KINDS[type] ?? NUMBER;
}
const NUMBER = [(value: unknown) => typeof value === 'number' || typeof value === 'bigint', 'a number'] as const;
const KINDS: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  string: [(value) => typeof value === 'string', 'a text'],
  bool: [(value) => typeof value === 'boolean', 'true or false'],
  bytes: [(value) => value instanceof Uint8Array || typeof value === 'string', 'bytes'],
};

/** The codec of a message, by its name inside package `tensorflow`, such as `'Summary.Value'`. */
export function codec<T>(name: string): Codec<T> {
  let known: protobuf.Type | undefined;
  const type = (): protobuf.Type => (known ??= lookUp(name));
  const self: Codec<T> = {
    encode(message) {
      try {
        checkFields(type(), message, false);
        return encodeAs(type(), message as object);
      } catch (error) {
        throw new InvalidArgumentError(`cannot encode ${name}: ${messageOf(error)}`);
      }
    },
    check(message) {
      checkFields(type(), message, true);
    },
    decode(bytes) {
      if (!ArrayBuffer.isView(bytes))
        throw new InvalidArgumentError(`${name} is decoded of bytes, not of ${shown(bytes)}`);
      try {
        return decodeAs(type(), bytes) as T;
      } catch (error) {
        throw new DataLossError(`cannot decode ${name}: ${messageOf(error)}`);
      }
    },
    toText(message) {
      const asText = lookUpForText(name);
      return formatText(asText, decodeAs(asText, self.encode(message)));
    },
    fromText(text) {
      try {
        const asText = lookUpForText(name);
        return self.decode(encodeAs(asText, parseText(asText, text)));
      } catch (error) {
        throw new InvalidArgumentError(`this is no ${name}: ${messageOf(error)}`);
      }
    },
  };
  return self;
}

function encodeAs(type: protobuf.Type, message: object): Uint8Array {
  return type.encode(message, new ExactWriter() as protobuf.Writer).finish();
}

function decodeAs(type: protobuf.Type, bytes: Uint8Array): object {
  return type.decode(new ExactReader(bytes) as unknown as protobuf.Reader);
}
