/** A session's link to the TensorFlow server that it runs on: waiting for it, telling it the graph, noticing that it is gone. */
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

/** So often it is looked whether a server is there. */
const LOOK_MS = { listening: 200, lost: 1000 };

/** A server to which there has been no connection for so long is lost. Restarted within, it says itself that it knows the session no more. */
const LOST_MS = 2000;

/** After so long somebody is told what a session waits for. */
const PATIENCE_MS = 10_000;

/** Begins a run of a session. */
export type BeginRun = (step: Step, onEnd: (error: TensorFlowError | undefined) => void) => NativeRun;

/** How far it has come with the server. */
type State = 'not listening' | 'not answering' | 'serving';

/**
 * `TF_SessionRun` sends what is new in the graph first, and holds locks until the server answers: another run would take the lock that building
 * operations needs and wait with it, and so would JavaScript. So the graph is sent by a run of nothing, and the others wait for it here.
 *
 * libtensorflow itself waits for a server for ever, silently, in a thread that nothing ends; so it is called when something listens there. And
 * of a run whose server is gone it says nothing until another server takes its place: so the connection is looked at meanwhile.
 */
export class ServerLink {
  /** The server, if it is one of this process. */
  readonly #local: LocalServer | undefined;
  readonly #address: Address;
  readonly #target: string;
  readonly #graph: Graph;
  readonly #begin: BeginRun;
  /** How many operations of the graph the server knows. */
  #known = 0;
  #sending: NativeRun | undefined;
  #failure: TensorFlowError | undefined;
  #state: State;
  #listening: { readonly promise: Promise<void>; stop(): void } | undefined;
  /** Why nothing listened when it was tried. */
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

  /** @throws {UnavailableError} when the server is one of this process and was stopped: libtensorflow would run the session on it all the same */
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

  /** Whether it is being told what is new in the graph. */
  get isSending(): boolean {
    return this.#sending !== undefined;
  }

  /** Resolves when the server has the graph as it is now. */
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

  /** Sends what is new in the graph, if that isn't under way; `failure` says what became of it. */
  send(): NativeRun {
    if (this.#sending) return this.#sending;
    const count = this.#graph.operations.length;
    if (!this.#local) checkGraph(this.#target, this.#graph.operations.slice(this.#known));
    const step = new Step({ tensors: [], targets: [], assemble: () => undefined }, [], undefined, false);
    try {
      this.#sending = this.#begin(step, (error) => {
        this.#sending = undefined;
        // That nothing is asked for is an error, too: the graph is there then. What else is wrong with it, the run that follows says.
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

  /** Says that nobody waits any longer for the server to answer. */
  abandon(): void {
    this.#sending?.abandon();
    this.#listening?.stop();
    this.#listening = undefined;
  }

  /**
   * Whether a server that was there is gone, as far as the system says: its connection has been cut, and there is no new one.
   *
   * @param isUsed whether runs are under way; between them it doesn't matter
   */
  isLost(isUsed: boolean): boolean {
    if (this.#local || this.#state !== 'serving' || isProxied(this.#address)) return false;
    const now = performance.now();
    if (!isUsed || isConnectedTo(this.#address.port) !== false) this.#seen = now;
    return now - this.#seen >= LOST_MS;
  }

  /** What is said of runs whose server is gone. */
  get lostError(): UnavailableError {
    return new UnavailableError(
      `the TensorFlow server at ${this.#target} is gone: it ended, or can't be reached any more, and its variables' values with it; when it is there again, make a new session`,
    );
  }

  /** What is said of a run that took too long. */
  timeoutError(milliseconds: number): DeadlineExceededError {
    const server = `the TensorFlow server at ${this.#target}`;
    if (this.#state === 'serving')
      return new DeadlineExceededError(`the run on ${server} took longer than ${milliseconds} ms`);
    return new DeadlineExceededError(`${server} didn't answer within ${milliseconds} ms: ${this.#missing()}`);
  }

  /** Says once what is waited for: libtensorflow would wait in silence. */
  #tellWhatIsMissing(): void {
    if (this.#hasTold || this.#state === 'serving') return;
    this.#hasTold = true;
    console.warn(`a session waits for the TensorFlow server at ${this.#target}: ${this.#missing()}`);
  }

  /** What a session waits for that has no answer from its server. */
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

  /** What keeps many a gRPC connection from being made. */
  get #hint(): string {
    return isProxied(this.#address) ? ' (gRPC goes by the proxy of http_proxy, unless no_proxy has the host)' : '';
  }

  /** Looks from time to time whether the server is gone; the function that is given back ends that. */
  watch(isUsed: () => boolean, onLoss: () => void): () => void {
    if (this.#local) return () => {};
    const timer = setInterval(() => {
      if (this.isLost(isUsed())) onLoss();
    }, LOOK_MS.lost);
    timer.unref();
    return () => clearInterval(timer);
  }

  /** The error of a run, with so much time, as its reader needs it. */
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
    promise.catch(() => {}); // whoever waited was told before
    return { promise, stop };
  }
}

/** Whether gRPC would go by a proxy. */
function isProxied({ host }: Address): boolean {
  const { grpc_proxy, https_proxy, http_proxy } = process.env;
  return Boolean(grpc_proxy || https_proxy || http_proxy) && !isLoopback(host);
}

/** Whether an error is about the way to the server, or a task, and not about the graph. */
function isOfTheLink(error: TensorFlowError): boolean {
  return (
    error instanceof UnavailableError ||
    error instanceof AbortedError ||
    error instanceof CancelledError ||
    error instanceof DeadlineExceededError
  );
}

/** Of what gRPC says of a task that is gone, what somebody can use. */
function unavailable(message: string): string {
  const [, reason, task] =
    /([^\n]+)\nAdditional GRPC error information from remote target (\/job:\S+)/.exec(message) ?? [];
  if (!task) return message;
  return `${task} of the cluster can't be reached (${reason}): if it has ended, its variables' values are lost; when it is there again, make a new session`;
}

/**
 * What an operation on another task says, without what gRPC adds: how its own sources came to know of it, the names of tensors on their way,
 * and what this process has logged lately, which may be of another run. Where several tasks failed, TensorFlow lists them between two lines;
 * those that repeat another's words, or were cancelled, only heard of it.
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
