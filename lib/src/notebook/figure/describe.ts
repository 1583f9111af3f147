/** Describes a figure in words, for screen readers. Runs in Node and in browsers. */
import { type FigureData, type Layout, type Trace, titleOf } from './figureData';

/** The maximum number of traces to describe. */
const MAX_TOLD = 8;

/** One or more sentences: the title, the axes, and the start and end of each curve. */
export function describe({ data, layout }: FigureData): string {
  const told = [titleOf({ data, layout })];
  const own = (layout.meta as { alt?: string } | undefined)?.alt;
  if (own !== undefined) return sentences([...told, own]);
  const drawn = data.filter(isSeen);
  if (axesOf(layout)) told.push(axesOf(layout)!);
  for (const trace of drawn.slice(0, MAX_TOLD)) told.push(describeTrace(trace, layout));
  if (drawn.length > MAX_TOLD) told.push(`and ${drawn.length - MAX_TOLD} more`);
  return sentences(told);
}

const sentences = (parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ');

/** Whether a trace is described; pale traces behind other curves aren't. */
function isSeen({ type, x, hoverinfo, opacity }: Trace): boolean {
  if (hoverinfo === 'skip' && typeof opacity === 'number' && opacity < 1) return false;
  return !(type === 'scatter' && numbersIn(x).length === 0 && Array.isArray(x) && x.every((one) => one === null));
}

function axesOf(layout: Layout): string | undefined {
  const [x, y] = [axisTitle(layout.xaxis), axisTitle(layout.yaxis)];
  if (x !== undefined && y !== undefined) return `${y} over ${x}`;
  return x ?? y;
}

function axisTitle(axis: unknown): string | undefined {
  const { title, type } = (axis ?? {}) as { title?: { text?: string }; type?: string };
  const text = title?.text && plain(title.text);
  return text && type === 'log' ? `${text} (logarithmic)` : text || undefined;
}

function describeTrace(trace: Trace, layout: Layout): string {
  const { type = 'scatter', x, y, z } = trace;
  const place = panelTitle(trace, layout);
  const name = [place, trace.name === undefined ? undefined : plain(trace.name)].filter((part) => part !== undefined);
  const lead = name.length > 0 ? `${name.join(', ')}: ` : '';
  if (type === 'heatmap') {
    const rows = (Array.isArray(z) ? z : []) as unknown[][];
    return `${lead}a table of ${rows.length} by ${rows[0]?.length ?? 0} colours, ${rangeText(rows.flatMap(numbersIn))}`;
  }
  if (type === 'bar') {
    const lengths = numbersIn(trace.orientation === 'h' ? x : y);
    return `${lead}${countText(lengths.length, 'bar')}, ${rangeText(lengths)}`;
  }
  if (type === 'parcoords') {
    const labels = (trace.dimensions as { label?: string }[]).map(({ label }) => label);
    return `${lead}lines across the axes ${labels.join(', ')}`;
  }
  const values = numbersIn(y);
  if (values.length === 0) return `${lead}no value`;
  if (trace.fill === 'toself') return `${lead}${rangeText(values)}`;
  const lines = trace.mode === undefined || `${trace.mode}`.includes('lines');
  if (!lines || values.length === 1) return `${lead}${countText(values.length, 'point')}, ${rangeText(values)}`;
  const places = numbersIn(x);
  const over = places.length > 0 ? `, over ${short(places[0]!)} to ${short(places.at(-1)!)}` : '';
  return `${lead}from ${short(values[0]!)} to ${short(values.at(-1)!)}, ${rangeText(values)}${over}`;
}

/** The title of the panel that contains a trace. */
function panelTitle({ xaxis }: Trace, layout: Layout): string | undefined {
  const panels = (layout.meta as { panels?: readonly string[] } | undefined)?.panels;
  if (!panels) return undefined;
  return panels[Number(`${xaxis ?? 'x'}`.slice(1) || 1) - 1];
}

const countText = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function rangeText(values: readonly number[]): string {
  if (values.length === 0) return 'without values';
  const [least, greatest] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return least === greatest ? `at ${short(least)}` : `between ${short(least)} and ${short(greatest)}`;
}

function numbersIn(values: unknown): number[] {
  if (ArrayBuffer.isView(values)) return Array.from(values as never as ArrayLike<number>, Number);
  return Array.isArray(values) ? values.filter((value): value is number => Number.isFinite(value)) : [];
}

const short = (value: number): string => `${Number(value.toPrecision(3))}`;
const plain = (text: string): string => text.replaceAll(/<[^>]*>/g, ' ').trim();
