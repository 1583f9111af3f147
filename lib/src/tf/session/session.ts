/** Running a graph. */

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
import { type Feed, type Feeds, resolveFeeds } from './feeds';
import { type Fetched, type Fetches, type FetchPlan, planFetches } from './fetches';
import { NativeSession } from './nativeSession';
import { type AwaitedRuns, Paces, type RunThread } from './pace';
import { Step } from './step';
import { parseTarget } from './target';
import { chooseThreads, type ThreadChoice } from './threads';

/** What a session is made with. */
export interface SessionOptions {
  /**
   * The graph to run.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
  /** How to use the machine. What it doesn't say of threads, the session chooses by its graph. */
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
  /** Filled with what the run recorded; it needs `options.traceLevel` to record much. */
  runMetadata?: RunMetadata;
  /**
   * Where an awaited run computes: in the `caller`'s thread, where nothing else happens meanwhile, or in an `other` one. Left out, the
   * session decides by how long such runs took so far (see {@link Session.threads}). Runs that may wait are always another's.
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

/** What a small session takes, its threads included: about so much. */
const NATIVE_BYTES = 2 ** 20;

const released = new FinalizationRegistry<NativeSession>((native) => {
  native.close().catch(() => {}); // nobody is left who could be told
});

/**
 * Runs the operations of a graph and holds the values of its variables.
 *
 * libtensorflow's session is made at the first run, by which time the graph tells which threads suit it
 * (see {@link Session.threads}). Operations that are added to the graph later can be run too.
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

  /** @throws {InvalidArgumentError} when a field of `config` is of the wrong type, or `target` no `grpc://HOST:PORT` */
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
   * The threads this session runs with, and why: what `config` says, or what suits the graph, fixed by the first run. `awaited` tells
   * where `await session.run(…)` computes what was run so far: a run of less than two milliseconds in the thread that calls (the event
   * loop has a turn after it), while no other run is under way; one that is longer, or may wait, in another thread. On a server its threads
   * compute, and the numbers are 0.
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
   * Runs what is needed to compute `fetches`; libtensorflow works in another thread meanwhile, which is none of Node's own, or, where
   * that takes less than two milliseconds, in this one (see {@link Session.threads}). Timers and sockets have their turn before the promise
   * resolves, either way. Any number of runs may be under way: those that may wait for another (a queue, a stage, a barrier, a server)
   * begin at once, the others in their order, as many at a time as there are processors (four at least).
   *
   * @param fetches tensors, operations, or their names, alone or in any structure of arrays and objects
   * @param feeds values for placeholders, or in the place of any other tensor
   * @returns the values in the structure of `fetches`: a number (bigint, boolean, Buffer) for a scalar, a `HostArray`
   *   for another tensor, null for an operation
   * @throws {InvalidArgumentError} when something fetched or fed doesn't fit the graph, or a placeholder isn't fed
   * @throws {NotFoundError} when the graph has nothing of a name
   * @throws {FailedPreconditionError} when the session is closed, or a variable not initialized
   * @throws {DeadlineExceededError} when the run takes longer than `timeoutInMs`; what it does goes on where an operation never
   *   looks at the time (`Unstage`), and nobody hears of its end
   * @throws {UnavailableError} when a server is gone, the session's or that of a task which the run needs: noticed within three seconds
   * @throws {AbortedError} when a server was started anew meanwhile, and doesn't know the session
   * @throws {ResourceExhaustedError} when 4,096 runs wait
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
   * @internal
   * {@link Session.run} of what goes on only as long as the process has something else to do: it doesn't keep it alive while it waits.
   */
  async runInBackground(operation: Operation): Promise<void> {
    await this.#run(operation, [], {}, true);
  }

  /**
   * @internal
   * The values of tensors as messages, also of those of dtypes that JavaScript has no arrays of.
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
   * Does what {@link Session.run} does before it returns. Nothing else happens meanwhile, and nothing between two such runs. So a run
   * that waits for something that JavaScript has yet to do (a queue to be filled) never returns, unless it is given a `timeoutInMs` and
   * its operations heed it. On a server it fails in time whatever happens.
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
   * The devices that operations can be placed on: of a server, those of all tasks of its cluster.
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
   * Begins anew, as a new session of the same graph would: variables have no values, and random operations draw again what they drew at
   * first, so that a training that is run again has the same losses. A second run of the initializer alone would draw other initial
   * values: the next ones of the sequence. Runs that are under way are cancelled.
   *
   * The values of variables on a server are the server's, and stay until they are initialized.
   *
   * @param init what is run first, such as the initializer of all variables
   * @param data what begins anew together with it: sets of examples, whose batches then come in the order in which they came at first
   * @throws {InvalidArgumentError} when something that is to begin anew has no `reset`; the session is as it was then
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
    planFetches(this.graph, init); // what can't be run says so before anything is lost
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
   * Ends the session: cancels runs that are under way and frees the variables' values. Closing twice is fine.
   *
   * @returns when everything is freed, or after a second where an operation doesn't notice that it is cancelled; its session is freed
   *   when it ends
   */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      released.unregister(this);
      weigh(this, 0);
      this.#closed = this.#native?.close() ?? Promise.resolve();
    }
    return this.#closed;
  }

  /** {@link close}, at the end of a block that began with `await using session = new tf.Session()`. */
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
    throwIfInterrupted(); // before every run, so that a loop of runs ends with its cell
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

  /** Adds to an error of the runtime where the operations that it names were built. */
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
 * Refuses what libtensorflow refuses at the first run, or waits for in vain.
 *
 * @throws {InvalidArgumentError} when the target is none, or the configuration can't be one of a session on a server
 */
function checkTarget(target: string, { usePerSessionThreads, sessionInterOpThreadPool }: ConfigProto): void {
  parseTarget(target);
  if (usePerSessionThreads || sessionInterOpThreadPool?.length)
    throw new InvalidArgumentError(
      `a session on ${target} has no threads of its own: leave out usePerSessionThreads and sessionInterOpThreadPool`,
    );
}

function makeStep(plan: FetchPlan, feeds: readonly Feed[], { options, runMetadata }: RunParameters): Step {
  return new Step(plan, feeds, options, runMetadata !== undefined);
}

/**
 * The configuration with its threads. The pool for operations that run at once is shared by sessions that want as many threads;
 * without a name TensorFlow would share one of the size that the process's first session asked for.
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

/** Has everything run in the thread that calls, so that an operation that waits doesn't keep one that others need. */
function inCallersThread({ options, runMetadata }: RunParameters): RunParameters {
  return { options: { ...options, interOpThreadPool: -1 } as RunOptions, runMetadata };
}
