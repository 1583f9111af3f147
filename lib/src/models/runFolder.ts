/**
 * The folder of a run: its event files, checkpoints, and `config.json`, from which the run can be repeated: the
 * complete configuration, the order of the data, and the versions of the software.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { readRunConfig } from '../notebook/runs/runConfig';
import { checkPath, shown } from '../runtime/arguments';
import { capi } from '../runtime/capi';
import { DataLossError, InvalidArgumentError, NotFoundError } from '../runtime/errors';
import { clearReplacements, makeFolder, makeNewFolder, readText, replaceFile } from '../runtime/files';
import { checkFolderIsFree, FolderInUseError, lockFolder, SILENCE } from '../runtime/folderLock';
import { ownVersion } from '../runtime/version';
import { checkpointExists, liesIn } from '../tf/train/checkpointFiles';
import { getCheckpointState } from '../tf/train/checkpointState';
import type { Jobs } from './cluster/clusterTask';

/** The content of `config.json`. */
export interface RunRecord {
  /** The run's name, if `runDirectory` created the folder. */
  readonly run?: string;
  /** The registered name of the model. */
  readonly modelName: string;
  /** The complete configuration, except for the folder, which may be moved. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The model's description of its data and of the order in which training uses it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The checkpoint of another run from which this one began. */
  readonly from?: string;
  readonly versions: { readonly 'tf-mechanics': string; readonly node: string; readonly libtensorflow: string };
  /** The numbers of threads of the session. */
  readonly threads: { readonly intraOp: number; readonly interOp: number };
  /** The cluster in which it was trained, if any: the addresses of its tasks, and whether training was synchronous. */
  readonly cluster?: { readonly jobs: Jobs; readonly synchronous: boolean };
  /** The commit of the working directory, and whether files were modified; missing outside of a repository. */
  readonly git?: { readonly commit: string; readonly modified: boolean };
}

/** The file that records what a run depends on. */
export const CONFIG_FILE = 'config.json';

/** The beginning of a run's checkpoint names, before the step. */
export const CHECKPOINT_NAME = 'model.ckpt';

/** The default folder for the folders of runs. */
export const RUNS_FOLDER = 'summaries';

let runsFolder = RUNS_FOLDER;

/** Does some work, during which new runs get their folders in `folder`. */
export async function withRunsFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = runsFolder;
  runsFolder = folder;
  try {
    return await work();
  } finally {
    runsFolder = before;
  }
}

/** The name of a new run's folder, which isn't created yet: the model, the time, and a unique suffix. */
export function newRunFolder(modelName: string): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return path.join(runsFolder, `${modelName}-${time}-${randomBytes(3).toString('hex')}`);
}

/**
 * Locks the folder of a run for a training, and creates it if necessary.
 *
 * @param isNew whether the folder must not exist yet
 * @returns a function that releases it
 * @throws {FolderInUseError} when another training uses it, or the search to which the trial belongs
 * @throws {TensorFlowError} when it can't be created or written to
 */
export async function takeRunFolder(folder: string, isNew: boolean): Promise<() => void> {
  if (isNew) makeNewFolder(folder);
  else makeFolder(folder);
  const trials = path.dirname(path.resolve(folder));
  const search = path.dirname(trials);
  // A search's trial is run by the search itself, or by a process that it started.
  if (path.basename(trials) === 'trials' && existsSync(path.join(search, 'journal.jsonl')))
    checkFolderIsFree(search, [process.pid, process.ppid]);
  const release = await lockFolder(folder, 'a training');
  clearReplacements(path.join(folder, CONFIG_FILE));
  return release;
}

/**
 * How long, and how often, a chief tries to lock a folder that it may have locked before, in milliseconds: its old lock
 * expires within this time.
 */
const [MOST_WAITED, ASKED_EVERY] = [SILENCE + 60_000, 5_000];

/**
 * Like {@link takeRunFolder}, for a task that may have been restarted in another container or on another machine.
 * There, only missing heartbeats tell that the previous holder isn't running any more.
 *
 * @param signal ends the waiting with the current error
 */
export async function waitForRunFolder(
  folder: string,
  isNew: boolean,
  log: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  for (const begin = performance.now(); ; isNew = false) {
    try {
      return await takeRunFolder(folder, isNew);
    } catch (error) {
      const waited = performance.now() - begin;
      if (!(error instanceof FolderInUseError && error.isElsewhere) || waited > MOST_WAITED || signal?.aborted)
        throw error;
      if (waited < ASKED_EVERY) log(`Waiting for ${error.message}`);
      await setTimeout(ASKED_EVERY, undefined, { signal }).catch(() => {});
    }
  }
}

/** Writes `config.json`, with the current versions. */
export async function writeRunRecord(folder: string, record: Omit<RunRecord, 'versions' | 'git'>): Promise<void> {
  const versions = { 'tf-mechanics': ownVersion(), node: process.versions.node, libtensorflow: capi().version() };
  const run = readRunConfig(folder)?.run;
  const whole: RunRecord = { ...(run !== undefined && { run }), ...record, versions, git: await gitCommit() };
  await replaceFile(path.join(folder, CONFIG_FILE), Buffer.from(`${JSON.stringify(whole, null, 2)}\n`));
}

/**
 * Reads the `config.json` of a model's run; undefined if there is none, or if `runDirectory` wrote it and no model has
 * trained there yet.
 *
 * @throws {DataLossError} when it wasn't written by a run
 */
export function readRunRecord(folder: string): RunRecord | undefined {
  const file = path.join(folder, CONFIG_FILE);
  if (!existsSync(file)) return undefined;
  const record = readJsonObject(file);
  if (record.modelName === undefined && typeof record.run === 'string') return undefined;
  check(file, runRecord, record);
  return record as unknown as RunRecord;
}

/**
 * Reads the configuration in a JSON file: a handwritten one, with the model's name as `modelName`, or the `config.json`
 * of a run.
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {InvalidArgumentError} when it is not a regular file, or larger than any configuration
 * @throws {DataLossError} when it doesn't contain a configuration
 *
 * @example
 * const config = models.readConfigFile('summaries/first/config.json');
 */
export function readConfigFile(file: string): Record<string, unknown> {
  const contents = readJsonObject(file);
  if (!isObject(contents.config)) {
    check(file, written, contents);
    return contents;
  }
  check(file, runRecord, contents);
  return { modelName: contents.modelName, ...contents.config };
}

/** The maximum size of a configuration in bytes. */
const MOST_CONFIGURED = 2 ** 20;

function readJsonObject(file: string): Record<string, unknown> {
  let contents: unknown;
  try {
    contents = JSON.parse(readText(file, MOST_CONFIGURED));
  } catch (error) {
    if (error instanceof SyntaxError) throw new DataLossError(`${file}: expected JSON, found ${error.message}`);
    throw error;
  }
  if (!isObject(contents)) throw new DataLossError(`${file}: expected a configuration, a JSON object`);
  return contents;
}

const name = v.string("a model's name");
const written = v.looseObject({ modelName: v.optional(name) });
const runRecord = v.looseObject({
  modelName: name,
  config: v.custom<object>(isObject, 'a configuration, an object'),
  from: v.optional(v.string("a checkpoint's prefix")),
});

/** @throws {DataLossError} when the contents of a file are invalid; the message names the field */
function check(file: string, schema: v.GenericSchema, contents: object): void {
  const result = v.safeParse(schema, { modelName: undefined, config: undefined, ...contents }, { abortEarly: true });
  if (result.success) return;
  const { path: where, message, input } = result.issues[0];
  const field = where?.map(({ key }) => key).join('.');
  throw new DataLossError(`${file}: expected ${field} to be ${message}, got ${shown(input)}`);
}

/**
 * The prefix of the checkpoint from which a run continues, or null if it has none: the newest one in its state file
 * that is in the run's own folder, or else the one of the last step.
 *
 * @throws {DataLossError} when the state file is damaged
 */
export function latestOfRun(folder: string): string | null {
  const state = getCheckpointState(folder);
  if (state === null) return null;
  const named = [...state.allModelCheckpointPaths, state.modelCheckpointPath].reverse();
  return (
    named.find((prefix) => liesIn(folder, prefix) && checkpointExists(prefix)) ??
    checkpointsOfRun(folder).at(-1) ??
    null
  );
}

/** The prefixes of the checkpoints in a run's folder, ordered by step. */
export function checkpointsOfRun(folder: string): string[] {
  return stepsOfRun(folder).map((step) => path.join(folder, `${CHECKPOINT_NAME}-${step}`));
}

function stepsOfRun(folder: string): number[] {
  const begin = `${CHECKPOINT_NAME}-`;
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const steps = names.flatMap((name) =>
    name.startsWith(begin) ? (/^(\d+)\.index$/.exec(name.slice(begin.length))?.[1] ?? []) : [],
  );
  return steps.map(Number).sort((one, other) => one - other);
}

/**
 * The prefix of a run's checkpoint of a step.
 *
 * @throws {NotFoundError} when there is none; the message lists the available steps
 *
 * @example
 * await agent.init({ checkpoint: models.checkpointOfStep(agent.resultDir, 100) }); // jump back
 */
export function checkpointOfStep(folder: string, step: number): string {
  checkPath('the folder of a run', folder);
  if (!Number.isInteger(step)) throw new InvalidArgumentError(`a step is a whole number, not ${shown(step)}`);
  const prefix = path.join(folder, `${CHECKPOINT_NAME}-${step}`);
  if (checkpointExists(prefix)) return prefix;
  const steps = stepsOfRun(folder);
  const found = steps.length === 0 ? 'it has none' : `it has those of ${steps.join(', ')}`;
  throw new NotFoundError(`${folder} has no checkpoint of step ${step}: ${found}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Determined once: the running code was loaded at the start. */
let commit: Promise<RunRecord['git']> | undefined;

function gitCommit(): Promise<RunRecord['git']> {
  const parameters = ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'];
  commit ??= promisify(execFile)('git', parameters, { timeout: 10_000 }).then(
    ({ stdout }) => ({ commit: stdout.trim().replace('-dirty', ''), modified: stdout.includes('-dirty') }),
    () => undefined, // no git, or no repository
  );
  return commit;
}
