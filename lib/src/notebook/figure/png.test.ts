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
  return { width, height, rgb: Uint8Array.from(data).filter((_, i) => i % 4 !== 3) };
}

/** A picture of `width` × `height` pixels, all of different colours. */
function colorful(width: number, height: number): Picture {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (Math.floor(i / 3) >> (8 * (i % 3))) & 255);
  return { width, height, rgb };
}

describe('a PNG file', () => {
  it.each([
    ['few colours', colorful(16, 16)],
    ['many colours', colorful(17, 16)],
    ['one pixel', { width: 1, height: 1, rgb: new Uint8Array([1, 2, 3]) }],
  ])('gives back the pixels of a picture of %s', async (_, picture) => {
    expect(await decode(encodePng(picture))).toEqual(picture);
  });

  it('is a third as large where colours are few', () => {
    const { rgb } = colorful(64, 64);
    const few = { width: 64, height: 64, rgb: rgb.map((byte, i) => (i % 3 === 0 ? byte * 37 : 0)) };
    const many = { width: 64, height: 64, rgb: rgb.map((byte, i) => byte * 37 + (i % 3 === 1 ? i : 0)) };
    expect(encodePng(few).length).toBeLessThan(encodePng(many).length / 3);
  });
});

describe('the colours of a picture', () => {
  it('stay as they are where there are few', () => {
    expect(reduceColors(colorful(16, 16))).toEqual(colorful(16, 16));
  });

  it('become the nearest of the most frequent ones', () => {
    const { rgb } = colorful(16, 16); // 0 … 255 in red
    const picture = {
      width: 16,
      height: 33,
      rgb: new Uint8Array([...rgb, ...rgb, ...Array(16).fill([255, 1, 2]).flat()]),
    };
    const reduced = reduceColors(picture);
    expect(reduced.rgb.subarray(512 * 3)).toEqual(new Uint8Array(Array(16).fill([255, 1, 2]).flat()));
    expect(encodePng(reduced).includes('PLTE')).toBe(true);
  });
});
