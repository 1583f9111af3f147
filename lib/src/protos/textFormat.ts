/**
 * The text format of protocol buffers, as `.pbtxt` files have it. protobufjs' own extension reads it; what it says of a
 * mistake has no place, which is found here. Its writer doesn't know how short a 32-bit float can be written, so that is here.
 *
 * @see https://protobuf.dev/reference/protobuf/textformat-spec
 */

import type * as TextFormat from 'protobufjs/ext/textformat';
import type Protobuf from 'protobufjs/light';
import { descriptor } from './generated/descriptor';
import { isDefault } from './message';
import type { Field, MessageType, ScalarType } from './schema';

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', "'": "\\'", '\\': '\\\\' };

/** A string as the text format has it, and as Python writes it: bytes that are no printable ASCII are octal numbers. */
export function quote(text: string | Uint8Array): string {
  let quoted = '';
  for (const byte of typeof text === 'string' ? Buffer.from(text) : text) {
    const character = String.fromCharCode(byte);
    const isPlain = byte >= 0x20 && byte < 0x7f;
    quoted += escapes[character] ?? (isPlain ? character : `\\${byte.toString(8).padStart(3, '0')}`);
  }
  return `"${quoted}"`;
}

/** Whether bytes are text rather than a message's wire format, which has control characters before anything else. */
export function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.subarray(0, 1024).every((byte) => (byte >= 0x20 && byte !== 0x7f) || isSpace(byte));
}

const isSpace = (byte: number) => byte >= 0x09 && byte <= 0x0d;

/** protobufjs, and all messages in it: they are loaded for the first text that is read. */
function loadParser(): { textFormat: typeof TextFormat; root: Protobuf.Root } {
  const protobuf = require('protobufjs/light') as typeof Protobuf;
  return { textFormat: require('protobufjs/ext/textformat'), root: protobuf.Root.fromJSON(descriptor) };
}

let parser: ReturnType<typeof loadParser> | undefined;

/**
 * A message from its text, its fields named as in `.proto` files.
 *
 * @param name the full name of its type
 * @throws {Error} when something is wrong, which it says with the line and the column
 */
export function parseText(name: string, text: string): object {
  parser ??= loadParser();
  const { textFormat, root } = parser;
  const parse = (text: string) => textFormat.fromText(root.lookupType(name), text);
  try {
    return parse(text);
  } catch (error) {
    const { message } = error as Error;
    const before = text.slice(0, mistakeIn(parse, text, message));
    const [line, column] = [before.split('\n').length, before.length - before.lastIndexOf('\n')];
    const what = message.replace(/ \(line \d+\)$/, '').replace(/^\.tensorflow\./, '');
    throw new Error(`line ${line}, column ${column}: ${what}`);
  }
}

const TOKEN = /[ \t\n\v\f\r]+|#[^\n]*|"(?:\\[^\n]|[^"\\\n])*"?|'(?:\\[^\n]|[^'\\\n])*'?|[\w.]+|[^\s]/g;

/** Where the token is that can't be: the last of the fewest with which the text fails so, or, where one was expected, the next. */
function mistakeIn(parse: (text: string) => unknown, text: string, message: string): number {
  const tokens = [...text.matchAll(TOKEN)].filter(([token]) => !/^[\s#]/.test(token));
  const ends = tokens.map(({ index, 0: token }) => index + token.length);
  if (/^expected '[}>]'/.test(message)) return ends.at(-1) ?? 0; // it ends too early
  const fails = (count: number) => {
    try {
      parse(text.slice(0, tokens[count]?.index)); // up to the next: the line counts
      return false;
    } catch (error) {
      return (error as Error).message === message;
    }
  };
  let [fewest, most] = [0, tokens.length];
  while (fewest < most) {
    const middle = (fewest + most) >> 1;
    if (fails(middle)) most = middle;
    else fewest = middle + 1;
  }
  const isMissing = /^expected (?!map field)/.test(message);
  return tokens[isMissing ? fewest : fewest - 1]?.index ?? ends.at(-1) ?? 0;
}

/** A message as text, the way Python writes it: fields by their numbers, maps by their keys, floats as short as can be. */
export function formatText(type: MessageType, message: object): string {
  const lines: string[] = [];
  writeMessage(lines, '', type, message as Record<string, unknown>);
  return lines.join('');
}

function writeMessage(lines: string[], indent: string, type: MessageType, message: Record<string, unknown>): void {
  for (const field of type.inOrder) {
    if (!Object.hasOwn(message, field.name)) continue;
    const { key: keyType, name } = field;
    const value = message[name];
    if (keyType !== undefined) {
      for (const key of sortedKeys(keyType, value as object)) {
        lines.push(`${indent}${name} {\n${indent}  key: ${scalarText(keyType, key)}\n`);
        writeField(lines, `${indent}  `, 'value', field, (value as Record<string, unknown>)[key]);
        lines.push(`${indent}}\n`);
      }
    } else if (field.isRepeated) {
      for (const item of value as unknown[]) writeField(lines, indent, name, field, item);
    } else if (field.mayBeAbsent || !isDefault(field.scalar!, value)) {
      writeField(lines, indent, name, field, value);
    }
  }
}

/** The keys of a map in their order: that of numbers, or of characters. */
function sortedKeys(keyType: ScalarType, map: object): string[] {
  const keys = Object.keys(map);
  return keyType === 'string' ? keys.sort() : keys.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

function writeField(lines: string[], indent: string, name: string, field: Field, value: unknown): void {
  const { message, scalar, values } = field;
  if (message !== undefined) {
    lines.push(`${indent}${name} {\n`);
    writeMessage(lines, `${indent}  `, message, value as Record<string, unknown>);
    lines.push(`${indent}}\n`);
    return;
  }
  // A number that an enum doesn't have stays one.
  lines.push(`${indent}${name}: ${scalarText(scalar!, values?.[value as number] ?? value)}\n`);
}

function scalarText(type: ScalarType, value: unknown): string {
  if (type === 'string' || type === 'bytes') return quote(value as string | Uint8Array);
  if (type === 'float') return floatText(shortestFloat(value as number));
  return type === 'double' ? floatText(value as number) : String(value);
}

/** The shortest decimal number that is the same 32-bit float. */
export function shortestFloat(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  let digits = 6;
  while (Math.fround(Number(value.toPrecision(digits))) !== value) digits++;
  return Number(value.toPrecision(digits));
}

/** A number as Python writes it: `1.0`, `1e-05`, `inf`. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [digits = '', exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const plain = Object.is(value, -0) ? '-0' : String(value);
  return Number.isInteger(value) ? `${plain}.0` : plain;
}
