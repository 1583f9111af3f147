/** The tasks of a cluster and their addresses. */
import { ClusterDef, type MessageInit } from '../../../protos';
import { parseAddress, shownName } from '../../../runtime/address';
import { checkObject, checkText, shown } from '../../../runtime/arguments';
import { InvalidArgumentError, NotFoundError } from '../../../runtime/errors';

/** The addresses (`HOST:PORT`) of a job's tasks: a list in order, or an object by task number. */
export type TaskAddresses = readonly string[] | Readonly<Record<number, string>>;

/** A description of a cluster: jobs with their tasks' addresses, a `ClusterDef`, or another specification. */
export type ClusterLike = ClusterSpec | Readonly<Record<string, TaskAddresses>> | MessageInit<ClusterDef>;

/** The job names that TensorFlow's device names allow; any other name of a server's job aborts the process. */
const JOB_NAME = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;

/** The maximum length of a list of addresses. */
const MOST_TASKS = 2 ** 20;

/**
 * A cluster: jobs (`ps`, `worker`), each with the addresses of its tasks. Every task creates a {@link Server} with the
 * same specification, or with one that omits tasks with which it never communicates.
 *
 * @example
 * const cluster = new tf.train.ClusterSpec({ ps: ['127.0.0.1:2222'], worker: ['127.0.0.1:2223', '127.0.0.1:2224'] });
 * cluster.numTasks('worker'); // 2
 * cluster.taskAddress('ps', 0); // '127.0.0.1:2222'
 */
export class ClusterSpec {
  /** The addresses of each job's tasks, by ascending task number. */
  readonly #jobs = new Map<string, ReadonlyMap<number, string>>();

  /**
   * @param cluster jobs and their tasks' addresses, `HOST:PORT` each: a list, or an object of the relevant ones, `{
   * worker: { 1: 'b.example:2222' } }`
   * @throws {InvalidArgumentError} when it is not such a description: a job name that TensorFlow's devices can't have,
   * an address without a valid port, an invalid task number
   */
  constructor(cluster: ClusterLike) {
    for (const [job, tasks] of jobsOf(cluster)) {
      if (!JOB_NAME.test(job))
        throw new InvalidArgumentError(
          `a job of a cluster is named by a letter and at most 127 letters, digits and underscores behind it, not ${shownName(job)}`,
        );
      if (this.#jobs.has(job)) throw new InvalidArgumentError(`the cluster has two jobs '${job}'`);
      this.#jobs.set(job, addressesOf(job, tasks));
    }
  }

  /** The names of the jobs. */
  get jobs(): string[] {
    return [...this.#jobs.keys()];
  }

  /**
   * The number of tasks of a job.
   *
   * @throws {NotFoundError} when the cluster has no such job
   */
  numTasks(job: string): number {
    return this.#tasks(job).size;
  }

  /**
   * The numbers of a job's tasks, ascending.
   *
   * @throws {NotFoundError} when the cluster has no such job
   *
   * @example
   * new tf.train.ClusterSpec({ worker: { 3: 'd:2222', 1: 'b:2222' } }).taskIndices('worker'); // [1, 3]
   */
  taskIndices(job: string): number[] {
    return [...this.#tasks(job).keys()];
  }

  /**
   * The address of a task.
   *
   * @throws {NotFoundError} when the cluster has no such job, or the job no such task
   */
  taskAddress(job: string, task: number): string {
    const tasks = this.#tasks(job);
    const address = tasks.get(task);
    if (address === undefined)
      throw new NotFoundError(
        `job '${job}' of the cluster has no task ${shown(task)}; its tasks are ${[...tasks.keys()].join(', ') || 'none'}`,
      );
    return address;
  }

  /**
   * The addresses of a job's tasks, indexed by task number; null for missing tasks.
   *
   * @throws {NotFoundError} when the cluster has no such job
   */
  jobTasks(job: string): (string | null)[] {
    const tasks = this.#tasks(job);
    return Array.from({ length: Math.max(-1, ...tasks.keys()) + 1 }, (_, task) => tasks.get(task) ?? null);
  }

  /** The cluster as a plain object: lists of addresses, or objects for jobs with missing task numbers. */
  asDict(): Record<string, string[] | Record<number, string>> {
    const entries = [...this.#jobs].map(([job, tasks]) => {
      const isDense = [...tasks.keys()].every((task, i) => task === i);
      return [job, isDense ? [...tasks.values()] : Object.fromEntries(tasks)];
    });
    return Object.fromEntries(entries);
  }

  /** The cluster as TensorFlow's message, with its jobs ordered by name. */
  asClusterDef(): ClusterDef {
    const jobs = [...this.#jobs].sort(([a], [b]) => (a < b ? -1 : 1));
    return { job: jobs.map(([name, tasks]) => ({ name, tasks: Object.fromEntries(tasks) })) };
  }

  /** `ClusterSpec({ ps: ['127.0.0.1:2222'] })`. */
  toString(): string {
    return `ClusterSpec(${JSON.stringify(this.asDict())})`;
  }

  #tasks(job: string): ReadonlyMap<number, string> {
    const tasks = this.#jobs.get(job);
    if (tasks === undefined)
      throw new NotFoundError(
        `the cluster has no job ${shownName(job)}; its jobs are ${this.jobs.map((name) => `'${name}'`).join(', ') || 'none'}`,
      );
    return tasks;
  }
}

function jobsOf(cluster: ClusterLike): Iterable<readonly [string, unknown]> {
  checkObject('a cluster', cluster);
  if (Array.isArray(cluster))
    throw new InvalidArgumentError(`a cluster is an object of jobs, { worker: ['127.0.0.1:2222'] }, not an array`);
  if (cluster instanceof ClusterSpec) return cluster.asClusterDef().job.map(({ name, tasks }) => [name, tasks]);
  if (!isClusterDef(cluster)) return Object.entries(cluster);
  ClusterDef.check(cluster);
  return ClusterDef.decode(ClusterDef.encode(cluster)).job.map(({ name, tasks }) => [name, tasks]);
}

/** Whether this is TensorFlow's message, and not an object of jobs, one of which may be named "job". */
function isClusterDef(cluster: object): cluster is MessageInit<ClusterDef> {
  const { job } = cluster as { job?: unknown };
  return Array.isArray(job) && job.some((entry) => typeof entry === 'object' && entry !== null);
}

function addressesOf(job: string, tasks: unknown): ReadonlyMap<number, string> {
  if (typeof tasks !== 'object' || tasks === null || tasks instanceof Map || ArrayBuffer.isView(tasks))
    throw new InvalidArgumentError(
      `the tasks of job '${job}' are a list of addresses, or an object of addresses by tasks' numbers, not ${shown(tasks)}`,
    );
  const entries = Array.isArray(tasks) ? [...tasks.entries()] : Object.entries(tasks);
  const addresses = entries.map(([key, address]: readonly [string | number, unknown]) => {
    if (!/^(0|[1-9]\d{0,6})$/.test(String(key)) || Number(key) >= MOST_TASKS)
      throw new InvalidArgumentError(
        `the tasks of job '${job}' have whole numbers from 0 to ${MOST_TASKS - 1}, not ${shownName(String(key))}`,
      );
    const what = `the address of task ${key} of job '${job}'`;
    checkText(what, address);
    parseAddress(address, what);
    return [Number(key), address] as const;
  });
  return new Map(addresses.sort(([a], [b]) => a - b));
}
