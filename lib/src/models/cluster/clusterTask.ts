/**
 * The task of a cluster that a process is, as one is told: by a file with the addresses and two flags, or by the environment variable
 * `TF_CONFIG`, as TensorFlow's estimators and the training operator of Kubernetes have it.
 */
import { parseAddress } from '../../runtime/address';
import { shown } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { InvalidArgumentError } from '../../runtime/errors';
import { readText } from '../../runtime/files';
import { didYouMean, unquoted } from '../../runtime/nearest';

/** The addresses of a cluster's tasks, by their jobs: `HOST:PORT` each. */
export type Jobs = Readonly<Record<string, readonly string[]>>;

/** A task of a cluster. */
export interface ClusterTask {
  /**
   * The addresses of all tasks. `ps` have the variables, `worker` learn; the first of these is the chief, who saves, unless there is a job
   * `chief` (or `master`, as it was called) of one task.
   */
  readonly cluster: Jobs;
  /** The job of this one. */
  readonly jobName: string;
  /** Its place among the tasks of its job. */
  readonly taskIndex: number;
}

/** The jobs that learn, in the order in which their tasks are numbered: the first one is the chief. */
const LEARNING = ['chief', 'master', 'worker'];
const KNOWN = [...LEARNING, 'ps'];

/** What a cluster may say at most, in bytes: 10,000 addresses of 100. */
const MOST = 2 ** 20;

/** The environment variable of estimators and operators. */
export const TF_CONFIG = 'TF_CONFIG';

/** The tasks that learn, the chief first. */
export function learnersOf(cluster: Jobs): { readonly jobName: string; readonly taskIndex: number }[] {
  return LEARNING.flatMap((jobName) => (cluster[jobName] ?? []).map((_, taskIndex) => ({ jobName, taskIndex })));
}

/** The number of a task among those that learn, 0 for the chief; -1 for one that doesn't. */
export function learnerNumber({ cluster, jobName, taskIndex }: ClusterTask): number {
  return learnersOf(cluster).findIndex((one) => one.jobName === jobName && one.taskIndex === taskIndex);
}

/** A task in words. */
export function nameOfTask({ jobName, taskIndex }: Pick<ClusterTask, 'jobName' | 'taskIndex'>): string {
  return `${jobName} ${taskIndex}`;
}

/**
 * The cluster that a file describes: an object with the addresses of each job, or one that has it as its `cluster`.
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {InvalidArgumentError} when it describes no cluster, in a sentence that says where and what would be right
 */
export function readCluster(file: string): Jobs {
  const contents = parsed(file, readText(file, MOST));
  return 'cluster' in contents ? checkCluster(file, contents.cluster, 'cluster.') : checkCluster(file, contents, '');
}

/**
 * The task that a `TF_CONFIG` makes of a process; undefined where it tells of no cluster, or of one with nobody but this process.
 *
 * @param text the variable's value
 * @throws {InvalidArgumentError} when it can't be right, in a sentence that says where and what would be
 */
export function taskOfTfConfig(text: string | undefined): ClusterTask | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const { cluster: given, task } = parsed(TF_CONFIG, text);
  if (given === undefined) return undefined;
  if (isObject(given) && Object.values(given).flat().length <= 1) return undefined;
  if (!isObject(task) || task.type === undefined)
    throw new InvalidArgumentError(
      `${TF_CONFIG}: expected task to say which of the cluster's this process is, such as {"type":"worker","index":0}, got ${shown(task)}`,
    );
  const { evaluator: _, ...others } = isObject(given) ? given : { evaluator: undefined, given };
  if (task.type === 'evaluator')
    throw new InvalidArgumentError(
      `${TF_CONFIG}: the task is an evaluator, of which this program has none: the chief evaluates, so leave the job out`,
    );
  const cluster = checkCluster(TF_CONFIG, isObject(given) ? others : given, 'cluster.');
  return checkTask(TF_CONFIG, { cluster, jobName: task.type, taskIndex: task.index ?? 0 }, ['task.type', 'task.index']);
}

/**
 * A task, whose cluster has it.
 *
 * @param source what tells of it, for errors
 * @param names what its job and its place among the job's tasks are called there
 * @throws {InvalidArgumentError} when the cluster has no such task
 */
export function checkTask(
  source: string,
  { cluster, jobName, taskIndex }: { cluster: Jobs; jobName: unknown; taskIndex: unknown },
  [jobField, indexField]: readonly [string, string],
): ClusterTask {
  const jobs = Object.keys(cluster);
  const tasks = typeof jobName === 'string' && Object.hasOwn(cluster, jobName) ? cluster[jobName] : undefined;
  if (tasks === undefined)
    throw new InvalidArgumentError(
      `${source}: expected ${jobField} to be a job of the cluster, one of ${jobs.join(', ')}, got ${shown(jobName)}`,
    );
  if (!Number.isSafeInteger(taskIndex) || tasks[taskIndex as number] === undefined)
    throw new InvalidArgumentError(
      `${source}: expected ${indexField} to be that of a task of ${jobName}, 0${tasks.length > 1 ? ` to ${tasks.length - 1}` : ''}, got ${shown(taskIndex)}`,
    );
  return { cluster, jobName: jobName as string, taskIndex: taskIndex as number };
}

/**
 * The addresses of a cluster in which a model can be trained.
 *
 * @param source what tells of it, for errors
 * @param prefix what goes before the jobs' names there
 * @throws {InvalidArgumentError} when it is none
 */
function checkCluster(source: string, given: unknown, prefix: string): Jobs {
  const fail = (message: string): never => {
    throw new InvalidArgumentError(`${source}: ${message}`);
  };
  if (!isObject(given))
    return fail(
      `expected ${prefix.slice(0, -1) || 'a cluster'} to be an object of jobs, such as {"ps":["a:2222"],"worker":["b:2222"]}, got ${shown(given)}`,
    );
  const cluster: Record<string, readonly string[]> = {};
  const places = new Map<string, string>();
  for (const [job, addresses] of Object.entries(given)) {
    if (!KNOWN.includes(job)) {
      if (job === 'evaluator') fail(`${prefix}evaluator is no job here: the chief evaluates, so leave it out`);
      const guess = didYouMean(job, KNOWN, { as: unquoted });
      fail(`there is no job ${prefix}${job}: a cluster's are ps and worker, and chief for one task${guess}`);
    }
    if (!Array.isArray(addresses) || addresses.length === 0)
      fail(`expected ${prefix}${job} to be the addresses of its tasks, such as ["a:2222"], got ${shown(addresses)}`);
    (addresses as unknown[]).forEach((address, i) => {
      const place = `${prefix}${job}[${i}]`;
      if (!isAddress(address)) fail(`expected ${place} to be an address, such as 10.0.0.7:2222, got ${shown(address)}`);
      const other = places.get(address as string);
      if (other !== undefined) fail(`${other} and ${place} have one address, ${address}: each task needs its own`);
      places.set(address as string, place);
    });
    cluster[job] = addresses as string[];
  }
  const learners = learnersOf(cluster).length;
  if (learners === 0) fail(`expected ${prefix}worker, the addresses of the tasks that learn, got none`);
  const chiefs = [...(cluster.chief ?? []), ...(cluster.master ?? [])].length;
  if (chiefs > 1) fail(`expected one chief, got ${chiefs}: the others are workers`);
  if (learners > 1 && cluster.ps === undefined)
    fail(`expected ${prefix}ps, the addresses of the tasks that have the variables for all workers, got none`);
  return cluster;
}

/** Whether a value is `HOST:PORT`, at which others find a task. */
function isAddress(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    return parseAddress(value, 'an address').port > 0;
  } catch {
    return false;
  }
}

function parsed(source: string, text: string): Record<string, unknown> {
  let contents: unknown;
  try {
    contents = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`${source}: expected JSON, found ${messageOf(error)}`);
  }
  if (!isObject(contents)) throw new InvalidArgumentError(`${source}: expected an object, got ${shown(contents)}`);
  return contents;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
