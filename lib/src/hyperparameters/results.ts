/** The results of a search. */
import { checkIterable, checkObject, checkPath } from '../runtime/arguments';
import { NotFoundError } from '../runtime/errors';
import { readReportRecords, readSearchRecords } from './readRecords';
import { metricsOf, type SearchRecord, type SearchSettings, trialPaths } from './records';
import type { Measurement, Metrics } from './trial';

/** What a trial has come to. */
export interface TrialResult<C = unknown> {
  /** The trial's number; numbers count from 0. */
  readonly id: number;
  readonly config: C;
  /** The trial's own seed. */
  readonly seed: number;
  /** Its folder, with its checkpoints. */
  readonly resultDir: string;
  /** Whether what was asked of it last has finished, or failed; `unfinished` if the search was stopped before it had. */
  readonly status: 'finished' | 'failed' | 'unfinished';
  /** Why it failed. */
  readonly error?: string;
  /** Iterations trained, as of its last evaluation. */
  readonly iteration: number;
  /** What the search compares: the last evaluation's metric; undefined when there is none, or the trial failed. */
  readonly value?: number;
  /** The last evaluation's metrics; none when the trial failed. */
  readonly metrics: Metrics;
  /** The evaluations by which it was compared, one a rung, with the time at which they ended (in seconds since the epoch). */
  readonly evaluations: readonly (Measurement & { readonly time: number })[];
  /** What it reported on its way. */
  readonly reports: readonly Measurement[];
  /** How long it has run. */
  readonly seconds: number;
}

/** What a search has found. */
export interface SearchResults<C = unknown> extends Omit<SearchSettings, 'trials'> {
  readonly resultDir: string;
  /** Whether everything is done that the algorithm asks for. */
  readonly complete: boolean;
  /** The trials that have begun, in the order of their numbers. */
  readonly trials: readonly TrialResult<C>[];
  /** The best of those that didn't fail; undefined while none has finished. */
  readonly best?: TrialResult<C>;
}

/**
 * The results of the search in a folder as they are by now, also of one that still runs or was killed.
 *
 * @throws {NotFoundError} when there has been no search in this folder
 * @throws {DataLossError} when a line of its journal is no record
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

/** The trial with the best value, of equal ones the first. */
function bestOf<C>(mode: 'max' | 'min', trials: readonly TrialResult<C>[]): TrialResult<C> | undefined {
  const score = ({ value = Number.NaN }: TrialResult<C>) => scoreOf(mode, value);
  return trials
    .filter((trial) => Number.isFinite(score(trial)))
    .reduce<TrialResult<C> | undefined>(
      (best, trial) => (best && score(best) >= score(trial) ? best : trial),
      undefined,
    );
}

/** Why metrics are those of a trial that has diverged; undefined where they are of one that hasn't. */
export function divergence(metrics: Metrics, metric: string): string | undefined {
  const name = [metric, 'loss'].find((one) => one in metrics && !Number.isFinite(metrics[one]));
  return name === undefined ? undefined : `it has diverged: its ${name} is ${metrics[name]}`;
}

/** How good a value is: the greater, the better. */
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

/** In the order of iterations; where a trial went back to a checkpoint, what it reported last. */
function readReports(path: string): Measurement[] {
  const byIteration = new Map<number, Measurement>();
  for (const { iteration, metrics } of readReportRecords(path))
    byIteration.set(iteration, { iteration, metrics: metricsOf(metrics) });
  return inOrder(byIteration);
}

/** In the order of iterations. */
const inOrder = (byIteration: ReadonlyMap<number, Measurement>): Measurement[] =>
  [...byIteration.values()].sort((one, other) => one.iteration - other.iteration);

/**
 * The metrics that a trial has reported and those by which it was compared, in the order of iterations.
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
