import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { encodePng } from './png';
import { recoloredPng } from './pngPalette';

const urlOf = (png: Buffer) => `data:image/png;base64,${png.toString('base64')}`;

describe('a PNG with another palette', () => {
  it('is one that other programs read, with the same pixels in other colours', async () => {
    const rgba = Uint8Array.from([0, 0, 0, 255, 200, 100, 50, 255, 0, 0, 0, 0]);
    const url = urlOf(encodePng({ width: 3, height: 1, rgba }));
    const changed = recoloredPng(url, ([red, green, blue]) => [255 - red, green, blue + 1]);
    const image = await loadImage(changed);
    const context = createCanvas(3, 1).getContext('2d');
    context.drawImage(image, 0, 0);
    expect([...context.getImageData(0, 0, 3, 1).data]).toEqual([255, 0, 1, 255, 55, 100, 51, 255, 0, 0, 0, 0]);
    expect(changed.length).toBe(url.length);
  });

  it('stays as it is where it has none', () => {
    const rgba = Uint8Array.from({ length: 4 * 300 }, (_, i) =>
      i % 4 === 3 ? 255 : ((i >> 2) >> (4 * (i % 4))) & 255,
    );
    const url = urlOf(encodePng({ width: 300, height: 1, rgba }));
    expect(recoloredPng(url, () => [0, 0, 0])).toBe(url);
    expect(recoloredPng('data:image/svg+xml,', () => [0, 0, 0])).toBe('data:image/svg+xml,');
  });
});
