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
   * `random` trains each trial for `maxIterations`. `hyperband` trains many trials a little and the best of them more, in brackets.
   * `asha`, asynchronous successive halving, does so in one bracket, and promotes a trial as soon as it is among the best so far: no
   * process ever waits, but which trials are promoted depends on which end first, and so, with several processes, on chance.
   */
  algorithm: Algorithm;
  /** The configurations to search, such as `{ lr: space.logUniform(1e-4, 1), batchSize: 100 }`. */
  space: S;
  /** The name of the metric by which trials are compared. */
  metric: string;
  /**
   * Whether the greatest or the least value is best.
   *
   * @defaultValue `max`
   */
  mode?: 'max' | 'min';
  /** How many iterations one trial trains at most. */
  maxIterations: number;
  /**
   * How many iterations it takes to compare trials: Hyperband's unit of resource. The more there are of these in
   * `maxIterations`, the more trials Hyperband makes: with η = 3, 15 for 9, 46 for 27, 128 for 81.
   *
   * @defaultValue `1`
   */
  minIterations?: number;
  /**
   * One trial in so many is promoted, to so many times the iterations.
   *
   * @defaultValue `3`
   */
  eta?: number;
  /**
   * How many configurations `random` and `asha` try. Hyperband's follow from the iterations.
   *
   * @defaultValue `20`
   */
  trials?: number;
  /**
   * How many trials run at once, each in a process of its own.
   *
   * @defaultValue as many as there are cores; 1 where `trial` is a function; with `targets` one for each, at most
   */
  nbProcess?: number;
  /**
   * TensorFlow servers, `grpc://HOST:PORT` each, that trials run on, one at a time on each; `tf-mechanics server` is such a one. Examples
   * are read here, and cross the network with every step. A trial whose server goes away is tried again on another, from its latest
   * checkpoint on, three times at most.
   *
   * @defaultValue the trials' own processes
   */
  targets?: readonly string[];
  /**
   * For how many seconds no target at all may answer, before the search ends with an error; `resume` goes on from there.
   *
   * @defaultValue `300`
   */
  targetTimeout?: number;
  /**
   * How many threads TensorFlow uses in each process.
   *
   * @defaultValue `1`
   */
  threads?: number;
  /**
   * Decides configurations and seeds of all trials.
   *
   * @defaultValue a random one, which the results tell
   */
  seed?: number;
  /** Where everything goes. */
  resultDir: string;
  /**
   * Whether to go on with the search that is in `resultDir`, which was stopped or killed; options that have defaults need not be
   * repeated.
   *
   * @defaultValue `false`
   */
  resume?: boolean;
  /** What trains a trial. */
  trial: TrialsOf<S>;
  /**
   * For how many seconds a trial may neither report nor return, before it is ended as failed.
   *
   * @defaultValue forever
   */
  trialTimeout?: number;
  /**
   * How many seconds a trial has to save and return, when the search is stopped.
   *
   * @defaultValue `10`
   */
  stopTimeout?: number;
  /**
   * Stops the search: what trials have trained is saved, and `resume` goes on from there.
   *
   * @defaultValue a notebook's interrupt
   */
  signal?: AbortSignal;
  /**
   * Takes the line that says at the end that trials failed, and why the first of them did.
   *
   * @defaultValue `console.warn`
   */
  log?: (line: string) => void;
  /** Told of everything that happens. */
  onEvent?: (event: SearchEvent<Sampled<S>>) => void;
}

/**
 * What trains the trials of a search: `models.trials` for this library's own models, `models.trialsOf(file)` for those of a module.
 *
 * Or else a module's file and the name of its {@link RunTrial}, which is `runTrial` if it isn't said; with `options`, of a function that
 * gives one when it is called with these. Or a program that calls `cli`, whose models are those that it is given. Processes of a search have Node's flags of
 * the one that searches, such as `--import tsx`, and load what that could load.
 *
 * A function, such as a notebook's, is in no other process: it is called in this one, a trial after the other.
 */
export type TrialsOf<S = unknown> =
  | { readonly module: string | URL; readonly name?: string; readonly options?: unknown }
  | { readonly program: string; readonly words?: readonly string[] }
  | RunTrial<Sampled<S>>;

/** What happens in a search. */
export type SearchEvent<C = unknown> =
  /** It begins, with so many trials; in so many jobs of it, it had got on before. */
  | { readonly type: 'searchStarted'; readonly trials: number; readonly resumed: number; readonly seed: number }
  /** A trial begins, or goes on, until it has so many iterations. */
  | { readonly type: 'trialStarted'; readonly trial: number; readonly iterations: number; readonly config: C }
  | { readonly type: 'report'; readonly trial: number; readonly iteration: number; readonly metrics: Metrics }
  /** A trial has come to its iterations; `best` if no other has had as good a value. */
  | {
      readonly type: 'trialFinished';
      readonly trial: number;
      readonly iteration: number;
      readonly metrics: Metrics;
      readonly value: number;
      readonly best: boolean;
    }
  | { readonly type: 'trialFailed'; readonly trial: number; readonly error: string }
  /** The server on which a trial ran went away; the trial is tried again. */
  | { readonly type: 'targetLost'; readonly trial: number; readonly target: string; readonly error: string };

/**
 * Searches a space for the best configuration. A trial that fails or diverges, or whose process dies, is recorded and the search goes on;
 * it is never the best. Where the environment is to blame (no room on the disk, no permission, no memory), nothing is recorded: the search
 * stops, and goes on with `resume` to the same results. Of a trial that is promoted, no iteration is trained twice. The same seed gives the same trials, however many processes there are.
 *
 * The folder gets a journal (`journal.jsonl`), from which the search goes on whenever it was stopped or killed; a folder, a log and
 * the reports of each trial (`trials`); and at the end `results.json`, `results.csv` and runs for TensorBoard's HParams page
 * (`hparams`).
 *
 * @throws {InvalidArgumentError} when an option makes no sense, or is another than that of the search to resume
 * @throws {AlreadyExistsError} when there is a search in the folder, and `resume` isn't set
 * @throws {DataLossError} when a line of the journal to resume is no record
 * @throws {NotFoundError} when there is none to resume, or no module that trains trials
 * @throws {FailedPreconditionError} when a search is running in the folder
 * @throws {UnavailableError} when none of the targets has answered for `targetTimeout` seconds
 * @throws {ResourceExhaustedError} when there is no room, no memory, or too many files are open
 * @throws {PermissionDeniedError} when something can't be written
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
  checkJournal(resultDir, resume); // before anything is made
  makeFolder(path.join(resultDir, 'trials'));
  const unlock = await lockFolder(resultDir, 'a search');
  try {
    checkJournal(resultDir, resume); // another search may have worked here by now
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

/** That trials failed, how many, and why the first of them did: one line, or none. */
export function failuresOf({ trials }: SearchResults): string[] {
  const failed = trials.filter(({ status }) => status === 'failed');
  const [first] = failed;
  if (first === undefined) return [];
  const many = failed.length === trials.length ? `all ${trials.length}` : `${failed.length} of ${trials.length}`;
  return [`${many} trials failed; the first, trial ${first.id}: ${first.error}`];
}

/** Who trains trials. */
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
