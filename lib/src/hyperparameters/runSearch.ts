/** Runs the trials of a search, and records what becomes of them. */
import { makeFolder } from '../runtime/files';
import { notebookHost } from '../runtime/host';
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
import { scoreOf } from './results';
import type { Job, Schedule } from './schedule';
import type { SearchEvent, SearchOptions } from './search';
import { scheduleOf, settingsOf, trialsOf } from './settings';
import type { Sampled } from './space';
import type { Metrics, TrialOutcome } from './trial';
import { TrialFailure, type TrialRunner } from './trialRunner';
import { waitForEnd } from './waitForEnd';

/**
 * Does what the journal in the folder doesn't say is done, until everything is or the search is stopped. The folder is this process's.
 *
 * @throws {TensorFlowError} when something can't be recorded, or the options don't fit the journal
 */
export async function runSearch<S>(options: SearchOptions<S>, runners: readonly TrialRunner[]): Promise<void> {
  const { signal = notebookHost()?.signal } = options;
  const run = new Run(options);
  const stop = () => {
    for (const runner of runners) runner.stop();
  };
  signal?.addEventListener('abort', stop);
  try {
    await run.begin();
    const idle = [...runners];
    const running = new Set<Promise<void>>();
    for (;;) {
      while (idle.length > 0 && !signal?.aborted) {
        const job = run.next();
        if (!job) break;
        const runner = idle.shift()!;
        const done: Promise<void> = run.do(job, runner, signal).finally(() => {
          running.delete(done);
          idle.push(runner);
        });
        running.add(done);
      }
      if (running.size === 0) break;
      await Promise.race(running);
    }
    if (!signal?.aborted) run.complete();
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all(runners.map((runner) => runner.end()));
    run.close();
  }
}

class Run<S> {
  readonly #options: SearchOptions<S>;
  readonly #settings: SearchSettings;
  readonly #records: readonly SearchRecord[];
  readonly #journal: Journal<SearchRecord>;
  readonly #schedule: Schedule;
  readonly #trials: ReturnType<typeof trialsOf<S>>;
  /** Jobs that had started when an earlier process ended. */
  #unfinished: Job[] = [];
  #bestScore = Number.NEGATIVE_INFINITY;

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
      if (record.type === 'started') {
        started.set(keyOf(job), { job, pid: record.pid });
        this.#schedule.start(job);
      } else {
        started.delete(keyOf(job));
        this.#schedule.end(job, record.type === 'finished' ? this.#noteScore(metricsOf(record.metrics)) : Number.NaN);
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
  async do(job: Job, runner: TrialRunner, signal: AbortSignal | undefined): Promise<void> {
    const { trial, iterations } = job;
    const { config, seed } = this.#trials[trial]!;
    const pid = runner.begin();
    const start = now();
    this.#journal.append({ type: 'started', trial, iterations, config, seed, pid, time: start });
    this.#tell({ type: 'trialStarted', trial, iterations, config });
    let metrics: Metrics;
    try {
      metrics = this.#check(await this.#train(job, runner), iterations);
    } catch (error) {
      if (!(error instanceof TrialFailure)) throw error;
      if (!signal?.aborted) this.#recordFailure(job, start, error.message);
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
    const context = { ...this.#trials[trial]!, resultDir: folder, iterations };
    try {
      return await runner.run({ context, log, onReport });
    } finally {
      journal.close();
    }
  }

  /** The metrics that a trial returned, if they are what it was to return. */
  #check({ metrics, iteration }: TrialOutcome, iterations: number): Metrics {
    const { metric } = this.#settings;
    if (iteration < iterations) throw new TrialFailure(`returned after ${iteration} of ${iterations} iterations`);
    if (typeof metrics[metric] === 'number') return metrics;
    throw new TrialFailure(`returned no metric '${metric}', but ${Object.keys(metrics).join(', ') || 'none'}`);
  }

  #record(job: Job, start: number, metrics: Metrics): void {
    const time = now();
    this.#journal.append({ type: 'finished', ...job, metrics, seconds: time - start, time });
    const before = this.#bestScore;
    const score = this.#noteScore(metrics);
    this.#schedule.end(job, score);
    const value = metrics[this.#settings.metric]!;
    const { trial, iterations: iteration } = job;
    this.#tell({ type: 'trialFinished', trial, iteration, metrics, value, best: score > before });
  }

  #recordFailure(job: Job, start: number, error: string): void {
    const time = now();
    this.#journal.append({ type: 'failed', ...job, error, seconds: time - start, time });
    this.#schedule.end(job, Number.NaN);
    this.#tell({ type: 'trialFailed', trial: job.trial, error });
  }

  /** Records that everything is done. */
  complete(): void {
    if (!this.#records.some(({ type }) => type === 'complete')) this.#journal.append({ type: 'complete', time: now() });
  }

  close(): void {
    this.#journal.close();
  }

  /** How good a trial is by its metrics; the best of all is kept. */
  #noteScore(metrics: Metrics): number {
    const { mode, metric } = this.#settings;
    const score = scoreOf(mode, metrics[metric]!);
    if (score > this.#bestScore) this.#bestScore = score;
    return score;
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
