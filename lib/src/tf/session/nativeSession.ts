/** A `TF_Session`, apart from the `Session` so that it can be freed when that is gone. */
import { availableParallelism } from 'node:os';
import { deferred } from '../../../shared/deferred.cjs';
import { ConfigProto as ConfigCodec } from '../../protos';
import { capi, type Pointer } from '../../runtime/capi';
import { CancelledError, DeadlineExceededError } from '../../runtime/errors';
import { callInThread, hasNativeThreads, type NativeCall } from '../../runtime/nativeThreads';
import { checked, errorIn } from '../../runtime/status';
import type { Graph } from '../graph/graph';
import type { ConfigProto } from './config';
import { Gate } from './gate';
import { nativeTarget } from './localServers';
import { type NativeRun, startRun } from './nativeRun';
import type { Pace, RunThread } from './pace';
import { Step } from './step';

/**
 * Runs that only compute: more at once than there are processors would only take memory. Without threads of our own they share Node's
 * pool, and leave one of its threads to files.
 */
const computing = new Gate(
  hasNativeThreads()
    ? Math.max(4, availableParallelism())
    : Math.max(1, (Number(process.env.UV_THREADPOOL_SIZE) || 4) - 1),
);

/** Runs that may wait for other runs must not wait for a place. */
const waiting = new Gate(Number.POSITIVE_INFINITY);

/** For so long the runtime may be late in heeding a run's time limit before the run is given up. */
const LATE_MS = 100;

/** For so long a session that is closed waits for its runs to notice. */
const CLOSING_MS = 1000;

/** How a step is run. */
export interface HowToRun {
  /** Whether it may wait for something outside of it. */
  readonly mayWait: boolean;
  /** After how many milliseconds it fails; never where it is 0. */
  readonly timeoutInMs: number;
  /** What such runs took so far. */
  readonly pace: Pace;
  /** The thread that was asked for; where none was, the pace decides. */
  readonly thread: RunThread | undefined;
  /** Whether it doesn't keep the process alive while another thread works on it. */
  readonly inBackground: boolean;
}

export class NativeSession {
  readonly pointer: Pointer;
  readonly #server: GraphOfServer | undefined;
  /** Runs that other threads work on at this moment: the session can't be deleted before they end. */
  #running = 0;
  #idle: (() => void) | undefined;
  /** Fails each run that somebody awaits. */
  readonly #awaited = new Set<(error: Error) => void>();

  constructor(graph: Graph, config: ConfigProto, target: string) {
    const { newSessionOptions, setConfig, setTarget, newSession, deleteSessionOptions } = capi();
    const options = newSessionOptions();
    try {
      const bytes = ConfigCodec.encode(config);
      checked((status) => setConfig(options, bytes, bytes.byteLength, status));
      if (target) setTarget(options, nativeTarget(target));
      this.pointer = checked((status) => newSession(graph.pointer, options, status))!;
    } finally {
      deleteSessionOptions(options);
    }
    if (target) this.#server = new GraphOfServer(graph, (step) => this.#begin(step));
  }

  runSync(step: Step): void {
    const { sessionRun, flushDenormals, keepDenormals } = capi();
    flushDenormals();
    try {
      checked((status) => sessionRun(this.pointer, ...step.parameters, status));
    } finally {
      keepDenormals();
    }
  }

  /**
   * Resolves when the step was run, after a turn of the event loop at least. It computes in this thread where it is short, or that was
   * asked for.
   */
  async run(step: Step, how: HowToRun): Promise<void> {
    const { mayWait, timeoutInMs, pace } = how;
    // While other runs are under way, another thread may have a processor for this one.
    const isShort = pace.thread === 'caller' && !mayWait && !timeoutInMs && !this.#server && computing.isEmpty;
    const begin = performance.now();
    if (how.thread ? how.thread === 'other' : !isShort) {
      await this.#runInOtherThread(step, how);
      pace.took(performance.now() - begin);
      return;
    }
    computing.takePlace();
    try {
      this.runSync(step);
      pace.took(performance.now() - begin);
    } finally {
      await new Promise(setImmediate);
      computing.leave();
    }
  }

  /** It fails in time also where an operation heeds neither time limits nor the closing of the session. */
  #runInOtherThread(step: Step, { mayWait, timeoutInMs, inBackground }: HowToRun): Promise<void> {
    const gate = mayWait || this.#server ? waiting : computing;
    return new Promise<void>((resolve, reject) => {
      let run: NativeRun | undefined;
      let isIn = false;
      let timer: NodeJS.Timeout | undefined;
      const settle = (error: Error | undefined): void => {
        if (!this.#awaited.delete(giveUp)) return;
        clearTimeout(timer);
        if (isIn) gate.leave();
        else gate.giveUp(start);
        if (error) reject(error);
        else resolve();
      };
      const giveUp = (error: Error): void => {
        run?.abandon();
        settle(error);
        if (this.#awaited.size === 0) this.#server?.abandon();
      };
      const start = (): void => {
        isIn = true;
        try {
          run = this.#begin(step);
          if (inBackground) run.abandon();
          run.returned.then(settle, settle);
        } catch (error) {
          settle(error as Error);
        }
      };
      this.#awaited.add(giveUp);
      if (timeoutInMs > 0) {
        // What has returned meanwhile is noticed before the immediate.
        const late = () =>
          setImmediate(giveUp, new DeadlineExceededError(`the run took longer than ${timeoutInMs} ms`));
        timer = setTimeout(late, timeoutInMs + LATE_MS);
      }
      if (this.#server) this.#server.knowsGraph().then(() => this.#awaited.has(giveUp) && gate.enter(start), settle);
      else gate.enter(start);
    });
  }

  /**
   * Ends what runs, and frees the session. Where an operation never notices, its run is given up after {@link CLOSING_MS}, and the session
   * is freed when the operation ends, which may be never.
   */
  async close(): Promise<void> {
    await this.#cancel();
    if (this.#running > 0) {
      const { promise, resolve } = deferred<void>();
      this.#idle = resolve;
      await within(CLOSING_MS, promise);
    }
    for (const giveUp of this.#awaited) giveUp(new CancelledError('the session was closed while this ran'));
    this.#server?.abandon();
    if (this.#running === 0) this.#delete();
    else this.#idle = () => this.#delete();
  }

  /** Begins a run in another thread. */
  #begin(step: Step): NativeRun {
    const run = startRun(this.pointer, step);
    this.#running++;
    const ended = () => {
      if (--this.#running === 0) this.#idle?.();
    };
    run.returned.then(ended, ended);
    return run;
  }

  async #cancel(): Promise<void> {
    const { closeSession, newStatus, deleteStatus, addressOf } = capi();
    if (!this.#server || !hasNativeThreads()) {
      checked((status) => closeSession(this.pointer, status));
      return;
    }
    // A server may not answer.
    const close = addressOf('TF_CloseSession');
    const status = newStatus();
    let call: NativeCall;
    try {
      call = callInThread(close, [this.pointer, status]);
    } catch (error) {
      deleteStatus(status);
      throw error;
    }
    const returned = call.returned
      .then(() => {
        const error = errorIn(status);
        if (error) throw error;
      })
      .finally(() => deleteStatus(status));
    this.#running++;
    const ended = () => {
      this.#running--;
    };
    returned.then(ended, ended);
    await within(CLOSING_MS, returned).finally(call.abandon);
  }

  #delete(): void {
    checked((status) => capi().deleteSession(this.pointer, status));
  }
}

/**
 * The server that a session runs on, as far as the session's graph goes. `TF_SessionRun` sends what is new in the graph first, and holds
 * locks until the server answers: another run would take the lock that building operations needs and wait with it, and so would
 * JavaScript. So the graph is sent by a run of nothing, and the others wait for it here.
 */
class GraphOfServer {
  readonly #graph: Graph;
  readonly #begin: (step: Step) => NativeRun;
  #operations = 0;
  #sending: NativeRun | undefined;
  #sent: Promise<unknown> = Promise.resolve();

  constructor(graph: Graph, begin: (step: Step) => NativeRun) {
    this.#graph = graph;
    this.#begin = begin;
  }

  /** Resolves when the server has the graph as it is now. */
  knowsGraph(): Promise<unknown> {
    if (this.#operations < this.#graph.operations.length) {
      this.#operations = this.#graph.operations.length;
      this.#sent = this.#sent.then(() => this.#send());
    }
    return this.#sent;
  }

  /** Says that nobody waits any longer for the server to answer. */
  abandon(): void {
    this.#sending?.abandon();
  }

  async #send(): Promise<void> {
    const step = new Step({ tensors: [], targets: [], assemble: () => undefined }, [], undefined, false);
    try {
      this.#sending = this.#begin(step);
      await this.#sending.returned;
    } catch {
      // The run that follows fails for the same reason, and says so.
    } finally {
      step.free();
    }
  }
}

/** Resolves with the promise, or after so many milliseconds. */
async function within(milliseconds: number, promise: Promise<void>): Promise<void> {
  const { promise: late, resolve } = deferred<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
