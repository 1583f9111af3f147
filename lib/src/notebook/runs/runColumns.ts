/** The columns of a table of runs: their differences and results. */
import { inLanguage } from '../language';
import { differingKeys, shortNames, valueText } from './runName';
import type { RunRow } from './runRows';

/** A cell of a table: its text, and its sort key. */
export interface Cell {
  readonly text: string;
  readonly value: number | string | undefined;
}

/** A table of runs. */
export interface RunColumns {
  readonly heads: readonly string[];
  /** A row per run, newest first. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly Cell[] }[];
  /** Notes: the hyperparameters that are the same in all runs, and tags without a column. */
  readonly notes: readonly string[];
}

/** The default maximum number of tags with a column. */
const MOST_TAGS = 6;

/** The most informative tags. */
const telling = /loss|accuracy|precision|error|entropy|reward|score|f1|auc/i;

export function runColumns(rows: readonly RunRow[], asked?: readonly string[]): RunColumns {
  const configs = rows.map(({ config }) => config).filter((config) => Object.keys(config).length > 0);
  const keys = differingKeys(configs);
  const all = [...new Set(configs.flatMap((config) => Object.keys(config)))];
  const short = shortNames(all);
  const there = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const first = there.filter((tag) => telling.test(tag));
  const tags = asked ?? [...first, ...there.filter((tag) => !telling.test(tag))].slice(0, MOST_TAGS);
  const left = there.filter((tag) => !tags.includes(tag));
  const same = configs.length > 1 ? all.filter((key) => !keys.includes(key)) : [];
  return {
    heads: [
      inLanguage({ en: 'run', zh: '运行' }),
      ...keys.map((key) => short.get(key)!),
      inLanguage({ en: 'step', zh: '步数' }),
      ...tags,
      inLanguage({ en: 'written', zh: '写入时间' }),
    ],
    rows: [...rows]
      .sort((one, other) => Number(other.time ?? 0) - Number(one.time ?? 0))
      .map((row) => ({
        name: row.name,
        cells: [
          ...keys.map((key) => cellOf(row.config[key])),
          row.trials === undefined
            ? cellOf(row.step)
            : { text: inLanguage({ en: `${row.trials} trials`, zh: `${row.trials} 个试验` }), value: undefined },
          ...tags.map((tag) => cellOf(row.values[tag])),
          { text: row.time ? minuteOf(row.time) : '', value: row.time && +row.time },
        ],
      })),
    notes: [
      ...(same.length > 0 ? [sameInAll(same.map((key) => `${short.get(key)}=${valueText(configs[0]![key]!)}`))] : []),
      ...(left.length > 0 && asked === undefined ? [withoutColumn(left)] : []),
    ],
  };
}

const sameInAll = (values: readonly string[]): string =>
  inLanguage({ en: `The same in all: ${values.join(', ')}`, zh: `都相同的：${values.join('，')}` });

function withoutColumn(tags: readonly string[]): string {
  const [some, more] = [tags.slice(0, 5), tags.length - 5];
  return inLanguage({
    en: `Without a column: ${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    zh: `没有列出的：${some.join('、')}${more > 0 ? ` 等，还有 ${more} 个` : ''}`,
  });
}

function cellOf(value: number | string | boolean | undefined): Cell {
  if (value === undefined) return { text: '', value: undefined };
  return { text: valueText(value), value: typeof value === 'boolean' ? String(value) : value };
}

/** A time to the minute, in local time: `2026-11-26 21:34`. */
function minuteOf(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
