/** Checks of histograms read from event files. */
import type { summary } from '../tf';

/** A tensor's histogram at a step. */
export type HistogramEvent = summary.SummaryEvent & summary.Histogram;

/** A training run's histograms by tag, in the order of steps. */
export type Histograms = ReadonlyMap<string, readonly HistogramEvent[]>;

/** The non-empty buckets. */
const filled = ({ lows, highs, counts }: summary.Histogram) =>
  counts.flatMap((count, i) => (count > 0 ? [{ low: lows[i]!, high: highs[i]!, count }] : []));

/** The largest distance of a value from zero. */
export const reachOf = (histogram: summary.Histogram): number =>
  Math.max(...filled(histogram).map(({ low, high }) => Math.max(-low, high)));

/** Whether all values are zero at every step; TensorFlow's bucket around zero is very narrow. */
export const isZero = (histograms: readonly summary.Histogram[]): boolean =>
  histograms.length > 0 && histograms.every((histogram) => reachOf(histogram) < 1e-9);

/** The root mean square of the values, approximated from the buckets. */
export function sizeOf(histogram: summary.Histogram): number {
  const buckets = filled(histogram);
  const all = buckets.reduce((sum, { count }) => sum + count, 0);
  return Math.sqrt(buckets.reduce((sum, { low, high, count }) => sum + count * ((low + high) / 2) ** 2, 0) / all);
}
