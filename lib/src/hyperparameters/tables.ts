/** Writes the results of a search as files for other programs. */
import * as path from 'node:path';
import { replaceFile } from '../runtime/files';
import { flatConfig } from './flatConfig';
import type { SearchResults } from './results';

/** Writes `results.json`, with everything, and `results.csv`, with a row for each trial. */
export async function writeTables(results: SearchResults): Promise<void> {
  const write = (name: string, text: string) => replaceFile(path.join(results.resultDir, name), Buffer.from(text));
  await write('results.json', `${JSON.stringify(results, null, 2)}\n`);
  await write('results.csv', csvOf(results));
}

/** The trials as CSV (RFC 4180): their outcomes, metrics, and hyperparameters, some of which may be empty. */
function csvOf({ metric, trials }: SearchResults): string {
  const rows = trials.map(({ id, status, iteration, seconds, metrics, config, seed, error }) => ({
    ...{ trial: id, status, iteration, seconds: Math.round(seconds * 1000) / 1000 },
    metrics,
    hyperparameters: flatConfig(config),
    ...{ seed, error },
  }));
  const metrics = namesIn([{ [metric]: 0 }, ...rows.map((row) => row.metrics)]);
  const hyperparameters = namesIn(rows.map((row) => row.hyperparameters));
  const lines = [
    ['trial', 'status', 'iteration', ...metrics, ...hyperparameters, 'seconds', 'seed', 'error'],
    ...rows.map((row) => [
      ...[row.trial, row.status, row.iteration],
      ...metrics.map((name) => row.metrics[name]),
      ...hyperparameters.map((name) => row.hyperparameters[name]),
      ...[row.seconds, row.seed, row.error],
    ]),
  ];
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

function namesIn(rows: readonly object[]): string[] {
  return [...new Set(rows.flatMap(Object.keys))];
}

function cell(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
