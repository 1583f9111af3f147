/** Scalars from event files. */
import { checkFunction } from '../../runtime/arguments';
import { NotFoundError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { readScalars, type ScalarEvent } from '../../tf/summary';
import type { Figure } from '../figure/figure';
import type { Trace } from '../figure/figureData';
import { figureText } from '../figure/figureText';
import { Series } from '../figure/series';
import { partsOf } from '../runs/runParts';
import { bestRuns, checkChoice, chosenRuns, type ReadPart, type RunsChoice, runsChoice } from './chosenRuns';
import { stepText } from './curves';
import { groupMean } from './groupMean';
import { type Panel, panelsFigure } from './panels';
import { type CurveStyle, type GroupBy, type RunStyles, runStyles } from './runColors';
import { findRuns, type Logdirs, readEach } from './runs';
import { checkSmoothing, smoothed } from './smoothing';

/** Options of {@link scalars}. */
export interface ScalarsOptions extends RunsChoice {
  title?: string;
  /**
   * The tags to show, in this order.
   *
   * @defaultValue all, by name
   */
  tags?: string | readonly string[];
  /**
   * How strongly curves are smoothed, from 0 (not at all) to below 1, by TensorBoard's rule.
   *
   * @defaultValue `0`
   */
  smoothing?: number;
  /**
   * The x axis: steps, seconds since a run's first value, or the time of day.
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
  /**
   * One colour per group of runs: those with the same value of a hyperparameter, given by its name or its short form
   * (`lr`), or for which a function returns the same value. Over steps, a group's mean is a strong line, with its runs
   * pale behind it.
   *
   * @defaultValue one colour per run
   */
  groupBy?: GroupBy;
}

/** How a value's x position is computed, and the axis label; times are drawn as dates. */
const places = {
  step: { title: stepText, of: ({ step }: ScalarEvent) => step },
  relative: { title: { en: 'seconds', zh: '秒' }, of: ({ wallTime }: ScalarEvent, start: number) => wallTime - start },
  wall: { title: { en: 'time', zh: '时间' }, of: ({ wallTime }: ScalarEvent) => localTime(wallTime) },
};

/**
 * Plots the scalars in runs' event files: a chart per tag, a curve per run. If a run was resumed from a checkpoint, the
 * newer values are drawn.
 *
 * A run is labelled by the hyperparameters in which it differs from the others, if `runDirectory` recorded them. No two
 * have the same colour: if there are more runs than colours, the newest ones get them, and the others are pale in the
 * background and counted in the legend. Click a legend entry to isolate a run or group, and again to show all.
 *
 * @param logdirs a run's folder or a folder that contains runs at any depth; several; or several by your own names
 * @throws {NotFoundError} when a folder doesn't exist or contains no event files, or no run matches, has a requested
 * tag, or the hyperparameter to group by
 * @throws {InvalidArgumentError} when `smoothing` isn't from 0 to below 1, `best` is not a positive integer, or `runs`
 * is not a regular expression
 * @example
 * await plot.scalars('summaries', { tags: 'loss', smoothing: 0.6 });
 * await plot.scalars({ first: 'summaries/run1', again: 'summaries/run2' }, { x: 'relative' });
 *
 * @example
 * await plot.scalars('summaries', { runs: /^run/, tags: 'loss', best: 5 });
 * await plot.scalars('summaries', { runs: 'all', tags: 'loss', groupBy: ({ name }) => name.slice(0, 3) });
 */
export async function scalars(logdirs: Logdirs, options: ScalarsOptions = {}): Promise<Figure> {
  const {
    smoothing = 0,
    x = 'step',
    logY,
    title,
    groupBy,
    runs,
    best,
  } = onlyOptions(options, {
    title: 'string',
    tags: 'any',
    smoothing: 'number',
    x: ['step', 'relative', 'wall'],
    logY: 'boolean',
    groupBy: 'any',
    ...runsChoice,
  });
  checkSmoothing(smoothing);
  checkChoice({ runs, best });
  if (groupBy !== undefined && typeof groupBy !== 'string') checkFunction('what runs are grouped by', groupBy);
  const areNamed = typeof logdirs !== 'string';
  const { chosen, others } = chosenRuns(partsOf(await findRuns(logdirs)), runs, areNamed);
  const all = await readEach(chosen, async (part): Promise<ReadPart> => {
    return { ...part, values: await readScalars(part.folder) };
  });
  const there = [...new Set(all.flatMap(({ values }) => [...values.keys()]))].sort();
  const tags = options.tags === undefined ? there : [options.tags].flat();
  if (tags.length === 0) throw new NotFoundError('there are event files, but no scalars in them');
  for (const tag of tags)
    if (!there.includes(tag))
      throw new NotFoundError(
        `no run has scalars of the tag '${tag}', but of ${there.map((one) => `'${one}'`).join(', ')}`,
      );

  const withTags = all.filter(({ values }) => tags.some((tag) => values.has(tag)));
  const bests = best === undefined ? undefined : bestRuns(withTags, tags[0]!, best);
  const drawn = bests ? withTags.filter(({ whole }) => bests.includes(whole)) : withTags;
  if (drawn.length === 0) throw new NotFoundError(`no run has a number in the end of the tag '${tags[0]}'`);
  const runStyle = runStyles(drawn, groupBy, areNamed);
  const notes = [
    ...(bests ? [bestText(bests.length, new Set(withTags.map(({ whole }) => whole)).size, tags[0]!)] : []),
    ...(runStyle.parts.length > 0
      ? [runStyle.parts.map((part, i) => `${part || figureText(nouns.run.one)} ${LINES[i]}`).join('  ')]
      : []),
    ...(others > 0 ? [othersText(others)] : []),
  ];
  const hasLegend = new Set([...runStyle.styles.values()].map(({ label }) => label)).size > 1 || notes.length > 0;
  const inLegend = new Set<string>(); // the labels in the legend
  /** The group of a part of a run, including itself: only over steps do they have points in common. */
  const membersOf = (part: ReadPart, tag: string) => {
    const { label, dash, color } = runStyle.styles.get(part)!;
    if (groupBy === undefined || x !== 'step' || color === undefined) return [];
    return drawn.filter((one) => {
      const other = runStyle.styles.get(one)!;
      return one.values.has(tag) && other.label === label && other.dash === dash;
    });
  };
  const panels = tags.map((tag): Panel => {
    const data = drawn.flatMap((part) => {
      const events = part.values.get(tag);
      if (!events) return [];
      const style = runStyle.styles.get(part)!;
      const members = membersOf(part, tag);
      const mean = groupMean(members.map(({ values }) => values.get(tag)!));
      if (mean.length > 0) {
        const member: Trace = { ...runTraces(events, x, smoothing, style).at(-1)!, opacity: MEMBER };
        Object.assign(member, {
          line: { ...(member.line as object), width: 1 },
          ...{ name: style.label, legendgroup: style.label, showlegend: false },
          hovertemplate: `%{fullData.name} ${style.detail}: %{y}<extra></extra>`,
        });
        if (part !== members[0]) return [member];
        const line = runTraces(mean, x, smoothing, style).at(-1)!;
        Object.assign(line, {
          line: { ...(line.line as object), width: 3 },
          ...{ name: style.label, legendgroup: style.label, showlegend: !inLegend.has(style.label) },
          hovertemplate: `%{fullData.name}, ${figureText({ en: 'mean', zh: '平均' })}${part.part && ` ${part.part}`}: %{y}<extra></extra>`,
        });
        inLegend.add(style.label);
        return [member, line];
      }
      const traces = runTraces(events, x, smoothing, style);
      const faded = style.color === undefined;
      const name = faded ? olderText(runStyle) : style.label;
      const said = [...(faded ? [style.label] : []), ...(style.detail ? [style.detail] : [])].join(' ');
      for (const trace of traces)
        Object.assign(trace, {
          name,
          legendgroup: name,
          showlegend: hasLegend && trace === traces.at(-1) && !inLegend.has(name),
          ...(said !== '' &&
            trace.hoverinfo !== 'skip' && {
              hovertemplate: `${faded ? said : `%{fullData.name} ${said}`}: %{y}<extra></extra>`,
            }),
        });
      inLegend.add(name);
      return traces;
    });
    return {
      title: tag,
      data: [isFaded, isMember, isInFront].flatMap((isOne) => data.filter(isOne)),
      xaxis: { title: { text: figureText(places[x].title) }, ...(x === 'wall' && { type: 'date' }) },
      yaxis: logY ? { type: 'log' } : {},
    };
  });
  const figure = panelsFigure(panels, title);
  if (!hasLegend) return figure;
  figure.layout.showlegend = true;
  figure.layout.legend = {
    itemclick: 'toggleothers',
    itemdoubleclick: 'toggle',
    ...(notes.length > 0 && { title: { text: notes.join('<br>'), font: { size: 11 } } }),
  };
  if (drawn.length > 1) figure.layout.hovermode = runStyle.faded > 0 ? 'closest' : 'x unified';
  return figure;
}

const nouns = {
  run: { one: { en: 'run', zh: '运行' }, several: { en: 'runs', zh: '次运行' } },
  group: { one: { en: 'group', zh: '组' }, several: { en: 'groups', zh: '组' } },
};

const bestText = (count: number, of: number, tag: string) =>
  figureText({ en: `${count} best of ${of}, by ${tag}`, zh: `${of} 个中最好的 ${count} 个，按 ${tag}` });

const othersText = (count: number) =>
  figureText({
    en: `not shown: ${count} of other notebooks<br>(runs: 'all' shows them)`,
    zh: `没有画出：其他笔记本的 ${count} 个<br>（runs: 'all' 会画出它们）`,
  });

const olderText = ({ faded, noun }: RunStyles) =>
  figureText({ en: `${faded} older ${nouns[noun].several.en}`, zh: `较早的 ${faded} ${nouns[noun].several.zh}` });

/** The colour of curves in the background; it has a counterpart on dark pages. */
const FADED = '#b8bdc4';
/** The maximum number of their points, because there may be many. */
const FADED_POINTS = 200;
/** Line styles, in the form for a legend. */
const LINES = ['───', '╌╌╌', '····', '─·─'];

/** The opacity of a group's runs behind its mean. */
const MEMBER = 0.35;

const isFaded = (trace: Trace) => (trace.line as { color?: string } | undefined)?.color === FADED;
const isMember = ({ opacity }: Trace) => opacity === MEMBER;
const isInFront = (trace: Trace) => !isFaded(trace) && !isMember(trace);

/** The curve of one run and tag and, if it is smoothed, the original values behind it. */
function runTraces(
  events: readonly ScalarEvent[],
  x: keyof typeof places,
  smoothing: number,
  { color, dash }: CurveStyle,
): Trace[] {
  const start = events[0]!.wallTime;
  const trace = (values: number[]): Trace => {
    const series = new Series();
    for (const [i, event] of events.entries()) series.add(places[x].of(event, start), values[i]!);
    return {
      type: 'scatter',
      mode: events.length > 1 ? 'lines' : 'markers',
      ...(color === undefined ? thinned(series.points()) : series.points()),
      line: color === undefined ? { color: FADED, width: 1, dash } : { color, ...(dash !== 'solid' && { dash }) },
      marker: { color: color ?? FADED },
    };
  };
  const values = events.map(({ value }) => value);
  if (smoothing === 0) return [trace(values)];
  if (color === undefined) return [trace(smoothed(values, smoothing))];
  return [{ ...trace(values), opacity: 0.25, hoverinfo: 'skip' }, trace(smoothed(values, smoothing))];
}

/** A subset of the points, including the last one. */
function thinned({ x, y }: { x: number[]; y: (number | null)[] }): { x: number[]; y: (number | null)[] } {
  const every = Math.ceil(x.length / FADED_POINTS);
  const stays = (_: unknown, i: number) => i % every === 0 || i === x.length - 1;
  return { x: x.filter(stays), y: y.filter(stays) };
}

/** Milliseconds that Plotly, which has no time zones, shows as local time. */
function localTime(seconds: number): number {
  return seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60_000;
}
