/** A `TF_Session`, separate from `Session` so that it can be freed when that is garbage-collected. */
import { availableParallelism } from 'node:os';
import { deferred } from '../../../shared/deferred.cjs';
import { ConfigProto as ConfigCodec } from '../../protos';
import { atMost } from '../../runtime/atMost';
import { capi, type Pointer } from '../../runtime/capi';
import {
  AbortedError,
  CancelledError,
  DeadlineExceededError,
  NotFoundError,
  type TensorFlowError,
  UnavailableError,
} from '../../runtime/errors';
import { callInThread, hasNativeThreads, type NativeCall, waitForReturns } from '../../runtime/nativeThreads';
import { throwIfInterrupted } from '../../runtime/notebookHost';
import { checked, errorIn } from '../../runtime/status';
import type { Graph } from '../graph/graph';
import type { ConfigProto } from './config';
import type { Feed } from './feeds';
import type { FetchPlan } from './fetches';
import { Gate } from './gate';
import { nativeTarget } from './localServers';
import { type NativeRun, startRun } from './nativeRun';
import type { Pace, RunThread } from './pace';
import { type BeginRun, ServerLink } from './serverLink';
import type { Step } from './step';

/**
 * The gate for runs that only compute: more of them at once than processors would only use more memory. Without native
 * threads they share Node's pool, and leave one of its threads to file access.
 */
const computing = new Gate(
  hasNativeThreads()
    ? Math.max(4, availableParallelism())
    : Math.max(1, (Number(process.env.UV_THREADPOOL_SIZE) || 4) - 1),
);

/** The gate for runs that may wait for other runs: they must not wait for a place. */
const waiting = new Gate(Number.POSITIVE_INFINITY);

/** How many milliseconds the runtime may be late in enforcing a run's time limit before the run is given up. */
const LATE_MS = 100;

/** The interval, in milliseconds, at which a synchronous run is checked. */
const SYNC_MS = 200;

/** How many milliseconds a closing session waits for its runs to notice. */
const CLOSING_MS = 1000;

/** How a step is run. */
export interface HowToRun {
  /** Whether it may wait for something outside of it. */
  readonly mayWait: boolean;
  /** The time limit in milliseconds; 0 for none. */
  readonly timeoutInMs: number;
  /** The measured durations of such runs. */
  readonly pace: Pace;
  /** The requested thread; if undefined, the pace decides. */
  readonly thread: RunThread | undefined;
  /** Whether it doesn't keep the process alive while another thread runs it. */
  readonly inBackground: boolean;
}

export class NativeSession {
  readonly pointer: Pointer;
  readonly #server: ServerLink | undefined;
  /** The number of runs in other threads. The session can't be deleted before they end. */
  #running = 0;
  #idle: (() => void) | undefined;
  /** Functions that fail the runs somebody awaits. */
  readonly #awaited = new Set<(error: Error) => void>();
  #endWatch = (): void => {};
  #isLost = false;

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
    if (target) {
      this.#server = new ServerLink(target, graph, (step, onEnd) => this.#begin(step, onEnd));
      this.#endWatch = this.#server.watch(
        () => this.#awaited.size > 0,
        () => {
          this.#isLost = true;
          this.#giveUpAll(this.#server!.lostError);
        },
      );
    }
  }

  /** @throws {InvalidArgumentError} when feeds or fetches don't fit into the messages of a run */
  checkMessages(plan: FetchPlan, feeds: readonly Feed[]): void {
    this.#server?.checkMessages(plan, feeds);
  }

  runSync(step: Step, timeoutInMs = 0): void {
    if (this.#server && hasNativeThreads()) this.#runOnServerSync(this.#server, step, timeoutInMs);
    else this.#runHere(step);
  }

  #runHere(step: Step): void {
    const { sessionRun, flushDenormals, keepDenormals, holdProfiler, releaseProfiler } = capi();
    holdProfiler();
    flushDenormals();
    try {
      checked((status) => sessionRun(this.pointer, ...step.parameters, status));
    } finally {
      keepDenormals();
      releaseProfiler();
    }
  }

  /**
   * Runs the step in another thread, and waits only as long as it may: libtensorflow would wait for a server forever.
   */
  #runOnServerSync(server: ServerLink, step: Step, timeoutInMs: number): void {
    this.#checkServer();
    server.isLost(false); // ignores earlier losses
    const until = deadlineOf(timeoutInMs);
    this.#answerSync(server, until, timeoutInMs);
    let outcome: { readonly error: TensorFlowError | undefined } | undefined;
    const run = this.#begin(step, (error) => {
      outcome = { error };
    });
    this.#waitSync(server, run, () => outcome !== undefined, until, timeoutInMs);
    if (outcome?.error) throw server.explain(outcome.error, timeoutInMs);
  }

  /** Waits until the server has answered and knows the graph. */
  #answerSync(server: ServerLink, until: number, timeoutInMs: number): void {
    while (!server.isReady) {
      const sending = server.send();
      this.#waitSync(server, sending, () => !server.isSending, until, timeoutInMs);
      if (server.failure) throw server.explain(server.failure, timeoutInMs);
    }
  }

  #waitSync(server: ServerLink, run: NativeRun, isDone: () => boolean, until: number, timeoutInMs: number): void {
    try {
      while (!isDone()) {
        const left = until - performance.now();
        if (left <= 0) throw server.timeoutError(timeoutInMs);
        waitForReturns(Math.min(left, SYNC_MS));
        throwIfInterrupted();
        this.#isLost ||= !isDone() && server.isLost(true);
        this.#checkServer();
      }
    } catch (error) {
      run.abandon();
      throw error;
    }
  }

  /** The devices of the server, waiting only as long as it may, or of this process. */
  listDevices(timeoutInMs: number): Pointer {
    this.#checkServer();
    if (this.#server && hasNativeThreads()) {
      const until = deadlineOf(timeoutInMs);
      this.#answerSync(this.#server, until, timeoutInMs);
    }
    return checked((status) => capi().sessionListDevices(this.pointer, status))!;
  }

  /**
   * Resolves when the step was run, after at least one turn of the event loop. A short step, or one for which it was
   * requested, computes in this thread.
   */
  async run(step: Step, how: HowToRun): Promise<void> {
    this.#checkServer();
    const { mayWait, timeoutInMs, pace } = how;
    // While other runs are in progress, another thread may have a free processor for this one, and a busy server must
    // be able to accept the next request.
    const isShort = pace.thread === 'caller' && !mayWait && !timeoutInMs && !this.#server && computing.isQuiet;
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

  /** Fails in time even if an operation ignores time limits and the end of the session. */
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
      const explained = (error: TensorFlowError) => this.#server?.explain(error, timeoutInMs) ?? error;
      const start = (): void => {
        isIn = true;
        try {
          run = this.#begin(step, () => {});
          if (inBackground) run.abandon();
          run.returned.then((error) => settle(error && explained(error)), settle);
        } catch (error) {
          settle(error as Error);
        }
      };
      this.#awaited.add(giveUp);
      if (timeoutInMs > 0) {
        // Runs that have returned in the meantime are noticed before the immediate.
        const late = () => setImmediate(() => giveUp(this.#timeoutError(timeoutInMs)));
        timer = setTimeout(late, timeoutInMs + LATE_MS);
      }
      if (this.#server)
        this.#server.ready().then(
          () => this.#awaited.has(giveUp) && gate.enter(start),
          (error) => settle(explained(error)),
        );
      else gate.enter(start);
    });
  }

  /**
   * Cancels all runs and frees the session. If an operation doesn't notice the cancellation, its run is given up after
   * {@link CLOSING_MS}, and the session is freed when the operation ends, which may be never.
   */
  async close(): Promise<void> {
    this.#endWatch();
    await this.#cancel();
    if (this.#running > 0) {
      const { promise, resolve } = deferred<void>();
      this.#idle = resolve;
      await atMost(CLOSING_MS, promise);
    }
    this.#giveUpAll(new CancelledError('the session was closed while this ran'));
    this.#server?.abandon();
    if (this.#running === 0) this.#delete();
    else this.#idle = () => this.#delete();
  }

  #checkServer(): void {
    if (this.#isLost) throw this.#server!.lostError;
    this.#server?.checkStopped();
  }

  #giveUpAll(error: TensorFlowError): void {
    for (const giveUp of this.#awaited) giveUp(error);
  }

  #timeoutError(milliseconds: number): DeadlineExceededError {
    return (
      this.#server?.timeoutError(milliseconds) ??
      new DeadlineExceededError(`the run took longer than ${milliseconds} ms`)
    );
  }

  /** Starts a run in another thread. */
  #begin(...[step, onEnd]: Parameters<BeginRun>): NativeRun {
    const run = startRun(this.pointer, step, (error) => {
      this.#running--;
      onEnd(error);
      if (this.#running === 0) this.#idle?.();
    });
    this.#running++;
    return run;
  }

  async #cancel(): Promise<void> {
    const { closeSession } = capi();
    if (this.#isLost) return; // nobody is left to notify
    if (!this.#server) {
      checked((status) => closeSession(this.pointer, status));
      return;
    }
    // The server may not answer.
    const { returned, abandon } = this.#tellServer();
    this.#running++;
    const ended = returned.finally(() => {
      if (--this.#running === 0) this.#idle?.();
    });
    try {
      await atMost(CLOSING_MS, ended);
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      abandon();
    }
  }

  /** Makes the server close its part of the session. */
  #tellServer(): NativeCall {
    const { closeSession, newStatus, deleteStatus, addressOf } = capi();
    const status = newStatus();
    let outcome: TensorFlowError | undefined;
    const ended = () => {
      outcome = errorIn(status);
      deleteStatus(status);
    };
    const throwOutcome = () => {
      if (outcome) throw outcome;
    };
    if (!hasNativeThreads()) {
      const returned = new Promise<void>((resolve) => closeSession.async(this.pointer, status, () => resolve()));
      return { returned: returned.then(ended).then(throwOutcome), abandon: () => {} };
    }
    try {
      const { returned, abandon } = callInThread(addressOf('TF_CloseSession'), [this.pointer, status], ended);
      return { returned: returned.then(throwOutcome), abandon };
    } catch (error) {
      deleteStatus(status);
      throw error;
    }
  }

  #delete(): void {
    checked((status) => capi().deleteSession(this.pointer, status));
  }
}

/** The time at which a run is given up, in terms of `performance.now()`; infinite if its time limit is 0. */
function deadlineOf(timeoutInMs: number): number {
  return timeoutInMs > 0 ? performance.now() + timeoutInMs + LATE_MS : Number.POSITIVE_INFINITY;
}

/** Whether an error means that a session's server, and the session with it, is gone. */
function isGone(error: unknown): boolean {
  return error instanceof AbortedError || error instanceof UnavailableError || error instanceof NotFoundError;
}
