/** An executing cell: its output, its input, its abort signal and its end. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';
import type { HostOutput, MimeBundle } from 'tf-mechanics/kernel-host';
import type { Question } from '../channels/questions';
import { deferred } from '../deferred';
import { Interrupted } from './interruption';
import { OutputLimit } from './outputLimit';

/** The target of a cell's output. */
export type CellOutput = HostOutput;

/** The output target of code whose output is redirected, if it is. */
const diverted = new AsyncLocalStorage<CellOutput | undefined>();

/** How a cell asks the user for input. */
export interface CellInput {
  /** Asks for input; the promise rejects with the signal's reason when it aborts. */
  ask(question: Question, signal: AbortSignal): Promise<string>;
  /**
   * Asks for input, blocking the thread; undefined when an interrupt was requested.
   *
   * @throws {Error} when the front end accepts no input
   */
  askAndWait(question: Question): string | undefined;
}

/** How long, in milliseconds, an interrupted cell may take to end. */
const GRACE = 500;

export class Cell {
  /** `In[3]`, which is also its file name in stack traces. */
  readonly name: string;
  /** Whether a user, rather than a program, executes the cell. */
  readonly isAttended: boolean;
  /** The cell's output, with a size limit. */
  readonly output: CellOutput;
  /** The same target for output after the cell's end, with a limit of its own. */
  readonly later: CellOutput;
  /** Undefined if input isn't possible: a program executes the notebook. */
  readonly input: CellInput | undefined;
  readonly #controller = new AbortController();
  readonly #callbacks: (() => void | Promise<void>)[] = [];
  /** Tasks to start after the cell was answered; undefined afterwards. */
  #afterwards: (() => Promise<void>)[] | undefined = [];
  readonly #failure = deferred<never>();
  readonly #leave = deferred<void>();
  readonly #limit: OutputLimit;
  #begun = false;
  #ended = false;
  #interrupted = false;

  constructor(name: string, output: CellOutput, input?: CellInput, isAttended = input !== undefined) {
    this.name = name;
    this.input = input;
    this.isAttended = isAttended;
    // The output of page events has one common limit already.
    const isLimited = output instanceof OutputLimit;
    this.later = isLimited ? output : new OutputLimit(output, `${name} later`, 'output');
    this.#limit = isLimited ? output : new OutputLimit(output, name);
    const there = () => diverted.getStore() ?? this.#limit;
    this.output = {
      stream: (name, text) => there().stream(name, text),
      display: (data, options) => there().display(data, options),
      clear: (wait) => there().clear(wait),
    };
    this.#failure.promise.catch(() => {});
  }

  /** Aborts when the cell is interrupted. The cell may have ended by then while something that it started continues. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether its code has started. While it is being compiled, asynchronous work of earlier cells continues. */
  get begun(): boolean {
    return this.#begun;
  }

  begin(): void {
    this.#begun = true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the user interrupted it. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Runs `work` as part of this cell. */
  run<T>(work: () => T): T {
    return diverted.run(undefined, () => currentCell.run(this, work));
  }

  /** Registers a callback for the cell's end. */
  onEnd(callback: () => void | Promise<void>): void {
    this.#callbacks.push(callback);
  }

  /**
   * Registers a task to start after the cell has been answered; the next cell may run meanwhile. It must not reject.
   */
  afterwards(work: () => Promise<void>): void {
    if (this.#afterwards) this.#afterwards.push(work);
    else void work();
  }

  /** Starts the registered tasks; resolves when all have ended or the user interrupts. Undefined if there are none. */
  answered(): Promise<unknown> | undefined {
    const waiting = this.#afterwards ?? [];
    this.#afterwards = undefined;
    if (waiting.length === 0) return undefined;
    return Promise.race([Promise.all(waiting.map((work) => work())), this.#leave.promise]);
  }

  /** Fails the cell with an uncaught error. */
  fail(error: unknown): void {
    this.#failure.reject(error);
  }

  /** Aborts the cell's work and waits for its end. */
  abort(): void {
    if (!this.signal.aborted) this.#controller.abort(new Interrupted());
  }

  /** Interrupts the cell. Work that doesn't react within the grace period is abandoned. */
  interrupt(): void {
    if (!this.#afterwards) this.#leave.resolve();
    if (this.#interrupted) return;
    this.#interrupted = true;
    this.abort();
    setTimeout(() => this.#failure.reject(this.signal.reason), GRACE).unref();
  }

  /** The result of `work`, unless the cell fails or is interrupted first. */
  until<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failure.promise]);
  }

  /** Limits the size of a result. */
  limited(result: MimeBundle): MimeBundle {
    return this.#limit.result(result);
  }

  /** Ends the cell: runs all end callbacks, even if some fail. */
  async end(): Promise<void> {
    for (let callback = this.#callbacks.shift(); callback; callback = this.#callbacks.shift()) {
      try {
        await callback();
      } catch (error) {
        this.output.stream('stderr', `${error instanceof Error ? error.stack : String(error)}\n`);
      }
    }
    this.#ended = true;
    this.#limit.end();
  }
}

/** The cell to which the running code belongs, across `await`. */
export const currentCell = new AsyncLocalStorage<Cell>();

/** Runs `work` with its output redirected to `output`, across `await`. */
export function divert<T>(output: CellOutput, work: () => T): T {
  const given = diverted.run(output, work);
  if (!(output instanceof OutputLimit)) return given;
  const end = () => output.end();
  if (isPromise(given)) given.then(end, end);
  else end();
  return given;
}
