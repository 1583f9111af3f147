/**
 * The connection of a session to its TensorFlow server: waits for the server, sends it the graph, and notices when it
 * is gone.
 */
import type { Socket } from 'node:net';
import { setInterval } from 'node:timers';
import { type Address, isLoopback, parseAddress, socketTo } from '../../runtime/address';
import { withContext } from '../../runtime/errorContext';
import {
  AbortedError,
  CancelledError,
  DeadlineExceededError,
  InternalError,
  type TensorFlowError,
  UnavailableError,
} from '../../runtime/errors';
import { isConnectedTo } from '../../runtime/ownSockets';
import type { Graph } from '../graph/graph';
import type { Feed } from './feeds';
import type { FetchPlan } from './fetches';
import { type LocalServer, localServerAt } from './localServers';
import { checkGraph, checkMessages } from './messageSize';
import type { NativeRun } from './nativeRun';
import { Step } from './step';
import { parseTarget } from './target';

/** Intervals, in milliseconds, at which the server is checked. */
const LOOK_MS = { listening: 200, lost: 1000 };

/**
 * A server without a connection for this many milliseconds counts as lost. A server that was restarted sooner reports
 * by itself that it doesn't know the session.
 */
const LOST_MS = 2000;

/** After this many milliseconds, the user is told what a session is waiting for. */
const PATIENCE_MS = 10_000;

/** Starts a run of a session. */
export type BeginRun = (step: Step, onEnd: (error: TensorFlowError | undefined) => void) => NativeRun;

/** How far the connection has progressed. */
type State = 'not listening' | 'not answering' | 'serving';

/**
 * The connection of a session to its server.
 *
 * `TF_SessionRun` first sends what is new in the graph, and holds locks until the server answers. Another run would
 * wait for the lock that adding operations also needs, and block JavaScript. So an empty run sends the graph, and other
 * runs wait for it here.
 *
 * libtensorflow waits for a missing server forever, silently, in a thread that can't be stopped; so it is called only
 * once something listens at the address. And it doesn't report that the server of a run is gone until another server
 * takes its place; so the connection is monitored meanwhile.
 */
export class ServerLink {
  /** The server, if it runs in this process. */
  readonly #local: LocalServer | undefined;
  readonly #address: Address;
  readonly #target: string;
  readonly #graph: Graph;
  readonly #begin: BeginRun;
  /** The number of the graph's operations that the server knows. */
  #known = 0;
  #sending: NativeRun | undefined;
  #failure: TensorFlowError | undefined;
  #state: State;
  #listening: { readonly promise: Promise<void>; stop(): void } | undefined;
  /** Why connecting failed. */
  #why: string | undefined;
  #hasTold = false;
  /** When the connection was last seen. */
  #seen = 0;

  constructor(target: string, graph: Graph, begin: BeginRun) {
    this.#target = target;
    this.#address = parseTarget(target);
    this.#graph = graph;
    this.#begin = begin;
    this.#local = localServerAt(target);
    this.#state = this.#local || isProxied(this.#address) ? 'not answering' : 'not listening';
  }

  /** @throws {InvalidArgumentError} when feeds or fetches don't fit into the messages of a run */
  checkMessages(plan: FetchPlan, feeds: readonly Feed[]): void {
    if (!this.#local) checkMessages(this.#target, plan, feeds);
  }

  /**
   * @throws {UnavailableError} when the server runs in this process and was stopped: libtensorflow would run the
   * session on it anyway
   */
  checkStopped(): void {
    if (this.#local?.isStopped)
      throw new UnavailableError(
        `the TensorFlow server at ${this.#target} was stopped by this process; make a new session on another one`,
      );
  }

  /** Whether the server knows the graph as it is now. */
  get isReady(): boolean {
    return this.#known >= this.#graph.operations.length;
  }

  /** Whether the new part of the graph is being sent. */
  get isSending(): boolean {
    return this.#sending !== undefined;
  }

  /** Resolves when the server knows the graph as it is now. */
  async ready(): Promise<void> {
    if (this.isReady) return;
    const patience = setTimeout(() => this.#tellWhatIsMissing(), PATIENCE_MS);
    patience.unref();
    try {
      await this.#makeReady();
    } finally {
      clearTimeout(patience);
    }
  }

  async #makeReady(): Promise<void> {
    if (this.#state === 'not listening') {
      this.#listening ??= this.#waitUntilListening();
      await this.#listening.promise;
    }
    while (!this.isReady) {
      await this.send().returned;
      if (this.#failure) throw this.#failure;
    }
  }

  /** Sends the new part of the graph, unless that is in progress; `failure` has the result. */
  send(): NativeRun {
    if (this.#sending) return this.#sending;
    const count = this.#graph.operations.length;
    if (!this.#local) checkGraph(this.#target, this.#graph.operations.slice(this.#known));
    const step = new Step({ tensors: [], targets: [], assemble: () => undefined }, [], undefined, false);
    try {
      this.#sending = this.#begin(step, (error) => {
        this.#sending = undefined;
        // The error that nothing was fetched means success. Other errors of the graph are reported by the run that
        // follows.
        this.#failure = error && isOfTheLink(error) ? error : undefined;
        if (this.#failure) return;
        this.#known = count;
        this.#state = 'serving';
        this.#seen = performance.now();
      });
      return this.#sending;
    } finally {
      step.free();
    }
  }

  /** Why the graph couldn't be sent. */
  get failure(): TensorFlowError | undefined {
    return this.#failure;
  }

  /** Declares that nobody waits for the server's answer any more. */
  abandon(): void {
    this.#sending?.abandon();
    this.#listening?.stop();
    this.#listening = undefined;
  }

  /**
   * Whether a server that was there is gone, according to the operating system: its connection was closed, and there is
   * no new one.
   *
   * @param isUsed whether runs are in progress; otherwise it doesn't matter
   */
  isLost(isUsed: boolean): boolean {
    if (this.#local || this.#state !== 'serving' || isProxied(this.#address)) return false;
    const now = performance.now();
    if (!isUsed || isConnectedTo(this.#address.port) !== false) this.#seen = now;
    return now - this.#seen >= LOST_MS;
  }

  /** The error of runs whose server is gone. */
  get lostError(): UnavailableError {
    return new UnavailableError(
      `the TensorFlow server at ${this.#target} is gone: it ended, or can't be reached any more, and its variables' values with it; when it is there again, make a new session`,
    );
  }

  /** The error of a run that exceeded its time limit. */
  timeoutError(milliseconds: number): DeadlineExceededError {
    const server = `the TensorFlow server at ${this.#target}`;
    if (this.#state === 'serving')
      return new DeadlineExceededError(`the run on ${server} took longer than ${milliseconds} ms`);
    return new DeadlineExceededError(`${server} didn't answer within ${milliseconds} ms: ${this.#missing()}`);
  }

  /** Reports once what the session is waiting for; libtensorflow waits silently. */
  #tellWhatIsMissing(): void {
    if (this.#hasTold || this.#state === 'serving') return;
    this.#hasTold = true;
    console.warn(`a session waits for the TensorFlow server at ${this.#target}: ${this.#missing()}`);
  }

  /** Describes what a session without an answer from its server is waiting for. */
  #missing(): string {
    if (this.#why) return `nothing listens there (${this.#why})`;
    if (!this.#local && !isProxied(this.#address) && isConnectedTo(this.#address.port) === false)
      return 'no connection to it could be made';
    const missing = [...(this.#local?.others ?? [])].filter(
      ([, address]) => isConnectedTo(parseAddress(address, 'an address').port) === false,
    );
    if (missing.length > 0)
      return `it waits for ${missing.map(([task, address]) => `${task} at ${address}`).join(', ')}`;
    return `is it one, and are all tasks of its cluster there${this.#hint}?`;
  }

  /** A hint at a frequent cause of gRPC connection failures. */
  get #hint(): string {
    return isProxied(this.#address) ? ' (gRPC goes by the proxy of http_proxy, unless no_proxy has the host)' : '';
  }

  /** Checks from time to time whether the server is gone; the returned function stops that. */
  watch(isUsed: () => boolean, onLoss: () => void): () => void {
    if (this.#local) return () => {};
    const timer = setInterval(() => {
      if (this.isLost(isUsed())) onLoss();
    }, LOOK_MS.lost);
    timer.unref();
    return () => clearInterval(timer);
  }

  /** Rewrites the error of a run, with its time limit, for its reader. */
  explain(error: TensorFlowError, timeoutInMs: number): TensorFlowError {
    if (error instanceof DeadlineExceededError && timeoutInMs > 0) return this.timeoutError(timeoutInMs);
    const server = `the TensorFlow server at ${this.#target}`;
    if (error instanceof AbortedError && /(Session|Graph) .*is not found|restarted/.test(error.message))
      return withContext(
        error,
        (message) =>
          `${server}, or a task of its cluster, was started anew and doesn't know this session: the variables' values are lost; make a new session (${message.trim()})`,
      );
    if (error instanceof InternalError && /^Failed to serialize message/.test(error.message))
      return withContext(
        error,
        () => `what is fetched from ${server} is larger than 2 GB, which it can't send; fetch it in parts`,
      );
    if (error instanceof UnavailableError) return withContext(error, unavailable);
    return withContext(error, withoutTransport);
  }

  #waitUntilListening(): { promise: Promise<void>; stop(): void } {
    let stop = (): void => {};
    const promise = new Promise<void>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let socket: Socket | undefined;
      const attempt = (): void => {
        socket = socketTo(this.#address);
        socket.once('connect', () => {
          socket!.destroy();
          this.#state = 'not answering';
          this.#why = undefined;
          resolve();
        });
        socket.once('timeout', () => socket!.destroy(new Error('no answer')));
        socket.once('error', (error: NodeJS.ErrnoException) => {
          this.#why = error.code ?? error.message;
          timer = setTimeout(attempt, LOOK_MS.listening);
        });
      };
      stop = () => {
        clearTimeout(timer);
        socket?.removeAllListeners().destroy();
        reject(new CancelledError('the session was closed while it waited for its server'));
      };
      attempt();
    });
    promise.catch(() => {}); // whoever waited has already been told
    return { promise, stop };
  }
}

/** Whether gRPC would use a proxy. */
function isProxied({ host }: Address): boolean {
  const { grpc_proxy, https_proxy, http_proxy } = process.env;
  return Boolean(grpc_proxy || https_proxy || http_proxy) && !isLoopback(host);
}

/** Whether an error concerns the connection to the server or a task, and not the graph. */
function isOfTheLink(error: TensorFlowError): boolean {
  return (
    error instanceof UnavailableError ||
    error instanceof AbortedError ||
    error instanceof CancelledError ||
    error instanceof DeadlineExceededError
  );
}

/** Extracts the useful part of gRPC's message about a task that is gone. */
function unavailable(message: string): string {
  const [, reason, task] =
    /([^\n]+)\nAdditional GRPC error information from remote target (\/job:\S+)/.exec(message) ?? [];
  if (!task) return message;
  return `${task} of the cluster can't be reached (${reason}): if it has ended, its variables' values are lost; when it is there again, make a new session`;
}

/**
 * The message of an operation on another task, without what gRPC adds: its own source locations, names of tensors in
 * transit, and recent log lines of this process, which may belong to another run. If several tasks failed, TensorFlow
 * lists their messages between two lines; this removes those that repeat another one or only report a cancellation.
 */
export function withoutTransport(message: string): string {
  const plain = message
    .replace(/\nRecent warning and error logs:(\n {2}[^\n]*)*/g, '')
    .replace(/\nAdditional GRPC error information from remote target [^\n]*\n:\{[^\n]*\}/g, '')
    .replace(/\n\t \[\[\S+_S\d+\]\]/g, '');
  const [, list] = /^\n=+\n([\s\S]*)\n=+\n*$/.exec(plain) ?? [];
  if (list === undefined) return plain;
  const all = list.split(/\n(?=[A-Z_]+: From \/job:)/).map((text) => text.replace(/^[A-Z_]+: /, ''));
  const told = new Map(all.map((text) => [text.replace(/^From \/job:\S+:\n/, ''), text]));
  const causes = [...told].filter(([words]) => !/^[^\n]* (is|was) cancelled/i.test(words)).map(([, text]) => text);
  return (causes.length > 0 ? causes : [...told.values()]).join('\n');
}
