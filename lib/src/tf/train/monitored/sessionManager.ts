/** Creates sessions that are ready for use: initialized, restored from a checkpoint, or prepared by another process. */
import type { CheckpointState } from '../../../protos';
import { checkInstance, checkText } from '../../../runtime/arguments';
import {
  DeadlineExceededError,
  FailedPreconditionError,
  InvalidArgumentError,
  UnavailableError,
} from '../../../runtime/errors';
import { HostArray } from '../../../runtime/hostArray';
import * as logging from '../../../runtime/logging';
import { type Kinds, onlyOptions } from '../../../runtime/options';
import { Graph, getDefaultGraph } from '../../graph/graph';
import { type ConfigProto, type Feeds, type RunOptions, Session } from '../../session';
import { getCheckpointState } from '../checkpointState';
import type { Saver } from '../saver';
import type { ScaffoldOp } from './scaffold';
import { NotReady, Waiting } from './waiting';

/** Options of a session manager. */
export interface SessionManagerOptions {
  /** Run in every new session, to give local variables their values. */
  localInitOp?: ScaffoldOp | null;
  /** Returns the names of what isn't ready; if left out, every session is ready. */
  readyOp?: ScaffoldOp | null;
  /** Returns the names of what must be ready before `localInitOp`. */
  readyForLocalInitOp?: ScaffoldOp | null;
  /**
   * The graph of the sessions.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
  /**
   * The maximum number of seconds between checks whether a model is ready; the first intervals are shorter.
   *
   * @defaultValue `30`
   */
  recoveryWaitSecs?: number;
  /** The run options of `localInitOp`. */
  localInitRunOptions?: RunOptions;
  /** The feeds of `localInitOp`. */
  localInitFeedDict?: Feeds | null;
}

/** Options of restoring a session. */
export interface RecoverSessionOptions {
  /** Restores the checkpoint. */
  saver?: Saver | null;
  /** A folder of checkpoints; the newest is restored. */
  checkpointDir?: string;
  /** The checkpoint to restore, instead of `checkpointDir`. */
  checkpointFilenameWithPath?: string;
  /**
   * Whether to wait for a checkpoint if there is none yet.
   *
   * @defaultValue `false`
   */
  waitForCheckpoint?: boolean;
  /**
   * The number of seconds to wait for servers and checkpoints.
   *
   * @defaultValue `7200`
   */
  maxWaitSecs?: number;
  /** How the session uses the machine. */
  config?: ConfigProto;
}

/** Options of restoring or initializing a session. */
export interface PrepareSessionOptions extends RecoverSessionOptions {
  /** Gives the variables their initial values. */
  initOp?: ScaffoldOp | null;
  /** The feeds of `initOp`. */
  initFeedDict?: Feeds | null;
  /** Called after `initOp`, for what operations can't do. */
  initFn?: ((session: Session) => void | Promise<void>) | null;
}

/** Options of waiting for a session that another process prepares. */
export interface WaitForSessionOptions {
  /** How the session uses the machine. */
  config?: ConfigProto;
  /**
   * The number of seconds to wait.
   *
   * @defaultValue forever
   */
  maxWaitSecs?: number;
}

/**
 * Creates sessions that are ready for training: restored from the newest checkpoint, or initialized; for a worker,
 * prepared by the chief.
 *
 * @example
 * const manager = new tf.train.SessionManager({ readyOp: tf.reportUninitializedVariables() });
 * const saver = new tf.train.Saver();
 * const prepared = await manager.prepareSession('', { initOp: tf.globalVariablesInitializer(), saver, checkpointDir: 'summaries/run7' });
 * await prepared.run(trainOp, feeds);
 */
export class SessionManager {
  readonly #options: SessionManagerOptions;
  readonly #graph: Graph;
  readonly #recoveryWaitSecs: number;

  /** @throws {InvalidArgumentError} when there is a `readyForLocalInitOp` without a `localInitOp` */
  constructor(options: SessionManagerOptions = {}) {
    const { graph = getDefaultGraph(), recoveryWaitSecs = 30 } = onlyOptions(options, {
      localInitOp: 'any',
      readyOp: 'any',
      readyForLocalInitOp: 'any',
      graph: 'any',
      recoveryWaitSecs: 'number',
      localInitRunOptions: 'object',
      localInitFeedDict: 'object | null',
    });
    checkInstance('the graph of a session manager', graph, Graph);
    if (!(recoveryWaitSecs > 0))
      throw new InvalidArgumentError(`recoveryWaitSecs is a time above 0, not ${recoveryWaitSecs}`);
    if (options.readyForLocalInitOp && !options.localInitOp)
      throw new InvalidArgumentError('a readyForLocalInitOp says when a localInitOp may run: give that too');
    this.#options = options;
    this.#graph = graph;
    this.#recoveryWaitSecs = recoveryWaitSecs;
  }

  /**
   * Creates a session whose variables have values: those of the newest checkpoint if there is one, or else those from
   * `initOp` and `initFn`.
   *
   * @param master the address of a server, or `''` for this process
   * @throws {FailedPreconditionError} when variables still have no value; the error names them
   * @throws {DeadlineExceededError} when a server is not there after `maxWaitSecs`
   *
   * @example
   * const prepared = await new tf.train.SessionManager().prepareSession('', { initOp: tf.globalVariablesInitializer() });
   */
  async prepareSession(master: string, options: PrepareSessionOptions = {}): Promise<Session> {
    const { initOp, initFeedDict, initFn } = onlyOptions(options, {
      ...RECOVERY,
      initOp: 'any',
      initFeedDict: 'object | null',
      initFn: 'function | null',
    });
    if (!initOp && !initFn && !this.#options.localInitOp && !(options.saver && originOf(options)))
      throw new FailedPreconditionError(NOTHING_TO_BEGIN_WITH);
    return this.#make(master, options, async (session, isRestored) => {
      if (!isRestored) {
        if (!initOp && !initFn && !this.#options.localInitOp) throw new FailedPreconditionError(NOTHING_TO_BEGIN_WITH);
        if (initOp) await session.run(initOp, initFeedDict ?? []);
        if (initFn) await initFn(session);
      }
      const lack = await this.#lackOf(session);
      if (lack !== undefined)
        throw new FailedPreconditionError(
          `${lack}; ${isRestored ? `they are not in the checkpoint of ${originOf(options)}` : 'initOp and initFn left them so'}`,
        );
      return session;
    });
  }

  /**
   * Creates a session and restores the newest checkpoint, if there is one; also returns whether it is ready for use.
   *
   * @param master the address of a server, or `''` for this process
   * @throws {DeadlineExceededError} when a server is not there after `maxWaitSecs`
   *
   * @example
   * const manager = new tf.train.SessionManager({ readyOp: tf.reportUninitializedVariables() });
   * const [recovered, isReady] = await manager.recoverSession('', { saver, checkpointDir: 'summaries/run7' });
   */
  async recoverSession(
    master: string,
    options: RecoverSessionOptions = {},
  ): Promise<[session: Session, isReady: boolean]> {
    onlyOptions(options, RECOVERY);
    return this.#make(master, options, async (session, isRestored) => {
      const lack = await this.#lackOf(session);
      if (!isRestored) return [session, false];
      const from = originOf(options);
      if (lack === undefined) logging.info(`Restored model from ${from}`);
      else logging.info(`Restoring model from ${from} did not make it ready: ${lack}`);
      return [session, lack === undefined];
    });
  }

  /**
   * Creates a session that another process prepares, as a worker waits for the chief.
   *
   * @param master the address of a server, or `''` for this process
   * @throws {DeadlineExceededError} when it isn't ready after `maxWaitSecs`
   *
   * @example
   * const manager = new tf.train.SessionManager({ readyOp: tf.reportUninitializedVariables(), recoveryWaitSecs: 1 });
   * const ready = await manager.waitForSession('grpc://127.0.0.1:2223', { maxWaitSecs: 600 });
   */
  async waitForSession(master: string, options: WaitForSessionOptions = {}): Promise<Session> {
    const { config, maxWaitSecs } = onlyOptions(options, { config: 'any', maxWaitSecs: 'number' });
    return this.#until(master, maxWaitSecs, config, async (session) => {
      const lack = await this.#lackOf(session);
      if (lack !== undefined) throw new NotReady(lack);
      return session;
    });
  }

  /** Creates sessions until one is restored, if there is something to restore, and `prepare` has succeeded. */
  #make<T>(
    master: string,
    options: RecoverSessionOptions,
    prepare: (session: Session, isRestored: boolean) => Promise<T>,
  ): Promise<T> {
    const { saver, checkpointDir, checkpointFilenameWithPath, waitForCheckpoint, maxWaitSecs = 7200, config } = options;
    if (checkpointDir && checkpointFilenameWithPath)
      throw new InvalidArgumentError('checkpointDir and checkpointFilenameWithPath both say what to restore: give one');
    return this.#until(master, maxWaitSecs, config, async (session, waiting) => {
      if (!saver || !(checkpointDir || checkpointFilenameWithPath)) return prepare(session, false);
      if (checkpointFilenameWithPath) {
        await restore(saver, session, checkpointFilenameWithPath);
        return prepare(session, true);
      }
      const state = waitForCheckpoint
        ? await this.#checkpointIn(checkpointDir!, waiting)
        : getCheckpointState(checkpointDir!);
      if (state === null) return prepare(session, false);
      await restore(saver, session, state.modelCheckpointPath);
      saver.recoverLastCheckpoints(state.allModelCheckpointPaths);
      return prepare(session, true);
    });
  }

  /** Waits for checkpoints in a folder; null if there are none in the time that is left. */
  async #checkpointIn(folder: string, { left }: Waiting): Promise<CheckpointState | null> {
    const look = async () => {
      const state = getCheckpointState(folder);
      if (state) return state;
      throw new NotReady(`there is no checkpoint in ${folder} yet`);
    };
    try {
      return await new Waiting(left / 1000, this.#recoveryWaitSecs).until('the model', look);
    } catch (error) {
      if (error instanceof DeadlineExceededError) return null;
      throw error;
    }
  }

  /** Creates sessions until `prepare` succeeds with one, in the time that is left. The others are closed. */
  #until<T>(
    master: string,
    maxWaitSecs: number | undefined,
    config: ConfigProto | undefined,
    prepare: (session: Session, waiting: Waiting) => Promise<T>,
  ): Promise<T> {
    checkText('the address of a server', master);
    const waiting = new Waiting(maxWaitSecs ?? Number.POSITIVE_INFINITY, this.#recoveryWaitSecs);
    return waiting.until(master === '' ? 'the model' : `the model on ${master}`, async () => {
      const session = new Session({ graph: this.#graph, config, target: master });
      try {
        if (master !== '') await this.#connect(session, waiting);
        return await prepare(session, waiting);
      } catch (error) {
        await session.close().catch(() => {}); // the thrown error is more informative
        throw error;
      }
    });
  }

  /** The first run of a session waits forever for every server of the cluster; this one has a time limit. */
  async #connect(session: Session, waiting: Waiting): Promise<void> {
    const { readyOp } = this.#options;
    if (!readyOp || waiting.left === Number.POSITIVE_INFINITY) return;
    try {
      await session.run(readyOp, [], { options: { timeoutInMs: Math.max(1, Math.ceil(waiting.left)) } });
    } catch (error) {
      if (error instanceof DeadlineExceededError)
        throw new UnavailableError(`not all servers answer (${error.message})`);
      if (!(error instanceof FailedPreconditionError)) throw error;
    }
  }

  /** Runs `localInitOp`, and returns what is missing; undefined if the session is ready. */
  async #lackOf(session: Session): Promise<string | undefined> {
    const { localInitOp, localInitFeedDict, localInitRunOptions, readyOp, readyForLocalInitOp } = this.#options;
    if (localInitOp) {
      const lack = await lackBy(readyForLocalInitOp, session);
      if (lack !== undefined) return lack;
      logging.info('Running local_init_op.');
      await session.run(localInitOp, localInitFeedDict ?? [], { options: localInitRunOptions });
      logging.info('Done running local_init_op.');
    }
    return lackBy(readyOp, session);
  }
}

/** The options of a recovery. */
const RECOVERY = {
  saver: 'object | null',
  checkpointDir: 'path',
  checkpointFilenameWithPath: 'path',
  waitForCheckpoint: 'boolean',
  maxWaitSecs: 'number',
  config: 'any',
} as const satisfies Kinds<RecoverSessionOptions>;

const NOTHING_TO_BEGIN_WITH =
  'there is no checkpoint to restore, and neither initOp nor initFn nor localInitOp to initialize the variables';

async function restore(saver: Saver, session: Session, prefix: string): Promise<void> {
  logging.info(`Restoring parameters from ${prefix}`);
  await saver.restore(session, prefix);
}

/** The checkpoint or folder from which a session is restored. */
function originOf({ checkpointDir, checkpointFilenameWithPath }: RecoverSessionOptions): string | undefined {
  return checkpointDir ?? checkpointFilenameWithPath;
}

/** What an operation such as `readyOp` reports as missing; undefined if nothing is, or there is no such operation. */
async function lackBy(readyOp: ScaffoldOp | null | undefined, session: Session): Promise<string | undefined> {
  if (!readyOp) return undefined;
  let names: unknown;
  try {
    names = await session.run(readyOp);
  } catch (error) {
    // An operation that reads variables fails if they have no value.
    if (error instanceof FailedPreconditionError && error.message.includes('uninitialized')) return error.message;
    throw error;
  }
  if (!(names instanceof HostArray) || names.dtype !== 'string' || names.size === 0) return undefined;
  return `variables without a value: ${Array.from(names.data as readonly Buffer[], String).join(', ')}`;
}
