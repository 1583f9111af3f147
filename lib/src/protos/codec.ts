/**
 * Typed codecs: a message is named, its shape is a TypeScript interface, and its wire format
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

import { messageOf } from '../runtime/errorContext';
import { DataLossError, InvalidArgumentError } from '../runtime/errors';
import { checkKeys } from '../runtime/options';
import { decodeMessage, encodeMessage } from './message';
import { type MessageType, messageType } from './schema';
import { formatText, parseText } from './textFormat';

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
   * Refuses a message that a caller wrote and that has fields which the type doesn't have: encoding leaves those out.
   *
   * @throws {InvalidArgumentError} when there is no such field, with a guess of what was meant
   */
  check(message: MessageInit<T>): void;

  /**
   * The message that the bytes hold; what is absent has its default (see the head of this file).
   *
   * @throws {DataLossError} when the bytes are not such a message
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

const fullName = (name: string) => (name.startsWith('google.') ? name : `tensorflow.${name}`);

function checkFields(type: MessageType, message: unknown, path: string): void {
  checkKeys(message, [...type.byName.keys()], path);
  for (const [name, value] of Object.entries(message as Record<string, unknown>)) {
    const field = type.byName.get(name)!;
    if (field.message === undefined || typeof value !== 'object' || value === null) continue;
    const items = field.isRepeated || field.key !== undefined ? Object.entries(value) : [['', value] as const];
    for (const [key, item] of items)
      if (item !== undefined) checkFields(field.message, item, `${path}${name}${key && `[${key}]`}.`);
  }
}

/** The codec of the message called `name` (its name inside package `tensorflow`, such as `'Summary.Value'`). */
export function codec<T>(name: string): Codec<T> {
  let known: MessageType | undefined;
  const type = (): MessageType => (known ??= messageType(fullName(name)));
  /** Named as in `.proto` files. */
  const textType = (): MessageType => messageType(fullName(name), 'asInFiles');
  const self: Codec<T> = {
    encode(message) {
      try {
        return encodeMessage(type(), message as object);
      } catch (error) {
        throw new InvalidArgumentError(`cannot encode ${name}: ${messageOf(error)}`);
      }
    },
    check(message) {
      checkFields(type(), message, '');
    },
    decode(bytes) {
      try {
        return decodeMessage(type(), bytes) as T;
      } catch (error) {
        throw new DataLossError(`cannot decode ${name}: ${messageOf(error)}`);
      }
    },
    toText(message) {
      return formatText(textType(), decodeMessage(textType(), self.encode(message)));
    },
    fromText(text) {
      try {
        return self.decode(encodeMessage(textType(), parseText(fullName(name), text)));
      } catch (error) {
        throw new InvalidArgumentError(`this is no ${name}: ${messageOf(error)}`);
      }
    },
  };
  return self;
}
