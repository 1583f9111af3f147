/** Histograms with TensorFlow's buckets; each bucket is a tenth wider than the one before. */

import type { HistogramProto, Summary } from '../../protos';
import { shown } from '../../runtime/arguments';
import { DataLossError, InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { decodeTensor } from '../graph/tensorProto';

/** A histogram read from an event file: `counts[i]` values lie between `lows[i]` and `highs[i]`. */
export interface Histogram {
  lows: readonly number[];
  highs: readonly number[];
  counts: readonly number[];
}

/** The upper ends of the buckets, in ascending order. */
const limits = bucketLimits();

/**
 * The histogram of values, like TensorFlow's `HistogramSummary`: the same buckets, with consecutive empty ones merged.
 *
 * @param values of any shape
 * @see TensorFlow's core/lib/histogram/histogram.cc
 * @throws {InvalidArgumentError} when a value is not a finite number
 */
export function histogramOf(values: ArrayLike): HistogramProto {
  const { data } = numbersOf(values, 'a histogram');
  const counts = new Float64Array(limits.length);
  let min = Number.MAX_VALUE;
  let max = -Number.MAX_VALUE;
  let sum = 0;
  let sumSquares = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value))
      throw new InvalidArgumentError(`expected finite numbers for a histogram, got ${shown(value)} at index ${i}`);
    counts[bucketOf(value)]!++;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    sumSquares += value * value;
  }
  return { min, max, num: data.length, sum, sumSquares, ...collapsed(counts) };
}

function bucketLimits(): Float64Array {
  const positive: number[] = [];
  for (let limit = 1e-12; limit < 1e20; limit *= 1.1) positive.push(limit);
  positive.push(Number.MAX_VALUE);
  return Float64Array.of(...positive.map((limit) => -limit).reverse(), 0, ...positive);
}

/** The first bucket whose limit is above the value. */
function bucketOf(value: number): number {
  let low = 0;
  let high = limits.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limits[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The non-empty buckets, and an empty one for each gap between and around them. */
function collapsed(counts: Float64Array): { bucketLimit: number[]; bucket: number[] } {
  const bucketLimit: number[] = [];
  const bucket: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    while (counts[i] === 0 && counts[i + 1] === 0) i++;
    bucketLimit.push(limits[i]!);
    bucket.push(counts[i]!);
  }
  return { bucketLimit, bucket };
}

/**
 * The histogram of a summary. TensorFlow 1's outermost buckets extend to the greatest float, and are clipped to the
 * values; TensorFlow 2's is a tensor `[buckets, 3]`.
 */
export function histogramsOf({ histo, tensor }: Summary.Value, plugin?: string): Histogram[] {
  if (histo) return [withinValues(histo)];
  const array = plugin === 'histograms' && tensor ? decodeTensor(tensor) : undefined;
  if (array?.rank !== 2 || array.shape[1] !== 3) return [];
  const column = (which: number) =>
    Array.from({ length: array.shape[0]! }, (_, row) => Number(array.data[3 * row + which]));
  return [{ lows: column(0), highs: column(1), counts: column(2) }];
}

function withinValues({ min, max, bucketLimit, bucket }: HistogramProto): Histogram {
  if (bucketLimit.length !== bucket.length)
    throw new DataLossError(`the histogram has ${bucket.length} counts for ${bucketLimit.length} buckets`);
  let first = 0;
  let last = bucket.length - 1;
  while (bucket[first] === 0) first++;
  while (bucket[last] === 0) last--;
  if (first > last) return { lows: [], highs: [], counts: [] };
  const inner = bucketLimit.slice(first, last);
  return { lows: [min, ...inner], highs: [...inner, max], counts: bucket.slice(first, last + 1) };
}
