/** The results of a search. */
import { checkIterable, checkObject, checkPath } from '../runtime/arguments';
import { NotFoundError } from '../runtime/errors';
import { readReportRecords, readSearchRecords } from './readRecords';
import { metricsOf, type SearchRecord, type SearchSettings, trialPaths } from './records';
import type { Measurement, Metrics } from './trial';

/** The result of a trial. */
export interface TrialResult<C = unknown> {
  /** The trial's number, counted from 0. */
  readonly id: number;
  readonly config: C;
  /** The trial's seed. */
  readonly seed: number;
  /** Its folder, with its checkpoints. */
  readonly resultDir: string;
  /** Whether its last job finished or failed; `unfinished` if the search was stopped before. */
  readonly status: 'finished' | 'failed' | 'unfinished';
  /** Why it failed. */
  readonly error?: string;
  /** The iterations trained, as of its last evaluation. */
  readonly iteration: number;
  /**
   * The metric of the last evaluation, by which the search compares trials; undefined if there is none or the trial
   * failed.
   */
  readonly value?: number;
  /** The metrics of the last evaluation; empty if the trial failed. */
  readonly metrics: Metrics;
  /** The evaluations by which it was compared, one for each rung, with their times in seconds since the epoch. */
  readonly evaluations: readonly (Measurement & { readonly time: number })[];
  /** The metrics that it reported while training. */
  readonly reports: readonly Measurement[];
  /** Its running time in seconds. */
  readonly seconds: number;
}

/** The results of a search. */
export interface SearchResults<C = unknown> extends Omit<SearchSettings, 'trials'> {
  readonly resultDir: string;
  /** Whether the algorithm has completed. */
  readonly complete: boolean;
  /** The trials that have started, by number. */
  readonly trials: readonly TrialResult<C>[];
  /** The best trial that didn't fail; undefined until one has finished. */
  readonly best?: TrialResult<C>;
}

/**
 * The current results of the search in a folder, which may still be running or have been killed.
 *
 * @throws {NotFoundError} when the folder contains no search
 * @throws {DataLossError} when a line of its journal isn't a valid record
 * @example
 * const { best } = hyperparameters.readResults('summaries/search');
 */
export function readResults<C = unknown>(resultDir: string): SearchResults<C> {
  checkPath('the folder of a search', resultDir);
  const records = readSearchRecords(resultDir);
  const [first] = records;
  if (first?.type !== 'search') throw new NotFoundError(`there is no search in ${resultDir}`);
  const { settings } = first;
  const byTrial = new Map<number, SearchRecord[]>();
  for (const record of records) {
    if (!('trial' in record)) continue;
    const others = byTrial.get(record.trial);
    if (others) others.push(record);
    else byTrial.set(record.trial, [record]);
  }
  const trials = [...byTrial]
    .sort(([one], [other]) => one - other)
    .map(([id, itsRecords]) => trialResult<C>(resultDir, settings, id, itsRecords));
  const best = bestOf(settings.mode, trials);
  const complete = records.some(({ type }) => type === 'complete');
  return { ...settings, resultDir, complete, trials, ...(best && { best }) };
}

/** The trial with the best value; among equal ones, the first. */
function bestOf<C>(mode: 'max' | 'min', trials: readonly TrialResult<C>[]): TrialResult<C> | undefined {
  const score = ({ value = Number.NaN }: TrialResult<C>) => scoreOf(mode, value);
  return trials
    .filter((trial) => Number.isFinite(score(trial)))
    .reduce<TrialResult<C> | undefined>(
      (best, trial) => (best && score(best) >= score(trial) ? best : trial),
      undefined,
    );
}

/** Why metrics show that a trial diverged; undefined if they don't. */
export function divergence(metrics: Metrics, metric: string): string | undefined {
  const name = [metric, 'loss'].find((one) => one in metrics && !Number.isFinite(metrics[one]));
  return name === undefined ? undefined : `it has diverged: its ${name} is ${metrics[name]}`;
}

/** A value's score: higher is better. */
export function scoreOf(mode: 'max' | 'min', value: number): number {
  return mode === 'max' ? value : -value;
}

function trialResult<C>(
  resultDir: string,
  { metric }: SearchSettings,
  id: number,
  records: readonly SearchRecord[],
): TrialResult<C> {
  const { folder, reports } = trialPaths(resultDir, id);
  let config: unknown;
  let seed = 0;
  let seconds = 0;
  let error: string | undefined;
  let status: TrialResult['status'] = 'unfinished';
  const evaluations: (Measurement & { time: number })[] = [];
  for (const record of records) {
    if (record.type === 'started') {
      ({ config, seed } = record);
      status = 'unfinished';
    } else if (record.type === 'finished') {
      evaluations.push({ iteration: record.iterations, metrics: metricsOf(record.metrics), time: record.time });
      seconds += record.seconds;
      status = 'finished';
    } else if (record.type === 'failed') {
      ({ error } = record);
      seconds += record.seconds;
      status = 'failed';
    }
  }
  const last = evaluations.at(-1);
  const diverged = divergence(last?.metrics ?? {}, metric);
  if (status === 'finished' && diverged !== undefined) [status, error] = ['failed', diverged]; // as older versions recorded it
  const metrics = status === 'failed' ? {} : (last?.metrics ?? {});
  const value = metrics[metric];
  return {
    id,
    config: config as C,
    seed,
    resultDir: folder,
    status,
    ...(error !== undefined && { error }),
    iteration: last?.iteration ?? 0,
    ...(value !== undefined && { value }),
    metrics,
    evaluations,
    reports: readReports(reports),
    seconds,
  };
}

/** Sorted by iteration; where a trial resumed from a checkpoint, the latest report counts. */
function readReports(path: string): Measurement[] {
  const byIteration = new Map<number, Measurement>();
  for (const { iteration, metrics } of readReportRecords(path))
    byIteration.set(iteration, { iteration, metrics: metricsOf(metrics) });
  return inOrder(byIteration);
}

/** Sorted by iteration. */
const inOrder = (byIteration: ReadonlyMap<number, Measurement>): Measurement[] =>
  [...byIteration.values()].sort((one, other) => one.iteration - other.iteration);

/**
 * A trial's reported metrics and evaluations, by iteration.
 *
 * @example
 * const results = hyperparameters.readResults('summaries/search');
 * const curve = hyperparameters.learningCurve(results.trials[0]!);
 * curve.map(({ metrics }) => metrics.loss);
 */
export function learningCurve(trial: TrialResult): Measurement[] {
  checkObject('what a trial has come to', trial);
  const { reports, evaluations } = trial;
  checkIterable('the reports of a trial', reports);
  checkIterable('the evaluations of a trial', evaluations);
  const byIteration = new Map<number, Measurement>();
  for (const { iteration, metrics } of [...reports, ...evaluations])
    byIteration.set(iteration, { iteration, metrics: { ...byIteration.get(iteration)?.metrics, ...metrics } });
  return inOrder(byIteration);
}
