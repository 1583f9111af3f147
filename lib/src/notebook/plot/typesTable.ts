/** Which types of operations a step spent its time on, as text. */
import type { Activity } from '../../tf/session/timeline/activities';
import { bytesText, durationText } from '../figure/units';

/** How many types have a line. */
const LINES = 15;

/** A line a type of operation, those on which most time was spent first; what is beyond so many lines is one. */
export function typesTable(activities: readonly Activity[]): string {
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
    ...(others.length > 0 ? [[`${others.length} others`, Sum.of(others.map(([, sum]) => sum))] as const] : []),
    ['all', all] as const,
  ];
  return aligned([
    ['type', 'time', 'share', 'runs', 'allocated'],
    ...lines.map(([name, { time, runs, bytes }]) => [
      name,
      durationText(time),
      `${((100 * time) / (all.time || 1)).toFixed(1)} %`,
      `${runs}`,
      bytes > 0 ? bytesText(bytes) : '',
    ]),
  ]);
}

/** What several operations took together. */
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

/** Columns: the first to the left, the others to the right. */
function aligned(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
