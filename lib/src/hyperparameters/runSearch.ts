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
 * Does what the journal in the folder doesn't say is done, until everything is or the search is stopped. The folder is this process's.
 *
 * @throws {TensorFlowError} when something can't be recorded, the options don't fit the journal, or the environment is to blame for what
 *   a trial threw: that is no result, and what was trained is saved, to be gone on with
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
    /** Those that wait for their servers. */
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

/** For so long no target at all may answer where nobody says. */
const TARGET_SECONDS = 300;

/** So often a trial is tried whose server goes away: it may be what ends it. */
const MOST_ATTEMPTS = 3;

class Run<S> {
  readonly #options: SearchOptions<S>;
  readonly #settings: SearchSettings;
  readonly #records: readonly SearchRecord[];
  readonly #journal: Journal<SearchRecord>;
  readonly #schedule: Schedule;
  readonly #trials: ReturnType<typeof trialsOf<S>>;
  /** Jobs that had started when an earlier process ended. */
  #unfinished: Job[] = [];
  /** How often the server went away on which a job was done. */
  readonly #losses = new Map<string, number>();
  /** How good each trial is that has been measured, and hasn't failed since. */
  readonly #scores = new Map<number, number>();
  /** Whether trials are told to stop: how they end then is recorded nowhere. */
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

  /** Takes up what has been recorded. */
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

  /** The next job, which has started by this; undefined when there is none before others have ended. */
  next(): Job | undefined {
    return this.#unfinished.shift() ?? this.#schedule.next();
  }

  /** Has a job done. Nothing is recorded of one that was stopped: it is to be done again, from the trial's checkpoint on. */
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
      // What somebody throws whose server is gone may say anything.
      const isLost = target !== undefined && error instanceof TrialFailure && !(await isListening(target));
      throw isLost ? new TargetLost(error.message) : error;
    } finally {
      journal.close();
    }
  }

  /** The metrics that a trial returned, if they are what it was to return. */
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

  /** Has a job tried again whose server went away, unless that happens with it again and again. */
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

  /** Records that everything is done. */
  complete(): void {
    if (!this.#records.some(({ type }) => type === 'complete')) this.#journal.append({ type: 'complete', time: now() });
  }

  close(): void {
    this.#journal.close();
  }

  /** How good a trial is by its metrics. */
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
