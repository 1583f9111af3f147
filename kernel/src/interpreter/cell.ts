/** A cell under way. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';
import type { HostOutput, MimeBundle } from 'tf-mechanics/kernel-host';
import type { Question } from '../channels/questions';
import { deferred } from '../deferred';
import { Interrupted } from './interruption';
import { OutputLimit } from './outputLimit';

/** Where a cell's output goes. */
export type CellOutput = HostOutput;

/** Where the running code shows things in place of its cell's output, if it does. */
const diverted = new AsyncLocalStorage<CellOutput | undefined>();

/** How a cell asks whoever has run it. */
export interface CellInput {
  /** What is typed; the promise is rejected with the signal's reason when that is aborted. */
  ask(question: Question, signal: AbortSignal): Promise<string>;
  /**
   * What is typed, with nothing else going on meanwhile; undefined when an interrupt was requested.
   *
   * @throws {Error} when it can't be asked
   */
  askAndWait(question: Question): string | undefined;
}

/** How long an interrupted cell may take to end by itself, in milliseconds. */
const GRACE = 500;

export class Cell {
  /** `In[3]`: its file name in stack traces. */
  readonly name: string;
  /** Whether somebody sits before the page. */
  readonly isAttended: boolean;
  /** What it shows, of which it prints so much only. */
  readonly output: CellOutput;
  /** Where it goes, for what is shown after its end; with a limit, too, but one of its own. */
  readonly later: CellOutput;
  /** Undefined where nobody can be asked: a notebook that is run by a program. */
  readonly input: CellInput | undefined;
  readonly #controller = new AbortController();
  readonly #callbacks: (() => void | Promise<void>)[] = [];
  /** What waits for the answer; undefined when that has been given. */
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
    // What a page has caused prints to an output that has its limit already, for all that it causes.
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

  /** Aborted when the cell is interrupted; by then it may have ended, and something that it began goes on. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether its code has begun to run: it is compiled before, and meanwhile what earlier cells have left at work goes on. */
  get begun(): boolean {
    return this.#begun;
  }

  begin(): void {
    this.#begun = true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether it was the reader that interrupted it. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Calls `work`, whose code is this cell's. */
  run<T>(work: () => T): T {
    return diverted.run(undefined, () => currentCell.run(this, work));
  }

  /** Calls back when the cell ends. */
  onEnd(callback: () => void | Promise<void>): void {
    this.#callbacks.push(callback);
  }

  /** Has `work`, which never fails, begin when the cell has ended and been answered, while the next one may run already. */
  afterwards(work: () => Promise<void>): void {
    if (this.#afterwards) this.#afterwards.push(work);
    else void work();
  }

  /** Begins what waits for the cell's answer; over when all of it is, or when the reader interrupts it. Undefined where nothing waits. */
  answered(): Promise<unknown> | undefined {
    const waiting = this.#afterwards ?? [];
    this.#afterwards = undefined;
    if (waiting.length === 0) return undefined;
    return Promise.race([Promise.all(waiting.map((work) => work())), this.#leave.promise]);
  }

  /** Has the cell end with an error that nothing of it caught. */
  fail(error: unknown): void {
    this.#failure.reject(error);
  }

  /** Has what the cell does end, and waits until it does. */
  abort(): void {
    if (!this.signal.aborted) this.#controller.abort(new Interrupted());
  }

  /** Interrupts what the cell does. What doesn't notice within a moment is left to itself. */
  interrupt(): void {
    if (!this.#afterwards) this.#leave.resolve();
    if (this.#interrupted) return;
    this.#interrupted = true;
    this.abort();
    setTimeout(() => this.#failure.reject(this.signal.reason), GRACE).unref();
  }

  /** What `work` gives, unless the cell fails or is interrupted before. */
  until<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failure.promise]);
  }

  /** What is shown of its result. */
  limited(result: MimeBundle): MimeBundle {
    return this.#limit.result(result);
  }

  /** Ends the cell: calls back whoever wanted to know, each whatever the others do. */
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

/** The cell that the running code belongs to, also after it has awaited something. */
export const currentCell = new AsyncLocalStorage<Cell>();

/** Calls `work`; what it shows, also after it has awaited something, goes to `output`. */
export function divert<T>(output: CellOutput, work: () => T): T {
  const given = diverted.run(output, work);
  if (!(output instanceof OutputLimit)) return given;
  const end = () => output.end();
  if (isPromise(given)) given.then(end, end);
  else end();
  return given;
}
