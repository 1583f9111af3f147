/** Files of lines of text. */

import { constants, isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { messageOf } from '../runtime/errorContext';
import { DataLossError, InvalidArgumentError } from '../runtime/errors';
import { readWhole } from '../runtime/files';
import { isGzip } from './idx';

const gunzip = promisify(zlib.gunzip);

/**
 * Reads a text file, gzipped or not, without its byte order mark.
 *
 * @throws {InvalidArgumentError} when it isn't UTF-8; the message contains the line
 */
export async function readUtf8(path: string): Promise<string> {
  const bytes = await unpacked(await readWhole(path), path);
  if (bytes.length > constants.MAX_STRING_LENGTH)
    throw new InvalidArgumentError(
      `${path}: ${bytes.length} bytes are more than the ${constants.MAX_STRING_LENGTH} that can be read at once`,
    );
  if (!isUtf8(bytes))
    throw new InvalidArgumentError(`${path}:${lineNotUtf8(bytes)}: expected text in UTF-8, found other bytes`);
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

async function unpacked(bytes: Buffer, path: string): Promise<Buffer> {
  if (!isGzip(bytes)) return bytes;
  try {
    return await gunzip(bytes, { maxOutputLength: constants.MAX_STRING_LENGTH });
  } catch (error) {
    throw new DataLossError(`${path}: expected a whole gzip file, found a damaged one (${messageOf(error)})`);
  }
}

/** The first line that isn't valid UTF-8. */
function lineNotUtf8(bytes: Buffer): number {
  let line = 1;
  for (let begin = 0; ; line++) {
    const end = bytes.indexOf('\n', begin);
    if (end < 0 || !isUtf8(bytes.subarray(begin, end))) return line;
    begin = end + 1;
  }
}

/** The line ending of a text, and the text. If it has several kinds of line endings, they are unified. */
export function withOneNewline(text: string): { newline: '\n' | '\r\n' | '\r'; lines: string } {
  if (!text.includes('\r')) return { newline: '\n', lines: text };
  if (!text.includes('\n')) return { newline: '\r', lines: text };
  if (!/(^|[^\r])\n/.test(text)) return { newline: '\r\n', lines: text };
  return { newline: '\n', lines: text.replaceAll('\r\n', '\n') };
}

/** The number of the line, counted from 1, that contains an offset. */
export function lineOf(text: string, place: number, newline: string): number {
  let line = 1;
  for (let at = text.indexOf(newline); at >= 0 && at < place; at = text.indexOf(newline, at + newline.length)) line++;
  return line;
}

/** The offset of the next line that isn't a comment. */
export function afterComments(text: string, begin: number, newline: string, comment: string): number {
  let at = begin;
  while (text.startsWith(comment, at)) {
    const end = text.indexOf(newline, at);
    if (end < 0) break;
    at = end + newline.length;
  }
  return at;
}
