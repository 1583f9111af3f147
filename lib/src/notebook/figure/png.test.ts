import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { encodePng, type Picture, reduceColors } from './png';

/** The pixels of a PNG file, as another program reads them. */
async function decode(png: Buffer): Promise<Picture> {
  const image = await loadImage(png);
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, rgba: Uint8Array.from(data) };
}

/** A picture of `width` × `height` pixels, all of different colours. */
function colorful(width: number, height: number): Picture {
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : ((i >> 2) >> (8 * (i % 4))) & 255,
  );
  return { width, height, rgba };
}

describe('a PNG file', () => {
  it.each([
    ['few colours', colorful(16, 16)],
    ['many colours', colorful(17, 16)],
    ['one pixel', { width: 1, height: 1, rgba: new Uint8Array([1, 2, 3, 255]) }],
    ['what one sees through', { width: 2, height: 1, rgba: new Uint8Array([0, 0, 0, 0, 200, 100, 0, 255]) }],
  ])('gives back the pixels of a picture of %s', async (_, picture) => {
    expect(await decode(encodePng(picture))).toEqual(picture);
  });

  it('is a third as large where colours are few', () => {
    const { rgba } = colorful(64, 64);
    const picture = (channel: (byte: number, i: number) => number) => ({
      width: 64,
      height: 64,
      rgba: rgba.map((byte, i) => (i % 4 === 3 ? 255 : channel(byte, i))),
    });
    const few = picture((byte, i) => (i % 4 === 0 ? byte * 37 : 0));
    const many = picture((byte, i) => byte * 37 + (i % 4 === 1 ? i : 0));
    expect(encodePng(few).length).toBeLessThan(encodePng(many).length / 3);
  });
});

describe('the colours of a picture', () => {
  it('stay as they are where there are few', () => {
    expect(reduceColors(colorful(16, 16))).toEqual(colorful(16, 16));
  });

  it('become the nearest of the most frequent ones', () => {
    const { rgba } = colorful(16, 16); // 0 … 255 in red
    const other = Array(16).fill([255, 1, 2, 255]).flat();
    const picture = {
      width: 16,
      height: 33,
      rgba: new Uint8Array([...rgba, ...rgba, ...other]),
    };
    const reduced = reduceColors(picture);
    expect(reduced.rgba.subarray(512 * 4)).toEqual(new Uint8Array(other));
    expect(encodePng(reduced).includes('PLTE')).toBe(true);
  });
});
