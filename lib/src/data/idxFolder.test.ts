import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataLossError, InvalidArgumentError, NotFoundError } from '../runtime/errors';
import { HostArray } from '../runtime/hostArray';
import { type IdxDType, serializeIdx } from './idx';
import { readDataSets } from './mnist';
import { dataSetNames, isPublished, type PublishedSet, publishedSets } from './publishedSets';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'idx-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** `count` images of `height` × `width` pixels, which count up. */
const images = (count: number, height = 3, width = 2) =>
  new HostArray(
    'uint8',
    [count, height, width],
    Uint8Array.from({ length: count * height * width }, (_, i) => i % 251),
  );
const labels = (...values: number[]) => new HostArray('uint8', [values.length], Uint8Array.from(values));

/** Puts an array into the folder, gzipped where the name says so. */
async function put(name: string, array: HostArray<IdxDType>): Promise<Buffer> {
  const bytes = Buffer.from(serializeIdx(array));
  const file = name.endsWith('.gz') ? gzipSync(bytes) : bytes;
  await writeFile(join(dir, name), file);
  return file;
}

/** A whole set under these names, of four training and two test examples. */
async function putAll(names: readonly string[], trainLabels = labels(0, 2, 1, 2), testLabels = labels(1, 0)) {
  const arrays = [images(4), trainLabels, images(2), testLabels];
  return Promise.all(names.map((name, i) => put(name, arrays[i]!)));
}

const HYPHENS = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('IDX files of any kind', () => {
  it.each([
    ['as MNIST is called', HYPHENS],
    ['with points', HYPHENS.map((name) => name.replace('-idx', '.idx'))],
    ['gzipped', HYPHENS.map((name) => `${name}.gz`)],
    ['some of them gzipped', HYPHENS.map((name, i) => (i % 2 ? `${name}.gz` : name))],
    ['with points, gzipped', HYPHENS.map((name) => `${name.replace('-idx', '.idx')}.gz`)],
    ['in capital letters', HYPHENS.map((name) => name.toUpperCase())],
    ['with a name before', HYPHENS.map((name) => `mine-${name.replace('t10k', 'test')}`)],
    ['in a short way', ['train-images.idx', 'train-labels.idx', 'test-images.idx', 'test-labels.idx']],
  ])('are found under names %s', async (_, names) => {
    await putAll(names);
    const { train, validation, test, numClasses, source, description } = await readDataSets(dir, { dataset: 'any' });
    expect([train, validation, test].map((set) => set.numExamples)).toEqual([4, 0, 2]);
    expect([numClasses, source]).toEqual([3, 'files']);
    expect(train.images.shape).toEqual([4, 6]);
    expect(train.labels).toEqual(new HostArray('int32', [4], Int32Array.of(0, 2, 1, 2)));
    expect(description).toBe(
      `images from ${dir}, 2×3 pixels, 3 classes: 4 training, 0 validation and 2 test examples\n(taken as the files are: not all of their sums are known)`,
    );
  });

  it('make one-hot labels of as many classes as there are', async () => {
    await putAll(HYPHENS);
    const { test } = await readDataSets(dir, { dataset: 'any', oneHot: true });
    expect(test.labels).toEqual(new HostArray('float32', [2, 3], Float32Array.of(0, 1, 0, 1, 0, 0)));
  });

  it('are split by validationSize, which is at most all of them', async () => {
    await putAll(HYPHENS);
    const sizes = async (validationSize: number) => {
      const { train, validation } = await readDataSets(dir, { dataset: 'any', validationSize });
      return [train.numExamples, validation.numExamples];
    };
    expect(await sizes(1)).toEqual([3, 1]);
    expect(await sizes(4)).toEqual([0, 4]);
    await expect(sizes(5)).rejects.toThrow('expected a validationSize from 0 to 4, got 5');
  });

  it('are taken as they are where a file is there gzipped too', async () => {
    await putAll(HYPHENS);
    await put('train-labels-idx1-ubyte.gz', labels(9, 9, 9, 9));
    const { train } = await readDataSets(dir, { dataset: 'any' });
    expect([...train.labels.data]).toEqual([0, 2, 1, 2]);
  });

  it('are checked by the sums that are given, packed or unpacked', async () => {
    const [first, second] = await putAll(HYPHENS.map((name) => `${name}.gz`));
    const unpacked = sha256(Buffer.from(serializeIdx(labels(1, 0))));
    const sums = { trainImages: sha256(first!), trainLabels: sha256(second!), testLabels: unpacked };
    expect((await readDataSets(dir, { sums })).numClasses).toBe(3);
    const wrong = readDataSets(dir, { sums: { ...sums, testImages: unpacked } });
    await expect(wrong).rejects.toThrow(DataLossError);
    await expect(wrong).rejects.toThrow(
      `t10k-images-idx3-ubyte.gz: expected a file of the SHA-256 ${unpacked}, found `,
    );
  });

  it.each([[[0]], [[1, 3]], [[0, 1, 2, 3]]])('name those that are missing: %j', async (missing) => {
    await putAll(HYPHENS);
    for (const i of missing) await rm(join(dir, HYPHENS[i]!));
    const names = missing.map((i) => HYPHENS[i]).join(', ');
    const reading = readDataSets(dir, { dataset: 'any' });
    await expect(reading).rejects.toThrow(NotFoundError);
    await expect(reading).rejects.toThrow(`${names} not found in ${dir}, gzipped or not`);
    await expect(readDataSets(join(dir, 'none'), { dataset: 'any' })).rejects.toThrow(NotFoundError);
  });

  it('are refused where several could be meant', async () => {
    await putAll(HYPHENS.map((name) => `a-${name}`));
    await putAll(HYPHENS.map((name) => `b-${name}`));
    await expect(readDataSets(dir, { dataset: 'any' })).rejects.toThrow(
      `${dir} has several files of training images: a-train-images-idx3-ubyte, b-train-images-idx3-ubyte; say which`,
    );
  });

  it.each([
    ['fewer labels than images', 1, labels(1, 2), 'expected as many labels as images, found 2 in '],
    ['images where labels belong', 1, images(4), 'expected labels, one number each, [n], found uint8 [4, 3, 2]'],
    ['labels where images belong', 0, labels(1, 2, 3, 4), 'expected grey images, [n, height, width], found uint8 [4]'],
    ['coloured images', 0, new HostArray('uint8', [1, 2, 2, 3], new Uint8Array(12)), 'expected grey images'],
    [
      'negative labels',
      1,
      new HostArray('int8', [4], Int8Array.of(0, -1, 2, 3)),
      'whole numbers from 0 on, found -1 for example 1',
    ],
    ['fractions as labels', 1, new HostArray('float32', [4], Float32Array.of(0, 1, 0.5, 1)), 'found 0.5 for example 2'],
    [
      'floats beyond 1',
      0,
      new HostArray('float32', [4, 3, 2], new Float32Array(24).fill(200)),
      'from 0 to 1, found 200',
    ],
    [
      'pixels beyond 255',
      0,
      new HostArray('int16', [4, 3, 2], new Int16Array(24).fill(256)),
      'from 0 to 255, found 256',
    ],
    ['test images of another size', 2, images(2, 3, 3), 'expected images of 3×2 pixels as in '],
  ])('are refused with %s', async (_, place, array, message) => {
    await putAll(HYPHENS);
    await put(HYPHENS[place]!, array);
    const reading = readDataSets(dir, { dataset: 'any' });
    await expect(reading).rejects.toThrow(InvalidArgumentError);
    await expect(reading).rejects.toThrow(message);
  });

  it('may have whole numbers and fractions of other types, which lose nothing', async () => {
    await putAll(HYPHENS);
    await put(
      HYPHENS[0]!,
      new HostArray(
        'float64',
        [4, 3, 2],
        Float64Array.from({ length: 24 }, (_, i) => i / 32),
      ),
    );
    await put(HYPHENS[1]!, new HostArray('float64', [4], Float64Array.of(1, 0, 300, 2)));
    await put(HYPHENS[2]!, new HostArray('int32', [2, 3, 2], new Int32Array(12).fill(51)));
    const { train, test, numClasses } = await readDataSets(dir, { dataset: 'any' });
    expect([train.images.data[1], test.images.data[0], numClasses]).toEqual([1 / 32, Math.fround(0.2), 301]);
    expect([...train.labels.data]).toEqual([1, 0, 300, 2]);
  });

  it('are named where they are no IDX files, or damaged', async () => {
    await putAll(HYPHENS);
    await writeFile(join(dir, HYPHENS[3]!), 'labels');
    await expect(readDataSets(dir, { dataset: 'any' })).rejects.toThrow(
      `${join(dir, HYPHENS[3]!)}: expected an IDX file`,
    );
  });
});

describe('published data sets in IDX files', () => {
  const EMNIST = ['train-images-idx3', 'train-labels-idx1', 'test-images-idx3', 'test-labels-idx1'];

  it('of EMNIST are turned upright, and letters counted from 0', async () => {
    await putAll(
      EMNIST.map((name) => `emnist-letters-${name}-ubyte.gz`),
      labels(1, 26, 3, 4),
      labels(5, 6),
    );
    await putAll(EMNIST.map((name) => `emnist-digits-${name}-ubyte.gz`));
    const letters = await readDataSets(dir, { dataset: 'emnist-letters', dtype: 'uint8' });
    expect([...letters.train.labels.data]).toEqual([0, 25, 2, 3]);
    expect([...letters.train.images.data.subarray(0, 6)]).toEqual([0, 2, 4, 1, 3, 5]);
    expect([letters.numClasses, letters.description.split(':')[0]]).toEqual([
      26,
      `EMNIST letters from ${dir}, 3×2 pixels, 26 classes`,
    ]);
    const digits = await readDataSets(dir, { dataset: 'emnist-digits' });
    expect([digits.numClasses, ...digits.train.labels.data]).toEqual([10, 0, 2, 1, 2]);
    await expect(readDataSets(dir, { dataset: 'emnist-balanced' })).rejects.toThrow(
      'emnist-balanced-train-images-idx3-ubyte, emnist-balanced-train-labels-idx1-ubyte, ',
    );
  });

  it('have no other labels than theirs', async () => {
    await putAll(HYPHENS, labels(0, 1, 2, 10));
    await expect(readDataSets(dir, { dataset: 'kmnist' })).rejects.toThrow(
      'expected labels that are whole numbers from 0 to 9, found 10 for example 3',
    );
  });

  it('have four sums each, of which no two are alike', () => {
    const sums = publishedSets.map((set: PublishedSet) => set.sha256 ?? set.md5 ?? []);
    expect(sums.every((four) => four.length === 4 && four.every((sum) => /^([0-9a-f]{32}){1,2}$/.test(sum)))).toBe(
      true,
    );
    expect(new Set(sums.flat()).size).toBe(4 * publishedSets.length);
  });

  it('are told by their sums, of either kind', () => {
    const bytes = Buffer.from('a file');
    const set: PublishedSet = { name: 'a', title: 'A', numClasses: 2, train: [], test: [] };
    const md5 = createHash('md5').update(bytes).digest('hex');
    expect(isPublished(bytes, { ...set, md5: ['', md5] }, 1)).toBe(true);
    expect(isPublished(bytes, { ...set, sha256: [sha256(bytes)] }, 0)).toBe(true);
    expect(isPublished(bytes, { ...set, md5: ['', md5] }, 0)).toBe(false);
    expect([isPublished(bytes, set, 0), isPublished(bytes, undefined, 0)]).toEqual([false, false]);
  });

  it('have names, which options take', () => {
    expect(dataSetNames).toContain('emnist-letters');
    expect(new Set(dataSetNames)).toEqual(new Set(['mnist', ...publishedSets.map(({ name }) => name), 'any']));
  });

  it('are refused under names that nobody knows', async () => {
    const dataset = 'fashion' as 'any';
    await expect(readDataSets(dir, { dataset })).rejects.toThrow('expected a dataset, one of mnist, fashion-mnist, ');
  });
});

describe("MNIST's files", () => {
  it('are found with a point in their names', async () => {
    await put('train-images.idx3-ubyte', images(1));
    await expect(readDataSets(dir, { download: false })).rejects.toThrow(
      "train-images.idx3-ubyte: expected MNIST's training images, uint8 [60000, 28, 28], found uint8 [1, 3, 2]",
    );
  });

  it('are told from those of another data set, with what to do', async () => {
    const other = new HostArray('uint8', [10_000], new Uint8Array(10_000));
    await put('t10k-labels-idx1-ubyte', other);
    await expect(readDataSets(dir, { download: false })).rejects.toThrow(
      /\. If it is of another data set, say which with the option dataset; if it is damaged, delete it, or replace it with the option redownload: true$/,
    );
  });
});
