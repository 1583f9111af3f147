import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { InvalidArgumentError } from '../runtime/errors';
import { HostArray, toHostArray } from '../runtime/hostArray';
import { type ColumnDataSet, DataSet } from './dataSet';

/** Examples of columns of several kinds, in which each tells which example it is. */
function numbered(count: number, seed = 5) {
  const numbers = Array.from({ length: count }, (_, i) => i);
  return new DataSet(
    {
      features: numbers.map((i) => [i, -i]),
      wide: numbers.map((i) => Array.from({ length: 40 }, () => i)),
      number: Int32Array.from(numbers),
      id: numbers.map((i) => 2n ** 60n + BigInt(i)),
      name: numbers.map((i) => `nr ${i}`),
      isEven: numbers.map((i) => i % 2 === 0),
      weight: Float64Array.from(numbers, (i) => i / 3),
    },
    { seed },
  );
}

describe('a DataSet of named columns', () => {
  it('takes arrays of any dtype and shape, and types each', () => {
    const set = numbered(4);
    expectTypeOf(set).toEqualTypeOf<
      ColumnDataSet<{
        features: HostArray<'float32'>;
        wide: HostArray<'float32'>;
        number: HostArray<'int32'>;
        id: HostArray<'int64'>;
        name: HostArray<'string'>;
        isEven: HostArray<'bool'>;
        weight: HostArray<'float64'>;
      }>
    >();
    expectTypeOf(set.nextBatch).returns.toEqualTypeOf<(typeof set)['columns']>();
    expect(set.columns.features).toEqual(
      toHostArray(
        [
          [0, -0],
          [1, -1],
          [2, -2],
          [3, -3],
        ],
        'float32',
      ),
    );
    expect([set.numExamples, set.seed, set.epochsCompleted, set.indexInEpoch]).toEqual([4, 5, 0, 0]);
    const bytes = new DataSet({ pixels: new Uint8Array(4), of: new HostArray('uint16', [4, 0], new Uint16Array()) });
    expectTypeOf(bytes.columns).toEqualTypeOf<{ pixels: HostArray<'uint8'>; of: HostArray<'uint16'> }>();
    expect(bytes.columns.pixels.dtype).toBe('uint8');
    expect(bytes).toBeInstanceOf(DataSet);
  });

  it('may have its columns described by an interface', () => {
    interface Flowers {
      features: HostArray<'float32'>;
      species: HostArray<'int32'>;
    }
    const given: Flowers = { features: toHostArray([[1], [2]]), species: toHostArray([0, 1], 'int32') };
    const half = (set: ColumnDataSet<Flowers>) => set.split({ a: 0.5, b: 0.5 }).a;
    const part = half(new DataSet(given));
    expectTypeOf(part).toEqualTypeOf<ColumnDataSet<Flowers>>();
    expect(part.numExamples).toBe(1);
  });

  it('hands out batches whose columns belong together, each example once an epoch', () => {
    const set = numbered(10);
    const seen: number[] = [];
    for (let step = 0; step < 5; step++) {
      const batch = set.nextBatch(4);
      expect(Object.values(batch).map(({ shape }) => shape[0])).toEqual([4, 4, 4, 4, 4, 4, 4]);
      for (let i = 0; i < 4; i++) {
        const number = batch.number.at(i);
        seen.push(number);
        expect([batch.features.at(i, 1), batch.wide.at(i, 39), batch.id.at(i), batch.name.at(i).toString()]).toEqual([
          -number,
          number,
          2n ** 60n + BigInt(number),
          `nr ${number}`,
        ]);
        expect([batch.isEven.at(i), batch.weight.at(i)]).toEqual([number % 2 === 0, number / 3]);
      }
    }
    for (const epoch of [seen.slice(0, 10), seen.slice(10)])
      expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, i) => i));
    expect([set.epochsCompleted, set.indexInEpoch]).toEqual([1, 10]);
  });

  it('has the order of the set of images with the same seed, skips and begins anew as it does', () => {
    const set = numbered(10);
    // What dataSet.test.ts has written down.
    expect([...set.nextBatch(10).number.data]).toEqual([6, 4, 1, 2, 3, 7, 0, 5, 8, 9]);
    set.reset();
    set.skip(3);
    expect([...set.nextRows(2).data]).toEqual([2, 3]);
    set.reset();
    expect([...set.nextBatch(3, { shuffle: false }).number.data]).toEqual([0, 1, 2]);
    expect(() => set.nextBatch(11)).toThrow('expected a batch size from 1 to 10, the number of examples, got 11');
    const withFakeData: object = { fakeData: true };
    expect(() => set.nextBatch(1, withFakeData)).toThrow("there is no option 'fakeData'; the options are shuffle");
    expect(() => set.nextBatch(1, true as never)).toThrow(InvalidArgumentError);
  });

  it('gives parts in its own order, and chosen examples', () => {
    const set = numbered(5);
    const { number, name, wide } = set.slice(1, 3);
    expect([[...number.data], name.data.map(String), wide.shape]).toEqual([
      [1, 2],
      ['nr 1', 'nr 2'],
      [2, 40],
    ]);
    expect([...set.take([4, 0, 4]).number.data]).toEqual([4, 0, 4]);
    expect([...set.take(Int32Array.of(2)).id.data]).toEqual([2n ** 60n + 2n]);
    expect(set.take([]).features.shape).toEqual([0, 2]);
    expect(() => set.take([5])).toThrow('expected numbers of examples from 0 up to and without 5, got 5');
    expect(() => set.take([0.5])).toThrow(InvalidArgumentError);
    expect(() => set.slice(0, 6)).toThrow('expected a part of 5 examples, from 0 to 5, got 0 to 6');
    const images = new DataSet(new HostArray('uint8', [2, 1], Uint8Array.of(0, 255)), toHostArray([3, 4], 'int32'));
    expect(images.take([1]).map((array) => [...array.data])).toEqual([[1], [4]]);
    expect(images.columns.labels).toBe(images.labels);
  });

  it('is printed in one line', () => {
    const set = new DataSet({
      features: new HostArray('float32', [1500, 4], new Float32Array(6000)),
      species: new Int32Array(1500),
    });
    expect(inspect(set)).toBe('DataSet of 1,500 examples: features float32 [1500, 4], species int32 [1500]');
  });

  it('says what is wrong with columns', () => {
    const make = (columns: unknown, options?: object) => () => new DataSet(columns as { x: number[] }, options);
    expect(make({})).toThrow('expected columns, such as { features, species }, got none');
    expect(make({ a: [1, 2], b: [[1], [2], [3]] })).toThrow(
      'expected as many examples in every column, got a float32 [2], b float32 [3, 1]',
    );
    expect(make({ a: [1], b: 3 })).toThrow('column b: expected an array with an element for each example, got 3');
    expect(make({ a: [[1], [1, 2]] })).toThrow(
      'column a: nested arrays must be rectangular: expected an array of 1 at depth 1, got an array of 2',
    );
    expect(make({ a: [1, 'x'] })).toThrow("column a: expected float32, got 'x' at [1]");
    expect(make({ a: undefined })).toThrow('column a: expected');
    for (const wrong of [[1, 2], new Float32Array(2), undefined, null, 'x', new Map(), numbered(2)])
      expect(make(wrong)).toThrow('columns are an object of arrays, such as { features, species }, not');
    expect(make({ a: [1] }, { sed: 1 })).toThrow("there is no option 'sed'; did you mean 'seed'?");
    expect(make({ a: [] })().numExamples).toBe(0);
  });
});
