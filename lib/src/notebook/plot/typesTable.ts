/** The time spent on each type of operation, as text and as HTML. */
import { escapeHtml } from '../../runtime/html';
import type { Activity } from '../../tf/session/timeline/activities';
import { bytesText, durationText } from '../figure/units';
import { inLanguage } from '../language';
import { aligned } from './aligned';

/** The maximum number of lines. */
const LINES = 15;

/** A line per type of operation, ordered by time; the rest is combined in one line. */
export function typesTable(activities: readonly Activity[]): string {
  const { lines, all } = linesOf(activities);
  return aligned([
    ['type', 'time', 'share', 'runs', 'allocated'],
    ...lines.map(([name, { time, runs, bytes }]) => [
      name,
      durationText(time),
      shareText(time, all),
      `${runs}`,
      bytes > 0 ? bytesText(bytes) : '',
    ]),
  ]);
}

/**
 * The same as HTML, in milliseconds, so that lines can be compared at a glance, and with a bar as long as the fraction.
 *
 * @param colorOf the colour of a type in the figure; undefined for the rest
 */
export function typesTableHtml(activities: readonly Activity[], colorOf: (type: string) => string | undefined): string {
  const { lines, all } = linesOf(activities);
  const right = 'text-align:right;padding:1px 0 1px 12px;white-space:nowrap';
  const head = inPage.heads
    .map(inLanguage)
    .map((name) => `<th style="${right}">${name}</th>`)
    .join('');
  const rows = lines.map(([name, { time, runs, bytes }], i) => {
    const isAll = i === lines.length - 1;
    const width = Math.max(1, Math.round((48 * time) / (all.time || 1)));
    const bar = `<span style="display:inline-block;width:${width}px;height:9px;background:${colorOf(name) ?? OTHER}"></span>`;
    const cells = [milliseconds(time), shareText(time, all), `${runs}`, bytes > 0 ? bytesText(bytes) : ''];
    return `<tr${isAll ? ' style="font-weight:bold"' : ''}><td style="text-align:left;padding:1px 0;white-space:nowrap">${
      isAll ? '' : `<span style="display:inline-block;width:52px">${bar}</span>`
    }${escapeHtml(isAll ? inLanguage(inPage.all) : name)}</td>${cells.map((cell) => `<td style="${right}">${cell}</td>`).join('')}</tr>`;
  });
  return `<table style="border-collapse:collapse;font-size:12px;font-variant-numeric:tabular-nums;margin:8px 0"><thead><tr><th style="text-align:left">${inLanguage(inPage.type)}</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** The texts of the HTML table. */
const inPage = {
  type: { en: 'type', zh: '类型' },
  heads: [
    { en: 'ms', zh: '毫秒' },
    { en: 'share', zh: '占比' },
    { en: 'runs', zh: '次数' },
    { en: 'allocated', zh: '分配的内存' },
  ],
  all: { en: 'all', zh: '合计' },
} as const;

/** The colour of types without their own. */
export const OTHER = '#8b949e';

const milliseconds = (micros: number): string => (micros / 1000).toFixed(micros < 10_000 ? 3 : 1);
const shareText = (time: number, all: Sum): string => `${((100 * time) / (all.time || 1)).toFixed(1)} %`;

function linesOf(activities: readonly Activity[]): { lines: (readonly [name: string, sum: Sum])[]; all: Sum } {
  const types = new Map<string, Sum>();
  for (const activity of activities) {
    const sum = types.get(activity.type) ?? new Sum();
    types.set(activity.type, sum);
    sum.add(activity.duration, activity.bytes);
  }
  const sorted = [...types].sort(([, a], [, b]) => b.time - a.time);
  const shown = sorted.slice(0, sorted.length > LINES ? LINES - 1 : LINES);
  const others = sorted.slice(shown.length);
  const all = Sum.of(sorted.map(([, sum]) => sum));
  const lines = [
    ...shown,
    ...(others.length > 0
      ? [
          [
            inLanguage({ en: `${others.length} others`, zh: `其余 ${others.length} 种` }),
            Sum.of(others.map(([, sum]) => sum)),
          ] as const,
        ]
      : []),
    ['all', all] as const,
  ];
  return { lines, all };
}

/** The total of several operations. */
class Sum {
  time = 0;
  runs = 0;
  bytes = 0;

  static of(sums: readonly Sum[]): Sum {
    const all = new Sum();
    for (const { time, bytes, runs } of sums) all.add(time, bytes, runs);
    return all;
  }

  add(time: number, bytes: number, runs = 1): void {
    this.time += time;
    this.bytes += bytes;
    this.runs += runs;
  }
}
