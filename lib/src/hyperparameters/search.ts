/** Hyperparameter search: finds the best configuration by training many of them in several processes. */

import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { shown } from '../runtime/arguments';
import { withContext } from '../runtime/errorContext';
import { AlreadyExistsError, InvalidArgumentError, NotFoundError } from '../runtime/errors';
import { makeFolder } from '../runtime/files';
import { checkFolderIsFree, lockFolder } from '../runtime/folderLock';
import { moduleFile } from '../runtime/modules';
import { checkKeys, onlyOptions } from '../runtime/options';
import { writeHParams } from './hparams';
import type { TrialSource } from './messages';
import { readSearchRecords } from './readRecords';
import type { Algorithm } from './records';
import { readResults, type SearchResults } from './results';
import { runSearch } from './runSearch';
import type { Sampled } from './space';
import { writeTables } from './tables';
import { checkTargets } from './targets';
import type { Metrics, RunTrial } from './trial';
import { LocalRunner, type TrialRunner } from './trialRunner';
import { WorkerProcess } from './workerProcess';

/** Options of {@link search}. */
export interface SearchOptions<S> {
  /**
   * `random` trains each trial for `maxIterations`. `hyperband` trains many trials briefly and the best of them longer,
   * in several brackets. `asha` (asynchronous successive halving) uses a single bracket and promotes a trial as soon as
   * it is among the best so far. No process ever waits, but with several processes the promotions depend on which
   * trials end first, and so on chance.
   */
  algorithm: Algorithm;
  /** The configurations to search, such as `{ lr: space.logUniform(1e-4, 1), batchSize: 100 }`. */
  space: S;
  /** The metric by which trials are compared. */
  metric: string;
  /**
   * Whether larger or smaller values are better.
   *
   * @defaultValue `max`
   */
  mode?: 'max' | 'min';
  /** The maximal number of iterations for one trial. */
  maxIterations: number;
  /**
   * The number of iterations needed to compare trials: Hyperband's unit of resource. The larger the ratio of
   * `maxIterations` to it, the more trials Hyperband runs: with η = 3, 15 for 9, 46 for 27, 128 for 81.
   *
   * @defaultValue `1`
   */
  minIterations?: number;
  /**
   * One in `eta` trials is promoted, to `eta` times the iterations.
   *
   * @defaultValue `3`
   */
  eta?: number;
  /**
   * The number of configurations for `random` and `asha`; Hyperband's follows from the iterations.
   *
   * @defaultValue `20`
   */
  trials?: number;
  /**
   * The number of trials to run at the same time, each in a process of its own.
   *
   * @defaultValue the number of cores; 1 if `trial` is a function; with `targets`, at most one for each
   */
  nbProcess?: number;
  /**
   * TensorFlow servers to run trials on, as `grpc://HOST:PORT`, such as those of `tf-mechanics server`; each runs one
   * trial at a time. Examples are read on this machine and sent over the network at every step. If a server is lost,
   * its trial is repeated on another one from its latest checkpoint, up to three times.
   *
   * @defaultValue the trials' own processes
   */
  targets?: readonly string[];
  /**
   * How many seconds all targets may be unreachable before the search fails; `resume` continues it.
   *
   * @defaultValue `300`
   */
  targetTimeout?: number;
  /**
   * The number of threads for TensorFlow in each process.
   *
   * @defaultValue `1`
   */
  threads?: number;
  /**
   * The seed for all configurations and all trials' seeds.
   *
   * @defaultValue a random one, which is part of the results
   */
  seed?: number;
  /** The folder for all files of the search. */
  resultDir: string;
  /**
   * Whether to resume the search in `resultDir`, which was stopped or killed. Options that have defaults needn't be
   * repeated.
   *
   * @defaultValue `false`
   */
  resume?: boolean;
  /** What trains a trial. */
  trial: TrialsOf<S>;
  /**
   * How many seconds a trial may neither report nor return before it is ended as failed.
   *
   * @defaultValue forever
   */
  trialTimeout?: number;
  /**
   * How many seconds a trial may take to save and return when the search is stopped.
   *
   * @defaultValue `10`
   */
  stopTimeout?: number;
  /**
   * Stops the search: trials save what they have trained, and `resume` continues from there.
   *
   * @defaultValue a notebook's interrupt
   */
  signal?: AbortSignal;
  /**
   * Receives the line that reports at the end how many trials failed, and why the first one did.
   *
   * @defaultValue `console.warn`
   */
  log?: (line: string) => void;
  /** Called for every event of the search. */
  onEvent?: (event: SearchEvent<Sampled<S>>) => void;
}

/**
 * What trains the trials of a search: `models.trials` for this library's own models, `models.trialsOf(file)` for those
 * of a module.
 *
 * Other trials are given by a module's file and the name of its {@link RunTrial} (`runTrial` if not given) or, with
 * `options`, of a function that returns one when called with them; or by a program that calls `cli` with its models.
 * Worker processes inherit Node's flags, such as `--import tsx`, so they can load whatever this process can.
 *
 * A function, such as one defined in a notebook, can't be passed to other processes: it is called in this one, one
 * trial after the other.
 */
export type TrialsOf<S = unknown> =
  | { readonly module: string | URL; readonly name?: string; readonly options?: unknown }
  | { readonly program: string; readonly words?: readonly string[] }
  | RunTrial<Sampled<S>>;

/** An event of a search. */
export type SearchEvent<C = unknown> =
  /** The search starts, with a number of trials; when resumed, some of its jobs have made progress before. */
  | { readonly type: 'searchStarted'; readonly trials: number; readonly resumed: number; readonly seed: number }
  /** A trial starts or continues until it reaches a number of iterations. */
  | { readonly type: 'trialStarted'; readonly trial: number; readonly iterations: number; readonly config: C }
  | { readonly type: 'report'; readonly trial: number; readonly iteration: number; readonly metrics: Metrics }
  /** A trial has reached its iterations; `best` if no other has had as good a value. */
  | {
      readonly type: 'trialFinished';
      readonly trial: number;
      readonly iteration: number;
      readonly metrics: Metrics;
      readonly value: number;
      readonly best: boolean;
    }
  | { readonly type: 'trialFailed'; readonly trial: number; readonly error: string }
  /** The trial's server was lost; the trial is repeated. */
  | { readonly type: 'targetLost'; readonly trial: number; readonly target: string; readonly error: string };

/**
 * Searches a space for the best configuration.
 *
 * - A trial that fails or diverges, or whose process dies, is recorded as failed and never the best; the search
 *   continues.
 * - If the environment is to blame (disk full, no permission, out of memory), nothing is recorded and the search stops.
 *   `resume` continues it with the same results.
 * - A promoted trial continues from its checkpoint: no iteration is trained twice.
 * - The same seed gives the same trials, for any number of processes.
 *
 * The folder receives a journal (`journal.jsonl`), from which a stopped or killed search is resumed; a folder, a log
 * and the reports of each trial (`trials`); and at the end `results.json`, `results.csv` and runs for TensorBoard's
 * HParams page (`hparams`).
 *
 * @throws {InvalidArgumentError} when an option is invalid, or differs from that of the search to resume
 * @throws {AlreadyExistsError} when there is a search in the folder, and `resume` isn't set
 * @throws {DataLossError} when a line of the journal to resume isn't a valid record
 * @throws {NotFoundError} when there is no search to resume, or no module that trains trials
 * @throws {FailedPreconditionError} when a search is running in the folder
 * @throws {UnavailableError} when none of the targets has answered for `targetTimeout` seconds
 * @throws {ResourceExhaustedError} when the disk is full, memory runs out, or too many files are open
 * @throws {PermissionDeniedError} when a file can't be written
 * @example
 * const { space } = hyperparameters;
 * const { best } = await hyperparameters.search({
 *   algorithm: 'hyperband',
 *   space: { modelName: 'fully_connected', lr: space.logUniform(1e-3, 1), hidden1: space.choice([64, 128, 256]) },
 *   metric: 'precision',
 *   maxIterations: 2700,
 *   minIterations: 100,
 *   seed: 42,
 *   resultDir: 'summaries/search',
 *   trial: models.trials,
 * });
 * best?.config.lr;
 */
export async function search<S>(options: SearchOptions<S>): Promise<SearchResults<Sampled<S>>> {
  checkOptions(options);
  const { resultDir, resume = false } = options;
  const runners = runnersOf(options);
  checkFolderIsFree(resultDir, []);
  checkJournal(resultDir, resume); // before any file is created
  makeFolder(path.join(resultDir, 'trials'));
  const unlock = await lockFolder(resultDir, 'a search');
  try {
    checkJournal(resultDir, resume); // another search may have run here meanwhile
    await runSearch(options, runners);
    const results = readResults<Sampled<S>>(resultDir);
    await writeTables(results);
    await writeHParams(results);
    const { log = console.warn } = options;
    for (const line of failuresOf(results)) log(line);
    return results;
  } finally {
    unlock();
  }
}

/** A line with the number of failed trials and the first one's error; empty if none failed. */
export function failuresOf({ trials }: SearchResults): string[] {
  const failed = trials.filter(({ status }) => status === 'failed');
  const [first] = failed;
  if (first === undefined) return [];
  const many = failed.length === trials.length ? `all ${trials.length}` : `${failed.length} of ${trials.length}`;
  return [`${many} trials failed; the first, trial ${first.id}: ${first.error}`];
}

/** Creates the runners of trials. */
function runnersOf<S>(options: SearchOptions<S>): TrialRunner[] {
  const { trial, nbProcess, targets, threads = 1 } = options;
  const { trialTimeout: silence = Number.POSITIVE_INFINITY, stopTimeout: grace = 10 } = options;
  if (typeof trial === 'function') {
    if (nbProcess !== undefined && nbProcess > 1)
      throw new InvalidArgumentError(`a function trains trials in this process only: name a module for ${nbProcess}`);
    if (targets !== undefined && targets.length > 1)
      throw new InvalidArgumentError(
        `a function trains trials in this process, a trial after the other: name a module for ${targets.length} targets`,
      );
    return [new LocalRunner(trial as RunTrial<unknown>, targets?.[0])];
  }
  const workerOptions = { source: sourceOf(trial), threads, silence, grace };
  if (targets !== undefined)
    return targets.slice(0, nbProcess).map((target) => new WorkerProcess({ ...workerOptions, target }));
  return Array.from({ length: nbProcess ?? availableParallelism() }, () => new WorkerProcess(workerOptions));
}

function sourceOf(trial: Exclude<TrialsOf, RunTrial<never>>): TrialSource {
  try {
    if ('program' in trial) return { program: moduleFile(trial.program), words: trial.words ?? [] };
    const { module, name = 'runTrial', options } = trial;
    return { path: moduleFile(module), name, options };
  } catch (error) {
    throw withContext(error, (message) => `${message} to train trials`);
  }
}

function checkJournal(resultDir: string, resume: boolean): void {
  const isEmpty = readSearchRecords(resultDir).length === 0;
  if (resume && isEmpty) throw new NotFoundError(`there is no search in ${resultDir} to resume`);
  if (!resume && !isEmpty)
    throw new AlreadyExistsError(`there is a search in ${resultDir} already: resume it, or take another folder`);
}

function checkOptions<S>(options: SearchOptions<S>): void {
  onlyOptions(options, {
    algorithm: ['random', 'hyperband', 'asha'],
    space: 'any',
    metric: 'string',
    mode: ['max', 'min'],
    maxIterations: 'number',
    minIterations: 'number',
    eta: 'number',
    trials: 'number',
    nbProcess: 'number',
    targets: 'array',
    targetTimeout: 'number',
    threads: 'number',
    seed: 'number',
    resultDir: 'path',
    resume: 'boolean',
    trial: 'any',
    trialTimeout: 'number',
    stopTimeout: 'number',
    signal: 'any',
    log: 'function',
    onEvent: 'function',
  });
  if (options.trial === undefined)
    throw new InvalidArgumentError(
      'name what trains a trial: trial: models.trials for the models of this library, models.trialsOf(file) for those of a module, or a function',
    );
  if (typeof options.trial !== 'function')
    checkKeys(
      options.trial,
      'program' in options.trial ? ['program', 'words'] : ['module', 'name', 'options'],
      'trial.',
    );
  const { algorithm } = options;
  for (const name of ['trials', 'nbProcess', 'threads'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
      throw new InvalidArgumentError(`expected ${name} to be a whole number from 1 on, got ${shown(value)}`);
  }
  if (options.targets !== undefined) checkTargets(options.targets);
  for (const name of ['trialTimeout', 'stopTimeout', 'targetTimeout'] as const)
    if (!((options[name] ?? 1) > 0))
      throw new InvalidArgumentError(
        `expected ${name} to be a positive number of seconds, got ${shown(options[name])}`,
      );
  if (algorithm === undefined) throw new InvalidArgumentError('a search needs an algorithm: random, hyperband or asha');
  if (algorithm === 'hyperband' && options.trials !== undefined)
    throw new InvalidArgumentError('how many trials hyperband makes follows from its iterations: leave trials out');
}
