/**
 * Creates the sessions of a monitored session: a chief's are restored or initialized, a worker's wait for the chief.
 */
import { checkInstance } from '../../../runtime/arguments';
import { onlyOptions } from '../../../runtime/options';
import { Graph, getDefaultGraph } from '../../graph/graph';
import type { ConfigProto, Session } from '../../session';
import { Scaffold } from './scaffold';
import { SessionManager } from './sessionManager';

/** Creates the sessions of a monitored session, whenever it needs one. */
export interface SessionCreator {
  /**
   * The graph of the sessions.
   *
   * @defaultValue the default graph
   */
  readonly graph?: Graph;
  /** Creates a session that is ready for use. */
  createSession(): Promise<Session>;
}

/** Options common to both creators. */
interface CreatorOptions {
  /**
   * How to initialize variables, and what to save.
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

/** Options of a {@link ChiefSessionCreator}. */
export interface ChiefSessionCreatorOptions extends CreatorOptions {
  /** A folder of checkpoints; the newest is restored. If there is none, the variables are initialized. */
  checkpointDir?: string;
  /** The checkpoint to restore, instead of `checkpointDir`. */
  checkpointFilenameWithPath?: string;
  /**
   * The maximum number of seconds to wait for missing servers.
   *
   * @defaultValue `7200`
   */
  maxWaitSecs?: number;
}

/** Options of a {@link WorkerSessionCreator}. */
export interface WorkerSessionCreatorOptions extends CreatorOptions {
  /**
   * The maximum number of seconds to wait for missing servers and for the chief.
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

  /** The session manager, created once the graph is complete. */
  protected manager(): SessionManager {
    const { graph } = this;
    const { localInitOp, localInitFeedDict, readyOp, readyForLocalInitOp } = this.scaffold.finalize(graph);
    this.#manager ??= new SessionManager({ localInitOp, localInitFeedDict, readyOp, readyForLocalInitOp, graph });
    return this.#manager;
  }

  abstract createSession(): Promise<Session>;
}

/**
 * Creates the sessions of the one process that initializes the variables, or restores them from the newest checkpoint.
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
   * Creates a session whose variables have values.
   *
   * @throws {FailedPreconditionError} when variables still have no value
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
 * Creates the sessions of a process that waits until the chief has initialized or restored the variables.
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
   * Creates a session whose variables the chief has initialized or restored.
   *
   * @throws {DeadlineExceededError} when they aren't ready after `maxWaitSecs`
   */
  override async createSession(): Promise<Session> {
    const { master = '', config, maxWaitSecs = 30 * 60 } = this.#options;
    return this.manager().waitForSession(master, { config, maxWaitSecs });
  }
}
