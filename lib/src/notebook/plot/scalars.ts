/** Scalars from event files. */
import { NotFoundError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { readScalars, type ScalarEvent } from '../../tf/summary';
import type { Figure } from '../figure/figure';
import type { Trace } from '../figure/figureData';
import { Series } from '../figure/series';
import { palette } from '../figure/theme';
import { type Panel, panelsFigure } from './panels';
import { type Logdirs, readRuns } from './runs';
import { checkSmoothing, smoothed } from './smoothing';

/** Options of {@link scalars}. */
export interface ScalarsOptions {
  title?: string;
  /**
   * The tags to show, in this order.
   *
   * @defaultValue all, in the order of their names
   */
  tags?: string | readonly string[];
  /**
   * How strongly curves are smoothed, from 0, not at all, to below 1, by TensorBoard's rule.
   *
   * @defaultValue `0`
   */
  smoothing?: number;
  /**
   * What the x axis has: steps, seconds since a run's first value, or the time of day.
   *
   * @defaultValue the steps
   */
  x?: 'step' | 'relative' | 'wall';
  /**
   * Whether the y axes are logarithmic.
   *
   * @defaultValue `false`
   */
  logY?: boolean;
}

/** How a value's place on the x axis is found, with what the axis is called; times are drawn as dates. */
const places = {
  step: { title: 'step', of: ({ step }: ScalarEvent) => step },
  relative: { title: 'seconds', of: ({ wallTime }: ScalarEvent, start: number) => wallTime - start },
  wall: { title: 'time', of: ({ wallTime }: ScalarEvent) => localTime(wallTime) },
};

/**
 * The scalars that runs have written to event files: a chart a tag, a curve a run. Of a run that went on from a checkpoint, what it has
 * written again is drawn.
 *
 * @param logdirs a run's folder or one that has runs anywhere below; several; or several by names of one's own
 * @throws {NotFoundError} when a folder isn't there, holds no event files, or no run has a tag that is asked for
 * @throws {InvalidArgumentError} when `smoothing` isn't from 0 to below 1
 * @example
 * await plot.scalars('summaries', { tags: 'loss', smoothing: 0.6 });
 * await plot.scalars({ first: 'summaries/run1', again: 'summaries/run2' }, { x: 'relative' });
 */
export async function scalars(logdirs: Logdirs, options: ScalarsOptions = {}): Promise<Figure> {
  const known = ['title', 'tags', 'smoothing', 'x', 'logY'] as const;
  const { smoothing = 0, x = 'step', logY, title } = onlyOptions(options, known);
  checkSmoothing(smoothing);
  const runs = await readRuns(logdirs, async ({ name, folder }) => ({ name, values: await readScalars(folder) }));
  const there = [...new Set(runs.flatMap(({ values }) => [...values.keys()]))].sort();
  const tags = options.tags === undefined ? there : [options.tags].flat();
  if (tags.length === 0) throw new NotFoundError('there are event files, but no scalars in them');
  for (const tag of tags)
    if (!there.includes(tag))
      throw new NotFoundError(
        `no run has scalars of the tag '${tag}', but of ${there.map((one) => `'${one}'`).join(', ')}`,
      );

  const several = runs.length > 1;
  const named = new Set<string>(); // the runs that the legend has
  const panels = tags.map((tag): Panel => {
    const data = runs.flatMap(({ name, values }, i) => {
      const events = values.get(tag);
      if (!events) return [];
      const traces = runTraces(events, x, smoothing, palette[i % palette.length]!);
      const last = traces.at(-1)!;
      for (const trace of traces)
        Object.assign(trace, { name, legendgroup: name, showlegend: several && trace === last && !named.has(name) });
      named.add(name);
      return traces;
    });
    return {
      title: tag,
      data,
      xaxis: { title: { text: places[x].title }, ...(x === 'wall' && { type: 'date' }) },
      yaxis: logY ? { type: 'log' } : {},
    };
  });
  const figure = panelsFigure(panels, title);
  if (several) figure.layout.hovermode = 'x unified';
  return figure;
}

/** The curve of one run and tag, and behind it, where it is smoothed, the values themselves. */
function runTraces(events: ScalarEvent[], x: keyof typeof places, smoothing: number, color: string): Trace[] {
  const start = events[0]!.wallTime;
  const trace = (values: number[]): Trace => {
    const series = new Series();
    for (const [i, event] of events.entries()) series.add(places[x].of(event, start), values[i]!);
    return {
      type: 'scatter',
      mode: events.length > 1 ? 'lines' : 'markers',
      ...series.points(),
      line: { color },
      marker: { color },
    };
  };
  const values = events.map(({ value }) => value);
  if (smoothing === 0) return [trace(values)];
  return [{ ...trace(values), opacity: 0.25, hoverinfo: 'skip' }, trace(smoothed(values, smoothing))];
}

/** Milliseconds that Plotly, which knows no time zones, shows as the time of day here. */
function localTime(seconds: number): number {
  return seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60_000;
}
