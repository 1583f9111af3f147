import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeIdx } from '../data';
import { HostArray } from '../runtime/hostArray';
import { pngFile } from '../runtime/png';
import { readImages } from './readImages';

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

/** Ink in a square, and paper around it. */
const square = (size: number, ink: number, paper: number) => (row: number, column: number) =>
  row >= size / 4 && row < (3 * size) / 4 && column >= size / 4 && column < (3 * size) / 4 ? ink : paper;

describe('images in files', () => {
  it.each(['two-images-idx3-ubyte', 'two.idx', 'two.idx.gz'])('may be many, as in %s', async (name) => {
    const pixels = Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 256);
    const images = new HostArray('uint8', [2, 28, 28], pixels);
    await writeIdx(path.join(folder, name), images);
    expect(await readImages(path.join(folder, name))).toEqual(images);
  });

  it('may be a picture of light ink, as in MNIST', async () => {
    const images = await readImages(picture(28, square(28, 200, 10)));
    expect([images.dtype, images.shape]).toEqual(['uint8', [1, 28, 28]]);
    expect([images.at(0, 14, 14), images.at(0, 0, 0), images.at(0, 7, 6)]).toEqual([200, 10, 10]);
  });

  it('may be a picture of dark ink on paper, which is inverted', async () => {
    const images = await readImages(picture(28, square(28, 30, 255)));
    expect([images.at(0, 14, 14), images.at(0, 0, 0)]).toEqual([225, 0]);
  });

  it('may be a larger picture, which is scaled', async () => {
    const images = await readImages(picture(280, square(280, 0, 255)));
    expect(images.shape).toEqual([1, 28, 28]);
    expect([images.at(0, 14, 14), images.at(0, 2, 2)]).toEqual([255, 0]);
  });

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
