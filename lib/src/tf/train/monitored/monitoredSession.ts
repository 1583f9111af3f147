/** Sessions with hooks that make themselves anew when a server was lost. */
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

/** What a monitored session is made with. */
export interface MonitoredSessionOptions {
  /**
   * Makes its sessions.
   *
   * @defaultValue `new ChiefSessionCreator()`
   */
  sessionCreator?: SessionCreator;
  /** What looks on, and takes part. */
  hooks?: readonly SessionHook[];
  /**
   * For how many seconds `close` waits for queue runners and other tasks of the coordinator.
   *
   * @defaultValue `120`
   */
  stopGracePeriodSecs?: number;
  /**
   * For how many seconds a lost session is made anew before that is given up.
   *
   * @defaultValue `7200`
   */
  maxWaitSecs?: number;
}

/** What a step function of a monitored session's `runStepFn` works with. */
export interface StepContext {
  /** The session itself, whose runs call no hooks. */
  readonly session: Session;
  /** Does what `run` of the monitored session does. */
  runWithHooks<const F extends Fetches>(fetches: F, feeds?: Feeds, parameters?: RunParameters): Promise<Fetched<F>>;
  /** Ends the step function, and has the monitored session stop. */
  requestStop(): never;
}

/** A session in use. */
interface Opened {
  readonly hooked: HookedSession;
  readonly coord: Coordinator;
}

/** What `requestStop` of a step function throws. */
class StopIteration extends Error {}

class Monitored {
  /** The graph that is run. */
  readonly graph: Graph;
  readonly #options: Required<MonitoredSessionOptions>;
  readonly #recovers: boolean;
  readonly #wasFinalized: boolean;
  #opened: Opened | undefined;
  #opening: Promise<Opened> | undefined;
  #closing: Promise<void> | undefined;
  #isStopped = false;
  /** What the last run failed with, if it did. */
  #failure: unknown;
  /** Since when no run has succeeded for servers that were lost. */
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
      this.#unfinalize(); // what was wrong with the graph can be mended
      throw error;
    }
    return this;
  }

  /**
   * Whether to stop: a hook has asked to, a queue runner has failed, or the session is closed.
   *
   * @example
   * await using training = await tf.train.MonitoredSession();
   * training.shouldStop(); // false
   */
  shouldStop(): boolean {
    if (this.#closing || this.#isStopped) return true;
    if (!this.#opened) return false; // the next run makes it anew
    const { coord, hooked } = this.#opened;
    if (coord.failure) return !(this.#recovers && isServerLoss(coord.failure.error));
    return coord.shouldStop() || hooked.shouldStop;
  }

  /**
   * Does what {@link Session.run} does, in one run with what the hooks ask for. When a server was lost meanwhile (an `AbortedError` or
   * `UnavailableError`), the session is closed, made anew and restored from the newest checkpoint, and the run is made again.
   *
   * @returns the values in the structure of `fetches`, as {@link Session.run} gives them
   * @throws {FailedPreconditionError} when the session is closed, or was asked to stop
   * @throws {DeadlineExceededError} when it couldn't be made anew within `maxWaitSecs`
   *
   * @example
   * await using training = await tf.train.MonitoredSession();
   * const values = await training.run({ trainOp, loss }, feeds);
   * values.loss.toFixed(2);
   */
  run<const F extends Fetches>(fetches: F, feeds: Feeds = [], parameters: RunParameters = {}): Promise<Fetched<F>> {
    const again = isIterator(feeds) ? [...feeds] : feeds; // it may be made twice
    return this.#recovering(({ hooked }) => hooked.run(fetches, again, parameters));
  }

  /**
   * Calls a function that makes several runs, some of them without hooks. When a server was lost meanwhile, it is called again.
   *
   * @param stepFn its `context` has the session, for runs without hooks, `runWithHooks` and `requestStop`
   * @returns what the function returns; undefined where it called `requestStop`
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
   * Ends the session: hooks do what they do at the end (the last checkpoint, the last summaries), queue runners are stopped, the session is
   * closed, and the graph can grow again. Closing twice is fine.
   *
   * @throws {Error} when a hook or a queue runner fails, with its error; the session is closed even so
   */
  close(): Promise<void> {
    this.#closing ??= this.#close(true);
    return this.#closing;
  }

  /**
   * {@link close}, at the end of a block that began with `await using session = await tf.train.MonitoredTrainingSession()`. Where a run has
   * failed, or the notebook's cell is interrupted, hooks don't do what they do at a good end. (That inputs have come to their end, an
   * `OutOfRangeError`, is a good end.)
   */
  [Symbol.asyncDispose](): Promise<void> {
    const isGood = this.#failure === undefined && !notebookHost()?.signal?.aborted;
    this.#closing ??= this.#close(isGood);
    return this.#closing.catch((error) => {
      if (this.#failure === undefined) throw error; // else that one is being thrown
    });
  }

  /**
   * Calls a function with this session, and closes it at the end. Does what Python's `with` does: when inputs have come to their end (an
   * `OutOfRangeError`), the function ends, and that is no error; with any other error hooks don't do what they do at a good end.
   *
   * @returns what the function returns; undefined where inputs have ended it
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
        await this.#closing.catch(() => {}); // what was thrown says more
        throw error;
      }
    }
    await this.close();
    return result;
  }

  /** @internal The session that is monitored. */
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

  /** The session; made, where there is none. */
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
        await this.#stop({ hooked, coord }).catch(() => {}); // what was thrown says more
        throw error;
      }
    };
    const waiting = this.#trouble ?? new Waiting(this.#options.maxWaitSecs);
    this.#opened = await (this.#recovers ? waiting.until('the session', create) : create());
    return this.#opened;
  }

  /** Closes a session whose server is lost, once, whoever noticed. */
  async #lose(opened: Opened, cause: Error): Promise<void> {
    if (this.#opened !== opened) return;
    this.#opened = undefined;
    logging.info(
      `A server that the session needs was lost, or the connection to it: the session is made anew. ${messageOf(cause)}`,
    );
    opened.coord.requestStop(cause); // a queue runner then leaves its queue to the next session
    await this.#stop(opened).catch(() => {}); // that it can't be reached is known
    if (this.#trouble) await this.#trouble.again('the session', cause);
    else this.#trouble = new Waiting(this.#options.maxWaitSecs);
  }

  async #close(runsEnd: boolean): Promise<void> {
    const opened = this.#opened; // one that is being made, which may take long, is closed by whoever makes it
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
   * The session that is monitored: runs that call no hooks, and what `saver.save` takes.
   *
   * @throws {FailedPreconditionError} when it is closed
   */
  rawSession(): Session {
    if (this.session) return this.session;
    throw new FailedPreconditionError('the session is closed');
  }
}

/** Builders that `begin` calls before it awaits something add to `graph`. */
async function withDefault<T>(graph: Graph, begin: () => T | Promise<T>): Promise<T> {
  let begun: T | Promise<T> | undefined;
  graph.asDefault(() => {
    begun = begin();
  });
  return begun as T | Promise<T>;
}

/** What a failed run was ended by: that a server was lost is what a queue runner saw first, and the run only followed. */
function causeOf(error: unknown, coord: Coordinator): unknown {
  return [error, coord.failure?.error].find(isServerLoss) ?? error;
}

/** Whether feeds can be gone through once only. */
function isIterator(feeds: Feeds): boolean {
  return typeof feeds === 'object' && feeds !== null && 'next' in feeds;
}

/**
 * A session with hooks, which makes itself anew when a server was lost; {@link MonitoredTrainingSession} has the hooks that trainings need.
 *
 * When it is made, hooks `begin`, the graph is finalized, a session is made and its variables restored or initialized, queue runners are
 * started, and hooks are told (`afterCreateSession`). When it is closed, hooks `end` and everything is stopped. It isn't a `tf.Session`:
 * `saver.save` takes the one that hooks are given.
 */
export type MonitoredSession = Monitored;

/**
 * Makes a monitored session; where Python's constructor blocks, this is a promise.
 *
 * @throws {FailedPreconditionError} when variables are without a value after initialization, or a hook lacks the global step
 * @throws {DeadlineExceededError} when it couldn't be made within `maxWaitSecs`
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

/** What {@link SingularMonitoredSession} makes. */
export type SingularMonitoredSession = SingularMonitored;

/** What a monitored session for one machine is made with. */
export interface SingularMonitoredSessionOptions
  extends Omit<MonitoredSessionOptions, 'sessionCreator' | 'maxWaitSecs'>,
    ChiefSessionCreatorOptions {}

/**
 * Makes a monitored session for one machine: lost servers are errors, and `rawSession()` gives the session itself.
 *
 * @throws {FailedPreconditionError} when variables are without a value after initialization, or a hook lacks the global step
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
