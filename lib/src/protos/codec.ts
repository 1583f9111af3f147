/**
 * Typed codecs over protobufjs' reflection: a message is named, its shape is a TypeScript interface, and its wire format
 * comes from the `.proto` files in `lib/protos`, of which `npm run protos` makes both: `generated`.
 *
 * How values stand in decoded messages:
 * - every scalar, list and map is there; one that was absent has its proto3 default (`0`, `''`, `false`, no bytes, `[]`, `{}`);
 * - an absent sub-message, and a member of a oneof that is not the one set, is `undefined`;
 * - names are camelCase, enums are numbers, bytes are views of the bytes that were decoded (copy them to keep them alone);
 * - a 64-bit integer is a `number`, and a `bigint` only where a number would not be exact. Fields that hold such values in
 *   practice are typed `number | bigint`; the others (steps, sizes, durations) are typed `number` (`jstype = JS_NUMBER`);
 * - fields that our `.proto` files do not know are kept, and written back when the same object is encoded.
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
 * What may be encoded as a message `T`: any part of it. Lists may be array-likes (a `Float32Array` for floats), and 64-bit
 * integers numbers or bigints; a string in the place of bytes stands for its UTF-8.
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

/** Turns messages of one type into bytes and back. */
export interface Codec<T> {
  /**
   * The message's wire format. Fields that are left out, and scalars with their default value, take no bytes.
   *
   * @throws {InvalidArgumentError} when a value does not fit its field: not an integer, out of range, of another type
   * @example
   * const bytes = tf.summary.Event.encode({ step: 1, fileVersion: 'brain.Event:2' });
   */
  encode(message: MessageInit<T>): Uint8Array;

  /**
   * Refuses a message that a caller wrote and that has fields which the type doesn't have: encoding leaves those out. Nor may a value be of
   * another kind than its field.
   *
   * @throws {InvalidArgumentError} when there is no such field, with a guess of what was meant, or its value is of another kind
   */
  check(message: MessageInit<T>): void;

  /**
   * The message that the bytes hold; what is absent has its default (see the head of this file).
   *
   * @throws {DataLossError} when the bytes are not such a message
   * @throws {InvalidArgumentError} when it isn't given bytes
   * @example
   * const bytes = await session.run(merged, feeds);
   * tf.summary.Summary.decode(bytes).value.map(({ tag }) => tag);
   */
  decode(bytes: Uint8Array): T;

  /**
   * The message's text format, as `.pbtxt` files have it. Fields that our `.proto` files do not know are left out.
   *
   * @throws {InvalidArgumentError} when a value does not fit its field
   */
  toText(message: MessageInit<T>): string;

  /**
   * The message that a text stands for.
   *
   * @throws {InvalidArgumentError} when the text is no such message; the line and the column are named
   * @example
   * tf.summary.Event.fromText('step: 3 file_version: "brain.Event:2"').step; // 3
   */
  fromText(text: string): T;
}

let root: protobuf.Root | undefined;
/** The same messages with the fields named as in `.proto` files, for texts. */
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

/** Messages with their fields named as ours are. */
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
 * protobufjs leaves absent scalars to a prototype, where a spread or a comparison loses them. Our messages own them. Done
 * before a type's codec is made, since the decoder keeps the constructor; the types of its fields come first.
 */
function giveDefaults(type: protobuf.Type): void {
  if (prepared.has(type)) return;
  prepared.add(type);
  for (const field of type.fieldsArray) {
    if (field.resolvedType instanceof protobuf.Type) giveDefaults(field.resolvedType);
  }
  type.ctor = messageClass(type);
  // The prototype keeps nothing that could be taken for a value: its 64-bit defaults are `Long` objects.
  for (const field of type.fieldsArray) type.ctor.prototype[field.name] = undefined;
  // protobufjs' JSON form knows no bigints; without it a message is the plain object that it looks like.
  type.ctor.prototype.toJSON = undefined;
  // Nor does a loop over a message's fields find what is the prototype's: a message that was decoded is as good as one that was written.
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
 * Refuses values of another kind than their fields, which protobufjs would write as whatever they come to, and, of what a caller `wrote`,
 * fields that there aren't, which it would leave out.
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
      // All elements of a typed array are of one kind.
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

/** What a field's value is, and how that is called. Whether a number is in range, the writer tells. */
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

/** The codec of the message called `name` (its name inside package `tensorflow`, such as `'Summary.Value'`). */
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
