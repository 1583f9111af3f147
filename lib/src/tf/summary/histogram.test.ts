import { describe, expect, it } from 'vitest';
import { type ArrayLike, HostArray, toHostArray } from '../../runtime/hostArray';
import { summarize } from '../../testing/summarize';
import { constant } from '../ops/constants';
import { histogram } from './builders';
import { histogramOf } from './histogram';

/** What TensorFlow's `HistogramSummary` makes of values. */
const fromTensorFlow = (values: ArrayLike) =>
  summarize(() => histogram('h', constant(toHostArray(values)) as never))[0]!.histo;

describe('histogramOf', () => {
  it.each<[string, ArrayLike]>([
    ['numbers around zero', Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i) ** 5)],
    ['float32', Float32Array.from({ length: 1000 }, (_, i) => Math.exp(Math.cos(i) * 10))],
    ['very small and very large numbers', Float64Array.of(1e-300, -1e-13, 1e-12, 1.1e-12, 1e20, -1e21, 1e100, 5e-324)],
    ['zeros', new Float32Array(7)],
    ['one number', Float64Array.of(-3)],
    ['limits of buckets', Float64Array.of(0, 1e-12, 1e-12 * 1.1, 1e-12 * 1.1 * 1.1, -1e-12)],
    ['whole numbers', Int32Array.of(-3, 0, 2, 2, 100)],
    ['64-bit integers', BigInt64Array.of(1n, -5n, 1n)],
    ['bytes', Uint8Array.of(0, 255, 127)],
    ['no numbers at all', new Float64Array(0)],
    ['a matrix', new HostArray('float32', [2, 2], Float32Array.of(1, 2, 3, 4))],
  ])('makes the buckets that TensorFlow makes: %s', (_, values) => {
    expect({ ...histogramOf(values) }).toEqual({ ...fromTensorFlow(values) });
  });

  it('takes nested arrays', () => {
    expect(
      histogramOf([
        [1, 2],
        [0.1, 4],
      ]),
    ).toMatchObject({ min: 0.1, max: 4, num: 4, sum: 7.1 });
  });

  it('refuses what is no finite number, as TensorFlow does', () => {
    expect(() => histogramOf([1, Number.NaN])).toThrow('expected finite numbers for a histogram, got NaN at index 1');
    expect(() => histogramOf([Number.NEGATIVE_INFINITY])).toThrow('got -Infinity at index 0');
    expect(() => histogramOf(['a'])).toThrow('expected numbers for a histogram, got strings');
  });
});
