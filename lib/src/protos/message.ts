/** Whole messages in the wire format, by their schema. */
import { type Field, isPacked, type MessageType, type ScalarType } from './schema';
import { WireReader, WireType, WireWriter } from './wire';

/** Messages within messages deeper than this are no messages of TensorFlow's. */
const MOST_DEPTH = 100;

const UNKNOWN = '$unknowns';

interface Message {
  [field: string]: unknown;
  /** The fields that its type doesn't know, as they were read; no loop over the fields finds them. */
  [UNKNOWN]?: Uint8Array[];
}

const WIRE_TYPES: Readonly<Record<ScalarType, number>> = {
  bool: WireType.VARINT,
  bytes: WireType.LENGTH,
  double: WireType.FIXED64,
  fixed32: WireType.FIXED32,
  fixed64: WireType.FIXED64,
  float: WireType.FIXED32,
  int32: WireType.VARINT,
  int64: WireType.VARINT,
  string: WireType.LENGTH,
  uint32: WireType.VARINT,
  uint64: WireType.VARINT,
};

const wireTypeOf = ({ scalar }: Field) => (scalar === undefined ? WireType.LENGTH : WIRE_TYPES[scalar]);

/**
 * The message that bytes hold.
 *
 * @throws {Error} when they are none
 */
export function decodeMessage(type: MessageType, bytes: Uint8Array): Message {
  return readMessage(type, new WireReader(bytes), 0, type.create());
}

/** Reads the rest of what the reader is within. */
function readMessage(type: MessageType, reader: WireReader, depth: number, message: Message): Message {
  if (depth > MOST_DEPTH) throw new RangeError(`messages lie within each other more than ${MOST_DEPTH} times`);
  while (reader.position < reader.end) {
    const start = reader.position;
    const tag = reader.tag();
    const [id, wireType] = [tag >>> 3, tag & 7];
    const field = type.byId[id];
    if (field !== undefined && readField(field, reader, wireType, depth, message)) continue;
    reader.skip(wireType, id);
    keepUnknown(message, reader.since(start));
  }
  return message;
}

/** Sets a field to what comes next; false where that isn't the field's. */
function readField(field: Field, reader: WireReader, wireType: number, depth: number, message: Message): boolean {
  const { name, scalar } = field;
  const known = message[name];
  if (field.key !== undefined) {
    if (wireType !== WireType.LENGTH) return false;
    readEntry(field, reader, depth, known as Message);
    return true;
  }
  if (field.isRepeated) {
    const list = known as unknown[];
    if (isPacked(scalar) && wireType === WireType.LENGTH) {
      const end = reader.within();
      while (reader.position < reader.end) list.push(reader[scalar!]());
      reader.end = end;
      return true;
    }
    if (wireType !== wireTypeOf(field)) return false;
    list.push(scalar === undefined ? readWithin(field, reader, depth) : reader[scalar]());
    return true;
  }
  if (wireType !== wireTypeOf(field)) return false;
  const value = scalar === undefined ? readWithin(field, reader, depth, known as Message) : reader[scalar]();
  for (const rival of field.rivals) delete message[rival];
  message[name] = value;
  return true;
}

/** A message with its length before it; one that comes a second time adds to the first. */
function readWithin({ message: type }: Field, reader: WireReader, depth: number, known?: Message): Message {
  const end = reader.within();
  const message = readMessage(type!, reader, depth + 1, known ?? type!.create());
  reader.end = end;
  return message;
}

/** An entry of a map is a message with a key and a value. */
function readEntry(field: Field, reader: WireReader, depth: number, map: Message): void {
  const { key: keyType, scalar } = field;
  let key: unknown = keyType === 'string' ? '' : 0;
  let value: unknown;
  const end = reader.within();
  while (reader.position < reader.end) {
    const tag = reader.tag();
    const [id, wireType] = [tag >>> 3, tag & 7];
    if (id === 1 && wireType === WIRE_TYPES[keyType!]) key = reader[keyType!]();
    else if (id !== 2 || wireType !== wireTypeOf(field)) reader.skip(wireType, id);
    else value = scalar === undefined ? readWithin(field, reader, depth, value as Message) : reader[scalar]();
  }
  reader.end = end;
  const entry = value ?? (scalar === undefined ? field.message!.create() : defaultOf(scalar));
  // Also `__proto__`.
  Object.defineProperty(map, String(key), { value: entry, enumerable: true, configurable: true, writable: true });
}

function defaultOf(scalar: ScalarType): unknown {
  if (scalar === 'string') return '';
  if (scalar === 'bytes') return new Uint8Array(0);
  return scalar === 'bool' ? false : 0;
}

function keepUnknown(message: Message, bytes: Uint8Array): void {
  if (!Object.hasOwn(message, UNKNOWN))
    Object.defineProperty(message, UNKNOWN, { value: [], configurable: true, writable: true });
  message[UNKNOWN]!.push(bytes);
}

/**
 * The bytes of a message, of which fields with their default value take none.
 *
 * @throws {Error} when a value doesn't fit its field
 */
export function encodeMessage(type: MessageType, message: object): Uint8Array {
  const writer = idle ?? new WireWriter();
  idle = undefined; // a getter of the message's may encode another one
  writeMessage(type, writer, 0, message as Message);
  const bytes = writer.finish();
  if (writer.isSmall) idle = writer;
  return bytes;
}

/** The writer of the last message. */
let idle: WireWriter | undefined;

function writeMessage(type: MessageType, writer: WireWriter, depth: number, message: Message): void {
  if (depth > MOST_DEPTH) throw new RangeError(`messages lie within each other more than ${MOST_DEPTH} times`);
  for (const field of type.inOrder) {
    const value = message[field.name];
    if (value === undefined || value === null) continue;
    if (field.isRepeated) writeList(field, writer, depth, value as ArrayLike<unknown>);
    else if (!Object.hasOwn(message, field.name)) continue;
    else if (field.key !== undefined) writeMap(field, writer, depth, value as Message);
    else if (field.mayBeAbsent || !isDefault(field.scalar!, value)) writeField(field, writer, depth, value);
  }
  if (Object.hasOwn(message, UNKNOWN)) for (const bytes of message[UNKNOWN]!) writer.raw(bytes);
}

/** Whether a value needs no bytes. */
export function isDefault(scalar: ScalarType, value: unknown): boolean {
  if (scalar === 'bytes') return (value as Uint8Array | string).length === 0;
  if (scalar === 'string') return value === '';
  if (scalar === 'bool') return value === false;
  if (typeof value === 'object') return 'low' in value! && !value.low && 'high' in value && !value.high;
  // A negative zero is another number.
  return scalar === 'float' || scalar === 'double' ? Object.is(value, 0) : value === 0 || value === 0n;
}

function writeField(field: Field, writer: WireWriter, depth: number, value: unknown): void {
  writer.tag(field.id, wireTypeOf(field));
  writeValue(field, writer, depth, value);
}

function writeValue({ scalar, message }: Field, writer: WireWriter, depth: number, value: unknown): void {
  if (scalar !== undefined) {
    writer[scalar](value);
    return;
  }
  const start = writer.begin();
  writeMessage(message!, writer, depth + 1, value as Message);
  writer.end(start);
}

function writeList(field: Field, writer: WireWriter, depth: number, list: ArrayLike<unknown>): void {
  if (!(list.length > 0)) return;
  const { scalar } = field;
  if (scalar !== undefined && isPacked(scalar)) {
    writer.tag(field.id, WireType.LENGTH);
    const start = writer.begin();
    for (let i = 0; i < list.length; i++) writer[scalar](list[i]);
    writer.end(start);
    return;
  }
  for (let i = 0; i < list.length; i++) writeField(field, writer, depth, list[i]);
}

function writeMap(field: Field, writer: WireWriter, depth: number, map: Message): void {
  const { id, key: keyType } = field;
  for (const key of Object.keys(map)) {
    writer.tag(id, WireType.LENGTH);
    const start = writer.begin();
    writer.tag(1, WIRE_TYPES[keyType!]);
    writer[keyType!](key);
    writer.tag(2, wireTypeOf(field));
    writeValue(field, writer, depth, map[key]);
    writer.end(start);
  }
}
