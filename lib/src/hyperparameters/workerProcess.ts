/** A worker process, seen from the search. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { errorOf, InvalidArgumentError, ResourceExhaustedError } from '../runtime/errors';
import { fileError } from '../runtime/files';
import type { FromWorker, ToWorker, TrialSource } from './messages';
import { endOwn, forkOwn } from './ownProcess';
import { listens } from './targets';
import type { TrialOutcome } from './trial';
import { type Assignment, TargetLost, TrialFailure, type TrialRunner } from './trialRunner';

/** The settings of a worker process. */
export interface WorkerOptions {
  /** What runs a trial. */
  readonly source: TrialSource;
  /** The number of threads for TensorFlow. */
  readonly threads: number;
  /** How many seconds a trial may neither report nor return. */
  readonly silence: number;
  /** The TensorFlow server for trials, if it isn't the process itself. */
  readonly target?: string | undefined;
  /** How many seconds a stopped trial may take to save and return. */
  readonly grace: number;
}

/** Runs trials one after the other in a child process, which is restarted if a trial ends it. */
export class WorkerProcess implements TrialRunner {
  readonly #options: WorkerOptions;
  #child: ChildProcess | undefined;
  #stop: (() => void) | undefined;
  #stopping = false;
  /** Cancels waiting between trials. */
  readonly #stopped = new AbortController();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  get target(): string | undefined {
    return this.#options.target;
  }

  async ready(): Promise<void> {
    await listens(this.#options.target, this.#stopped.signal);
  }

  begin(): number | undefined {
    if (!this.#child || hasEnded(this.#child)) this.#child = this.#fork();
    return this.#child.pid;
  }

  async run({ context, log, onReport }: Assignment): Promise<TrialOutcome> {
    this.begin();
    const child = this.#child!;
    const { source, silence, grace } = this.#options;
    const output = new TrialLog(child, log);
    const ended = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<TrialOutcome>((resolve, reject) => {
        const allow = (seconds: number, failure: string) => {
          clearTimeout(timer);
          if (seconds === Number.POSITIVE_INFINITY) return;
          timer = setTimeout(() => {
            child.kill('SIGKILL');
            reject(new TrialFailure(failure));
          }, seconds * 1000);
        };
        const allowSilence = () => allow(silence, `said nothing for ${silence} s, and was ended`);
        const listen = <V extends unknown[]>(event: string, listener: (...values: V) => void) => {
          child.on(event, listener);
          ended.signal.addEventListener('abort', () => child.off(event, listener));
        };
        listen('message', (message: FromWorker) => {
          if (message.type === 'returned') return resolve(message.outcome);
          if (message.type === 'threw') return reject(failureOf(message));
          if (message.type === 'unloadable') return reject(new InvalidArgumentError(message.message));
          if (!this.#stopping) allowSilence();
          try {
            onReport(message.iteration, message.metrics);
          } catch (error) {
            reject(error);
          }
        });
        listen('exit', (code: number | null, signal: string | null) => {
          const ending = `its process ended with ${signal ? `signal ${signal}` : `exit code ${code}`}`;
          if (signal !== 'SIGKILL' && !output.tellsOfMemory) return reject(new TrialFailure(ending));
          reject(new ResourceExhaustedError(`${ending}, as it does where there is no memory left`));
        });
        output.onError = reject;
        listen('error', reject);
        this.#stop = () => {
          send(child, { type: 'stop' });
          allow(grace, `did not stop within ${grace} s, and was ended`);
        };
        send(child, { type: 'run', source, context });
        if (this.#stopping) this.#stop();
        else allowSilence();
      });
    } finally {
      ended.abort();
      clearTimeout(timer);
      this.#stop = undefined;
      await output.close();
      if (child.killed) await this.#endChild();
      if (hasEnded(child)) this.#child = undefined;
    }
  }

  stop(): void {
    this.#stopping = true;
    this.#stopped.abort();
    this.#stop?.();
  }

  async end(): Promise<void> {
    this.#stopped.abort();
    await this.#endChild();
  }

  async #endChild(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || hasEnded(child)) return;
    await endOwn(child, once(child, 'exit'));
  }

  #fork(): ChildProcess {
    const threads = String(this.#options.threads);
    const env = { TF_NUM_INTRAOP_THREADS: threads, TF_NUM_INTEROP_THREADS: threads, OMP_NUM_THREADS: threads };
    const child = forkOwn(path.join(__dirname, 'worker.js'), [], env);
    child.on('error', () => {}); // a failure to start is reported by its exit
    return child;
  }
}

/** The error of a trial that threw: its own, or the environment's. */
function failureOf({ message, code, isLost }: Extract<FromWorker, { type: 'threw' }>): Error {
  if (isLost) return new TargetLost(message);
  return code === undefined ? new TrialFailure(message) : errorOf(code, message);
}

/** Writes a process's output to a file while a trial is running. */
class TrialLog {
  /** Called when writing fails. */
  onError: (error: Error) => void = () => {};
  /** Whether the output reported that memory ran out; the process then aborts as for a defect. */
  tellsOfMemory = false;
  readonly #path: string;
  readonly #streams: Readable[];
  readonly #file: number;
  #heard = false;

  constructor(child: ChildProcess, path: string) {
    this.#streams = [child.stdout!, child.stderr!];
    this.#path = path;
    try {
      this.#file = fs.openSync(path, 'a');
    } catch (error) {
      throw fileError(`could not open the log ${path}`, error);
    }
    for (const stream of this.#streams) stream.on('data', this.#write);
  }

  readonly #write = (bytes: Uint8Array) => {
    this.#heard = true;
    this.tellsOfMemory ||= /heap out of memory|std::bad_alloc/.test(Buffer.from(bytes).toString('latin1'));
    try {
      fs.writeFileSync(this.#file, bytes); // completely, or it throws
    } catch (error) {
      this.onError(fileError(`could not write to the log ${this.#path}`, error));
    }
  };

  /** Closes it after everything was read: output printed before a message may arrive after it. */
  async close(): Promise<void> {
    try {
      do {
        this.#heard = false;
        for (let turn = 0; turn < 2; turn++) await setImmediate();
      } while (this.#heard);
    } finally {
      for (const stream of this.#streams) stream.off('data', this.#write);
      fs.closeSync(this.#file);
    }
  }
}

function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/** Sends a message to a process that may have ended, which its exit event reports. */
function send(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
