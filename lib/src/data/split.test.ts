import { describe, expect, expectTypeOf, it } from 'vitest';
import { HostArray, toHostArray } from '../runtime/hostArray';
import { type ColumnDataSet, DataSet } from './dataSet';
import { packedImages } from './rows';

const numbers = (count: number) =>
  new DataSet({ number: Int32Array.from({ length: count }, (_, i) => i) }, { seed: 3 });
const numbersIn = (set: ColumnDataSet<{ number: HostArray<'int32'> }>) => [...set.columns.number.data];
const ascending = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('split', () => {
  it('puts every example into exactly one part, in the order of the set', () => {
    for (const count of [3, 10, 150, 1000]) {
      const parts = numbers(count).split({ train: 0.5, validation: 0.25, test: 0.25 }, { seed: 1 });
      expectTypeOf(parts.train).toEqualTypeOf<ColumnDataSet<{ number: HostArray<'int32'> }>>();
      const all = Object.values(parts).map(numbersIn);
      for (const part of all) expect(part).toEqual([...part].sort((a, b) => a - b));
      expect(all.flat().sort((a, b) => a - b)).toEqual(ascending(count));
    }
  });

  it('gives each part its fraction, exactly where that is a whole number of examples, and else up to one', () => {
    const sizes = (count: number, fractions: Record<string, number>) =>
      Object.values(numbers(count).split(fractions)).map(({ numExamples }) => numExamples);
    expect(sizes(10, { train: 0.8, test: 0.2 })).toEqual([8, 2]);
    expect(sizes(1000, { a: 0.7, b: 0.2, c: 0.1 })).toEqual([700, 200, 100]);
    expect(sizes(3, { a: 1 / 3, b: 1 / 3, c: 1 / 3 })).toEqual([1, 1, 1]);
    expect(sizes(7, { all: 1 })).toEqual([7]);
    for (const [i, size] of sizes(151, { a: 0.7, b: 0.15, c: 0.15 }).entries())
      expect(Math.abs(size - 151 * [0.7, 0.15, 0.15][i]!)).toBeLessThan(1);
  });

  it('makes the same parts of the same seed, and others of another', () => {
    const test = (seed?: number) =>
      numbersIn(numbers(20).split({ train: 0.75, test: 0.25 }, seed === undefined ? {} : { seed }).test);
    expect(test(1)).toEqual(test(1));
    expect(test(1)).not.toEqual(test(2));
    expect(test()).toEqual(test(3)); // the set's own seed
    // Written down, so that a new version or another machine can't change it unnoticed.
    expect(test(1)).toEqual([7, 9, 13, 14, 18]);
    const { train } = numbers(20).split({ train: 0.75, test: 0.25 }, { seed: 9 });
    expect([train.seed, train.numExamples]).toEqual([9, 15]);
    expect(numbersIn(train)).toContain(train.nextBatch(1).number.at(0));
  });

  it('gives every part its fraction of each class, where it is told to', () => {
    // Sorted by class, and one class much rarer than the others.
    const species = [
      ...Array<string>(50).fill('setosa'),
      ...Array<string>(90).fill('virginica'),
      ...Array<string>(10).fill('rara'),
    ];
    for (let seed = 0; seed < 20; seed++) {
      const parts = new DataSet({ species }).split(
        { train: 0.6, validation: 0.2, test: 0.2 },
        { seed, stratifyBy: 'species' },
      );
      const counts = Object.values(parts).map(({ columns }) => {
        const names = columns.species.data.map(String);
        return ['setosa', 'virginica', 'rara'].map((name) => names.filter((other) => other === name).length);
      });
      expect(counts).toEqual([
        [30, 54, 6],
        [10, 18, 2],
        [10, 18, 2],
      ]);
    }
    const isRare = Array.from({ length: 33 }, (_, i) => i % 11 === 0);
    const halves = new DataSet({ isRare }).split({ a: 0.5, b: 0.5 }, { seed: 1, stratifyBy: 'isRare' });
    const rare = Object.values(halves).map(({ columns }) => columns.isRare.data.reduce((sum, value) => sum + value, 0));
    expect(rare.sort()).toEqual([1, 2]);
  });

  it('parts sets of images and labels too, whose bytes stay packed', () => {
    const count = 2800; // of which each half is worth packing
    const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => Math.floor(i / 784) % 256);
    const labels = Int32Array.from({ length: count }, (_, i) => i);
    const images = new HostArray('uint8', [count, 28, 28], pixels);
    const set = new DataSet(images, toHostArray(labels), { seed: 1 });
    const { a, b } = set.split({ a: 0.5, b: 0.5 });
    expectTypeOf(a).toEqualTypeOf<DataSet>();
    expect([a.numExamples, b.numExamples]).toEqual([1400, 1400]);
    expect(packedImages(a.images)).toBeDefined();
    const [some, which] = a.nextBatch(3);
    for (let i = 0; i < 3; i++) expect(some.at(i, 783)).toBe(Math.fround((which.at(i) % 256) / 255));
    const oneHot = new DataSet(images, toHostArray(labels.map((i) => i % 10)), { oneHot: true, seed: 1 });
    const part = oneHot.split({ a: 0.9, b: 0.1 }).b;
    expect(part.labels.shape).toEqual([280, 10]);
    expect(part.toString()).toBe('DataSet of 280 examples: images float32 [280, 784], labels float32 [280, 10]');
    expect(() => oneHot.split({ a: 1 }, { stratifyBy: 'labels' })).toThrow(
      'expected a column with one value an example to stratify by, got column labels, of shape [2800, 10]',
    );
  });

  it('says what is wrong with fractions', () => {
    const split = (fractions: unknown, options?: object) => () =>
      numbers(10).split(fractions as { train: number }, options);
    expect(split({ train: 0.7, test: 0.2 })).toThrow(
      'expected fractions that add up to 1, got { train: 0.7, test: 0.2 }, which add up to 0.9',
    );
    expect(split({ train: 0.99, test: 0.01 })).toThrow(
      "10 examples are too few for a part of 0.01: there would be none in 'test'",
    );
    for (const wrong of [0, -0.5, 1.5, Number.NaN, '1'])
      expect(split({ train: 0.5, test: wrong })).toThrow("expected a fraction above 0 and up to 1 for 'test', got");
    expect(split([0.5, 0.5])).toThrow('fractions are an object such as { train: 0.8, test: 0.2 }, not [ 0.5, 0.5 ]');
    expect(split({})).toThrow('expected fractions that add up to 1, got {}, which add up to 0');
    expect(split(1)).toThrow('fractions are an object');
    expect(split(1, { train: 1 })).toThrow('fractions are an object such as { train: 0.8, test: 0.2 }, not 1');
    expect(split({ train: 1 }, { stratifyBy: 'species' })).toThrow(
      "expected a column with one value an example to stratify by, got 'species'; the columns are number int32 [10]",
    );
    expect(split({ train: 1 }, { stratify: 'number' })).toThrow("did you mean 'stratifyBy'?");
    expect(() => new DataSet({ x: [] }).split({ a: 1 })).toThrow('0 examples are too few');
  });
});
