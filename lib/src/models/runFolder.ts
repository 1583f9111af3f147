/**
 * The folder of a run: its events, its checkpoints, and beside them `config.json`, from which the run can be done again: the whole
 * configuration, the order of the data, and the versions of what ran it.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { capi } from '../runtime/capi';
import { DataLossError, NotFoundError } from '../runtime/errors';
import { fileError, replaceFile } from '../runtime/files';
import { checkpointExists } from '../train/checkpointFiles';
import { getCheckpointState } from '../train/checkpointState';

/** What `config.json` says. */
export interface RunRecord {
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
  /** The commit of the working directory, and whether files differed from it; missing where that is in no repository. */
  readonly git?: { readonly commit: string; readonly modified: boolean };
}

const CONFIG_FILE = 'config.json';

/** What checkpoints of a run are called, before the step. */
export const CHECKPOINT_NAME = 'model.ckpt';

/** A folder that no other run has: the model and the time, to the second. */
export function newRunFolder(modelName: string): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const first = path.join('summaries', `${modelName}-${time}`);
  let folder = first;
  for (let number = 2; existsSync(folder); number++) folder = `${first}-${number}`;
  return folder;
}

/** Writes `config.json`, with the versions of this moment. */
export async function writeRunRecord(folder: string, record: Omit<RunRecord, 'versions' | 'git'>): Promise<void> {
  const versions = { 'tf-mechanics': ownVersion(), node: process.versions.node, libtensorflow: capi().version() };
  const whole: RunRecord = { ...record, versions, git: await gitCommit() };
  await replaceFile(path.join(folder, CONFIG_FILE), Buffer.from(`${JSON.stringify(whole, null, 2)}\n`));
}

/**
 * The `config.json` of a run; undefined where there is none.
 *
 * @throws {DataLossError} when it is none that a run has written
 */
export function readRunRecord(folder: string): RunRecord | undefined {
  const file = path.join(folder, CONFIG_FILE);
  if (!existsSync(file)) return undefined;
  const record = readJsonObject(file);
  if (!isRunRecord(record)) throw new DataLossError(`${file}: expected the modelName and the config of a run`);
  return record;
}

/**
 * The configuration in a JSON file: one written by hand, with the model's name as its `modelName`, or the `config.json` of a run.
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {DataLossError} when it holds no configuration
 */
export function readConfigFile(file: string): Record<string, unknown> {
  const contents = readJsonObject(file);
  return isRunRecord(contents) ? { modelName: contents.modelName, ...contents.config } : contents;
}

function readJsonObject(file: string): Record<string, unknown> {
  let contents: unknown;
  try {
    contents = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new DataLossError(`${file}: expected JSON, found ${error.message}`);
    throw fileError(`could not read ${file}`, error);
  }
  if (!isObject(contents)) throw new DataLossError(`${file}: expected a configuration, a JSON object`);
  return contents;
}

function isRunRecord(contents: Record<string, unknown>): contents is Record<string, unknown> & RunRecord {
  return typeof contents.modelName === 'string' && isObject(contents.config);
}

/**
 * The prefix of a run's checkpoint of a step.
 *
 * @throws {NotFoundError} when there is none, saying which there are
 */
export function checkpointOfStep(folder: string, step: number): string {
  const prefix = path.join(folder, `${CHECKPOINT_NAME}-${step}`);
  if (checkpointExists(prefix)) return prefix;
  const steps = (getCheckpointState(folder)?.allModelCheckpointPaths ?? []).map((kept) => /\d+$/.exec(kept)?.[0]);
  const found = steps.length === 0 ? 'it has none' : `it has those of ${steps.join(', ')}`;
  throw new NotFoundError(`${folder} has no checkpoint of step ${step}: ${found}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownVersion(): string {
  return JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')).version;
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
