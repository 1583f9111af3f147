/**
 * Writes PNG files in the simplest form that the specification allows: 8 bits per sample, no interlacing, no filters.
 *
 * @see https://www.w3.org/TR/png-3/
 */
import { deflateSync } from 'node:zlib';
import { crc32 } from './crc32';
import { InvalidArgumentError } from './errors';

/** A picture with 8 bits per sample, in rows from the top. */
export interface Raster {
  width: number;
  height: number;
  /** 1: grey, 2: grey and alpha, 3: RGB, 4: RGBA. */
  channels: number;
  samples: Uint8Array;
  /** Colours of three bytes each; the single channel then contains their indices. */
  palette?: Uint8Array;
  /** The opacity of each colour, from 0 to 255. */
  opacities?: Uint8Array;
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** PNG's colour types by the number of channels. */
const colorTypes: Record<number, number> = { 1: 0, 2: 4, 3: 2, 4: 6 };
const PALETTE = 3;

/**
 * Encodes a picture as PNG.
 *
 * @param level the compression level, from 0 to 9, as in zlib
 */
export function pngFile({ width, height, channels, samples, palette, opacities }: Raster, level = 6): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, palette ? PALETTE : colorTypes[channels]!], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    ...(opacities ? [chunk('tRNS', opacities)] : []),
    chunk('IDAT', deflateSync(scanlines(samples, height), { level })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * The size and number of channels of a PNG file.
 *
 * @throws {InvalidArgumentError} when the bytes are not a PNG file
 */
export function pngHeader(file: Uint8Array): Pick<Raster, 'width' | 'height' | 'channels'> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(signature))
    throw new InvalidArgumentError(`expected a PNG file, got ${bytes.length} bytes of something else`);
  const colorType = bytes[25]!;
  const known = Object.entries(colorTypes).find(([, type]) => type === colorType);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), channels: known ? Number(known[0]) : 3 };
}

/** Rows of bytes, each preceded by its filter type: none. */
function scanlines(bytes: Uint8Array, height: number): Buffer {
  const length = bytes.length / height;
  const lines = Buffer.alloc((length + 1) * height);
  for (let row = 0; row < height; row++)
    lines.set(bytes.subarray(row * length, (row + 1) * length), row * (length + 1) + 1);
  return lines;
}

/** A chunk of a PNG file: its length, type, data and checksum. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const made = Buffer.alloc(12 + data.length);
  made.writeUInt32BE(data.length, 0);
  made.write(type, 4, 'latin1');
  made.set(data, 8);
  made.writeUInt32BE(crc32(made.subarray(4, 8 + data.length)), 8 + data.length);
  return made;
}
