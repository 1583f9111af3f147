import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { getData } from './getData';

it('gives all images and labels of a set', async () => {
  const [images, labels] = await getData({ train: false, fakeData: true });
  expect([images.shape, images.dtype, labels.shape, labels.dtype]).toEqual([[10000, 784], 'float32', [10000], 'int32']);
});

it('gives the validation examples with those for training', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'data-'));
  const options = { dir, download: false };
  const [trainImages, trainLabels] = await getData(options);
  const [testImages] = await getData({ ...options, train: false });
  expect([trainImages.shape, trainLabels.size, testImages.shape]).toEqual([[9000, 784], 9000, [1000, 784]]);
  rmSync(dir, { recursive: true });
});
