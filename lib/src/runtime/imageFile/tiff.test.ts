import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tiff } from '../../testing/pictureFiles';
import { DataLossError, InvalidArgumentError } from '../errors';
import { checkImageFile } from './index';
import { readTiff } from './tiff';

/** 6 × 4 pixels of all shades, the second row as the first. */
const grey = Uint8Array.from({ length: 24 }, (_, i) => (i < 12 ? 40 * (i % 6) : 255 - 7 * i));
const picture = { width: 6, height: 4, grey };

/** The red of every pixel. */
function reds(file: Buffer): number[] {
  const { rgba } = readTiff(file);
  return Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i]!);
}

/** The codes of LZW that say nothing but bytes, after a code to begin with: 9 bits each, for fewer than 250. */
function lzw(bytes: Uint8Array): Buffer {
  const text = [256, ...bytes, 257].map((code) => code.toString(2).padStart(9, '0')).join('');
  return Buffer.from((text.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}

describe('a TIFF file', () => {
  it.each([
    ['as it is', {}],
    ['of the other byte order', { bigEndian: true }],
    ['in strips of two rows', { strips: [Buffer.from(grey.subarray(0, 12)), Buffer.from(grey.subarray(12))] }],
    ['packed by Deflate', { strips: [deflateSync(grey)], tags: { 259: [8] } }],
    ['packed by LZW', { strips: [lzw(grey)], tags: { 259: [5] } }],
    [
      'packed by PackBits',
      {
        strips: [Buffer.concat([Buffer.of(11), grey.subarray(0, 12), Buffer.of(11), grey.subarray(12)])],
        tags: { 259: [32773] },
      },
    ],
    [
      'of 16 bits',
      { strips: [Buffer.from(Uint16Array.from(grey, (value) => value * 257).buffer)], tags: { 258: [16] } },
    ],
    ['of which 0 is white', { strips: [Buffer.from(grey.map((value) => 255 - value))], tags: { 262: [0] } }],
    [
      'of red, green and blue',
      {
        strips: [Buffer.from([...grey].flatMap((value) => [value, 0, 9]))],
        tags: { 258: [8, 8, 8], 262: [2], 277: [3] },
      },
    ],
    [
      'of cyan, magenta, yellow and black',
      {
        strips: [Buffer.from([...grey].flatMap((value) => [255 - value, 0, 0, 0]))],
        tags: { 258: [8, 8, 8, 8], 262: [5], 277: [4] },
      },
    ],
    [
      'of differences in a row',
      { strips: [Buffer.from(grey.map((value, i) => value - (i % 6 ? grey[i - 1]! : 0)))], tags: { 317: [2] } },
    ],
  ])('is read %s', async (_, options) => {
    const file = tiff(picture, options);
    expect(await checkImageFile(file, 'a')).toEqual({ format: 'TIFF', width: 6, height: 4, pictures: 1 });
    expect(reds(file)).toEqual([...grey]);
  });

  it('is read of black and white, in tiles, by a palette and with opacity', () => {
    const bits = { strips: [Buffer.of(0b10110000, 0b01001100)], tags: { 258: [1] } };
    expect(reds(tiff({ width: 6, height: 2, grey }, bits)).map((red) => red / 255)).toEqual([
      1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1,
    ]);
    // Tiles of 4 × 4, of which the second is half outside.
    const tiles = [Buffer.alloc(16, 7), Buffer.alloc(16, 9)];
    const tags = { 322: [4], 323: [4], 324: [8, 24], 325: [16, 16] };
    expect(reds(tiff(picture, { strips: tiles, tags })).slice(0, 6)).toEqual([7, 7, 7, 7, 9, 9]);
    const palette = Array.from({ length: 768 }, (_, i) => (i < 256 ? 65535 - 257 * i : 0));
    expect(reds(tiff(picture, { tags: { 262: [3], 320: palette } }))).toEqual([...grey].map((value) => 255 - value));
    const opaque = {
      strips: [Buffer.from([...grey].flatMap((value) => [value, 99]))],
      tags: { 258: [8, 8], 277: [2], 338: [2] },
    };
    expect([...readTiff(tiff(picture, opaque)).rgba.subarray(0, 4)]).toEqual([grey[0], grey[0], grey[0], 99]);
  });

  it('unpacks codes of LZW that stand for stretches, also for the one that is being made', () => {
    // 7, then 258 (7 7, which is just being made), then 259 (7 7 7).
    const text = [256, 7, 258, 259, 257].map((code) => code.toString(2).padStart(9, '0')).join('');
    const strip = Buffer.from(text.match(/.{1,8}/g)!.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
    expect(reds(tiff({ width: 6, height: 1, grey }, { strips: [strip], tags: { 259: [5] } }))).toEqual(
      Array(6).fill(7),
    );
  });

  it.each([
    ['JPEG', { 259: [7] }, 'its pixels are packed by JPEG, which is not read: save it as PNG'],
    ['the codes of fax machines', { 259: [4] }, 'packed by CCITT group 4'],
    ['floats', { 258: [16], 339: [3] }, 'its samples are no whole numbers'],
    ['planes', { 258: [8, 8, 8], 262: [2], 277: [3], 284: [2] }, 'its colours are in planes of their own'],
    ['another kind of colours', { 262: [8] }, 'its colours are of the kind 8'],
  ])('is refused with %s', (_, tags, message) => {
    expect(() => readTiff(tiff(picture, { tags }))).toThrow(InvalidArgumentError);
    expect(() => readTiff(tiff(picture, { tags }))).toThrow(message);
  });

  it('is refused where its strips are too short, or mean nothing', () => {
    const short = tiff(picture, { strips: [deflateSync(grey.subarray(1))], tags: { 259: [8] } });
    expect(() => readTiff(short)).toThrow('a strip has 23 bytes of 24');
    const wrong = tiff(picture, { strips: [Buffer.from('nothing')], tags: { 259: [8] } });
    expect(() => readTiff(wrong)).toThrow(DataLossError);
  });

  it('ends in no other error whichever byte is wrong', async () => {
    const file = tiff(picture, { strips: [deflateSync(grey)], tags: { 259: [8] } });
    for (let at = 0; at < file.length; at++)
      for (const wrong of [0, 1, 127, 255]) {
        const damaged = Buffer.from(file);
        damaged[at] = wrong;
        const error = await checkImageFile(damaged, 'a')
          .then(() => void readTiff(damaged))
          .catch((error: unknown) => error);
        if (error)
          expect([DataLossError, InvalidArgumentError], `${at}: ${error}`).toContain((error as Error).constructor);
      }
  });
});
