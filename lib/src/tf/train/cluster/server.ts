/** TensorFlow's gRPC server, which runs a task of a cluster in this process. */
import { setInterval } from 'node:timers';
import { deferred } from '../../../../shared/deferred.cjs';
import { type MessageInit, ServerDef } from '../../../protos';
import { isLoopback, parseAddress } from '../../../runtime/address';
import { shown } from '../../../runtime/arguments';
import { capi, type Pointer } from '../../../runtime/capi';
import {
  AlreadyExistsError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
  UnavailableError,
  UnimplementedError,
  UnknownError,
} from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';
import { endSocketsAt, isListenedAt, keepToThisMachine } from '../../../runtime/ownSockets';
import { checked } from '../../../runtime/status';
import { type ConfigProto, checkConfig } from '../../session/config';
import { addLocalServer, type LocalServer } from '../../session/localServers';
import { type ClusterLike, ClusterSpec } from './clusterSpec';

/** Options of a server: its task in the cluster, and its configuration. */
export interface ServerOptions {
  /**
   * The job of the server's task.
   *
   * @defaultValue the cluster's job, if there is only one
   */
  jobName?: string;
  /**
   * The number of the task in its job.
   *
   * @defaultValue the job's task, if there is only one
   */
  taskIndex?: number;
  /**
   * The protocol between servers; libtensorflow supports only `grpc`.
   *
   * @defaultValue `grpc`
   */
  protocol?: string;
  /** The devices and threads of the server, and the defaults for the configurations of sessions that run on it. */
  config?: ConfigProto;
  /**
   * Whether to serve immediately. Otherwise, the server reserves its port, and serves when `start` is called.
   *
   * @defaultValue true
   */
  start?: boolean;
}

/** A server's options, including its cluster. */
export interface ClusterServerOptions extends ServerOptions {
  /** The cluster to which the server's task belongs. */
  cluster: ClusterLike;
}

/** Options of a local server. */
export type LocalServerOptions = Pick<ServerOptions, 'config' | 'start'>;

/**
 * A TensorFlow server in this process: one task of a cluster. It has devices, and runs parts of graphs on them for
 * sessions anywhere, which connect to it by its `target`. Computing doesn't block JavaScript. A server doesn't keep the
 * process alive, but `join` does.
 *
 * **Whoever can connect to a TensorFlow server controls it**: TensorFlow has no authentication, and a graph can read
 * and write files. On Linux, a server with the address `127.0.0.1`, `[::1]` or `localhost` accepts connections from
 * this machine only. In all other cases, it listens on every interface, and logs a warning about that.
 *
 * @example
 * await using server = new tf.train.Server({ cluster: { worker: ['127.0.0.1:0'] } });
 * await using session = new tf.Session({ target: server.target });
 * await session.run(tf.add(1, 2)); // 3
 */
export class Server implements AsyncDisposable {
  /** The task and its cluster, as TensorFlow's message. */
  readonly serverDef: ServerDef;
  /** The `target` for sessions on this server: `grpc://HOST:PORT`, with the actual port if 0 was requested. */
  readonly target: string;
  readonly #pointer: Pointer;
  readonly #port: number;
  readonly #local: LocalServer;
  readonly #stopped = deferred<void>();
  #state: 'made' | 'serving' | 'stopped' = 'made';

  /**
   * @param cluster the cluster, followed by the options or among them
   * @throws {InvalidArgumentError} when the cluster doesn't have the task, or the task is ambiguous; when an address is
   * invalid, or that of another task has no port; when `config` is invalid
   * @throws {NotFoundError} when the protocol isn't `grpc`
   * @throws {AlreadyExistsError} when something already listens on the port
   *
   * @example
   * const cluster = new tf.train.ClusterSpec({ ps: ['127.0.0.1:0'], worker: ['127.0.0.1:2223'] });
   * const server = new tf.train.Server(cluster, { jobName: 'ps', taskIndex: 0 });
   * server.serverDef.jobName; // 'ps'
   */
  constructor(cluster: ClusterServerOptions | MessageInit<ServerDef> | ClusterLike, options: ServerOptions = {}) {
    const { start = true, ...definition } = definitionOf(cluster, options);
    const { serverDef, host, port, others } = checkedDefinition(definition);
    this.serverDef = serverDef;
    if (port > 0 && isListenedAt(port)) throw new AlreadyExistsError(`port ${port} is ${inUse}`);
    const bytes = ServerDef.encode(serverDef);
    const { newServer, serverTarget } = capi();
    try {
      this.#pointer = checked((status) => newServer(bytes, bytes.byteLength, status))!;
    } catch (error) {
      if (!(error instanceof UnknownError)) throw error;
      const privileged = port > 0 && port < 1024 ? 'the ports below 1024 are not for every user, or it is ' : '';
      throw new AlreadyExistsError(`port ${port} can't be listened on: ${privileged || 'it is '}${inUse}`);
    }
    this.target = serverTarget(this.#pointer);
    this.#port = Number(/\d+$/.exec(this.target)![0]);
    this.#local = addLocalServer(this.target, others);
    this.#confine(host);
    if (start) this.start();
  }

  /**
   * Creates a cluster with one task, this process, on a free port, for experiments.
   *
   * @throws {InvalidArgumentError} when `config` is invalid
   *
   * @example
   * await using server = tf.train.Server.createLocalServer();
   * server.target.startsWith('grpc://localhost:'); // true
   */
  static createLocalServer(options: LocalServerOptions = {}): Server {
    return new Server({ localhost: ['localhost:0'] }, onlyOptions(options, { config: 'any', start: 'boolean' }));
  }

  /**
   * Starts serving; calling it twice is allowed.
   *
   * @throws {FailedPreconditionError} when it was stopped: it can't be restarted, but another server can use its
   * address
   */
  start(): void {
    if (this.#state === 'stopped')
      throw new FailedPreconditionError('the server was stopped; a new tf.train.Server can have its address');
    if (this.#state === 'made') checked((status) => capi().serverStart(this.#pointer, status));
    this.#state = 'serving';
  }

  /**
   * Resolves when the server is stopped, and keeps the process alive until then; Python's `join` blocks. A program that
   * only serves ends with `await server.join()`; Ctrl-C ends it.
   */
  async join(): Promise<void> {
    const alive = setInterval(() => {}, 2 ** 30);
    try {
      await this.#stopped.promise;
    } finally {
      clearInterval(alive);
    }
  }

  /**
   * Stops serving: closes all connections, so that sessions elsewhere fail with an `UnavailableError` or an
   * `AbortedError`, and frees the port. Sessions of this process can't start runs on it any more. Stopping twice is
   * allowed. The server's variables and its threads (about twenty, idle) are freed only when the process exits, because
   * libtensorflow can't delete a server.
   *
   * @throws {UnimplementedError} when the system doesn't support this (only Linux does); the server continues until the
   * process exits
   */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    if (!endSocketsAt(this.#port))
      throw new UnimplementedError(
        `libtensorflow can't stop a server, and this system (${process.platform}) not either; ${this.target} ends with the process`,
      );
    this.#state = 'stopped';
    this.#local.isStopped = true;
    this.#stopped.resolve();
  }

  /**
   * Calls {@link stop} at the end of a block that contains `await using server = new tf.train.Server(…)`. Where servers
   * can't be stopped, it continues.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch((error) => {
      if (!(error instanceof UnimplementedError)) throw error;
    });
  }

  #confine(host: string): void {
    const everywhere = `listens on every network interface of this machine, and whoever reaches port ${this.#port} can run graphs with this user's rights, and read and write files by them`;
    if (!isLoopback(host)) {
      console.warn(`the TensorFlow server at ${this.target} ${everywhere}`);
      return;
    }
    const outcome = keepToThisMachine(this.#port);
    if (outcome === 'confined') return;
    if (outcome === 'not possible here') {
      console.warn(`this system can't keep the TensorFlow server at ${this.target} to this machine: it ${everywhere}`);
      return;
    }
    endSocketsAt(this.#port);
    this.#local.isStopped = true;
    throw new UnavailableError(
      `another machine connected to port ${this.#port} before it was closed to others, so the server isn't started; try again`,
    );
  }
}

const inUse =
  'in use by another program, or by another server of this one; choose another port, or 0 for one that is free';

/** The definition of a server. */
interface Definition extends ClusterServerOptions {
  start?: boolean;
}

/** Normalizes the arguments: options, the message, or a cluster followed by options. */
function definitionOf(
  given: ClusterServerOptions | MessageInit<ServerDef> | ClusterLike,
  options: ServerOptions,
): Definition {
  onlyOptions(options, { jobName: 'string', taskIndex: 'number', protocol: 'string', config: 'any', start: 'boolean' });
  if (!hasCluster(given)) return { ...options, cluster: given as ClusterLike };
  const own = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (isServerDef(given)) {
    ServerDef.check(given);
    const { cluster = {}, jobName, taskIndex, protocol, defaultSessionConfig, port, replica } = given;
    if (port || replica)
      throw new InvalidArgumentError(
        'the port of a server is that of its address, and it has one replica: leave out `port` and `replica`',
      );
    return {
      cluster: cluster as ClusterLike,
      jobName,
      taskIndex: taskIndex === undefined ? undefined : Number(taskIndex),
      protocol: protocol || undefined,
      config: defaultSessionConfig,
      ...own,
    };
  }
  return {
    ...onlyOptions(given, {
      cluster: 'any',
      jobName: 'string',
      taskIndex: 'number',
      protocol: 'string',
      config: 'any',
      start: 'boolean',
    }),
    ...own,
  };
}

/** Whether these are options, and not jobs, one of which may be named "cluster". */
function hasCluster(given: object): given is ClusterServerOptions | MessageInit<ServerDef> {
  if (given instanceof ClusterSpec || typeof given !== 'object' || given === null) return false;
  const { cluster } = given as { cluster?: unknown };
  if (cluster === undefined) return false;
  const keys = Object.keys(Object(cluster));
  return !Array.isArray(cluster) && !(keys.length > 0 && keys.every((key) => /^\d+$/.test(key)));
}

function isServerDef(given: ClusterServerOptions | MessageInit<ServerDef>): given is MessageInit<ServerDef> {
  return 'defaultSessionConfig' in given || 'port' in given || 'replica' in given;
}

/** The definition for TensorFlow, without anything that would abort the process. */
function checkedDefinition({ cluster, protocol = 'grpc', config = {}, ...task }: Definition) {
  if (protocol !== 'grpc')
    throw new NotFoundError(`the protocol of a server is 'grpc', which libtensorflow has, not ${shown(protocol)}`);
  checkConfig(config);
  if (Number(config.deviceCount?.CPU ?? 1) < 1)
    throw new InvalidArgumentError('a server has a CPU at least: deviceCount.CPU is 1 or more');
  const spec = new ClusterSpec(cluster);
  const jobName = task.jobName ?? only(spec.jobs, 'the cluster has the jobs', 'jobName');
  if (!spec.jobs.includes(jobName))
    throw new InvalidArgumentError(
      `the cluster has no job ${shown(jobName)}; its jobs are ${spec.jobs.join(', ') || 'none'}`,
    );
  const taskIndex = task.taskIndex ?? only(spec.taskIndices(jobName), `job '${jobName}' has the tasks`, 'taskIndex');
  if (!spec.taskIndices(jobName).includes(taskIndex))
    throw new InvalidArgumentError(
      `job '${jobName}' of the cluster has no task ${shown(taskIndex)}; its tasks are ${spec.taskIndices(jobName).join(', ') || 'none'}`,
    );
  const others = new Map(
    spec.jobs
      .flatMap((job) => spec.taskIndices(job).map((task) => ({ job, task })))
      .filter(({ job, task }) => job !== jobName || task !== taskIndex)
      .map(({ job, task }) => [`/job:${job}/task:${task}`, spec.taskAddress(job, task)]),
  );
  for (const [task, address] of others)
    if (parseAddress(address, task).port === 0)
      throw new InvalidArgumentError(
        `${task} has port 0, by which nobody finds it; only the server's own port may be 0, for one that is free`,
      );
  const own = parseAddress(spec.taskAddress(jobName, taskIndex), `/job:${jobName}/task:${taskIndex}`);
  const message = {
    cluster: spec.asClusterDef(),
    jobName,
    taskIndex,
    protocol,
    ...(Object.keys(config).length > 0 && { defaultSessionConfig: config }),
  };
  return { serverDef: ServerDef.decode(ServerDef.encode(message)), ...own, others };
}

/** The only element of a list. */
function only<T>(all: readonly T[], what: string, option: string): T {
  if (all.length === 1) return all[0]!;
  throw new InvalidArgumentError(`${what} ${all.join(', ') || '(none)'}: say by \`${option}\` which one the server is`);
}
