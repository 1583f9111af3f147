/** The records in the journal of a search, and the paths of its files. */
import * as path from 'node:path';
import type { Metrics } from './trial';

/** The maximal number of trials of a search, which keeps them in memory. */
export const MOST_TRIALS = 1_000_000;

/** The search algorithms. */
export type Algorithm = 'random' | 'hyperband' | 'asha';

/** The settings that determine the trials and their ranking. */
export interface SearchSettings {
  readonly algorithm: Algorithm;
  /** The space, as described by `describeSpace`. */
  readonly space: unknown;
  /** The metric by which trials are compared. */
  readonly metric: string;
  /** Whether larger or smaller values are better. */
  readonly mode: 'max' | 'min';
  readonly maxIterations: number;
  readonly minIterations: number;
  readonly eta: number;
  /** The number of configurations to try. */
  readonly trials: number;
  readonly seed: number;
}

/** A line of the journal. `time` is in seconds since the epoch. */
export type SearchRecord =
  | { readonly type: 'search'; readonly settings: SearchSettings; readonly time: number }
  | {
      readonly type: 'started';
      readonly trial: number;
      readonly iterations: number;
      readonly config: unknown;
      readonly seed: number;
      readonly pid: number | undefined;
      /** The server on which it runs, unless it is its own process. */
      readonly target?: string | undefined;
      readonly time: number;
    }
  | {
      readonly type: 'finished';
      readonly trial: number;
      readonly iterations: number;
      readonly metrics: Metrics;
      readonly seconds: number;
      readonly time: number;
    }
  | {
      readonly type: 'failed';
      readonly trial: number;
      readonly iterations: number;
      readonly error: string;
      readonly seconds: number;
      readonly time: number;
    }
  /** The trial's server was lost; the trial is repeated. */
  | {
      readonly type: 'lost';
      readonly trial: number;
      readonly iterations: number;
      readonly target: string;
      readonly error: string;
      readonly seconds: number;
      readonly time: number;
    }
  | { readonly type: 'complete'; readonly time: number };

/** A line of a trial's reports. */
export interface ReportRecord {
  readonly iteration: number;
  readonly metrics: Metrics;
}

export function journalPath(resultDir: string): string {
  return path.join(resultDir, 'journal.jsonl');
}

/** A trial's name, padded so that folders and runs sort by number. */
export function trialName(id: number): string {
  return String(id).padStart(4, '0');
}

/** The files of a trial: its own folder, and the search's files next to it. */
export function trialPaths(resultDir: string, trial: number): { folder: string; log: string; reports: string } {
  const base = path.join(resultDir, 'trials', trialName(trial));
  return { folder: base, log: `${base}.log`, reports: `${base}.reports.jsonl` };
}

/** Restores metrics from JSON, where null stands for numbers that aren't finite. */
export function metricsOf(metrics: Readonly<Record<string, number | null>>): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, value ?? Number.NaN]));
}
