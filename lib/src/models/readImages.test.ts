import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeIdx } from '../data';
import { HostArray } from '../runtime/hostArray';
import { pngFile } from '../runtime/png';
import { prepareImages, readImages } from './readImages';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'images-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A grey picture of `size` × `size` pixels, as `shade` says. */
function picture(size: number, shade: (row: number, column: number) => number): string {
  const samples = Uint8Array.from({ length: size * size }, (_, i) => shade(Math.floor(i / size), i % size));
  const file = path.join(folder, 'digit.png');
  writeFileSync(file, pngFile({ width: size, height: size, channels: 1, samples }));
  return file;
}

/** Ink in a bar that stands upright, an eighth as wide and half as high as the picture, and paper around it. */
const bar = (size: number, ink: number, paper: number) => (row: number, column: number) =>
  row >= size / 4 && row < (3 * size) / 4 && column >= size / 4 && column < (3 * size) / 8 ? ink : paper;

describe('images in files', () => {
  it.each(['two-images-idx3-ubyte', 'two.idx', 'two.idx.gz'])('may be many, as in %s', async (name) => {
    const pixels = Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 256);
    const images = new HostArray('uint8', [2, 28, 28], pixels);
    await writeIdx(path.join(folder, name), images);
    expect(await readImages(path.join(folder, name))).toEqual(images);
  });

  it.each([
    ['light ink on dark ground', 28, 200, 10],
    ['dark ink on light ground', 28, 30, 255],
    ['dark ink on light ground', 280, 0, 255],
  ])(
    'may be a picture of %s, of %d pixels, which is prepared as those of MNIST were',
    async (words, size, ink, paper) => {
      const { images, preparation } = await prepareImages(picture(size, bar(size, ink, paper)));
      expect([images.dtype, images.shape]).toEqual(['uint8', [1, 28, 28]]);
      // 20 high and 5 wide in the middle, whatever its place and its shades were.
      expect([images.at(0, 14, 14), images.at(0, 6, 14), images.at(0, 21, 14)]).toEqual([255, 255, 255]);
      expect([images.at(0, 3, 14), images.at(0, 24, 14), images.at(0, 14, 9), images.at(0, 14, 19)]).toEqual([
        0, 0, 0, 0,
      ]);
      expect(preparation).toMatch(new RegExp(`^${words}, cropped to .*, scaled to [56]×20, centred$`));
      expect(await readImages(picture(size, bar(size, ink, paper)))).toEqual(images);
    },
  );

  it('are refused where they are none', async () => {
    const file = path.join(folder, 'notes.txt');
    writeFileSync(file, 'seven');
    await expect(readImages(file)).rejects.toThrow(
      /notes\.txt: expected a picture \(PNG, .*, found 5 bytes of something else/,
    );
    await expect(readImages(path.join(folder, 'gone.png'))).rejects.toThrow(/^could not read .*gone\.png: ENOENT/);
  });

  it('are refused where they are labels', async () => {
    const file = path.join(folder, 'labels-idx1-ubyte');
    await writeIdx(file, new HostArray('uint8', [3], Uint8Array.of(1, 2, 3)));
    await expect(readImages(file)).rejects.toThrow(/: expected images, uint8 \[n, 28, 28\], got uint8 \[3\]$/);
  });
});
