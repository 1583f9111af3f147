/** How an agent behaves as a task of a cluster. */
import { setTimeout } from 'node:timers/promises';
import { FailedPreconditionError } from '../../runtime/errors';
import type { Operation } from '../../tf/graph/operation';
import type { Tensor } from '../../tf/graph/tensor';
import { identity } from '../../tf/ops/array';
import type { Variable } from '../../tf/ops/variables';
import { device } from '../../tf/scopes';
import type { ConfigProto, Feeds, Fetched, Fetches, RunParameters, SessionOptions } from '../../tf/session';
import { Session } from '../../tf/session';
import { planFetches } from '../../tf/session/fetches';
import { replicaDeviceSetter } from '../../tf/train/cluster/replicaDeviceSetter';
import { Coordinator } from '../../tf/train/coordination';
import { replicated, type SyncReplicasHook } from '../../tf/train/syncReplicasOptimizer';
import type { Place } from '../place';
import { type ClusterTask, type Jobs, learnerNumber, learnersOf, nameOfTask } from './clusterTask';

/** How often a worker checks whether the chief has initialized the variables, in milliseconds. */
const LOOK_EVERY = 200;

/** A cluster task that learns. */
export class Membership {
  /** Its number among the learning tasks; 0 for the chief. */
  readonly number: number;
  readonly synchronous: boolean;
  readonly task: ClusterTask;
  #hook: SyncReplicasHook | undefined;
  #forAll: readonly Operation[] = [];

  /** @throws {FailedPreconditionError} when the task isn't one that learns */
  constructor({ synchronous = false }: Place, task: ClusterTask) {
    this.task = task;
    this.synchronous = synchronous;
    this.number = learnerNumber(task);
    if (this.number < 0)
      throw new FailedPreconditionError(`${nameOfTask(task)} has variables of others, and trains no model itself`);
  }

  /** Whether it is the task that initializes, saves, evaluates and writes. */
  get isChief(): boolean {
    return this.number === 0;
  }

  /**
   * Builds a graph with variables on the parameter servers, in turn, and everything else on this task; for synchronous
   * training, with an optimizer that waits for all workers.
   */
  within<T>(build: () => T): T {
    const { cluster, jobName, taskIndex } = this.task;
    const workerDevice = `/job:${jobName}/task:${taskIndex}`;
    return device(replicaDeviceSetter({ cluster, workerDevice }), () => {
      if (!this.synchronous) return build();
      const { built, optimizer } = replicated({ replicasToAggregate: learnersOf(cluster).length }, build);
      this.#hook = optimizer?.makeExactHook(this.isChief);
      this.#hook?.begin();
      if (this.isChief) this.#forAll = optimizer?.getChiefQueueRunner().enqueueOps ?? [];
      return built;
    });
  }

  /** Whether these are operations that the chief runs for all workers, and not a step of its own. */
  isForAll(operations: readonly Operation[]): boolean {
    return operations.some((operation) => this.#forAll.includes(operation));
  }

  /** Makes a new session with initialized variables train in step with the others, in synchronous training. */
  async beginIn(session: Session): Promise<void> {
    // Failures of the queue runner also appear in the steps. It ends with the session, and leaves the queue open for
    // the next one.
    await this.#hook?.afterCreateSession(session, new Coordinator());
  }

  /** The description of the cluster for `config.json`. */
  get described(): { readonly jobs: Jobs; readonly synchronous: boolean } {
    return { jobs: this.task.cluster, synchronous: this.synchronous };
  }

  /** Hides the other workers, so that none waits for, or ends with, another. */
  get config(): ConfigProto {
    const { jobName, taskIndex } = this.task;
    return { deviceFilters: ['/job:ps', `/job:${jobName}/task:${taskIndex}`] };
  }
}

/** A session that reports the global step of all workers after each run. */
export class CountingSession extends Session {
  /** Receives the global step after a run, and whether the run included an operation, as a training step does. */
  onStep: ((step: number, isTaken: boolean) => void) | undefined;
  readonly #globalStep: Variable;
  readonly #membership: Membership;
  /** The global step after certain operations. */
  readonly #after = new Map<string, Tensor>();

  constructor(options: SessionOptions, globalStep: Variable, membership: Membership) {
    super(options);
    this.#globalStep = globalStep;
    this.#membership = membership;
  }

  override async run<const F extends Fetches>(
    fetches: F,
    feeds: Feeds = [],
    parameters: RunParameters = {},
  ): Promise<Fetched<F>> {
    if (this.onStep === undefined) return super.run(fetches, feeds, parameters);
    const operations = planFetches(this.graph, fetches).targets;
    if (this.#membership.isForAll(operations)) return super.run(fetches, feeds, parameters);
    const [values, step] = await super.run([fetches, this.#stepAfter(operations)], feeds, parameters);
    this.onStep?.(Number(step), operations.length > 0);
    return values as Fetched<F>;
  }

  override runSync<const F extends Fetches>(
    fetches: F,
    feeds: Feeds = [],
    parameters: Omit<RunParameters, 'thread'> = {},
  ): Fetched<F> {
    if (this.onStep === undefined) return super.runSync(fetches, feeds, parameters);
    if (this.#membership.synchronous)
      throw new FailedPreconditionError(
        'a step that waits for other workers has to be awaited: take session.run in the place of session.runSync, or train without --sync',
      );
    const operations = planFetches(this.graph, fetches).targets;
    const [values, step] = super.runSync([fetches, this.#stepAfter(operations)], feeds, parameters);
    this.onStep(Number(step), operations.length > 0);
    return values as Fetched<F>;
  }

  #stepAfter(operations: readonly Operation[]): Tensor {
    const key = operations.map(({ name }) => name).join();
    let step = this.#after.get(key);
    if (step === undefined) {
      const read = () => this.graph.colocateWith(this.#globalStep.op, () => identity(this.#globalStep));
      step = this.graph.asDefault(() => this.graph.controlDependencies(operations, read));
      this.#after.set(key, step);
    }
    return step;
  }
}

/** Calls `isDone` repeatedly until it returns true, or `signal` is aborted. */
export async function until(isDone: () => Promise<boolean>, signal: AbortSignal | undefined): Promise<void> {
  while (!signal?.aborted && !(await isDone())) await setTimeout(LOOK_EVERY, undefined, { signal }).catch(() => {});
}
