/** Sessions, which run a graph. */

import type { MessageInit, TensorProto } from '../../protos';
import { checkFunction, checkObject, checkText } from '../../runtime/arguments';
import { capi, type Pointer } from '../../runtime/capi';
import { withContext } from '../../runtime/errorContext';
import { FailedPreconditionError, InvalidArgumentError } from '../../runtime/errors';
import { throwIfInterrupted } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { checked } from '../../runtime/status';
import { weigh } from '../../runtime/weight';
import { Graph, getDefaultGraph } from '../graph/graph';
import { messageOfNative } from '../graph/nativeTensor';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { waitingOf } from './blocking';
import { type ConfigProto, checkConfig, RunMetadata, type RunOptions } from './config';
import { checkEmptyFeeds } from './emptyFeeds';
import { type Feed, type Feeds, resolveFeeds } from './feeds';
import { type Fetched, type Fetches, type FetchPlan, planFetches } from './fetches';
import { NativeSession } from './nativeSession';
import { type AwaitedRuns, Paces, type RunThread } from './pace';
import { Step } from './step';
import { parseTarget } from './target';
import { chooseThreads, type ThreadChoice } from './threads';

/** Options of a session. */
export interface SessionOptions {
  /**
   * The graph to run.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
  /** How to use the machine. The session chooses the numbers of threads that are left out, based on its graph. */
  config?: ConfigProto;
  /**
   * The address of a TensorFlow server to run on, `grpc://HOST:PORT`.
   *
   * @defaultValue this process
   */
  target?: string;
}

/** Parameters of one run besides fetches and feeds. */
export interface RunParameters {
  options?: RunOptions;
  /** Receives what the run recorded; set `options.traceLevel` to record much. */
  runMetadata?: RunMetadata;
  /**
   * The thread in which an awaited run computes: the `caller`'s, which is blocked meanwhile, or an `other` one. If left
   * out, the session decides by the duration of earlier runs (see {@link Session.threads}). Runs that may wait always
   * use another thread.
   */
  thread?: RunThread;
}

/** A device that a session can place operations on. */
export interface Device {
  /** Its full name, `/job:localhost/replica:0/task:0/device:CPU:0`. */
  readonly name: string;
  /** `CPU`, `GPU` … */
  readonly type: string;
}

/** The approximate size of a small session, including its threads. */
const NATIVE_BYTES = 2 ** 20;

const released = new FinalizationRegistry<NativeSession>((native) => {
  native.close().catch(() => {}); // nobody is left to report an error to
});

/**
 * Runs the operations of a graph and holds the values of its variables.
 *
 * libtensorflow's session is created at the first run, because the graph then determines the number of threads (see
 * {@link Session.threads}). Operations that are added to the graph later can be run too.
 *
 * @example
 * const session = new tf.Session({ graph });
 * await session.run(tf.globalVariablesInitializer());
 * const [, value] = await session.run([trainOp, loss], [[images, batch], [labels, digits]]);
 * await session.close();
 */
export class Session {
  readonly graph: Graph;
  readonly #config: ConfigProto;
  readonly #target: string;
  readonly #paces = new Paces();
  #native: NativeSession | undefined;
  #threads: ThreadChoice | undefined;
  #closed: Promise<void> | undefined;

  /**
   * @throws {InvalidArgumentError} when a field of `config` has the wrong type, or `target` is not `grpc://HOST:PORT`
   */
  constructor(options: SessionOptions = {}) {
    const {
      graph = getDefaultGraph(),
      config = {},
      target = '',
    } = onlyOptions(options, { graph: Graph, config: 'any', target: 'string' });
    checkConfig(config);
    checkText('the target of a session', target);
    if (target) checkTarget(target, config);
    this.graph = graph;
    this.#config = config;
    this.#target = target;
  }

  /** @internal Whether it runs in this process, and its configuration. */
  get environment(): { readonly isLocal: boolean; readonly config: ConfigProto } {
    return { isLocal: this.#target === '', config: this.#config };
  }

  /** The session's graph as the bytes of a `GraphDef`. */
  get graphDef(): Uint8Array {
    return this.graph.toGraphDef();
  }

  /**
   * The number of threads of this session, and the reason: what `config` says, or what suits the graph, fixed by the
   * first run. `awaited` lists where `await session.run(…)` computes: runs shorter than two milliseconds in the calling
   * thread, followed by a turn of the event loop, if no other run is in progress; runs that are longer or may wait, in
   * another thread. On a server, the server's threads compute, and the numbers are 0.
   */
  get threads(): ThreadChoice & { readonly awaited: readonly AwaitedRuns[] } {
    const { intraOp, interOp, reason } = this.#threads ?? this.#chooseThreads();
    return { intraOp, interOp, reason, awaited: this.#paces.measured };
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Runs what is needed to compute `fetches`, in another thread (not from Node's pool), or in the calling thread if
   * that takes less than two milliseconds (see {@link Session.threads}). Either way, timers and sockets are handled
   * before the promise resolves. Any number of runs may be in progress: those that may wait for another run (a queue, a
   * stage, a barrier, a server) start immediately; the others start in order, as many at a time as there are processors
   * (at least four).
   *
   * @param fetches tensors, operations, or their names, alone or in any structure of arrays and objects
   * @param feeds values for placeholders, or in place of any other tensor
   * @returns the values in the structure of `fetches`: a number (bigint, boolean, Buffer) for a scalar, a `HostArray`
   * for another tensor, null for an operation
   * @throws {InvalidArgumentError} when something fetched or fed doesn't fit the graph, or a placeholder isn't fed
   * @throws {NotFoundError} when the graph has nothing of a name
   * @throws {FailedPreconditionError} when the session is closed, or a variable is not initialized
   * @throws {DeadlineExceededError} when the run takes longer than `timeoutInMs`; an operation that ignores time limits
   * (`Unstage`) continues in the background
   * @throws {UnavailableError} when a server is gone, the session's or that of a task which the run needs: noticed
   * within three seconds
   * @throws {AbortedError} when a server was restarted meanwhile and doesn't know the session
   * @throws {ResourceExhaustedError} when 4,096 runs are waiting
   * @throws {CancelledError} when the session is closed meanwhile
   *
   * @example
   * const answers = await session.run({ loss, best: tf.argMax(logits, { axis: 1 }) }, [[images, batch], [labels, digits]]);
   * answers.loss.toFixed(2);
   */
  run<const F extends Fetches>(fetches: F, feeds: Feeds = [], parameters: RunParameters = {}): Promise<Fetched<F>> {
    return this.#run(fetches, feeds, parameters, false);
  }

  /**
   * @internal Like {@link Session.run}, but doesn't keep the process alive while it waits.
   */
  async runInBackground(operation: Operation): Promise<void> {
    await this.#run(operation, [], {}, true);
  }

  /**
   * @internal The values of tensors as messages, including dtypes for which JavaScript has no arrays.
   */
  async runForMessages(tensors: readonly Tensor[]): Promise<MessageInit<TensorProto>[]> {
    return (await this.#run(tensors, [], {}, false, messageOfNative)) as MessageInit<TensorProto>[];
  }

  async #run<const F extends Fetches>(
    fetches: F,
    feeds: Feeds,
    parameters: RunParameters,
    inBackground: boolean,
    read?: (tensor: Pointer) => unknown,
  ): Promise<Fetched<F>> {
    const { thread } = onlyOptions(parameters, {
      options: 'any',
      runMetadata: RunMetadata,
      thread: ['caller', 'other'],
    });
    const native = this.#open();
    const plan = planFetches(this.graph, fetches);
    const waiting = waitingOf(this.graph, plan);
    if (thread === 'caller' && waiting !== 'no')
      throw new InvalidArgumentError(
        "what is fetched may wait for another run, so it can't be awaited in the caller's thread; leave out `thread`",
      );
    const resolved = resolveFeeds(this.graph, feeds);
    const pace = this.#paces.of(plan, resolved);
    native.checkMessages(plan, resolved);
    const step = makeStep(plan, resolved, waiting === 'blocks' ? inCallersThread(parameters) : parameters);
    try {
      if (!step.isEmpty)
        await native.run(step, {
          mayWait: waiting !== 'no',
          timeoutInMs: this.#timeout(parameters),
          pace,
          thread,
          inBackground,
        });
      return step.result(parameters.runMetadata, read) as Fetched<F>;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      step.free();
    }
  }

  /**
   * Like {@link Session.run}, but synchronous: nothing else happens meanwhile, and nothing between two such runs. So a
   * run that waits for JavaScript to do something (to fill a queue) never returns, unless it has a `timeoutInMs` that
   * its operations respect. On a server, the time limit always works.
   *
   * @example
   * for (let step = 0; step < 100; step++) session.runSync(trainOp, mnist.fillFeedDict(sets.train, images, labels));
   */
  runSync<const F extends Fetches>(
    fetches: F,
    feeds: Feeds = [],
    parameters: Omit<RunParameters, 'thread'> = {},
  ): Fetched<F> {
    onlyOptions(parameters, { options: 'any', runMetadata: RunMetadata });
    const native = this.#open();
    const plan = planFetches(this.graph, fetches);
    const resolved = resolveFeeds(this.graph, feeds);
    native.checkMessages(plan, resolved);
    const step = makeStep(plan, resolved, parameters);
    try {
      if (!step.isEmpty) native.runSync(step, this.#timeout(parameters));
      return step.result(parameters.runMetadata) as Fetched<F>;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      step.free();
    }
  }

  /**
   * The devices on which operations can be placed; on a server, those of all tasks of its cluster.
   *
   * @throws {DeadlineExceededError} when a server doesn't answer within the configuration's `operationTimeoutInMs`
   */
  listDevices(): Device[] {
    const { deviceListCount, deviceListName, deviceListType, deleteDeviceList } = capi();
    const list = this.#open().listDevices(this.#timeout({}));
    try {
      return Array.from({ length: deviceListCount(list) }, (_, i) => ({
        name: checked((status) => deviceListName(list, i, status)),
        type: checked((status) => deviceListType(list, i, status)),
      }));
    } finally {
      deleteDeviceList(list);
    }
  }

  /**
   * Resets the session to the state of a new session of the same graph: variables have no values, and random operations
   * restart their sequences, so that a repeated training has the same losses. (Running the initializer again is not
   * enough: it would draw the next initial values of the sequence.) Runs in progress are cancelled.
   *
   * The values of variables on a server belong to the server, and remain until they are initialized.
   *
   * @param init what to run first, such as the initializer of all variables
   * @param data what to reset too: data sets, whose batches then repeat in the same order
   * @throws {InvalidArgumentError} when one of `data` has no `reset`; the session is unchanged then
   * @throws {FailedPreconditionError} when the session is closed
   *
   * @example
   * const init = tf.globalVariablesInitializer();
   * await session.restart(init, sets); // this training, and the next one too, begins with the same weights and the same batches
   */
  async restart(init: Fetches = [], ...data: readonly { reset(): void }[]): Promise<void> {
    for (const one of data) {
      checkObject('what begins anew with a session', one);
      checkFunction('reset of what begins anew with a session', one.reset);
    }
    this.#checkOpen();
    planFetches(this.graph, init); // refuses invalid fetches before anything is lost
    const native = this.#native;
    this.#native = undefined;
    if (native !== undefined) {
      released.unregister(this);
      weigh(this, 0);
      await native.close();
    }
    for (const one of data) one.reset();
    await this.run(init);
  }

  /**
   * Closes the session: cancels runs in progress and frees the values of variables. Closing it twice is allowed.
   *
   * @returns when everything is freed, or after a second if an operation doesn't notice the cancellation; the session
   * is then freed when that operation ends
   */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      released.unregister(this);
      weigh(this, 0);
      this.#closed = this.#native?.close() ?? Promise.resolve();
    }
    return this.#closed;
  }

  /** Calls {@link close} at the end of a block that contains `await using session = new tf.Session()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #timeout({ options }: RunParameters): number {
    return options?.timeoutInMs || Number(this.#config.operationTimeoutInMs ?? 0);
  }

  #chooseThreads(): ThreadChoice {
    if (this.#target === '') return chooseThreads(this.graph, this.#config);
    return {
      intraOp: 0,
      interOp: 0,
      reason: `those of the server at ${this.#target}, which its own configuration chose`,
    };
  }

  #checkOpen(): void {
    throwIfInterrupted(); // before every run, so that an interrupt ends a loop of runs
    if (this.#closed) throw new FailedPreconditionError('the session is closed; make a new one with new tf.Session()');
  }

  #open(): NativeSession {
    this.#checkOpen();
    if (this.#native === undefined) {
      this.#threads = this.#chooseThreads();
      const config = this.#target ? this.#config : withThreads(this.#config, this.#threads);
      this.#native = new NativeSession(this.graph, config, this.#target);
      weigh(this, NATIVE_BYTES);
      released.register(this, this.#native, this);
    }
    return this.#native;
  }

  /** Adds to a runtime error where the operations that it names were built. */
  #explain(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const names = new Set([...error.message.matchAll(/\{\{node ([^}]+)\}\}/g)].map((match) => match[1]!));
    const places = [...names].flatMap((name) => {
      const site = this.graph.operations.find((operation) => operation.name === name)?.site?.location;
      return site ? `\n  operation '${name}' was built at ${site}` : [];
    });
    return withContext(error, (message) => message + places.join(''));
  }
}

/**
 * Refuses targets that libtensorflow refuses at the first run, or waits for in vain.
 *
 * @throws {InvalidArgumentError} when the target is invalid, or the configuration doesn't fit a session on a server
 */
function checkTarget(target: string, { usePerSessionThreads, sessionInterOpThreadPool }: ConfigProto): void {
  parseTarget(target);
  if (usePerSessionThreads || sessionInterOpThreadPool?.length)
    throw new InvalidArgumentError(
      `a session on ${target} has no threads of its own: leave out usePerSessionThreads and sessionInterOpThreadPool`,
    );
}

function makeStep(plan: FetchPlan, feeds: readonly Feed[], { options, runMetadata }: RunParameters): Step {
  checkEmptyFeeds(plan, feeds);
  return new Step(plan, feeds, options, runMetadata !== undefined);
}

/**
 * The configuration with the chosen threads. Sessions with the same number of inter-op threads share a named pool;
 * without a name, TensorFlow would use a pool of the size that the process's first session requested.
 */
function withThreads(config: ConfigProto, { intraOp, interOp }: ThreadChoice): ConfigProto {
  const pool = { numThreads: interOp, globalName: `${interOp} of tf-mechanics` };
  const ownPool = config.usePerSessionThreads || config.sessionInterOpThreadPool?.length;
  return {
    ...config,
    intraOpParallelismThreads: intraOp,
    interOpParallelismThreads: interOp,
    ...(interOp > 0 && !ownPool && { sessionInterOpThreadPool: [pool] }),
  };
}

/** Runs everything in the calling thread, so that an operation that waits doesn't occupy a thread that others need. */
function inCallersThread({ options, runMetadata }: RunParameters): RunParameters {
  return { options: { ...options, interOpThreadPool: -1 } as RunOptions, runMetadata };
}
