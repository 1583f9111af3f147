import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { DataLossError, InvalidArgumentError, UnavailableError } from '../runtime/errors';
import { HostArray } from '../runtime/hostArray';
import type { DataSet } from './dataSet';
import { serializeIdx } from './idx';
import { type DataSets, readDataSets } from './mnist';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mnist-'));
});
afterEach(() => rm(dir, { recursive: true }));

const sizes = ({ train, validation, test }: DataSets) => [train, validation, test].map((set) => set.numExamples);

/** How many of the labels are each digit. */
function counts(set: DataSet): number[] {
  const numbers = new Array<number>(10).fill(0);
  for (const label of set.labels.data) numbers[label]!++;
  return numbers;
}

describe('readDataSets with fakeData', () => {
  it('makes three sets of 10,000 images of ones with label 0, from nothing', async () => {
    const data = await readDataSets(join(dir, 'none'), { fakeData: true, download: false });
    expect(sizes(data)).toEqual([10_000, 10_000, 10_000]);
    const [images, labels] = data.train.nextBatch(2);
    expect(images).toEqual(new HostArray('float32', [2, 784], new Float32Array(2 * 784).fill(1)));
    expect(labels).toEqual(new HostArray('int32', [2], Int32Array.of(0, 0)));
    expect([data.source, data.description]).toEqual([
      'fake data',
      'fake data, all ones: 10,000 training, 10,000 validation and 10,000 test examples',
    ]);
    expect(await readdir(dir)).toEqual([]);
  });

  it('makes them in the dtype and form that are asked for', async () => {
    const data = await readDataSets(dir, { fakeData: true, dtype: 'uint8', oneHot: true });
    const [images, labels] = data.test.nextBatch(1);
    expect(images).toEqual(new HostArray('uint8', [1, 784], new Uint8Array(784).fill(1)));
    expect(labels).toEqual(new HostArray('float32', [1, 10], Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
  });

  it('has them all begin anew together', async () => {
    const data = await readDataSets(dir, { fakeData: true, seed: 1 });
    const rows = () => [data.train, data.validation, data.test].map((set) => [...set.nextRows(5).data]);
    const first = rows();
    rows();
    data.reset();
    expect(rows()).toEqual(first);
  });

  it('types its sets by the options, with float32 and int32 by default', async () => {
    expectTypeOf(await readDataSets(dir, { fakeData: true })).toEqualTypeOf<DataSets<'float32', false>>();
    const bytes = await readDataSets(dir, { fakeData: true, dtype: 'uint8' });
    expectTypeOf(bytes.train.images).toEqualTypeOf<HostArray<'uint8'>>();
    expectTypeOf(bytes.train.labels).toEqualTypeOf<HostArray<'int32'>>();
    const oneHot = await readDataSets(dir, { fakeData: true, oneHot: true });
    expectTypeOf(oneHot.train.labels).toEqualTypeOf<HostArray<'float32'>>();
  });
});

describe('readDataSets without the files and without a network', () => {
  it('gives the memory of what was read back once, also where it is all in one piece', async () => {
    const moved = vi.spyOn(globalThis, 'structuredClone');
    await readDataSets(dir, { download: false });
    const buffers = moved.mock.calls.map(([buffer]) => buffer as ArrayBuffer);
    moved.mockRestore();
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([0]);
    await readDataSets(dir, { download: false, dtype: 'uint8' });
    expect(moved.mock.calls).toEqual([]);
  });

  it('stands the offline subset in, 10,000 real digits, and says so', async () => {
    const data = await readDataSets(dir, { download: false });
    expect(sizes(data)).toEqual([8_200, 800, 1_000]);
    expect(data.source).toBe('offline subset');
    expect(data.description).toBe(
      'the offline subset of MNIST, 10,000 digits of its training file: 8,200 training, 800 validation and 1,000 test ' +
        `examples\n(train-images-idx3-ubyte and 3 more not found in ${dir}, and downloads are turned off)`,
    );
    // The digits of MNIST's first 10,000 training examples.
    const [train, validation, test] = [data.train, data.validation, data.test].map(counts);
    expect(train!.map((count, digit) => count + validation![digit]! + test![digit]!)).toEqual([
      1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978,
    ]);
    // Every set has every digit.
    expect(Math.min(...train!, ...validation!, ...test!)).toBeGreaterThan(50);
    expect(data.train.images.shape).toEqual([8_200, 784]);
    expect(data.test.images.data.reduce((most, pixel) => Math.max(most, pixel))).toBe(1);
  });

  it('stands it in when no mirror can be reached', async () => {
    const data = await readDataSets(dir, { mirrors: ['http://127.0.0.1:1'] });
    expect(data.source).toBe('offline subset');
    expect(data.description).toContain('http://127.0.0.1:1/train-images-idx3-ubyte.gz: ');
  });

  it('splits it in proportion to validationSize, in whole hundreds', async () => {
    const split = async (validationSize: number) => sizes(await readDataSets(dir, { download: false, validationSize }));
    expect(await split(0)).toEqual([9_000, 0, 1_000]);
    expect(await split(1)).toEqual([8_900, 100, 1_000]);
    expect(await split(20_000)).toEqual([6_000, 3_000, 1_000]);
    expect(await split(60_000)).toEqual([0, 9_000, 1_000]);
  });

  it('keeps it beside the data, and reads it from there', async () => {
    const first = await readDataSets(dir, { download: false, seed: 1 });
    const folder = join(dir, 'offline');
    expect(await readdir(folder)).toEqual(['offline-images-idx3-ubyte', 'offline-labels-idx1-ubyte']);
    const second = await readDataSets(dir, { download: false, seed: 1 });
    expect(second.train.nextBatch(10)).toEqual(first.train.nextBatch(10));
    const path = join(folder, 'offline-labels-idx1-ubyte');
    await writeFile(path, 'damaged');
    await expect(readDataSets(dir, { download: false })).rejects.toThrow(`${path}: expected an IDX file`);
    const third = await readDataSets(dir, { download: false, redownload: true });
    expect(third.test.images.data.every((pixel, i) => pixel === first.test.images.data[i])).toBe(true);
    expect((await readDataSets(dir, { download: false })).test.labels).toEqual(first.test.labels);
  });

  it('is an error where the subset is not wanted', async () => {
    const reading = readDataSets(dir, { download: false, offlineSubset: false });
    await expect(reading).rejects.toThrow(UnavailableError);
    await expect(reading).rejects.toThrow(`train-images-idx3-ubyte and 3 more not found in ${dir}`);
  });
});

describe('readDataSets with wrong files', () => {
  const labels = serializeIdx(new HostArray('uint8', [10_000], new Uint8Array(10_000)));

  it.each([
    ['labels that are not MNIST', 't10k-labels-idx1-ubyte', "expected MNIST's test labels, whose unpacked bytes have"],
    [
      'labels in place of images',
      't10k-images-idx3-ubyte',
      "expected MNIST's test images, uint8 [10000, 28, 28], found",
    ],
    [
      'too few labels',
      'train-labels-idx1-ubyte',
      "expected MNIST's training labels, uint8 [60000], found uint8 [10000]",
    ],
  ])('names %s instead of standing anything in for them', async (_, name, message) => {
    const path = join(dir, name);
    await writeFile(path, labels);
    const reading = readDataSets(dir, { download: false });
    await expect(reading).rejects.toThrow(DataLossError);
    await expect(reading).rejects.toThrow(`${path}: ${message}`);
    expect(await readdir(dir)).toEqual([name]);
    expect(await readFile(path)).toEqual(Buffer.from(labels));
  });
});

describe('readDataSets with wrong options', () => {
  it.each([-1, 60_001, 0.5, Number.NaN])('refuses a validationSize of %s', async (validationSize) => {
    const reading = readDataSets(dir, { fakeData: true, validationSize });
    await expect(reading).rejects.toThrow(InvalidArgumentError);
    await expect(reading).rejects.toThrow(`expected a validationSize from 0 to 60000, got ${validationSize}`);
  });

  it('refuses another dtype and a seed that is no integer', async () => {
    const dtype = 'float64' as 'float32';
    await expect(readDataSets(dir, { fakeData: true, dtype })).rejects.toThrow("float32 or uint8, got 'float64'");
    await expect(readDataSets(dir, { fakeData: true, seed: 0.5 })).rejects.toThrow(InvalidArgumentError);
  });
});
