/**
 * Synchronous training: the gradients of replicas are averaged, and every replica starts its next step with the updated
 * variables.
 *
 * @see TensorFlow's python/training/sync_replicas_optimizer.py
 */
import { checkBoolean, checkCount, checkInstance, shown } from '../../runtime/arguments';
import { FailedPreconditionError, InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import { GraphKeys } from '../graph/collections';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { group, noOp } from '../ops/control';
import {
  type AccumulatedDType,
  ConditionalAccumulator,
  type ConditionalAccumulatorBase,
  FIFOQueue,
  SparseConditionalAccumulator,
} from '../ops/dataFlow';
import { IndexedSlices } from '../ops/indexedSlices';
import type { IndexDType } from '../ops/types';
import { assign, reportUninitializedVariables, Variable } from '../ops/variables';
import type { Session } from '../session';
import { type Coordinator, QueueRunner } from './coordination';
import { ExponentialMovingAverage } from './movingAverages';
import {
  type ApplyGradientsOptions,
  type ComputedGradient,
  type ComputeGradientsOptions,
  checkPairs,
  type GradientAndVariable,
  Optimizer,
  withoutReplacement,
  withReplacement,
} from './optimizer';

/** The number of replicas, and how many of them a step needs. */
export interface ReplicaCounts {
  /**
   * The number of gradients that each step averages. If it is smaller than the number of replicas, a step doesn't wait
   * for the slowest, and their gradients are dropped. If it is greater, replicas compute several batches per step.
   */
  replicasToAggregate: number;
  /**
   * The number of replicas.
   *
   * @defaultValue `replicasToAggregate`
   */
  totalNumReplicas?: number;
}

/** Options of a synchronous optimizer. */
export interface SyncReplicasOptions extends Omit<ReplicaCounts, 'replicasToAggregate'> {
  /** Moving averages to update after each step. */
  variableAverages?: ExponentialMovingAverage;
  /**
   * The variables to average.
   *
   * @defaultValue the trainable variables
   */
  variablesToAverage?: readonly Variable[];
  useLocking?: boolean;
  /**
   * The scope of the accumulators.
   *
   * @defaultValue `'sync_replicas'`
   */
  name?: string;
}

/** What `applyGradients` has built. */
interface Parts {
  readonly graph: Graph;
  readonly globalStep: Variable<IndexDType>;
  readonly localStepInitOp: Operation;
  readonly chiefInitOp: Operation;
  readonly readyForLocalInitOp: Tensor<'string', 'array'>;
  readonly chiefQueueRunner: QueueRunner;
  readonly tokens: FIFOQueue<IndexDType, readonly []>;
}

/** A hook that initializes synchronous training in a monitored session. */
export interface SyncReplicasHook {
  /** Adds the queue runner and the initializers to the graph. */
  begin(): void;
  /** Initializes a new session, and starts to fill the token queue. */
  afterCreateSession(session: Session, coord: Coordinator): Promise<void>;
}

/**
 * The graphs with a synchronous optimizer. There can be only one per graph, because the token queue has the same name
 * in all tasks.
 */
const synchronous = new WeakSet<Graph>();

/**
 * Wraps an optimizer so that it takes a step only when the gradients of enough replicas are available, using their
 * average. Each replica adds its gradients to accumulators, which are colocated with the variables, and waits for a
 * token, which the chief's queue runner provides once the variables are updated. A gradient from an earlier step is
 * dropped. In gradients of rows (`IndexedSlices`), each row is averaged over the replicas that have it.
 *
 * Every replica builds the same graph and runs the training operation as if it were alone; the hook does the rest.
 *
 * @example
 * const globalStep = tf.train.getOrCreateGlobalStep();
 * const optimizer = new tf.train.SyncReplicasOptimizer(new tf.train.AdamOptimizer(0.001), 2);
 * const trainOp = optimizer.minimize(loss, { globalStep });
 * const hook = optimizer.makeSessionRunHook(true); // of the chief; false in the other replicas
 */
export class SyncReplicasOptimizer extends Optimizer {
  readonly #optimizer: Optimizer;
  readonly #replicasToAggregate: number;
  readonly #totalNumReplicas: number;
  readonly #averages: ExponentialMovingAverage | undefined;
  readonly #averaged: readonly Variable[] | undefined;
  #parts: Parts | undefined;

  /**
   * @param opt computes gradients, and applies their averages
   * @param replicasToAggregate the number of gradients that each step averages
   * @throws {InvalidArgumentError} when the numbers of replicas are invalid
   */
  constructor(opt: Optimizer, replicasToAggregate: number, options: SyncReplicasOptions = {}) {
    const known = onlyOptions(options, {
      totalNumReplicas: 'number',
      variableAverages: ExponentialMovingAverage,
      variablesToAverage: 'array',
      useLocking: 'boolean',
      name: 'string',
    });
    const { totalNumReplicas = replicasToAggregate, variableAverages, variablesToAverage } = known;
    super(known.name ?? 'sync_replicas', known.useLocking);
    if (!(opt instanceof Optimizer))
      throw new InvalidArgumentError(`what is made synchronous is an optimizer, not ${shown(opt)}`);
    for (const [name, count] of Object.entries({ replicasToAggregate, totalNumReplicas }))
      checkCount(name, count, 2 ** 31 - 1);
    this.#optimizer = opt;
    this.#replicasToAggregate = replicasToAggregate;
    this.#totalNumReplicas = totalNumReplicas;
    this.#averages = variableAverages;
    this.#averaged = variablesToAverage;
  }

  /** Computes the replica's gradients with the wrapped optimizer. */
  override computeGradients(
    loss: Tensor,
    ...given:
      | [varList: readonly Variable[], options?: Omit<ComputeGradientsOptions, 'varList'>]
      | [options?: ComputeGradientsOptions]
  ): ComputedGradient[] {
    return this.#optimizer.computeGradients(loss, ...given);
  }

  /**
   * Builds the operation that adds the replica's gradients to the accumulators, and waits until the step is taken.
   *
   * @throws {InvalidArgumentError} when there is no global step, no variable has a gradient, or the graph has such an
   * optimizer already
   */
  override applyGradients(
    gradientsAndVariables: readonly GradientAndVariable[],
    ...given:
      | [globalStep: Variable, options?: Omit<ApplyGradientsOptions, 'globalStep'>]
      | [options?: ApplyGradientsOptions]
  ): Operation {
    const { globalStep } = onlyOptions(placed<ApplyGradientsOptions>(given, ['globalStep']), {
      globalStep: 'any',
      name: 'string',
    });
    checkPairs(gradientsAndVariables);
    if (gradientsAndVariables.every(([gradient]) => gradient === null))
      throw new InvalidArgumentError('no variable has a gradient');
    checkGlobalStep(globalStep);
    const { graph } = globalStep;
    if (synchronous.has(graph))
      throw new InvalidArgumentError(
        'the graph has a synchronous optimizer already, whose queue of tokens has one name in all tasks',
      );
    return graph.asDefault(() => {
      const trainOp = this.#build(graph, gradientsAndVariables, globalStep);
      synchronous.add(graph);
      return trainOp;
    });
  }

  #build(graph: Graph, pairs: readonly GradientAndVariable[], globalStep: Variable<IndexDType>): Operation {
    // The local step is on the replica's device, like the anchor, and not on that of other variables.
    const anchor = noOp();
    const localStep = graph.colocateWith(anchor, () => {
      const { dtype } = globalStep;
      const options = {
        dtype,
        trainable: false,
        collections: [GraphKeys.LOCAL_VARIABLES],
        name: 'sync_rep_local_step',
      };
      return new Variable(0, options);
    });
    const localStepInitOp = assign(localStep, globalStep).op;
    const readyForLocalInitOp = reportUninitializedVariables(graph.getCollection(GraphKeys.GLOBAL_VARIABLES));
    return graph.nameScope(this.name, () => {
      const aggregates = pairs.flatMap(([gradient, variable]) =>
        gradient === null ? [] : [this.#aggregate(gradient, variable, localStep)],
      );
      const besideStep = <T>(build: () => T): T => graph.device(globalStep.device, () => graph.nameScope(null, build));

      const averages = aggregates.map(({ average, variable }) => [average, variable] as const);
      const updateOp = besideStep(() =>
        withoutReplacement(() => this.#optimizer.applyGradients(averages, { globalStep })),
      );
      const tokens = besideStep(() => {
        const name = 'sync_token_q';
        return new FIFOQueue(-1, globalStep.dtype, { shapes: [], name, sharedName: name });
      });
      const [trainOp, chiefQueueRunner] = besideStep(() => {
        const applied = aggregates.map(({ apply }) => apply);
        const token = graph.controlDependencies(applied, () => tokens.dequeue());
        const trainOp = assign(localStep, token).op;
        const enqueued = graph.controlDependencies([updateOp], () =>
          this.#enqueueTokens(tokens, globalStep, Math.max(this.#totalNumReplicas, this.#replicasToAggregate)),
        );
        const averaged = this.#averages;
        const syncOp = averaged
          ? graph.controlDependencies([enqueued], () => averaged.apply(this.#averaged))
          : enqueued;
        return [trainOp, new QueueRunner(tokens, [syncOp])] as const;
      });
      const chiefInitOps = aggregates.map(({ accumulator, variable }) =>
        graph.device(variable.device, () => accumulator.setGlobalStep(globalStep, { name: 'SetGlobalStep' })),
      );
      const chiefInitOp = group([localStepInitOp, ...chiefInitOps]);
      this.#parts = { graph, globalStep, localStepInitOp, chiefInitOp, readyForLocalInitOp, chiefQueueRunner, tokens };
      return trainOp;
    });
  }

  /** An accumulator of a variable's gradients, colocated with the variable. */
  #aggregate(gradient: Tensor, variable: Variable, localStep: Variable<IndexDType>) {
    return variable.graph.device(variable.device, () => {
      const dtype = gradient.dtype as AccumulatedDType;
      const sharedName = `${variable.name}/grad_accum`;
      if (gradient instanceof IndexedSlices) {
        const accumulator = new SparseConditionalAccumulator(dtype, { shape: [], sharedName });
        const apply = accumulator.applyIndexedSlicesGrad(gradient as IndexedSlices<AccumulatedDType>, { localStep });
        const average = accumulator.takeIndexedSlicesGrad(this.#replicasToAggregate);
        if (variable.shape?.length) average.values.setShape([null, ...variable.shape.slice(1)]);
        return { accumulator: accumulator as ConditionalAccumulatorBase, apply, average: average as Tensor, variable };
      }
      const accumulator = new ConditionalAccumulator(dtype, { shape: variable.shape, sharedName });
      const apply = accumulator.applyGrad(gradient as Tensor<AccumulatedDType>, { localStep });
      const average = accumulator.takeGrad(this.#replicasToAggregate);
      return { accumulator: accumulator as ConditionalAccumulatorBase, apply, average: average as Tensor, variable };
    });
  }

  #enqueueTokens(tokens: Parts['tokens'], globalStep: Variable<IndexDType>, count: number): Operation {
    return tokens.enqueueMany([applyOne<IndexDType>('Fill', [[count], globalStep])]);
  }

  /** Initializes the local step of a replica; the chief uses {@link chiefInitOp}. */
  get localStepInitOp(): Operation {
    return this.#made.localStepInitOp;
  }

  /** Initializes the local step of the chief and those of the accumulators. */
  get chiefInitOp(): Operation {
    return this.#made.chiefInitOp;
  }

  /** The names of the variables that must be initialized before the above can run, and are not. */
  get readyForLocalInitOp(): Tensor<'string', 'array'> {
    return this.#made.readyForLocalInitOp;
  }

  /**
   * The chief's queue runner: it averages gradients, updates the variables, and provides tokens.
   *
   * @throws {FailedPreconditionError} when `applyGradients` wasn't called before
   */
  getChiefQueueRunner(): QueueRunner {
    return this.#made.chiefQueueRunner;
  }

  /**
   * The operation that provides the initial tokens, which let replicas begin a second batch before the first step is
   * taken. That many are needed if each replica must compute several batches per step.
   *
   * @param numTokens by default, the number of averaged gradients
   * @throws {InvalidArgumentError} when there would be too few tokens for the first step
   * @throws {FailedPreconditionError} when `applyGradients` wasn't called before
   */
  getInitTokensOp(numTokens = -1): Operation {
    const { graph, globalStep, tokens } = this.#made;
    const needed = this.#replicasToAggregate - this.#totalNumReplicas;
    const count = numTokens === -1 ? this.#replicasToAggregate : numTokens;
    if (!Number.isInteger(count) || count < 0 || count < needed)
      throw new InvalidArgumentError(
        `the first step of ${this.#totalNumReplicas} replicas needs ${Math.max(needed, 0)} tokens or more, not ${shown(numTokens)}`,
      );
    return graph.asDefault(() => {
      if (count === 0) return noOp({ name: 'no_init_tokens' });
      return graph.device(globalStep.device, () =>
        graph.nameScope(null, () => this.#enqueueTokens(tokens, globalStep, count)),
      );
    });
  }

  /**
   * A hook for synchronous training in a monitored session: it initializes the steps and, in the chief, starts the
   * queue runner.
   *
   * @param isChief whether this replica averages the gradients
   * @param numTokens see {@link SyncReplicasOptimizer.getInitTokensOp}; 0 makes every replica wait for the first step,
   * if there are as many replicas as a step needs
   *
   * @example
   * const globalStep = tf.train.getOrCreateGlobalStep();
   * const optimizer = new tf.train.SyncReplicasOptimizer(new tf.train.GradientDescentOptimizer(0.1), 2);
   * optimizer.minimize(loss, { globalStep });
   * const hooks = [optimizer.makeSessionRunHook(false)];
   */
  makeSessionRunHook(isChief: boolean, numTokens = -1): SyncReplicasHook {
    checkBoolean('whether this replica is the chief', isChief);
    return this.#makeHook(isChief, () => {
      const initTokensOp = this.getInitTokensOp(numTokens);
      return (session) => session.run(initTokensOp);
    });
  }

  /**
   * @internal Like {@link makeSessionRunHook}, but provides the minimum of initial tokens for the first step: none if a
   * step averages as many gradients as there are replicas, so that every step includes all of them. A restarted chief
   * provides one token per gradient, because replicas may be waiting for the tokens of a step that was interrupted by
   * its end. It recognizes a restart by a queue next to the global step that outlives it.
   */
  makeExactHook(isChief: boolean): SyncReplicasHook {
    return this.#makeHook(isChief, () => {
      const { graph, globalStep, tokens } = this.#made;
      const first = this.getInitTokensOp(Math.max(0, this.#replicasToAggregate - this.#totalNumReplicas));
      const again = this.getInitTokensOp();
      const [begun, begin, isClosed] = graph.asDefault(() =>
        graph.device(globalStep.device, () => {
          const name = 'sync_rep_begun';
          const queue = new FIFOQueue(-1, 'int32', { shapes: [], name, sharedName: name });
          return [queue.size(), queue.enqueue(1), tokens.isClosed()] as const;
        }),
      );
      return async (session) => {
        if (await session.run(isClosed))
          throw new FailedPreconditionError(
            'the training that these parameter servers served has ended, and its queue of tokens is closed; start them again for another',
          );
        await session.run((await session.run(begun)) > 0 ? again : first);
        await session.run(begin);
      };
    });
  }

  /** @param prepare is called when the hook begins, and builds what the chief's sessions run to provide tokens */
  #makeHook(isChief: boolean, prepare: () => (session: Session) => Promise<unknown>): SyncReplicasHook {
    let giveTokens: ((session: Session) => Promise<unknown>) | undefined;
    return {
      begin: () => {
        this.#made;
        if (isChief) giveTokens ??= prepare();
      },
      afterCreateSession: async (session, coord) => {
        const missing = await session.run(this.readyForLocalInitOp);
        if (missing.size > 0)
          throw new FailedPreconditionError(
            `synchronous training begins with initialized variables, which ${[...missing.data].map(String).join(', ')} are not`,
          );
        await session.run(isChief ? this.chiefInitOp : this.localStepInitOp);
        if (!giveTokens) return;
        await giveTokens(session);
        this.getChiefQueueRunner().createThreads(session, { coord, start: true });
      },
    };
  }

  /** A slot of the wrapped optimizer. */
  override getSlot(variable: Variable, name: string): Variable | undefined {
    return this.#optimizer.getSlot(variable, name);
  }

  /** The names of the wrapped optimizer's slots. */
  override getSlotNames(): string[] {
    return this.#optimizer.getSlotNames();
  }

  /** The variables that the wrapped optimizer has created, without the local step. */
  override variables(): Variable[] {
    return this.#optimizer.variables();
  }

  protected override prepare(): void {}

  protected override applyGradient(): never {
    throw new FailedPreconditionError('the optimizer that was made synchronous applies gradients');
  }

  get #made(): Parts {
    if (this.#parts === undefined)
      throw new FailedPreconditionError('minimize or applyGradients of the SyncReplicasOptimizer comes before');
    return this.#parts;
  }
}

function checkGlobalStep(step: Variable | undefined): asserts step is Variable<IndexDType> {
  if (step === undefined)
    throw new InvalidArgumentError(
      'synchronous training counts its steps, to know which gradients are late: minimize(loss, { globalStep })',
    );
  checkInstance('the global step', step, Variable, 'variable');
  if (step.dtype !== 'int32' && step.dtype !== 'int64')
    throw new InvalidArgumentError(`the global step is of int64 or int32, which ${step} isn't`);
}

/** The result of {@link replicated}. */
export interface Replicated<T> {
  /** What `build` returned. */
  readonly built: T;
  /** The optimizer that was made synchronous; undefined if `build` built no training. */
  readonly optimizer: SyncReplicasOptimizer | undefined;
}

/**
 * @internal Builds a graph that trains synchronously from code that doesn't know about it: while `build` runs, each
 * optimizer's `minimize` and `applyGradients` behave like those of a {@link SyncReplicasOptimizer} around it. Nothing
 * else changes: gradients are computed and clipped as the code says; slots, names and checkpoints are those of the
 * optimizer. Every replica calls this with the same counts.
 *
 * Gradients are averaged over replicas: if the loss is a mean over a batch, n batches of size b train like one batch of
 * n·b. For rows of tables, this is true if every replica looks them up, because the runtime averages a row over the
 * replicas that have it. The code must count steps (`minimize(loss, { globalStep })`) and use a single optimizer;
 * otherwise, this throws.
 *
 * @param counts the number of replicas, and the number of gradients that a step averages
 * @param build builds the graph, as for one replica
 * @throws {InvalidArgumentError} when the counts are invalid, or `build` trains without a global step or with several
 * optimizers
 */
export function replicated<T>(counts: ReplicaCounts, build: () => T): Replicated<T> {
  const { replicasToAggregate, totalNumReplicas = replicasToAggregate } = onlyOptions(counts, {
    replicasToAggregate: 'number',
    totalNumReplicas: 'number',
  });
  let optimizer: SyncReplicasOptimizer | undefined;
  const built = withReplacement((original) => {
    optimizer = new SyncReplicasOptimizer(original, replicasToAggregate, { totalNumReplicas });
    return optimizer;
  }, build);
  return { built, optimizer };
}
