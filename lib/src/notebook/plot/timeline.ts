/** The timeline of a traced step. */
import { checkObject, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { jupyterDisplay, laterForms, type MimeBundle } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import type { RunMetadata } from '../../tf/session';
import { type Activity, activitiesOf, type DeviceActivities } from '../../tf/session/timeline/activities';
import { Figure } from '../figure/figure';
import { type Trace, titleOf } from '../figure/figureData';
import { figureText } from '../figure/figureText';
import { palette } from '../figure/theme';
import { bytesText, durationText } from '../figure/units';
import { inLanguage } from '../language';
import { OTHER, typesTable, typesTableHtml } from './typesTable';

/** Options of {@link timeline}. */
export interface TimelineOptions {
  title?: string;
  /**
   * The maximum number of operations to draw; the longest ones are drawn.
   *
   * @defaultValue `250`
   */
  count?: number;
}

/** An operation's bar: its lane is a row of the figure. */
interface Bar extends Activity {
  row: number;
}

/** The number of families with their own colours. */
const FAMILIES = palette.length - 1;
/** Pixels. */
const ROW = 40;
const MIN_HEIGHT = 260;
const AROUND = 100;
/** As a fraction of the step: shorter bars have no room for text. */
const TEXT_FROM = 0.03;

/**
 * Plots a traced step: a bar per operation, and a row for each of a device's lanes, in which operations run one after
 * the other. Colours show families of operation types, ordered by their time: `Conv2D`, its gradients and its fused
 * forms are one family. Next to it is a table of the types with their times in milliseconds; the text form is that
 * table.
 *
 * The trace shows what the run was asked for: to see the cost of training, trace a run without summaries, whose
 * histograms take longer than everything else.
 *
 * @param runMetadata what `session.run` filled with `traceLevel: 'FULL_TRACE'`. A graph's first steps take longer than
 * later ones
 * @throws {InvalidArgumentError} when the run wasn't traced, or `count` is not a positive number
 * @example
 * await session.run(trainOp, feeds, { options: { traceLevel: 'FULL_TRACE' }, runMetadata });
 * plot.timeline(runMetadata);
 */
export function timeline(runMetadata: RunMetadata, options: TimelineOptions = {}): Figure {
  const { title, count = 250 } = onlyOptions(options, { title: 'string', count: 'number' });
  if (!(count > 0)) throw new InvalidArgumentError(`expected a positive count, got ${shown(count)}`);
  const devices = tracedDevices(runMetadata);
  const rows = rowNames(devices);
  const bars = barsOf(devices);
  const total = Math.max(...bars.map(({ start, duration }) => start + duration));
  const drawn = [...bars].sort((a, b) => b.duration - a.duration).slice(0, count);
  const [unit, micros] = total < 2000 ? ['µs', 1] : ['ms', 1000];
  const families = familiesOf(bars);
  const colorOf = (type: string) => families.find(({ types }) => types.has(type))?.color;
  return new TimelineFigure(
    { activities: bars, colorOf },
    families.flatMap(({ name, color, types }) => {
      const members = drawn.filter(({ type }) => types.has(type));
      return members.length > 0 ? [barsTrace(name, color, members, micros!, total)] : [];
    }),
    {
      title: { text: title ?? stepOf(total, bars.length, drawn.length) },
      height: Math.max(MIN_HEIGHT, AROUND + ROW * rows.length),
      barmode: 'overlay',
      bargap: 0.15,
      showlegend: true,
      legend: { itemclick: 'toggle', font: { size: 11 } },
      uniformtext: { mode: 'hide', minsize: 9 },
      xaxis: {
        title: { text: figureText({ en: `${unit} since the step began`, zh: `从这一步开始算起的时间（${unit}）` }) },
        range: [0, (1.005 * total) / micros!],
      },
      yaxis: {
        tickvals: rows.map((_, row) => row),
        ticktext: rows,
        range: [rows.length - 0.5, -0.5],
        fixedrange: true,
        showgrid: false,
        zeroline: false,
      },
    },
  );
}

/** The default title. */
function stepOf(total: number, all: number, drawn: number): string {
  const [time, isPart] = [durationText(total), drawn < all];
  return figureText({
    en: `A step of ${time}: ${all} operations${isPart ? `; the longest ${drawn} are drawn` : ''}`,
    zh: `一步 ${time}：${all} 个操作${isPart ? `；画出了最长的 ${drawn} 个` : ''}`,
  });
}

const othersText = (share: string) => figureText({ en: `others ${share}`, zh: `其余 ${share}` });

/** The data of the table next to a timeline. */
interface TableSource {
  readonly activities: readonly Activity[];
  colorOf(type: string): string | undefined;
}

/** A figure with a table next to it, or below if it is narrow; as text, only the table. */
class TimelineFigure extends Figure {
  readonly #source: TableSource;

  constructor(source: TableSource, ...[data, layout]: ConstructorParameters<typeof Figure>) {
    super(data, layout);
    this.#source = source;
  }

  override async [jupyterDisplay](): Promise<MimeBundle> {
    const bundle = await super[jupyterDisplay]();
    const later = bundle[laterForms];
    return { ...this.#withTable(bundle), ...(later && { [laterForms]: async () => this.#withTable(await later()) }) };
  }

  override toString(): string {
    return `${titleOf(this)}\n${typesTable(this.#source.activities)}`;
  }

  #withTable(bundle: MimeBundle): MimeBundle {
    const { 'text/html': html } = bundle;
    if (html === undefined) return bundle;
    const { activities, colorOf } = this.#source;
    const table = typesTableHtml(activities, colorOf);
    return {
      ...bundle,
      'text/html': `<div style="display:flex;flex-wrap:wrap;gap:4px 16px"><div style="flex:1 1 420px;min-width:0">${html}</div><div style="flex:0 1 auto;overflow-x:auto">${table}</div></div>`,
    };
  }
}

/**
 * The activities of each device in a traced run.
 *
 * @throws {InvalidArgumentError} when the run wasn't traced
 */
export function tracedDevices(runMetadata: RunMetadata): DeviceActivities[] {
  checkObject('metadata of a run', runMetadata);
  const { stepStats } = runMetadata;
  const devices = stepStats ? activitiesOf(stepStats) : [];
  if (devices.length === 0)
    throw new InvalidArgumentError(
      "expected metadata of a traced run: run it with { options: { traceLevel: 'FULL_TRACE' }, runMetadata }",
    );
  return devices;
}

function barsOf(devices: readonly DeviceActivities[]): Bar[] {
  let first = 0;
  return devices.flatMap(({ lanes, activities }) => {
    const bars = activities.map((activity) => ({ ...activity, row: first + activity.lane }));
    first += lanes;
    return bars;
  });
}

/** A device's first lane shows its name, with job and task if there are several. */
function rowNames(devices: readonly DeviceActivities[]): string[] {
  const places = devices.map(
    ({ device }) => /^(.*?)\/?(?:device:)?([^/]*)$/.exec(device)!.slice(1) as [string, string],
  );
  const several = new Set(places.map(([task]) => task)).size > 1;
  return devices.flatMap(({ lanes }, i) => {
    const [task, name] = places[i]!;
    return Array.from({ length: lanes }, (_, lane) => (lane > 0 ? '' : several ? `${task}<br>${name}` : name));
  });
}

interface Family {
  name: string;
  color: string;
  types: Set<string>;
}

/** The families, ordered by their time; those beyond the number of colours are combined. */
function familiesOf(activities: readonly Activity[]): Family[] {
  const times = new Map<string, { time: number; types: Set<string> }>();
  let all = 0;
  for (const { type, duration } of activities) {
    const name = familyOf(type);
    const family = times.get(name) ?? { time: 0, types: new Set() };
    times.set(name, family);
    family.time += duration;
    family.types.add(type);
    all += duration;
  }
  const share = (time: number) => `${Math.round((100 * time) / (all || 1))} %`;
  const sorted = [...times].sort(([, a], [, b]) => b.time - a.time);
  const named = sorted.slice(0, FAMILIES).map(([name, { time, types }], i) => ({
    name: `${name} ${share(time)}`,
    color: palette[i]!,
    types,
  }));
  const rest = sorted.slice(FAMILIES).map(([, family]) => family);
  const others = {
    name: othersText(share(rest.reduce((sum, { time }) => sum + time, 0))),
    color: OTHER,
    types: new Set(rest.flatMap(({ types }) => [...types])),
  };
  return [...named, others];
}

/** The type of an operation without the parts that mark gradients, versions and fusion. */
export function familyOf(type: string): string {
  return type.replace(/^_+(Fused)?/, '').replace(/(Backprop(Input|Filter)?|Grad)?(V\d+)?$/, '') || type;
}

function barsTrace(name: string, color: string, bars: readonly Bar[], micros: number, total: number): Trace {
  return {
    type: 'bar',
    orientation: 'h',
    name,
    y: bars.map(({ row }) => row),
    base: bars.map(({ start }) => start / micros),
    x: bars.map(({ duration }) => duration / micros),
    marker: { color, line: { color: '#ffffff', width: 0.5 } },
    text: bars.map(({ type, duration }) => (duration >= TEXT_FROM * total ? familyOf(type) : '')),
    textposition: 'inside',
    insidetextanchor: 'middle',
    textangle: 0,
    hovertext: bars.map(hoverText),
    hoverinfo: 'text',
  };
}

function hoverText({ name, type, start, duration, bytes }: Bar): string {
  const [lasts, from, memory] = [durationText(duration), durationText(start), bytesText(bytes)];
  const told = inLanguage({
    en: `${lasts} from ${from}${bytes > 0 ? `, ${memory} allocated` : ''}`,
    zh: `从 ${from} 起，用时 ${lasts}${bytes > 0 ? `，分配了 ${memory}` : ''}`,
  });
  return `<b>${name}</b><br>${type}<br>${told}`;
}
