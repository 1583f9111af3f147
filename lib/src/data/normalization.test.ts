import { describe, expect, expectTypeOf, it } from 'vitest';
import { HostArray, toHostArray } from '../runtime/hostArray';
import { type ColumnDataSet, DataSet } from './dataSet';
import { fitNormalization, Normalization } from './normalization';

const features = [
  [1, 10, 5],
  [2, 20, 5],
  [3, 60, 5],
];

describe('fitNormalization', () => {
  it('finds mean and standard deviation of each of an example’s numbers, of float32 and float64', () => {
    const set = new DataSet({ features, weight: Float64Array.of(1, 2, 6), name: ['a', 'b', 'c'] });
    const normalization = fitNormalization(set, ['features', 'weight']);
    expectTypeOf(normalization).toEqualTypeOf<Normalization<'features' | 'weight'>>();
    // What numpy's mean(axis=0) and std(axis=0) give.
    expect(normalization.columns.features.mean).toEqual([2, 30, 5]);
    expect(normalization.columns.features.std.map((value) => +value.toFixed(7))).toEqual([0.8164966, 21.602469, 0]);
    expect(normalization.columns.weight.mean).toEqual([3]);
    // @ts-expect-error: no floats
    expect(() => fitNormalization(set, ['name'])).toThrow(
      "column name: expected float32 or float64, got string; tf.hostArray(column, 'float32') converts",
    );
  });

  it('normalizes sets by what the training set has, and leaves other columns as they are', () => {
    const train = new DataSet({ features, species: Int32Array.of(0, 1, 2) }, { seed: 7 });
    const normalization = fitNormalization(train, ['features']);
    const normal = normalization.apply(train);
    expectTypeOf(normal).toEqualTypeOf<
      ColumnDataSet<{ features: HostArray<'float32'>; species: HostArray<'int32'> }>
    >();
    expect(normal.seed).toBe(7);
    expect(normal.columns.species).toBe(train.columns.species);
    expect(normal.columns.features.shape).toEqual([3, 3]);
    const again = fitNormalization(normal, ['features']).columns.features;
    for (const i of [0, 1]) {
      expect(again.mean[i]).toBeCloseTo(0, 6);
      expect(again.std[i]).toBeCloseTo(1, 6);
    }
    const other = new DataSet({ features: [[2, 30, 7]], species: [1] });
    expect([...normalization.apply(other).columns.features.data]).toEqual([0, 0, 2]);
    expect(train.columns.features.at(2, 1)).toBe(60); // as it was
  });

  it('does not divide by zero where all examples have the same number, one that floats don’t hold exactly among them', () => {
    for (const value of [0, 5, 0.1, 1e30, -1e-30]) {
      const set = new DataSet({ x: Float64Array.from({ length: 1000 }, () => value) });
      const normalization = fitNormalization(set, ['x']);
      expect(normalization.columns.x).toEqual({ mean: [value], std: [0] });
      expect(new Set(normalization.apply(set).columns.x.data)).toEqual(new Set([0]));
    }
  });

  it('applies to columns such as a batch, of what is fitted those that are there, and goes back', () => {
    const set = new DataSet({ features, price: [1, 2, 6] });
    const normalization = fitNormalization(set, ['features', 'price']);
    const batch = set.nextBatch(2);
    const normal = normalization.apply(batch);
    expectTypeOf(normal).toEqualTypeOf<typeof batch>();
    const back = normalization.invert(normal);
    for (let i = 0; i < 6; i++) expect(back.features.data[i]).toBeCloseTo(batch.features.data[i]!, 4);
    expect(normalization.invert({ price: toHostArray([0]) }).price.at(0)).toBe(3);
    expect(normalization.invert(normalization.apply(set)).columns.price.at(2)).toBeCloseTo(6, 5);
  });

  it('is kept as JSON', () => {
    const normalization = fitNormalization(new DataSet({ x: [0.1, 0.2, 0.7] }), ['x']);
    const json = JSON.stringify({ normalization });
    const again = Normalization.fromJSON(JSON.parse(json).normalization);
    expect(again.columns).toEqual(normalization.columns);
    const x = toHostArray([0.3, 0.4]);
    expect(again.apply({ x })).toEqual(normalization.apply({ x }));
    for (const wrong of [
      { x: 1 },
      { x: { mean: [1], std: [] } },
      { x: { mean: [1], std: [-1] } },
      { x: { mean: [null], std: [1] } },
    ])
      expect(() => Normalization.fromJSON(wrong)).toThrow('column x: expected { mean, std }, as many numbers each');
    expect(() => Normalization.fromJSON('x')).toThrow('what a normalization has of each column is an object');
  });

  it('says in which example of which column a NaN or an infinity is, instead of making everything one', () => {
    const values = [
      [1, 2],
      [3, Number.NaN],
      [5, 6],
    ];
    const set = new DataSet({ features: values });
    expect(() => fitNormalization(set, ['features'])).toThrow('column features: example 1 is NaN, number 1 of 2');
    const sound = fitNormalization(
      new DataSet({
        features: [
          [1, 2],
          [3, 4],
        ],
      }),
      ['features'],
    );
    expect(() => sound.apply(set)).toThrow('column features: example 1 is NaN');
    expect(() => fitNormalization(new DataSet({ x: [1, Number.POSITIVE_INFINITY] }), ['x'])).toThrow(
      'column x: example 1 is Infinity',
    );
  });

  it('says what is wrong', () => {
    const set = new DataSet({ x: [1, 2], n: Int32Array.of(1, 2) });
    const names = (...columns: string[]) => columns as 'x'[];
    expect(() => fitNormalization(set, names('y'))).toThrow(
      "there is no column 'y' in the DataSet of 2 examples: x float32 [2]",
    );
    expect(() => fitNormalization(set, names('n'))).toThrow('column n: expected float32 or float64, got int32');
    expect(() => fitNormalization(set, names())).toThrow("expected names of columns, such as ['features'], got []");
    expect(() => fitNormalization({} as typeof set, names('x'))).toThrow('what is fitted is a DataSet, not {}');
    expect(() => fitNormalization(new DataSet({ x: [] }), names('x'))).toThrow('there are no examples');
    const normalization = fitNormalization(set, ['x']);
    expect(() => normalization.apply({ x: toHostArray([[1, 2]]) })).toThrow(
      'column x: expected examples of 1 numbers, as there were when it was fitted, got them of shape [2]',
    );
    expect(() => normalization.apply({ x: [1, 2] } as never)).toThrow(
      'column x: expected float32 or float64, got [ 1, 2 ]',
    );
    expect(new HostArray('float32', [2], Float32Array.of(-0.5, 0.5)).dtype).toBe(
      normalization.apply(set).columns.x.dtype,
    );
  });
});
