import { deflateSync } from 'node:zlib';
import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { memoryOf, packedZeros } from '../../testing/packedZeros';
import { tiff } from '../../testing/pictureFiles';
import { crc32 } from '../crc32';
import { DataLossError, InvalidArgumentError } from '../errors';
import { checkImageFile, type ImageFormat } from './index';

/** A picture of some strokes, 24 × 20. */
function drawn() {
  const canvas = createCanvas(24, 20);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, 24, 20);
  context.strokeRect(5, 4, 9, 11);
  return canvas;
}

function bmp(width: number, height: number): Buffer {
  const row = 4 * Math.ceil((width * 24) / 32);
  const file = Buffer.alloc(54 + row * height);
  file.write('BM', 0, 'latin1');
  for (const [at, value] of Object.entries({ 2: file.length, 10: 54, 14: 40, 18: width, 22: height }))
    file.writeUInt32LE(value, Number(at));
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}

const canvas = drawn();
const files: Record<ImageFormat, Buffer> = {
  PNG: canvas.toBuffer('image/png'),
  JPEG: canvas.toBuffer('image/jpeg'),
  GIF: canvas.toBuffer('image/gif'),
  WebP: canvas.toBuffer('image/webp'),
  BMP: bmp(24, 20),
  AVIF: canvas.toBuffer('image/avif'),
  TIFF: tiff({ width: 24, height: 20, grey: new Uint8Array(480).fill(255) }),
};
const formats = Object.entries(files) as [ImageFormat, Buffer][];

/** A PNG file with this header and these packed bytes, whose checksums fit. */
function png(width: number, height: number, packed: Uint8Array, header = [1, 0, 0, 0, 0]): Buffer {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([size, Buffer.from(header)])),
    chunk('IDAT', packed),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('the file of a picture', () => {
  it.each(formats)('of the format %s is taken when it is whole', async (format, file) => {
    expect(await checkImageFile(file, 'a')).toEqual({ format, width: 24, height: 20, pictures: 1 });
  });

  it.each(formats)('of the format %s is refused wherever it is cut short', async (_, file) => {
    for (let length = 0; length < file.length; length++)
      await expect(checkImageFile(file.subarray(0, length), 'a'), `of ${length} bytes`).rejects.toThrow(DataLossError);
  });

  it('of the format PNG is refused whichever byte is wrong', async () => {
    for (let at = 0; at < files.PNG.length; at++) {
      const damaged = Buffer.from(files.PNG);
      damaged[at]! ^= 1 << (at % 8);
      await expect(checkImageFile(damaged, 'a'), `byte ${at}`).rejects.toThrow(/^a: /);
    }
  });

  it.each(formats)('of the format %s gives no other error whichever byte is wrong', async (_, file) => {
    for (let at = 0; at < file.length; at++) {
      const damaged = Buffer.from(file);
      damaged[at]! ^= 0xff;
      const error = await checkImageFile(damaged, 'a').catch((error: unknown) => error);
      if (error instanceof Error) expect(error.message).toMatch(/^a: /);
    }
  });

  it('is refused when its packed pixels are fewer or more than its size says, interlaced or not', async () => {
    const rows = (bytes: number) => deflateSync(Buffer.alloc(bytes));
    await checkImageFile(png(9, 3, rows(9)), 'a'); // three rows of a filter and two bytes
    for (const bytes of [8, 10, 1e6])
      await expect(checkImageFile(png(9, 3, rows(bytes)), 'a')).rejects.toThrow(/its pixels take 9 bytes/);
    // Four by four in passes of 1×1, -, -, 1×1, 2×1, 2×2 and 4×2 pixels.
    const interlaced = [8, 0, 0, 0, 1];
    await checkImageFile(png(4, 4, rows(2 + 2 + 3 + 2 * 3 + 2 * 5), interlaced), 'a');
    await expect(checkImageFile(png(4, 4, rows(22), interlaced), 'a')).rejects.toThrow(/take 23 bytes/);
  });

  it('is refused when it is something else, saying what is read', async () => {
    const checked = (text: string) => checkImageFile(Buffer.from(text, 'latin1'), 'a');
    const expected = 'a: expected a picture (PNG, JPEG, GIF, WebP, BMP, AVIF, TIFF), found ';
    await expect(checked('a seven.')).rejects.toThrow(`${expected}8 bytes of something else`);
    await expect(checked('%PDF-1.4')).rejects.toThrow(`${expected}a PDF file: save it as PNG or JPEG`);
    await expect(checked('\0\0\0\x18ftypheic')).rejects.toThrow(
      `${expected}a HEIC file, as telephones take them: save`,
    );
    await expect(checked('<svg width="3"/>')).rejects.toThrow(`${expected}an SVG file: save it as PNG or JPEG`);
  });

  it('is refused when it claims more pixels than any camera has', async () => {
    const claim = png(30_000, 30_000, deflateSync(Buffer.alloc(1)));
    await expect(checkImageFile(claim, 'a.png')).rejects.toThrow(InvalidArgumentError);
    await expect(checkImageFile(claim, 'a.png')).rejects.toThrow(/the PNG file is too large: it claims 30000 × 30000/);
    const large = bmp(1, 1);
    large.writeUInt32LE(100_000, 18);
    large.writeUInt32LE(100_000, 22);
    await expect(checkImageFile(large, 'a')).rejects.toThrow(/too large/);
  });

  it('takes no memory for what unpacks to very much', async () => {
    const bomb = png(28, 28, await packedZeros(200, 'zlib'));
    expect(bomb.length).toBeLessThan(2 ** 20);
    const grown = await memoryOf(() =>
      expect(checkImageFile(bomb, 'a.png')).rejects.toThrow(/and more are packed in it/),
    );
    expect(grown).toBeLessThan(50);
  });
});
