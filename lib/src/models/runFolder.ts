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

/** What `config.json` says. */
export interface RunRecord {
  /** What `runDirectory` was told that the run is called, where it has made the folder. */
  readonly run?: string;
  /** The registered name of the model. */
  readonly modelName: string;
  /** The whole configuration, but for the folder, which may be moved. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the model says of its data and the order in which training sees it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The checkpoint of another run with which this one began. */
  readonly from?: string;
  readonly versions: { readonly 'tf-mechanics': string; readonly node: string; readonly libtensorflow: string };
  /** The threads that the session ran with. */
  readonly threads: { readonly intraOp: number; readonly interOp: number };
  /** The cluster that it was trained in, where it was: the addresses of its tasks, and whether the workers went in step. */
  readonly cluster?: { readonly jobs: Jobs; readonly synchronous: boolean };
  /** The commit of the working directory, and whether files differed from it; missing where that is in no repository. */
  readonly git?: { readonly commit: string; readonly modified: boolean };
}

/** The file in which a run says what it depends on. */
export const CONFIG_FILE = 'config.json';

/** What checkpoints of a run are called, before the step. */
export const CHECKPOINT_NAME = 'model.ckpt';

/** The folder in which runs get folders of their own, where nobody says. */
export const RUNS_FOLDER = 'summaries';

let runsFolder = RUNS_FOLDER;

/** Does some work, in which new runs get their folders in `folder`. */
export async function withRunsFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = runsFolder;
  runsFolder = folder;
  try {
    return await work();
  } finally {
    runsFolder = before;
  }
}

/** The name of a folder that no other run has, which isn't made yet: the model, the time, and what makes it this run's. */
export function newRunFolder(modelName: string): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return path.join(runsFolder, `${modelName}-${time}-${randomBytes(3).toString('hex')}`);
}

/**
 * Takes the folder of a run for a training, and makes it where it is missing.
 *
 * @param isNew whether nobody else may have made it
 * @returns lets it go
 * @throws {FolderInUseError} when another training works there, or the search whose trial it is of
 * @throws {TensorFlowError} when it can't be made, or written to
 */
export async function takeRunFolder(folder: string, isNew: boolean): Promise<() => void> {
  if (isNew) makeNewFolder(folder);
  else makeFolder(folder);
  const trials = path.dirname(path.resolve(folder));
  const search = path.dirname(trials);
  // Who runs a search's trial is the search, or a process that it began.
  if (path.basename(trials) === 'trials' && existsSync(path.join(search, 'journal.jsonl')))
    checkFolderIsFree(search, [process.pid, process.ppid]);
  const release = await lockFolder(folder, 'a training');
  clearReplacements(path.join(folder, CONFIG_FILE));
  return release;
}

/** How long, and how often, a chief asks for a folder that it may have had before, in milliseconds: its lock is void by then. */
const [MOST_WAITED, ASKED_EVERY] = [SILENCE + 60_000, 5_000];

/**
 * What {@link takeRunFolder} does, for a task that may have been started again in another container, or on another machine: there nothing
 * tells whether who has the folder still runs, but that it says nothing any more.
 *
 * @param signal ends the waiting, with the error that there is then
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

/** Writes `config.json`, with the versions of this moment. */
export async function writeRunRecord(folder: string, record: Omit<RunRecord, 'versions' | 'git'>): Promise<void> {
  const versions = { 'tf-mechanics': ownVersion(), node: process.versions.node, libtensorflow: capi().version() };
  const run = readRunConfig(folder)?.run;
  const whole: RunRecord = { ...(run !== undefined && { run }), ...record, versions, git: await gitCommit() };
  await replaceFile(path.join(folder, CONFIG_FILE), Buffer.from(`${JSON.stringify(whole, null, 2)}\n`));
}

/**
 * The `config.json` of a model's run; undefined where there is none, or `runDirectory` has written it and no model has trained there yet.
 *
 * @throws {DataLossError} when it is none that a run has written
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
 * The configuration in a JSON file: one written by hand, with the model's name as its `modelName`, or the `config.json` of a run.
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {InvalidArgumentError} when it is no regular file, or larger than any configuration
 * @throws {DataLossError} when it holds no configuration
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

/** What a configuration may have at most, in bytes. */
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

/** @throws {DataLossError} when the contents of a file aren't as they should be, naming the field */
function check(file: string, schema: v.GenericSchema, contents: object): void {
  const result = v.safeParse(schema, { modelName: undefined, config: undefined, ...contents }, { abortEarly: true });
  if (result.success) return;
  const { path: where, message, input } = result.issues[0];
  const field = where?.map(({ key }) => key).join('.');
  throw new DataLossError(`${file}: expected ${field} to be ${message}, got ${shown(input)}`);
}

/**
 * The prefix of the checkpoint from which a run goes on, or null where it has none: the newest that its state file names of those in
 * the run's own folder. Where it names none of these, the one of the last step.
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

/** The prefixes of the checkpoints in a run's folder, in the order of their steps. */
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
 * @throws {NotFoundError} when there is none, saying which there are
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

/** Asked for once: the files that run were loaded at the start. */
let commit: Promise<RunRecord['git']> | undefined;

function gitCommit(): Promise<RunRecord['git']> {
  const parameters = ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'];
  commit ??= promisify(execFile)('git', parameters, { timeout: 10_000 }).then(
    ({ stdout }) => ({ commit: stdout.trim().replace('-dirty', ''), modified: stdout.includes('-dirty') }),
    () => undefined, // no git, or no repository
  );
  return commit;
}
