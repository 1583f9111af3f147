/** Sessions with hooks that recover from lost servers. */
import { checkFunction, checkObject, checkSeconds } from '../../../runtime/arguments';
import { messageOf } from '../../../runtime/errorContext';
import { FailedPreconditionError, OutOfRangeError } from '../../../runtime/errors';
import * as logging from '../../../runtime/logging';
import { notebookHost } from '../../../runtime/notebookHost';
import { onlyOptions } from '../../../runtime/options';
import { isServerLoss } from '../../../runtime/serverLoss';
import { type Graph, getDefaultGraph } from '../../graph/graph';
import type { Feeds, Fetched, Fetches, RunParameters, Session } from '../../session';
import { Coordinator, startQueueRunners } from '../coordination';
import { HookedSession } from './hookedRun';
import { ChiefSessionCreator, type ChiefSessionCreatorOptions, type SessionCreator } from './sessionCreators';
import type { SessionHook } from './sessionRunHook';
import { Waiting } from './waiting';

/** Options of a monitored session. */
export interface MonitoredSessionOptions {
  /**
   * Creates its sessions.
   *
   * @defaultValue `new ChiefSessionCreator()`
   */
  sessionCreator?: SessionCreator;
  /** The hooks. */
  hooks?: readonly SessionHook[];
  /**
   * The number of seconds that `close` waits for queue runners and other tasks of the coordinator.
   *
   * @defaultValue `120`
   */
  stopGracePeriodSecs?: number;
  /**
   * The number of seconds for which to try to replace a lost session.
   *
   * @defaultValue `7200`
   */
  maxWaitSecs?: number;
}

/** The argument of a step function of `runStepFn`. */
export interface StepContext {
  /** The underlying session, whose runs don't call hooks. */
  readonly session: Session;
  /** Like `run` of the monitored session. */
  runWithHooks<const F extends Fetches>(fetches: F, feeds?: Feeds, parameters?: RunParameters): Promise<Fetched<F>>;
  /** Ends the step function, and stops the monitored session. */
  requestStop(): never;
}

/** An open session. */
interface Opened {
  readonly hooked: HookedSession;
  readonly coord: Coordinator;
}

/** Thrown by `requestStop` of a step function. */
class StopIteration extends Error {}

class Monitored {
  /** The graph of the session. */
  readonly graph: Graph;
  readonly #options: Required<MonitoredSessionOptions>;
  readonly #recovers: boolean;
  readonly #wasFinalized: boolean;
  #opened: Opened | undefined;
  #opening: Promise<Opened> | undefined;
  #closing: Promise<void> | undefined;
  #isStopped = false;
  /** The error of the last run, if it failed. */
  #failure: unknown;
  /** The time since which no run has succeeded because servers were lost. */
  #trouble: Waiting | undefined;

  /** @internal */
  constructor(options: MonitoredSessionOptions, recovers: boolean) {
    const { sessionCreator = new ChiefSessionCreator(), hooks = [] } = onlyOptions(options, {
      sessionCreator: 'object',
      hooks: 'array',
      stopGracePeriodSecs: 'number',
      maxWaitSecs: 'number',
    });
    const { stopGracePeriodSecs = 120, maxWaitSecs = 7200 } = options;
    checkSeconds('stopGracePeriodSecs', stopGracePeriodSecs);
    checkSeconds('maxWaitSecs', maxWaitSecs);
    this.#options = { sessionCreator, hooks: [...hooks], stopGracePeriodSecs, maxWaitSecs };
    this.#recovers = recovers;
    this.graph = sessionCreator.graph ?? getDefaultGraph();
    this.#wasFinalized = this.graph.finalized;
  }

  /** @internal */
  async open(): Promise<this> {
    try {
      for (const hook of this.#options.hooks) await withDefault(this.graph, () => hook.begin?.());
      await this.#open();
    } catch (error) {
      this.#unfinalize(); // allows changes that fix the graph
      throw error;
    }
    return this;
  }

  /**
   * Whether to stop: a hook has requested it, a queue runner has failed, or the session is closed.
   *
   * @example
   * await using training = await tf.train.MonitoredSession();
   * training.shouldStop(); // false
   */
  shouldStop(): boolean {
    if (this.#closing || this.#isStopped) return true;
    if (!this.#opened) return false; // the next run creates a new one
    const { coord, hooked } = this.#opened;
    if (coord.failure) return !(this.#recovers && isServerLoss(coord.failure.error));
    return coord.shouldStop() || hooked.shouldStop;
  }

  /**
   * Like {@link Session.run}, in a single run with what the hooks request. If a server is lost meanwhile (an
   * `AbortedError` or `UnavailableError`), the session is closed, a new one is created and restored from the newest
   * checkpoint, and the run is repeated.
   *
   * @returns the values in the structure of `fetches`, as from {@link Session.run}
   * @throws {FailedPreconditionError} when the session is closed, or was asked to stop
   * @throws {DeadlineExceededError} when no new session could be created within `maxWaitSecs`
   *
   * @example
   * await using training = await tf.train.MonitoredSession();
   * const values = await training.run({ trainOp, loss }, feeds);
   * values.loss.toFixed(2);
   */
  run<const F extends Fetches>(fetches: F, feeds: Feeds = [], parameters: RunParameters = {}): Promise<Fetched<F>> {
    const again = isIterator(feeds) ? [...feeds] : feeds; // the run may be repeated
    return this.#recovering(({ hooked }) => hooked.run(fetches, again, parameters));
  }

  /**
   * Calls a function that makes several runs, some of them without hooks. If a server is lost meanwhile, the function
   * is called again.
   *
   * @param stepFn its `context` has the session, for runs without hooks, `runWithHooks` and `requestStop`
   * @returns what the function returns; undefined if it called `requestStop`
   *
   * @example
   * await using training = await tf.train.MonitoredSession();
   * await training.runStepFn(async (step) => {
   *   if ((await step.session.run(loss, feeds)) < 0.1) step.requestStop();
   *   return step.runWithHooks(trainOp, feeds);
   * });
   */
  async runStepFn<T>(stepFn: (context: StepContext) => T | Promise<T>): Promise<T | undefined> {
    checkFunction('a step function', stepFn);
    return this.#recovering(async ({ hooked }) => {
      const context: StepContext = {
        session: hooked.session,
        runWithHooks: (fetches, feeds = [], parameters = {}) => hooked.run(fetches, feeds, parameters),
        requestStop() {
          throw new StopIteration();
        },
      };
      try {
        return await stepFn(context);
      } catch (error) {
        if (!(error instanceof StopIteration)) throw error;
        this.#isStopped = true;
        return undefined;
      }
    });
  }

  /**
   * Closes the session: calls the hooks' `end` (which saves the last checkpoint and writes the last summaries), stops
   * queue runners, and makes the graph modifiable again. Closing it twice is allowed.
   *
   * @throws {Error} when a hook or a queue runner fails, with its error; the session is closed nevertheless
   */
  close(): Promise<void> {
    this.#closing ??= this.#close(true);
    return this.#closing;
  }

  /**
   * Calls {@link close} at the end of a block that contains `await using session = await
   * tf.train.MonitoredTrainingSession()`. If a run has failed, or the notebook's cell is interrupted, the hooks' `end`
   * isn't called. (The end of the input, an `OutOfRangeError`, doesn't count as a failure.)
   */
  [Symbol.asyncDispose](): Promise<void> {
    const isGood = this.#failure === undefined && !notebookHost()?.signal?.aborted;
    this.#closing ??= this.#close(isGood);
    return this.#closing.catch((error) => {
      if (this.#failure === undefined) throw error; // otherwise that error is being thrown
    });
  }

  /**
   * Calls a function with this session, and closes it afterwards, like Python's `with`: the end of the input (an
   * `OutOfRangeError`) ends the function without an error; after any other error, the hooks' `end` isn't called.
   *
   * @returns what the function returns; undefined if the end of the input ended it
   *
   * @example
   * const training = await tf.train.MonitoredSession();
   * await training.use(() => training.run(trainOp, feeds));
   * training.shouldStop(); // true
   */
  async use<T>(body: (session: this) => T | Promise<T>): Promise<T | undefined> {
    checkFunction('what uses a session', body);
    let result: T | undefined;
    try {
      result = await body(this);
    } catch (error) {
      if (!(error instanceof OutOfRangeError)) {
        this.#closing ??= this.#close(false);
        await this.#closing.catch(() => {}); // the thrown error is more informative
        throw error;
      }
    }
    await this.close();
    return result;
  }

  /** @internal The underlying session. */
  protected get session(): Session | undefined {
    return this.#opened?.hooked.session;
  }

  async #recovering<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    for (;;) {
      this.#checkOpen();
      try {
        const opened = await this.#open();
        try {
          const result = await work(opened);
          this.#failure = undefined;
          this.#trouble = undefined;
          return result;
        } catch (error) {
          const cause = causeOf(error, opened.coord);
          if (!this.#recovers || !isServerLoss(cause) || this.#closing) throw cause;
          await this.#lose(opened, cause);
        }
      } catch (error) {
        if (!(error instanceof OutOfRangeError)) this.#failure = error ?? new Error('nothing');
        throw error;
      }
    }
  }

  /** The open session, which is created if there is none. */
  #open(): Promise<Opened> {
    if (this.#opened) return Promise.resolve(this.#opened);
    this.#opening ??= this.#create().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #create(): Promise<Opened> {
    const create = async () => {
      this.#checkOpen();
      const session = await withDefault(this.graph, () => this.#options.sessionCreator.createSession());
      const hooked = new HookedSession(session, this.#options.hooks);
      const coord = new Coordinator({ cleanStopExceptionTypes: [] });
      try {
        startQueueRunners({ sess: session, coord });
        for (const hook of this.#options.hooks)
          await withDefault(this.graph, () => hook.afterCreateSession?.(session, coord));
        this.#checkOpen(); // it may have been closed meanwhile
        return { hooked, coord };
      } catch (error) {
        await this.#stop({ hooked, coord }).catch(() => {}); // the thrown error is more informative
        throw error;
      }
    };
    const waiting = this.#trouble ?? new Waiting(this.#options.maxWaitSecs);
    this.#opened = await (this.#recovers ? waiting.until('the session', create) : create());
    return this.#opened;
  }

  /** Closes a session whose server is lost; only once, even if several callers notice. */
  async #lose(opened: Opened, cause: Error): Promise<void> {
    if (this.#opened !== opened) return;
    this.#opened = undefined;
    logging.info(
      `A server that the session needs was lost, or the connection to it: the session is made anew. ${messageOf(cause)}`,
    );
    opened.coord.requestStop(cause); // makes queue runners leave their queues to the next session
    await this.#stop(opened).catch(() => {}); // it is known to be unreachable
    if (this.#trouble) await this.#trouble.again('the session', cause);
    else this.#trouble = new Waiting(this.#options.maxWaitSecs);
  }

  async #close(runsEnd: boolean): Promise<void> {
    const opened = this.#opened; // a session that is still being created, which may take long, is closed by its creator
    try {
      if (runsEnd && opened) for (const hook of this.#options.hooks) await hook.end?.(opened.hooked.session);
    } finally {
      this.#opened = undefined;
      this.#unfinalize();
      if (opened) await this.#stop(opened);
    }
  }

  async #stop({ coord, hooked }: Opened): Promise<void> {
    const { stopGracePeriodSecs } = this.#options;
    coord.requestStop();
    try {
      await coord.join(undefined, { stopGracePeriodSecs, ignoreLiveThreads: true });
    } finally {
      await hooked.session.close().catch((error) => {
        if (!isServerLoss(error)) throw error;
        logging.error(`A server was lost before the session on it could be closed. ${messageOf(error)}`);
      });
    }
  }

  #checkOpen(): void {
    if (this.#closing) throw new FailedPreconditionError('the session is closed');
  }

  #unfinalize(): void {
    if (!this.#wasFinalized) this.graph.unfinalize();
  }
}

class SingularMonitored extends Monitored {
  /**
   * The underlying session, for runs without hooks and for `saver.save`.
   *
   * @throws {FailedPreconditionError} when it is closed
   */
  rawSession(): Session {
    if (this.session) return this.session;
    throw new FailedPreconditionError('the session is closed');
  }
}

/** Makes `graph` the default graph for `begin`, until it first awaits something. */
async function withDefault<T>(graph: Graph, begin: () => T | Promise<T>): Promise<T> {
  let begun: T | Promise<T> | undefined;
  graph.asDefault(() => {
    begun = begin();
  });
  return begun as T | Promise<T>;
}

/**
 * The cause of a failed run: if a queue runner noticed first that a server was lost, the run's own error is a
 * consequence.
 */
function causeOf(error: unknown, coord: Coordinator): unknown {
  return [error, coord.failure?.error].find(isServerLoss) ?? error;
}

/** Whether feeds can be iterated over only once. */
function isIterator(feeds: Feeds): boolean {
  return typeof feeds === 'object' && feeds !== null && 'next' in feeds;
}

/**
 * A session with hooks that recovers from lost servers. {@link MonitoredTrainingSession} adds the hooks that trainings
 * need.
 *
 * When it is created, the hooks' `begin` is called, the graph is finalized, a session is created, its variables are
 * restored or initialized, queue runners are started, and the hooks' `afterCreateSession` is called. When it is closed,
 * the hooks' `end` is called and everything is stopped. It isn't a `tf.Session`: pass `saver.save` the session that
 * hooks receive.
 */
export type MonitoredSession = Monitored;

/**
 * Creates a monitored session. Python's constructor blocks; this returns a promise.
 *
 * @throws {FailedPreconditionError} when variables have no value after initialization, or a hook lacks the global step
 * @throws {DeadlineExceededError} when it couldn't be created within `maxWaitSecs`
 *
 * @example
 * const train = optimizer.minimize(loss, { globalStep: tf.train.getOrCreateGlobalStep() });
 * const sessionCreator = new tf.train.ChiefSessionCreator({ checkpointDir: 'summaries/run5' });
 * const hooks = [new tf.train.StopAtStepHook({ lastStep: 20 }), new tf.train.NanTensorHook(loss)];
 * await using training = await tf.train.MonitoredSession({ sessionCreator, hooks });
 * while (!training.shouldStop()) await training.run(train, feeds);
 */
export async function MonitoredSession(options: MonitoredSessionOptions = {}): Promise<MonitoredSession> {
  return new Monitored(options, true).open();
}

/** The type of sessions that {@link SingularMonitoredSession} creates. */
export type SingularMonitoredSession = SingularMonitored;

/** Options of a monitored session for one machine. */
export interface SingularMonitoredSessionOptions
  extends Omit<MonitoredSessionOptions, 'sessionCreator' | 'maxWaitSecs'>,
    ChiefSessionCreatorOptions {}

/**
 * Creates a monitored session for one machine: it doesn't recover from lost servers, and `rawSession()` returns the
 * underlying session.
 *
 * @throws {FailedPreconditionError} when variables have no value after initialization, or a hook lacks the global step
 *
 * @example
 * await using training = await tf.train.SingularMonitoredSession();
 * await training.run(trainOp, feeds);
 * await saver.save(training.rawSession(), 'summaries/run5/model.ckpt', { globalStep: 1 });
 */
export async function SingularMonitoredSession(
  options: SingularMonitoredSessionOptions = {},
): Promise<SingularMonitoredSession> {
  checkObject('what a session is made with', options);
  const { hooks, stopGracePeriodSecs, ...others } = options;
  const sessionCreator = new ChiefSessionCreator(others);
  return new SingularMonitored({ sessionCreator, hooks, stopGracePeriodSecs }, false).open();
}
