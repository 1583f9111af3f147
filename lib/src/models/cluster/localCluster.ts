/** A cluster of TensorFlow servers in processes on this machine, for experiments. */
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError, ResourceExhaustedError } from '../../runtime/errors';
import { notebookHost } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { isFree } from '../../runtime/ports';
import { ClusterSpec } from '../../tf/train/cluster/clusterSpec';
import type { ClusterTask, Jobs } from './clusterTask';
import { TaskProcess, type TaskProgram } from './taskProcess';

/** The number of tasks of each job. */
export interface LocalClusterOptions {
  /**
   * Parameter servers.
   *
   * @defaultValue `1`
   */
  readonly ps?: number;
  /**
   * The number of workers, the first of which is the chief.
   *
   * @defaultValue `1`
   */
  readonly workers?: number;
}

/** A greater number of processes is assumed to be a mistake. */
const MOST_TASKS = 64;

/**
 * Starts TensorFlow servers as processes on this machine, on free ports of 127.0.0.1. On Linux, other machines can't
 * reach them; elsewhere, libtensorflow listens on every interface, and a warning says so. They end with
 * {@link LocalCluster.close}, or with this process or the notebook's kernel, however that ends.
 *
 * @returns when all are listening
 * @throws {InvalidArgumentError} when a number is invalid
 * @throws {FailedPreconditionError} when a process can't be started; the message contains its last output
 *
 * @example
 * await using cluster = await models.localCluster({ ps: 1, workers: 2 });
 * const total = tf.device('/job:ps/task:0', () => new tf.Variable(0));
 * const session = new tf.Session({ target: cluster.target('worker', 0) });
 * await session.run(total.initializer);
 * await session.close();
 *
 * await cluster.kill('ps', 0); // what it had is lost
 * await cluster.restart('ps', 0);
 */
export async function localCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const { ps = 1, workers = 1 } = onlyOptions(options, { ps: 'number', workers: 'number' });
  const cluster = new LocalCluster(await localJobs({ ps, workers }));
  try {
    await cluster.start();
  } catch (error) {
    await cluster.close();
    throw error;
  }
  notebookHost()?.onExit(() => void cluster.close());
  return cluster;
}

/** TensorFlow servers in processes on this machine, started by {@link localCluster}. */
export class LocalCluster implements AsyncDisposable {
  /** The addresses of its tasks. */
  readonly spec: ClusterSpec;
  readonly #tasks: readonly TaskProcess[];

  constructor(jobs: Jobs) {
    this.spec = new ClusterSpec(jobs);
    this.#tasks = Object.entries(jobs).flatMap(([jobName, addresses]) =>
      addresses.map((_, taskIndex) => {
        const task = { cluster: jobs, jobName, taskIndex };
        return new TaskProcess(task, serverProgram(task));
      }),
    );
  }

  /** Starts the processes that aren't running. */
  async start(): Promise<void> {
    for (const task of this.#tasks) task.start();
    await Promise.all(this.#tasks.map((task) => task.ready()));
  }

  /**
   * The target for sessions on a task's server.
   *
   * @throws {InvalidArgumentError} when there is no such task
   */
  target(jobName: string, taskIndex = 0): string {
    const { cluster } = this.#find(jobName, taskIndex).task;
    return `grpc://${cluster[jobName]![taskIndex]}`;
  }

  /** The process id of a task; undefined if it isn't running. */
  pid(jobName: string, taskIndex = 0): number | undefined {
    return this.#find(jobName, taskIndex).pid;
  }

  /**
   * Kills a task's process with SIGKILL, like the failure of its machine: everything in its memory is lost.
   *
   * @returns when it has ended
   * @throws {InvalidArgumentError} when there is no such task
   */
  async kill(jobName: string, taskIndex = 0): Promise<void> {
    await this.#find(jobName, taskIndex).kill();
  }

  /**
   * Restarts a task at the same address; if it is running, it is killed first.
   *
   * @returns when it is listening
   * @throws {InvalidArgumentError} when there is no such task
   * @throws {FailedPreconditionError} when the process can't be started; the message contains its last output
   */
  async restart(jobName: string, taskIndex = 0): Promise<void> {
    const task = this.#find(jobName, taskIndex);
    await task.kill();
    task.start();
    await task.ready();
  }

  /** Ends all processes. Closing twice is allowed. */
  async close(): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.end()));
  }

  /** Calls {@link close} at the end of a block that contains `await using cluster = await models.localCluster()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #find(jobName: string, taskIndex: number): TaskProcess {
    const found = this.#tasks.find(({ task }) => task.jobName === jobName && task.taskIndex === taskIndex);
    if (found) return found;
    const names = this.#tasks.map(({ name }) => name).join(', ');
    throw new InvalidArgumentError(`the cluster has no task ${shown(jobName)} ${shown(taskIndex)}, but ${names}`);
  }
}

/** The program of a task that is only a server. */
export function serverProgram(task: ClusterTask): TaskProgram {
  return { file: path.join(__dirname, 'serverProcess.js'), words: [JSON.stringify(task)] };
}

/**
 * Jobs with given numbers of tasks, on free ports of this machine.
 *
 * @throws {InvalidArgumentError} when a number is invalid
 */
export async function localJobs(numbers: { readonly ps: number; readonly workers: number }): Promise<Jobs> {
  for (const [name, least] of [
    ['ps', 0],
    ['workers', 1],
  ] as const) {
    const number = numbers[name];
    if (!Number.isSafeInteger(number) || number < least || number > MOST_TASKS)
      throw new InvalidArgumentError(
        `expected ${name} to be a whole number from ${least} to ${MOST_TASKS}, got ${shown(number)}`,
      );
  }
  const { ps, workers } = numbers;
  const ports = await freePorts(ps + workers);
  const addresses = ports.map((port) => `127.0.0.1:${port}`);
  const jobs = { ps: addresses.slice(0, ps), worker: addresses.slice(ps) };
  return ps > 0 ? jobs : { worker: jobs.worker };
}

/**
 * Ports outside the range that the system assigns automatically, so that a port is still free when its task is
 * restarted.
 */
const [FIRST_PORT, LAST_PORT] = [15_000, 32_000];

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries++) {
    if (tries > 100 * count) throw new ResourceExhaustedError(`found no ${count} free ports of 127.0.0.1`);
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}
