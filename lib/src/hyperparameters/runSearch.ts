/** Runs the trials of a search and records their results. */

import { setTimeout } from 'node:timers/promises';
import { DataLossError, UnavailableError } from '../runtime/errors';
import { makeFolder } from '../runtime/files';
import { notebookHost } from '../runtime/notebookHost';
import { Journal } from './journal';
import { readSearchRecords } from './readRecords';
import {
  journalPath,
  metricsOf,
  type ReportRecord,
  type SearchRecord,
  type SearchSettings,
  trialPaths,
} from './records';
import { divergence, scoreOf } from './results';
import type { Job, Schedule } from './schedule';
import type { SearchEvent, SearchOptions } from './search';
import { scheduleOf, settingsOf, trialsOf } from './settings';
import type { Sampled } from './space';
import { isListening } from './targets';
import type { Metrics, TrialOutcome } from './trial';
import { TargetLost, TrialFailure, type TrialRunner } from './trialRunner';
import { waitForEnd } from './waitForEnd';

/**
 * Does the work that the folder's journal doesn't record as done, until all is done or the search is stopped. The
 * caller holds the folder's lock.
 *
 * @throws {TensorFlowError} when a record can't be written, the options don't fit the journal, or a trial failed
 * because of the environment. That isn't recorded as a result; the trained state is saved, and the search can be
 * resumed
 */
export async function runSearch<S>(options: SearchOptions<S>, runners: readonly TrialRunner[]): Promise<void> {
  const { signal = notebookHost()?.signal } = options;
  const run = new Run(options);
  const stop = () => {
    run.isStopping = true;
    for (const runner of runners) runner.stop();
  };
  let failure: { error: unknown } | undefined;
  signal?.addEventListener('abort', stop);
  try {
    await run.begin();
    const idle: TrialRunner[] = [];
    const running = new Set<Promise<void>>();
    /** Runners waiting for their servers. */
    const away = new Set<Promise<void>>();
    const take = (runner: TrialRunner) => {
      if (runner.target === undefined) {
        idle.push(runner);
        return;
      }
      const ready: Promise<void> = runner.ready!().then(() => {
        away.delete(ready);
        idle.push(runner);
      });
      away.add(ready);
    };
    for (const runner of runners) take(runner);
    let job: Job | undefined;
    for (;;) {
      while (!signal?.aborted && !failure) {
        job ??= run.next();
        if (!job || idle.length === 0) break;
        const runner = idle.shift()!;
        const done: Promise<void> = run
          .do(job, runner)
          .catch((error) => {
            failure ??= { error };
            stop();
          })
          .finally(() => {
            running.delete(done);
            take(runner);
          });
        running.add(done);
        job = undefined;
      }
      if (running.size === 0 && (!job || signal?.aborted || failure)) break;
      await (running.size > 0 ? Promise.race([...running, ...away]) : someIsThere(away, options));
    }
    if (failure) throw failure.error;
    if (!signal?.aborted) run.complete();
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all(runners.map((runner) => runner.end()));
    run.close();
  }
}

/**
 * Resolves when one of the targets answers.
 *
 * @throws {UnavailableError} when none does for too long
 */
async function someIsThere<S>(away: ReadonlySet<Promise<void>>, options: SearchOptions<S>): Promise<void> {
  const { targets = [], targetTimeout = TARGET_SECONDS } = options;
  const late = new AbortController();
  const nobody = setTimeout(targetTimeout * 1000, true, { signal: late.signal }).catch(() => false);
  const isLate = await Promise.race([...away, nobody]).finally(() => late.abort());
  if (isLate)
    throw new UnavailableError(
      `none of the targets of the search has answered for ${targetTimeout} s: ${targets.join(', ')}; the search goes on from here when it is resumed`,
    );
}

/** The default time, in seconds, for which all targets may be unreachable. */
const TARGET_SECONDS = 300;

/** How often a trial is tried whose server is lost; the trial itself may be the cause. */
const MOST_ATTEMPTS = 3;

class Run<S> {
  readonly #options: SearchOptions<S>;
  readonly #settings: SearchSettings;
  readonly #records: readonly SearchRecord[];
  readonly #journal: Journal<SearchRecord>;
  readonly #schedule: Schedule;
  readonly #trials: ReturnType<typeof trialsOf<S>>;
  /** Jobs that were running when an earlier process ended. */
  #unfinished: Job[] = [];
  /** How often the server of a job was lost. */
  readonly #losses = new Map<string, number>();
  /** The scores of trials that have been evaluated and haven't failed since. */
  readonly #scores = new Map<number, number>();
  /** Whether the search is stopping: trials that end now aren't recorded. */
  isStopping = false;

  constructor(options: SearchOptions<S>) {
    const { resultDir, space } = options;
    this.#options = options;
    this.#records = readSearchRecords(resultDir);
    const [first] = this.#records;
    this.#settings = settingsOf(options, first?.type === 'search' ? first.settings : undefined);
    this.#schedule = scheduleOf(this.#settings);
    this.#trials = trialsOf(space, this.#settings);
    this.#journal = new Journal(journalPath(resultDir));
  }

  /** Restores the state from the records. */
  async begin(): Promise<void> {
    const time = now();
    if (this.#records.length === 0) this.#journal.append({ type: 'search', settings: this.#settings, time });
    const started = new Map<string, { job: Job; pid: number | undefined }>();
    let resumed = 0;
    for (const record of this.#records) {
      if (!('trial' in record)) continue;
      const job = { trial: record.trial, iterations: record.iterations };
      if (!this.#schedule.has(job))
        throw new DataLossError(
          `${journalPath(this.#options.resultDir)}: the search has no trial ${job.trial} of ${job.iterations} iterations`,
        );
      if (record.type === 'started') {
        started.set(keyOf(job), { job, pid: record.pid });
        this.#schedule.start(job);
      } else if (record.type !== 'lost') {
        started.delete(keyOf(job));
        this.#schedule.end(
          job,
          record.type === 'finished'
            ? this.#noteScore(job.trial, metricsOf(record.metrics))
            : this.#noteFailure(job.trial),
        );
        resumed++;
      }
    }
    this.#unfinished = [...started.values()].map(({ job }) => job);
    await waitForEnd([...started.values()].flatMap(({ pid }) => pid ?? []));
    const { trials, seed } = this.#settings;
    this.#tell({ type: 'searchStarted', trials, resumed, seed });
  }

  /** Starts the next job; undefined if it depends on running ones. */
  next(): Job | undefined {
    return this.#unfinished.shift() ?? this.#schedule.next();
  }

  /** Runs a job. Nothing is recorded for a stopped one, which is repeated from the trial's checkpoint. */
  async do(job: Job, runner: TrialRunner): Promise<void> {
    const { trial, iterations } = job;
    const { config, seed } = this.#trials[trial]!;
    const pid = runner.begin();
    const { target } = runner;
    const start = now();
    this.#journal.append({ type: 'started', trial, iterations, config, seed, pid, target, time: start });
    this.#tell({ type: 'trialStarted', trial, iterations, config });
    let metrics: Metrics;
    try {
      metrics = this.#check(await this.#train(job, runner), iterations);
    } catch (error) {
      if (error instanceof TargetLost && target !== undefined) {
        this.#recordLoss(job, start, target, error.message);
        return;
      }
      if (!(error instanceof TrialFailure)) throw error;
      if (!this.isStopping) this.#recordFailure(job, start, error.message);
      return;
    }
    this.#record(job, start, metrics);
  }

  async #train({ trial, iterations }: Job, runner: TrialRunner): Promise<TrialOutcome> {
    const { folder, log, reports } = trialPaths(this.#options.resultDir, trial);
    makeFolder(folder);
    const journal = new Journal<ReportRecord>(reports, { flush: false });
    const onReport = (iteration: number, metrics: Metrics) => {
      journal.append({ iteration, metrics });
      this.#tell({ type: 'report', trial, iteration, metrics });
    };
    const { metric } = this.#settings;
    const { target } = runner;
    const context = { ...this.#trials[trial]!, resultDir: folder, iterations, metric, ...(target && { target }) };
    try {
      return await runner.run({ context, log, onReport });
    } catch (error) {
      // Any error may follow from a lost server.
      const isLost = target !== undefined && error instanceof TrialFailure && !(await isListening(target));
      throw isLost ? new TargetLost(error.message) : error;
    } finally {
      journal.close();
    }
  }

  /** Validates the metrics that a trial returned. */
  #check({ metrics, iteration }: TrialOutcome, iterations: number): Metrics {
    const { metric } = this.#settings;
    if (iteration < iterations) throw new TrialFailure(`returned after ${iteration} of ${iterations} iterations`);
    const diverged = divergence(metrics, metric);
    if (diverged !== undefined) throw new TrialFailure(diverged);
    if (typeof metrics[metric] === 'number') return metrics;
    throw new TrialFailure(`returned no metric '${metric}', but ${Object.keys(metrics).join(', ') || 'none'}`);
  }

  #record(job: Job, start: number, metrics: Metrics): void {
    const time = now();
    this.#journal.append({ type: 'finished', ...job, metrics, seconds: time - start, time });
    const others = [...this.#scores].flatMap(([trial, score]) => (trial === job.trial ? [] : score));
    const before = this.#scores.get(job.trial) ?? Number.NEGATIVE_INFINITY;
    const score = this.#noteScore(job.trial, metrics);
    this.#schedule.end(job, score);
    const value = metrics[this.#settings.metric]!;
    const { trial, iterations: iteration } = job;
    this.#tell({
      type: 'trialFinished',
      trial,
      iteration,
      metrics,
      value,
      best: score > before && others.every((other) => score > other),
    });
  }

  #recordFailure(job: Job, start: number, error: string): void {
    const time = now();
    this.#journal.append({ type: 'failed', ...job, error, seconds: time - start, time });
    this.#schedule.end(job, this.#noteFailure(job.trial));
    this.#tell({ type: 'trialFailed', trial: job.trial, error });
  }

  /** Schedules a job again whose server was lost, unless that has happened too often. */
  #recordLoss(job: Job, start: number, target: string, error: string): void {
    if (this.isStopping) return;
    const losses = (this.#losses.get(keyOf(job)) ?? 0) + 1;
    this.#losses.set(keyOf(job), losses);
    if (losses >= MOST_ATTEMPTS) {
      this.#recordFailure(job, start, `its server went away ${losses} times, the last time ${target}: ${error}`);
      return;
    }
    const time = now();
    this.#journal.append({ type: 'lost', ...job, target, error, seconds: time - start, time });
    this.#unfinished.push(job);
    this.#tell({ type: 'targetLost', trial: job.trial, target, error });
  }

  /** Records that the search is complete. */
  complete(): void {
    if (!this.#records.some(({ type }) => type === 'complete')) this.#journal.append({ type: 'complete', time: now() });
  }

  close(): void {
    this.#journal.close();
  }

  /** A trial's score by its metrics. */
  #noteScore(trial: number, metrics: Metrics): number {
    const { mode, metric } = this.#settings;
    if (divergence(metrics, metric) !== undefined) return this.#noteFailure(trial); // as older versions recorded it
    const score = scoreOf(mode, metrics[metric]!);
    this.#scores.set(trial, score);
    return score;
  }

  #noteFailure(trial: number): number {
    this.#scores.delete(trial);
    return Number.NaN;
  }

  #tell(event: SearchEvent<Sampled<S>>): void {
    this.#options.onEvent?.(event);
  }
}

function keyOf({ trial, iterations }: Job): string {
  return `${trial}:${iterations}`;
}

/** Seconds since the epoch. */
function now(): number {
  return Date.now() / 1000;
}
