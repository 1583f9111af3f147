/**
 * Checks PNG files: chunks with a checksum each, and pixels compressed by zlib, which has a checksum of its own.
 *
 * @see https://www.w3.org/TR/png-3/
 */

import { createInflate } from 'node:zlib';
import { crc32 } from '../crc32';
import { messageOf } from '../errorContext';
import { DataLossError } from '../errors';
import { type ImageCheck, need } from './check';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The samples per pixel and the possible bit depths, by colour type. */
const colorTypes: Record<number, { samples: number; depths: readonly number[] }> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};
const PALETTE = 3;

/** The seven passes of an interlaced picture: the offsets and distances of their pixels. */
const passes = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

export const checkPng: ImageCheck = async (file, claim) => {
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new DataLossError('its first 8 bytes are not those of PNG');
  const packed: Buffer[] = [];
  let expected: number | undefined;
  let needsPalette = false;
  let frames = 1;
  for (const { type, data } of chunks(file)) {
    if (expected === undefined) {
      if (type !== 'IHDR' || data.length !== 13) throw new DataLossError('it does not begin with its header');
      claim(data.readUInt32BE(0), data.readUInt32BE(4));
      expected = unpackedSize(data);
      needsPalette = data[9] === PALETTE;
    } else if (type === 'PLTE') needsPalette = false;
    else if (type === 'IDAT') packed.push(data);
    else if (type === 'acTL' && data.length >= 4) frames = data.readUInt32BE(0);
  }
  if (packed.length === 0) throw new DataLossError('it has no pixels');
  if (needsPalette) throw new DataLossError('its palette is missing');
  await checkPixels(packed, expected!);
  return frames;
};

/** The chunks up to the last one, which every file has. */
function* chunks(file: Buffer): Generator<{ type: string; data: Buffer }> {
  for (let at = SIGNATURE.length; ; ) {
    need(file, at + 8, 'the head of a chunk');
    const type = file.toString('latin1', at + 4, at + 8);
    const end = at + 8 + file.readUInt32BE(at);
    need(file, end + 4, `the chunk '${type.replace(/[^A-Za-z]/g, '?')}' at byte ${at}`);
    if (file.readUInt32BE(end) !== crc32(file.subarray(at + 4, end)))
      throw new DataLossError(`the checksum of the chunk at byte ${at} is wrong`);
    if (type === 'IEND') return;
    yield { type, data: file.subarray(at + 8, end) };
    at = end + 4;
  }
}

/** The number of bytes of the rows in all passes, each preceded by its filter type. */
function unpackedSize(header: Buffer): number {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colorType, compression, filter, interlace] = header.subarray(8);
  const kind = colorTypes[colorType!];
  if (!kind?.depths.includes(depth!) || compression !== 0 || filter !== 0 || interlace! > 1)
    throw new DataLossError(`its header has no meaning: ${[...header.subarray(8)].join(', ')}`);
  const rows = interlace ? passes : [{ x: 0, y: 0, dx: 1, dy: 1 }];
  let bytes = 0;
  for (const { x, y, dx, dy } of rows) {
    const [across, down] = [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)];
    if (across > 0 && down > 0) bytes += down * (1 + Math.ceil((across * kind.samples * depth!) / 8));
  }
  return bytes;
}

/** Decompresses the pixels in small pieces, without keeping them, to check that they are complete and intact. */
async function checkPixels(packed: readonly Buffer[], expected: number): Promise<void> {
  const inflate = createInflate();
  inflate.end(Buffer.concat(packed));
  let found = 0;
  try {
    for await (const piece of inflate) {
      found += (piece as Buffer).length;
      if (found > expected) break;
    }
  } catch (error) {
    throw new DataLossError(`its pixels can't be unpacked (${messageOf(error)})`);
  }
  if (found !== expected)
    throw new DataLossError(
      `its pixels take ${expected} bytes, and ${found < expected ? found : 'more'} are packed in it`,
    );
}
