/** Histograms by step: from event files, or of values. */
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { type Histogram, readSummaries } from '../../tf/summary';
import { extent, roundedFor } from './numbers';
import { type Logdirs, readRuns } from './runs';

/** The values of a step. */
export interface StepValues {
  step: number;
  values: ArrayLike;
}

/** Options common to plots of histograms by step. */
export interface StepHistogramsOptions {
  title?: string;
  /**
   * The tags to show, in this order.
   *
   * @defaultValue all in the event files, by name
   */
  tags?: string | readonly string[];
}

/** The histogram of a step. */
export type StepHistogram = Histogram & { step: number };

/** The histograms of a tag and run. */
export interface HistogramSeries {
  title: string;
  steps: readonly StepHistogram[];
}

/**
 * All histograms in event files, a series per tag and run; or one series of values, without a title.
 *
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files, or no run has a requested tag
 * @throws {InvalidArgumentError} when there are no values
 */
export async function histogramSeries(
  source: Logdirs | readonly StepValues[],
  tags: StepHistogramsOptions['tags'],
): Promise<HistogramSeries[]> {
  if (isSteps(source)) {
    if (source.length === 0) throw new InvalidArgumentError('expected values by step, got none');
    return [{ title: '', steps: source.map(histogramOf) }];
  }
  const runs = await readRuns(source, async ({ name, folder }) => ({
    name,
    found: await readSummaries(folder, 'histograms'),
  }));
  const wanted = tags === undefined ? undefined : [tags].flat();
  const series: HistogramSeries[] = [];
  const there = new Set<string>();
  for (const { name, found } of runs) {
    for (const tag of found.keys()) there.add(tag);
    for (const tag of wanted ?? [...found.keys()].sort()) {
      const steps = found.get(tag)?.filter(({ counts }) => counts.length > 0);
      if (steps?.length) series.push({ title: runs.length > 1 ? `${name}: ${tag}` : tag, steps });
    }
  }
  for (const tag of wanted ?? [])
    if (!there.has(tag))
      throw new NotFoundError(
        `no run has histograms of the tag '${tag}', but of ${[...there].map((one) => `'${one}'`).join(', ') || 'none'}`,
      );
  if (series.length === 0) throw new NotFoundError('there are event files, but no histograms in them');
  return series;
}

function isSteps(source: Logdirs | readonly StepValues[]): source is readonly StepValues[] {
  return Array.isArray(source) && source.every((one) => typeof one === 'object' && one !== null);
}

function histogramOf({ step, values }: StepValues): StepHistogram {
  const data = Float64Array.from(numbersOf(values, `values of step ${step}`).data)
    .filter(Number.isFinite)
    .sort();
  if (data.length === 0) throw new InvalidArgumentError(`expected finite values of step ${step}, got none`);
  const sorted = Array.from(data);
  return { step, lows: sorted, highs: sorted, counts: sorted.map(() => 1) };
}

/** At most `count` of the values, evenly selected. */
export function evenly<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))]!);
}

/** Equal bins for all steps. */
export interface Bins {
  /** The centre of each bin. */
  middles: number[];
  /** By step: the fraction of its values in each bin. */
  shares: number[][];
}

/** The fractions of the values in `count` equal bins from the minimum to the maximum of all steps. */
export function binned(steps: readonly StepHistogram[], count: number): Bins {
  const [least, greatest] = extent(steps.flatMap(({ lows, highs }) => [extent(lows)[0], extent(highs)[1]]));
  const [start, end] = least < greatest ? [least, greatest] : [least - 0.5, least + 0.5];
  const width = (end - start) / count;
  const round = roundedFor(width);
  return {
    middles: Array.from({ length: count }, (_, bin) => round(start + (bin + 0.5) * width)),
    shares: steps.map((step) => sharesOf(step, start, width, count)),
  };
}

/** Values are assumed to be evenly distributed in a bucket. */
function sharesOf({ lows, highs, counts }: StepHistogram, start: number, width: number, count: number): number[] {
  const total = counts.reduce((a, b) => a + b, 0) || 1;
  const bins = new Array<number>(count).fill(0);
  const binOf = (value: number) => Math.max(0, Math.min(count - 1, Math.floor((value - start) / width)));
  for (const [i, inBucket] of counts.entries()) {
    const [low, high] = [lows[i]!, highs[i]!];
    const [firstBin, lastBin] = [binOf(low), binOf(high)];
    for (let bin = firstBin; bin <= lastBin; bin++) {
      const overlap = Math.min(high, start + (bin + 1) * width) - Math.max(low, start + bin * width);
      bins[bin]! += ((firstBin === lastBin ? 1 : overlap / (high - low)) * inBucket) / total;
    }
  }
  return bins;
}

/** The quantiles for ascending fractions; values are assumed to be evenly distributed in a bucket. */
export function quantiles({ lows, highs, counts }: Histogram, shares: readonly number[]): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  let bucket = 0;
  let below = 0;
  return shares.map((share) => {
    const wanted = share * total;
    while (bucket < counts.length - 1 && below + counts[bucket]! < wanted) below += counts[bucket++]!;
    // Empty buckets contain nothing: the minimum is where the first non-empty one begins.
    while (bucket < counts.length - 1 && counts[bucket] === 0) bucket++;
    const within = counts[bucket]! > 0 ? Math.max(0, Math.min(1, (wanted - below) / counts[bucket]!)) : 0;
    return lows[bucket]! + within * (highs[bucket]! - lows[bucket]!);
  });
}
