/** What an agent does otherwise as a task of a cluster than alone on a machine. */
import { setTimeout } from 'node:timers/promises';
import { AbortedError, FailedPreconditionError, type TensorFlowError, UnavailableError } from '../../runtime/errors';
import { Operation } from '../../tf/graph/operation';
import { Tensor } from '../../tf/graph/tensor';
import type { Variable } from '../../tf/ops/variables';
import { device } from '../../tf/scopes';
import type { ConfigProto, Feeds, Fetched, Fetches, RunParameters, SessionOptions } from '../../tf/session';
import { Session } from '../../tf/session';
import { replicaDeviceSetter } from '../../tf/train/cluster/replicaDeviceSetter';
import type { Place } from '../place';
import { type ClusterTask, type Jobs, learnerNumber, nameOfTask } from './clusterTask';

/** How often a worker looks whether the chief has given the variables their values, in milliseconds. */
const LOOK_EVERY = 200;

/** A task of a cluster that learns. */
export class Membership {
  /** The number among those that learn, 0 for the chief. */
  readonly number: number;
  readonly synchronous: boolean;
  readonly task: ClusterTask;

  /** @throws {FailedPreconditionError} when it is none that learns */
  constructor({ synchronous = false }: Place, task: ClusterTask) {
    this.task = task;
    this.synchronous = synchronous;
    this.number = learnerNumber(task);
    if (this.number < 0)
      throw new FailedPreconditionError(`${nameOfTask(task)} has variables of others, and trains no model itself`);
  }

  /** Whether it is the one that initializes, saves, evaluates and writes. */
  get isChief(): boolean {
    return this.number === 0;
  }

  /** Builds a graph whose variables are on the parameter servers, in turn, and all else on this task. */
  within<T>(build: () => T): T {
    const { cluster, jobName, taskIndex } = this.task;
    const workerDevice = `/job:${jobName}/task:${taskIndex}`;
    return device(replicaDeviceSetter({ cluster, workerDevice }), build);
  }

  /** What `config.json` says of the cluster. */
  get described(): { readonly jobs: Jobs; readonly synchronous: boolean } {
    return { jobs: this.task.cluster, synchronous: this.synchronous };
  }

  /** Sees no other worker, so that none waits for, or ends with, another. */
  get config(): ConfigProto {
    const { jobName, taskIndex } = this.task;
    return { deviceFilters: ['/job:ps', `/job:${jobName}/task:${taskIndex}`] };
  }
}

/** Whether an error says that a server was lost, or is another than it was: what a new session can mend. */
export function isLoss(error: unknown): error is TensorFlowError {
  return error instanceof AbortedError || error instanceof UnavailableError;
}

/** A session that tells after each run how many steps all workers together have taken, as long as somebody wants to hear. */
export class CountingSession extends Session {
  /** Told of the global step after a run, and whether that ran an operation, as one that trains is. */
  onStep: ((step: number, isTaken: boolean) => void) | undefined;
  readonly #globalStep: Variable;
  readonly #awaitedOnly: boolean;

  /** @param awaitedOnly whether a run may have to wait for what only this process does meanwhile */
  constructor(options: SessionOptions, globalStep: Variable, awaitedOnly: boolean) {
    super(options);
    this.#globalStep = globalStep;
    this.#awaitedOnly = awaitedOnly;
  }

  override async run<const F extends Fetches>(
    fetches: F,
    feeds: Feeds = [],
    parameters: RunParameters = {},
  ): Promise<Fetched<F>> {
    if (this.onStep === undefined) return super.run(fetches, feeds, parameters);
    const [values, step] = await super.run([fetches, this.#globalStep], feeds, parameters);
    this.onStep?.(Number(step), hasOperation(fetches));
    return values as Fetched<F>;
  }

  override runSync<const F extends Fetches>(
    fetches: F,
    feeds: Feeds = [],
    parameters: Omit<RunParameters, 'thread'> = {},
  ): Fetched<F> {
    if (this.onStep === undefined) return super.runSync(fetches, feeds, parameters);
    if (this.#awaitedOnly)
      throw new FailedPreconditionError(
        'a step that waits for other workers has to be awaited: take session.run in the place of session.runSync, or train without --sync',
      );
    const [values, step] = super.runSync([fetches, this.#globalStep], feeds, parameters);
    this.onStep(Number(step), hasOperation(fetches));
    return values as Fetched<F>;
  }
}

function hasOperation(fetches: unknown): boolean {
  if (fetches instanceof Operation) return true;
  const isStructure = typeof fetches === 'object' && fetches !== null && !(fetches instanceof Tensor);
  return isStructure && Object.values(fetches).some((fetch) => fetch instanceof Operation);
}

/** Calls `isDone` now and then until it says so, or `signal` is aborted. */
export async function until(isDone: () => Promise<boolean>, signal: AbortSignal | undefined): Promise<void> {
  while (!signal?.aborted && !(await isDone())) await setTimeout(LOOK_EVERY, undefined, { signal }).catch(() => {});
}
