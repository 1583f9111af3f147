/**
 * The text format of protocol buffers, as in `.pbtxt` files. Texts are parsed by protobufjs' own extension; its errors
 * contain no position, which is determined here. They are written here, since its writer doesn't print 32-bit floats in
 * their shortest form.
 *
 * @see https://protobuf.dev/reference/protobuf/textformat-spec
 */

import * as textFormat from 'protobufjs/ext/textformat';
import type protobuf from 'protobufjs/light';

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', "'": "\\'", '\\': '\\\\' };

/** A string in text format, escaped as in Python: bytes other than printable ASCII are octal. */
export function quote(text: string | Uint8Array): string {
  let quoted = '';
  for (const byte of typeof text === 'string' ? Buffer.from(text) : text) {
    const character = String.fromCharCode(byte);
    const isPlain = byte >= 0x20 && byte < 0x7f;
    quoted += escapes[character] ?? (isPlain ? character : `\\${byte.toString(8).padStart(3, '0')}`);
  }
  return `"${quoted}"`;
}

/** Whether bytes are text rather than a message's wire format, which contains control characters early. */
export function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.subarray(0, 1024).every((byte) => (byte >= 0x20 && byte !== 0x7f) || isSpace(byte));
}

const isSpace = (byte: number) => byte >= 0x09 && byte <= 0x0d;

/**
 * Parses a message.
 *
 * @param type the type, with field names as in `.proto` files
 * @throws {Error} when the text is invalid, with the line and the column
 */
export function parseText(type: protobuf.Type, text: string): protobuf.Message<object> {
  try {
    return textFormat.fromText(type, text);
  } catch (error) {
    const { message } = error as Error;
    const before = text.slice(0, mistakeIn(type, text, message));
    const [line, column] = [before.split('\n').length, before.length - before.lastIndexOf('\n')];
    const what = message.replace(/ \(line \d+\)$/, '').replace(/^\.tensorflow\./, '');
    throw new Error(`line ${line}, column ${column}: ${what}`);
  }
}

const TOKEN = /[ \t\n\v\f\r]+|#[^\n]*|"(?:\\[^\n]|[^"\\\n])*"?|'(?:\\[^\n]|[^'\\\n])*'?|[\w.]+|[^\s]/g;

/**
 * The position of the invalid token: the last token of the shortest prefix that fails in the same way, or the next one
 * if a token is missing.
 */
function mistakeIn(type: protobuf.Type, text: string, message: string): number {
  const tokens = [...text.matchAll(TOKEN)].filter(([token]) => !/^[\s#]/.test(token));
  const ends = tokens.map(({ index, 0: token }) => index + token.length);
  if (/^expected '[}>]'/.test(message)) return ends.at(-1) ?? 0; // it ends too early
  const fails = (count: number) => {
    try {
      textFormat.fromText(type, text.slice(0, tokens[count]?.index)); // up to the next token, so that the line is right
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

/** Formats a message like Python: fields by number, maps by key, floats in their shortest form. */
export function formatText(type: protobuf.Type, message: object): string {
  const lines: string[] = [];
  writeMessage(lines, '', type, message as Record<string, unknown>);
  return lines.join('');
}

function writeMessage(lines: string[], indent: string, type: protobuf.Type, message: Record<string, unknown>): void {
  for (const field of [...type.fieldsArray].sort((a, b) => a.id - b.id)) {
    if (!Object.hasOwn(message, field.name)) continue;
    const value = message[field.name];
    if (field.map) {
      const map = field as unknown as protobuf.MapField;
      for (const key of sortedKeys(map, value as object)) {
        lines.push(`${indent}${field.name} {\n${indent}  key: ${scalarText(map.keyType, key)}\n`);
        writeField(lines, `${indent}  `, 'value', field, (value as Record<string, unknown>)[key]);
        lines.push(`${indent}}\n`);
      }
    } else {
      for (const item of field.repeated ? (value as unknown[]) : [value])
        writeField(lines, indent, field.name, field, item);
    }
  }
}

/** The keys of a map, sorted as numbers or as strings. */
function sortedKeys({ keyType }: protobuf.MapField, map: object): string[] {
  const keys = Object.keys(map);
  return /64$|32$/.test(keyType) ? keys.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) : keys.sort();
}

function writeField(lines: string[], indent: string, name: string, field: protobuf.Field, value: unknown): void {
  const { resolvedType, type } = field;
  if (resolvedType && 'fieldsArray' in resolvedType) {
    lines.push(`${indent}${name} {\n`);
    writeMessage(lines, `${indent}  `, resolvedType, value as Record<string, unknown>);
    lines.push(`${indent}}\n`);
    return;
  }
  const number = resolvedType ? (resolvedType.valuesById[value as number] ?? value) : value;
  lines.push(`${indent}${name}: ${scalarText(type, number)}\n`);
}

function scalarText(type: string, value: unknown): string {
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

/** A number as in Python: `1.0`, `1e-05`, `inf`. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [digits = '', exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const plain = Object.is(value, -0) ? '-0' : String(value);
  return Number.isInteger(value) ? `${plain}.0` : plain;
}
