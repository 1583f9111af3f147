/** How distributions change over steps. */
import { InvalidArgumentError, NotFoundError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { type Histogram, readSummaries } from '../../summary';
import type { Figure } from '../figure';
import { extent } from './numbers';
import { type Panel, panelsFigure } from './panels';
import { findRuns, type Logdirs } from './runs';

/** The values of a step. */
export interface StepValues {
  step: number;
  values: ArrayLike;
}

/** Options of {@link histograms}. */
export interface HistogramsOptions {
  title?: string;
  /** The tags to show, in this order. Default: all of the event files, in the order of their names. */
  tags?: string | readonly string[];
}

/** The values of a step. */
type Distribution = Histogram & { step: number };

/** How many bins a drawn step has, and how many steps are drawn at most. */
const BINS = 40;
const MAX_STEPS = 120;

/**
 * How the distribution of values changes over steps, each step a column: the darker, the more values lie there. From the histograms that
 * runs have written to event files, a chart a tag and run, or from values.
 *
 * @param source what `plot.scalars` takes, or values by step
 * @throws {NotFoundError} when a folder isn't there, holds no event files, or no run has a tag that is asked for
 * @throws {InvalidArgumentError} when there are no values
 * @example
 * await plot.histograms('summaries/run1', { tags: 'hidden1/weights' })
 * await plot.histograms([{ step: 0, values: before }, { step: 1000, values: after }])
 */
export async function histograms(
  source: Logdirs | readonly StepValues[],
  options: HistogramsOptions = {},
): Promise<Figure> {
  if (isSteps(source)) {
    if (source.length === 0) throw new InvalidArgumentError('expected values by step, got none');
    return panelsFigure([panelOf('', source.map(distributionOf))], options.title);
  }
  const runs = await findRuns(source);
  const wanted = options.tags === undefined ? undefined : [options.tags].flat();
  const panels: Panel[] = [];
  const there = new Set<string>();
  for (const { name, folder } of runs) {
    const tags = await readSummaries(folder, 'histograms');
    for (const tag of tags.keys()) there.add(tag);
    for (const tag of wanted ?? [...tags.keys()].sort()) {
      const steps = tags.get(tag)?.filter(({ counts }) => counts.length > 0);
      if (steps?.length) panels.push(panelOf(runs.length > 1 ? `${name}: ${tag}` : tag, steps));
    }
  }
  for (const tag of wanted ?? [])
    if (!there.has(tag))
      throw new NotFoundError(
        `no run has histograms of the tag '${tag}', but of ${[...there].map((one) => `'${one}'`).join(', ') || 'none'}`,
      );
  if (panels.length === 0) throw new NotFoundError('there are event files, but no histograms in them');
  return panelsFigure(panels, options.title);
}

function isSteps(source: Logdirs | readonly StepValues[]): source is readonly StepValues[] {
  return Array.isArray(source) && source.every((one) => typeof one === 'object');
}

function distributionOf({ step, values }: StepValues): Distribution {
  const data = Array.from(numbersOf(values, `values of step ${step}`).data).filter(Number.isFinite);
  if (data.length === 0) throw new InvalidArgumentError(`expected finite values of step ${step}, got none`);
  return { step, lows: data, highs: data, counts: data.map(() => 1) };
}

function panelOf(title: string, all: readonly Distribution[]): Panel {
  const steps = evenly(all, MAX_STEPS);
  const [least, greatest] = extent(steps.flatMap(({ lows, highs }) => [extent(lows)[0], extent(highs)[1]]));
  const [start, end] = least < greatest ? [least, greatest] : [least - 0.5, least + 0.5];
  const columns = steps.map((distribution) => rebin(distribution, start, end));
  const heatmap = {
    type: 'heatmap',
    x: steps.map(({ step }) => step),
    y: Array.from({ length: BINS }, (_, bin) => start + ((bin + 0.5) * (end - start)) / BINS),
    z: Array.from({ length: BINS }, (_, bin) => columns.map((column) => Number(column[bin]!.toPrecision(3)))),
    showscale: false,
    hovertemplate: '%{z:.1%} around %{y:.3g} at step %{x}<extra></extra>',
  };
  return { title, data: [heatmap], xaxis: { title: { text: 'step' } }, yaxis: {} };
}

/** At most `count` of the values, from the first to the last. */
function evenly<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))]!);
}

/** The share of the values in each of equal bins from `start` to `end`; a bucket's values are taken to lie evenly in it. */
function rebin({ lows, highs, counts }: Distribution, start: number, end: number): number[] {
  const width = (end - start) / BINS;
  const total = counts.reduce((a, b) => a + b, 0) || 1;
  const bins = new Array<number>(BINS).fill(0);
  const binOf = (value: number) => Math.max(0, Math.min(BINS - 1, Math.floor((value - start) / width)));
  for (const [i, count] of counts.entries()) {
    const [low, high] = [lows[i]!, highs[i]!];
    const [firstBin, lastBin] = [binOf(low), binOf(high)];
    for (let bin = firstBin; bin <= lastBin; bin++) {
      const overlap = Math.min(high, start + (bin + 1) * width) - Math.max(low, start + bin * width);
      bins[bin]! += ((firstBin === lastBin ? 1 : overlap / (high - low)) * count) / total;
    }
  }
  return bins;
}
