/** Reads the records of a search and validates every line, because people edit files and copy parts of them. */
import { DataLossError } from '../runtime/errors';
import { readJournal } from './journal';
import { journalPath, MOST_TRIALS, type ReportRecord, type SearchRecord } from './records';

/** Describes the expected value if a value is invalid. */
type Rule = (value: unknown) => string | undefined;

const rule =
  (what: string, holds: (value: unknown) => boolean): Rule =>
  (value) =>
    holds(value) ? undefined : what;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const anything = rule('something', (value) => value !== undefined);
const text = rule('a text', (value) => typeof value === 'string');
const number = rule('a number', Number.isFinite);
const count = rule('a whole number from 0 on', (value) => Number.isSafeInteger(value) && (value as number) >= 0);
const trial = rule(
  `a number of a trial, below ${MOST_TRIALS}`,
  (value) => !count(value) && (value as number) < MOST_TRIALS,
);
const trials = rule(
  `from 1 to ${MOST_TRIALS}`,
  (value) => !count(value) && 1 <= (value as number) && (value as number) <= MOST_TRIALS,
);
const oneOf = (...values: string[]) => rule(values.join(' or '), (value) => values.includes(value as string));
const metrics = rule(
  'numbers by their names',
  (value) => isObject(value) && Object.values(value).every((one) => one === null || typeof one === 'number'),
);

/** Validates an object's fields. */
const fields =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value) => {
    if (!isObject(value)) return 'an object';
    for (const [name, rule] of Object.entries(rules)) {
      const expected = rule(value[name]);
      if (expected !== undefined) return `${expected} for ${name}, not ${JSON.stringify(value[name])}`;
    }
    return undefined;
  };

const settings = fields({
  algorithm: oneOf('random', 'hyperband', 'asha'),
  space: anything,
  metric: text,
  mode: oneOf('max', 'min'),
  maxIterations: number,
  minIterations: number,
  eta: number,
  trials,
  seed: number,
});

/** The fields of each type of record. */
const types: Record<SearchRecord['type'], Rule> = {
  search: fields({ settings, time: number }),
  started: fields({ trial, iterations: count, config: anything, seed: number, time: number }),
  finished: fields({ trial, iterations: count, metrics, seconds: number, time: number }),
  failed: fields({ trial, iterations: count, error: text, seconds: number, time: number }),
  lost: fields({ trial, iterations: count, target: text, error: text, seconds: number, time: number }),
  complete: fields({ time: number }),
};
const searchRecord: Rule = (value) => {
  if (!isObject(value)) return 'an object';
  return (
    Object.hasOwn(types, String(value.type))
      ? types[value.type as keyof typeof types]
      : fields({ type: oneOf(...Object.keys(types)) })
  )(value);
};
const reportRecord = fields({ iteration: number, metrics });

/**
 * The records of the search in a folder; empty if there is no journal.
 *
 * @throws {DataLossError} when a line isn't a valid record, saying which and why
 */
export function readSearchRecords(resultDir: string): SearchRecord[] {
  return checked<SearchRecord>(journalPath(resultDir), searchRecord);
}

/**
 * The reports of a trial.
 *
 * @throws {DataLossError} when a line isn't a valid report, saying which and why
 */
export function readReportRecords(path: string): ReportRecord[] {
  return checked<ReportRecord>(path, reportRecord);
}

function checked<R extends object>(path: string, rule: Rule): R[] {
  const records = readJournal<R>(path);
  for (const [i, record] of records.entries()) {
    const expected = rule(record);
    if (expected !== undefined) throw new DataLossError(`line ${i + 1} of ${path} is no record: expected ${expected}`);
  }
  return records;
}
