import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { InvalidArgumentError } from '../runtime/errors';
import { HostArray } from '../runtime/hostArray';
import { DataSet, type DataSetOptions, type ImageDType } from './dataSet';

/** Examples whose pixels and label all say which example it is. */
function numbered<D extends ImageDType = 'float32', H extends boolean = false>(
  count: number,
  options?: DataSetOptions<D, H>,
  rows = 2,
  columns = 3,
) {
  const size = rows * columns;
  const images = new HostArray(
    'uint8',
    [count, rows, columns],
    Uint8Array.from({ length: count * size }, (_, i) => Math.floor(i / size)),
  );
  const labels = new HostArray(
    'uint8',
    [count],
    Uint8Array.from({ length: count }, (_, i) => i),
  );
  return new DataSet(images, labels, options);
}

/** The examples of the next batch, told by their labels. */
const next = (set: DataSet, size: number, shuffle = true) => [...set.nextBatch(size, { shuffle })[1].data];

const ascending = (count: number) => Array.from({ length: count }, (_, i) => i);
const sorted = (items: number[]) => [...items].sort((a, b) => a - b);

describe('DataSet', () => {
  it('is printed in one line', () => {
    const set = numbered(1200);
    const line = 'DataSet of 1,200 examples: images float32 [1200, 6], labels int32 [1200]';
    expect([String(set), inspect({ train: set })]).toEqual([line, `{\n  train: ${line}\n}`]);
  });

  it('scales pixels by 255 as float32 divides, one row an image', () => {
    const pixels = new HostArray('uint8', [256, 1, 1], Uint8Array.from(ascending(256)));
    const { images } = new DataSet(pixels, new HostArray('uint8', [256], new Uint8Array(256)));
    expect(images.shape).toEqual([256, 1]);
    const divided = ascending(256).map((value) => Math.fround(Math.fround(value) / Math.fround(255)));
    expect([...images.data]).toEqual(divided);
  });

  it('leaves pixels as they are with dtype uint8', () => {
    const { images } = numbered(3, { dtype: 'uint8' });
    expect(images).toEqual(
      new HostArray('uint8', [3, 6], Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2)),
    );
  });

  it('takes float32 images as they are, and refuses to make them uint8', () => {
    const values = new HostArray('float32', [2, 2], Float32Array.of(0.5, -1, 300, 2));
    const labels = new HostArray('int32', [2], Int32Array.of(-1, 1000));
    const set = new DataSet(values, labels);
    expect(set.images).toEqual(values);
    expect(set.labels).toEqual(labels);
    expect(() => new DataSet(values, labels, { dtype: 'uint8' })).toThrow(InvalidArgumentError);
  });

  it('makes labels one-hot when asked', () => {
    const { labels } = numbered(3, { oneHot: true, numClasses: 4 });
    expect(labels).toEqual(new HostArray('float32', [3, 4], Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)));
    expect(() => numbered(3, { oneHot: true, numClasses: 2 })).toThrow(
      'expected labels from 0 to 1, got 2 for example 2',
    );
    expect(numbered(10, { oneHot: true }).labels.shape).toEqual([10, 10]);
  });

  it('types images by dtype and labels by oneHot, with float32 and int32 by default', () => {
    const set = numbered(4);
    expectTypeOf(set).toEqualTypeOf<DataSet<'float32', false>>();
    expectTypeOf(set.nextBatch(1)).toEqualTypeOf<[images: HostArray<'float32'>, labels: HostArray<'int32'>]>();
    const bytes = numbered(4, { dtype: 'uint8', oneHot: true });
    expectTypeOf(bytes.nextBatch(1)).toEqualTypeOf<[images: HostArray<'uint8'>, labels: HostArray<'float32'>]>();
    expectTypeOf(numbered(4, { seed: 1 }).images).toEqualTypeOf<HostArray<'float32'>>();
    // A function may take any of them.
    const any: DataSet<ImageDType, boolean>[] = [set, bytes];
    expectTypeOf(any[0]!.labels.dtype).toEqualTypeOf<'float32' | 'int32'>();
  });

  it('keeps labels of other kinds as they are', () => {
    const images = new HostArray('float32', [2, 1], Float32Array.of(0.25, 0.75));
    const set = new DataSet(images, new HostArray('float32', [2], Float32Array.of(0.5, 1.5)), { seed: 1 });
    expectTypeOf(set.labels).toEqualTypeOf<HostArray<'float32'>>();
    const [values, labels] = set.nextBatch(2);
    expect([...labels.data].sort()).toEqual([0.5, 1.5]);
    expect([...labels.data]).toEqual([...values.data].map((value) => 2 * value));
    const ids = new DataSet(images, new HostArray('int64', [2], BigInt64Array.of(2n ** 60n, 1n))).nextBatch(2)[1];
    expect([...ids.data].sort()).toEqual([1n, 2n ** 60n]);
    const halves = new HostArray('float32', [2], Float32Array.of(0.5, 1));
    expect(() => new DataSet(images, halves, { oneHot: true })).toThrow('expected labels from 0 to 9, got 0.5');
    expect(() => new DataSet(images, new HostArray('bool', [2], new Uint8Array(2)) as never)).toThrow('got bool');
    const doubles = new HostArray('float64', [2, 1], new Float64Array(2));
    expect(() => new DataSet(doubles as never, halves)).toThrow('got float64');
  });

  it('wants as many labels as images', () => {
    const images = new HostArray('uint8', [2, 1], new Uint8Array(2));
    const labels = new HostArray('uint8', [3], new Uint8Array(3));
    expect(() => new DataSet(images, labels)).toThrow(InvalidArgumentError);
    expect(() => new DataSet(images, labels)).toThrow('got images [2, 1] and labels [3]');
    expect(() => new DataSet(images, images)).toThrow(InvalidArgumentError);
  });
});

describe('nextBatch', () => {
  // Rows below and above the size from which they are copied whole.
  it.each([
    [2, 3],
    [8, 8],
  ])('keeps images of %s x %s pixels with their labels', (rows, columns) => {
    const set = numbered(10, { seed: 1 }, rows, columns);
    const pixels = rows * columns;
    for (let step = 0; step < 7; step++) {
      const [images, labels] = set.nextBatch(4);
      expect(images.shape).toEqual([4, pixels]);
      expect(labels.shape).toEqual([4]);
      for (let i = 0; i < 4; i++) {
        const row = images.data.subarray(i * pixels, (i + 1) * pixels);
        expect(new Set(row)).toEqual(new Set([Math.fround(labels.at(i) / 255)]));
      }
    }
  });

  it('keeps uint8 images with their one-hot labels', () => {
    const set = numbered(10, { seed: 1, dtype: 'uint8', oneHot: true });
    for (let step = 0; step < 7; step++) {
      const [images, labels] = set.nextBatch(3);
      expect(labels.shape).toEqual([3, 10]);
      for (let i = 0; i < 3; i++)
        expect([...labels.data.subarray(i * 10, i * 10 + 10)].indexOf(1)).toBe(images.at(i, 5));
    }
  });

  it('gives every example exactly once an epoch, in batches that divide it or not', () => {
    for (const size of [1, 3, 5, 7, 10]) {
      const set = numbered(10, { seed: 3 });
      const drawn = Array.from({ length: 10 * size }, () => next(set, size)).flat();
      for (let epoch = 0; epoch < drawn.length; epoch += 10)
        expect(sorted(drawn.slice(epoch, epoch + 10))).toEqual(ascending(10));
    }
  });

  it('puts every epoch in another order', () => {
    const set = numbered(50, { seed: 3 });
    const epochs = [next(set, 50), next(set, 50), next(set, 50), ascending(50)];
    expect(new Set(epochs.map(String)).size).toBe(4);
  });

  it('counts epochs and the examples of this one as TensorFlow 1 does', () => {
    const set = numbered(10);
    expect([set.numExamples, set.epochsCompleted, set.indexInEpoch]).toEqual([10, 0, 0]);
    const seen = Array.from({ length: 6 }, () => {
      set.nextBatch(4);
      return [set.epochsCompleted, set.indexInEpoch];
    });
    expect(seen).toEqual([
      [0, 4],
      [0, 8],
      [1, 2],
      [1, 6],
      // A full epoch is completed by the batch after it.
      [1, 10],
      [2, 4],
    ]);
  });

  it('gives the same batches for the same seed, whatever the dtype, and others for another', () => {
    const batches = (seed: number) => next(numbered(100, { seed }), 30);
    expect(batches(5)).toEqual(batches(5));
    expect(batches(5)).not.toEqual(batches(6));
    const bytes = numbered(100, { seed: 5, dtype: 'uint8' });
    expect([...bytes.nextBatch(30)[1].data]).toEqual(batches(5));
    // Written down, so that a new version or another machine can't change it unnoticed.
    expect(next(numbered(10, { seed: 5 }), 10)).toEqual([6, 4, 1, 2, 3, 7, 0, 5, 8, 9]);
  });

  it('begins anew when it is reset, wherever it stands', () => {
    const set = numbered(10, { seed: 3 });
    const batches = () => Array.from({ length: 7 }, () => next(set, 4));
    const first = batches();
    expect(batches()).not.toEqual(first);
    set.nextBatch(3);
    set.reset();
    expect([set.epochsCompleted, set.indexInEpoch]).toEqual([0, 0]);
    expect(batches()).toEqual(first);
    set.reset();
    expect(next(set, 10, false)).toEqual(ascending(10));
  });

  it('chooses a seed when none is given, and tells it', () => {
    const [first, second] = [numbered(50), numbered(50)];
    expect(first.seed).not.toBe(second.seed);
    expect(next(numbered(50, { seed: first.seed }), 50)).toEqual(next(first, 50));
  });

  it('says that there are none, instead of looking for them without end, in a set of no examples', () => {
    const empty = new DataSet(
      new HostArray('uint8', [0, 4], new Uint8Array(0)),
      new HostArray('uint8', [0], new Uint8Array(0)),
    );
    expect(() => empty.nextBatch(1)).toThrow('the set has no examples, of which to make a batch');
    expect(() => empty.skip(1)).toThrow('expected no examples to skip of a set that has none, got 1');
    expect(() => empty.skip(0)).not.toThrow();
  });

  it.each([0, 3, 10, 25, 100])('goes on after %s skipped examples as if it had handed them out', (skipped) => {
    const [handedOut, skipping] = [numbered(10, { seed: 5 }), numbered(10, { seed: 5 })];
    for (let i = 0; i < skipped; i++) handedOut.nextBatch(1);
    skipping.skip(skipped);
    expect(skipping.nextBatch(7)).toEqual(handedOut.nextBatch(7));
    expect(skipping.epochsCompleted).toBe(handedOut.epochsCompleted);
    expect(() => skipping.skip(-1)).toThrow('expected a number of examples to skip, got -1');
  });

  it('goes in file order without shuffling, over the ends of epochs too', () => {
    const set = numbered(5);
    expect([next(set, 3, false), next(set, 3, false), next(set, 5, false)]).toEqual([
      [0, 1, 2],
      [3, 4, 0],
      [1, 2, 3, 4, 0],
    ]);
  });

  it('returns arrays of its own', () => {
    const set = numbered(4, { seed: 1 });
    const before = [...set.images.data];
    const [images, labels] = set.nextBatch(4);
    const [again] = set.nextBatch(4);
    const copy = [...again.data];
    images.data.fill(7);
    labels.data.fill(7);
    expect([...set.images.data]).toEqual(before);
    expect([...again.data]).toEqual(copy);
    expect([...set.labels.data]).toEqual([0, 1, 2, 3]);
  });

  it('gives ones with label 0 for fakeData, and leaves its place', () => {
    const set = numbered(10, { seed: 1 });
    const [images, labels] = set.nextBatch(2, { fakeData: true });
    expect(images).toEqual(new HostArray('float32', [2, 6], new Float32Array(12).fill(1)));
    expect(labels).toEqual(new HostArray('int32', [2], Int32Array.of(0, 0)));
    expect(set.indexInEpoch).toBe(0);
    const oneHot = numbered(3, { dtype: 'uint8', oneHot: true, numClasses: 3 }).nextBatch(2, { fakeData: true });
    expect(oneHot[0].data).toEqual(new Uint8Array(12).fill(1));
    expect(oneHot[1]).toEqual(new HostArray('float32', [2, 3], Float32Array.of(1, 0, 0, 1, 0, 0)));
  });

  it.each([0, -1, 1.5, 11, Number.NaN])('refuses a batch of %s from 10 examples, and stays where it is', (size) => {
    const set = numbered(10, { seed: 1 });
    expect(() => set.nextBatch(size)).toThrow(InvalidArgumentError);
    expect(() => set.nextBatch(size)).toThrow(
      `expected a batch size from 1 to 10, the number of examples, got ${size}`,
    );
    expect(set.indexInEpoch).toBe(0);
  });
});
