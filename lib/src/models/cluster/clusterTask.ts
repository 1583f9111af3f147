/**
 * The cluster task of a process, specified by a file with addresses and two flags, or by the environment variable
 * `TF_CONFIG`, as in TensorFlow's estimators and Kubernetes' training operator.
 */
import { parseAddress } from '../../runtime/address';
import { shown } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { InvalidArgumentError } from '../../runtime/errors';
import { readText } from '../../runtime/files';
import { didYouMean, unquoted } from '../../runtime/nearest';

/** The addresses of a cluster's tasks, by job: `HOST:PORT` each. */
export type Jobs = Readonly<Record<string, readonly string[]>>;

/** A task of a cluster. */
export interface ClusterTask {
  /**
   * The addresses of all tasks. `ps` tasks hold the variables, `worker` tasks learn. The first worker is the chief,
   * unless there is a job `chief` (formerly `master`) with one task.
   */
  readonly cluster: Jobs;
  /** The job of this task. */
  readonly jobName: string;
  /** Its index among the tasks of its job. */
  readonly taskIndex: number;
}

/** The jobs that learn, in the order in which their tasks are numbered; the first task is the chief. */
const LEARNING = ['chief', 'master', 'worker'];
const KNOWN = [...LEARNING, 'ps'];

/** The maximum size of a cluster description in bytes: 10,000 addresses of 100. */
const MOST = 2 ** 20;

/** The environment variable of estimators and operators. */
export const TF_CONFIG = 'TF_CONFIG';

/** The tasks that learn, the chief first. */
export function learnersOf(cluster: Jobs): { readonly jobName: string; readonly taskIndex: number }[] {
  return LEARNING.flatMap((jobName) => (cluster[jobName] ?? []).map((_, taskIndex) => ({ jobName, taskIndex })));
}

/** The number of a task among those that learn; 0 for the chief, -1 for a task that doesn't learn. */
export function learnerNumber({ cluster, jobName, taskIndex }: ClusterTask): number {
  return learnersOf(cluster).findIndex((one) => one.jobName === jobName && one.taskIndex === taskIndex);
}

/** Formats a task. */
export function nameOfTask({ jobName, taskIndex }: Pick<ClusterTask, 'jobName' | 'taskIndex'>): string {
  return `${jobName} ${taskIndex}`;
}

/**
 * Reads a cluster description from a file: an object with the addresses of each job, or one with such an object as
 * `cluster`.
 *
 * @throws {NotFoundError} when there is no such file
 * @throws {InvalidArgumentError} when it doesn't describe a cluster; the message says where, and what would be valid
 */
export function readCluster(file: string): Jobs {
  const contents = parsed(file, readText(file, MOST));
  return 'cluster' in contents ? checkCluster(file, contents.cluster, 'cluster.') : checkCluster(file, contents, '');
}

/**
 * The task that `TF_CONFIG` assigns to this process; undefined without a cluster, or for a cluster of this process
 * only.
 *
 * @param text the variable's value
 * @throws {InvalidArgumentError} when it is invalid; the message says where, and what would be valid
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
 * Checks that a cluster has a task.
 *
 * @param source the source of the task, for errors
 * @param names the names of job and task index there
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
 * Validates the addresses of a cluster for training.
 *
 * @param source the source of the addresses, for errors
 * @param prefix the prefix of job names there
 * @throws {InvalidArgumentError} when it is not such a cluster
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

/** Whether a value is `HOST:PORT`, with a port that others can connect to. */
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
