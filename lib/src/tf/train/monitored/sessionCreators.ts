/** What makes the sessions of a monitored session: the chief's are restored or initialized, a worker's wait for the chief. */
import { checkInstance } from '../../../runtime/arguments';
import { onlyOptions } from '../../../runtime/options';
import { Graph, getDefaultGraph } from '../../graph/graph';
import type { ConfigProto, Session } from '../../session';
import { Scaffold } from './scaffold';
import { SessionManager } from './sessionManager';

/** Makes the sessions of a monitored session, each time that it needs one. */
export interface SessionCreator {
  /**
   * The graph of the sessions.
   *
   * @defaultValue the default graph
   */
  readonly graph?: Graph;
  /** A session that is ready to be used. */
  createSession(): Promise<Session>;
}

/** What sessions are made with. */
interface CreatorOptions {
  /**
   * How to begin and what to save.
   *
   * @defaultValue `new Scaffold()`
   */
  scaffold?: Scaffold;
  /**
   * The address of a server, `server.target`.
   *
   * @defaultValue this process
   */
  master?: string;
  /** How the sessions use the machine. */
  config?: ConfigProto;
  /**
   * The graph of the sessions.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
}

/** What a chief's sessions are made with. */
export interface ChiefSessionCreatorOptions extends CreatorOptions {
  /** A folder of checkpoints, of which the newest is restored; without any, the variables are initialized. */
  checkpointDir?: string;
  /** A checkpoint to restore, in place of `checkpointDir`. */
  checkpointFilenameWithPath?: string;
  /**
   * How many seconds to wait at most for servers that aren't there.
   *
   * @defaultValue `7200`
   */
  maxWaitSecs?: number;
}

/** What a worker's sessions are made with. */
export interface WorkerSessionCreatorOptions extends CreatorOptions {
  /**
   * How many seconds to wait at most for servers that aren't there, and for the chief.
   *
   * @defaultValue `1800`
   */
  maxWaitSecs?: number;
}

abstract class Creator implements SessionCreator {
  /** The graph of the sessions. */
  readonly graph: Graph;
  protected readonly scaffold: Scaffold;
  #manager: SessionManager | undefined;

  protected constructor({ scaffold = new Scaffold(), graph = getDefaultGraph() }: CreatorOptions) {
    checkInstance('the scaffold of a session', scaffold, Scaffold);
    checkInstance('the graph of a session', graph, Graph);
    this.graph = graph;
    this.scaffold = scaffold;
  }

  /** What makes sessions ready, once the graph has all that it needs. */
  protected manager(): SessionManager {
    const { graph } = this;
    const { localInitOp, localInitFeedDict, readyOp, readyForLocalInitOp } = this.scaffold.finalize(graph);
    this.#manager ??= new SessionManager({ localInitOp, localInitFeedDict, readyOp, readyForLocalInitOp, graph });
    return this.#manager;
  }

  abstract createSession(): Promise<Session>;
}

/**
 * Makes the sessions of the one process that initializes the variables, or restores them from the newest checkpoint.
 *
 * @example
 * const sessionCreator = new tf.train.ChiefSessionCreator({ checkpointDir: 'summaries/run6' });
 * await using training = await tf.train.MonitoredSession({ sessionCreator });
 */
export class ChiefSessionCreator extends Creator {
  readonly #options: ChiefSessionCreatorOptions;

  constructor(options: ChiefSessionCreatorOptions = {}) {
    onlyOptions(options, {
      scaffold: 'any',
      master: 'string',
      config: 'any',
      checkpointDir: 'path',
      checkpointFilenameWithPath: 'path',
      maxWaitSecs: 'number',
      graph: 'any',
    });
    super(options);
    this.#options = options;
  }

  /**
   * A session whose variables have their values.
   *
   * @throws {FailedPreconditionError} when variables are without a value even so
   * @throws {DeadlineExceededError} when a server is not there after `maxWaitSecs`
   */
  override async createSession(): Promise<Session> {
    const { master = '', config, checkpointDir, checkpointFilenameWithPath, maxWaitSecs } = this.#options;
    const manager = this.manager();
    const { saver, initOp, initFeedDict, initFn } = this.scaffold;
    const origin = { checkpointDir, checkpointFilenameWithPath, maxWaitSecs };
    return manager.prepareSession(master, { saver, ...origin, config, initOp, initFeedDict, initFn });
  }
}

/**
 * Makes the sessions of a process that waits until the chief has initialized or restored the variables.
 *
 * @example
 * const sessionCreator = new tf.train.WorkerSessionCreator({ master: 'grpc://127.0.0.1:2223', maxWaitSecs: 60 });
 * await using training = await tf.train.MonitoredSession({ sessionCreator }); // when the chief is ready
 */
export class WorkerSessionCreator extends Creator {
  readonly #options: WorkerSessionCreatorOptions;

  constructor(options: WorkerSessionCreatorOptions = {}) {
    super(
      onlyOptions(options, { scaffold: 'any', master: 'string', config: 'any', maxWaitSecs: 'number', graph: 'any' }),
    );
    this.#options = options;
  }

  /**
   * A session of which the chief has made the variables ready.
   *
   * @throws {DeadlineExceededError} when they aren't ready after `maxWaitSecs`
   */
  override async createSession(): Promise<Session> {
    const { master = '', config, maxWaitSecs = 30 * 60 } = this.#options;
    return this.manager().waitForSession(master, { config, maxWaitSecs });
  }
}
