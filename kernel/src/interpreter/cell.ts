/** A cell under way. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { MimeBundle } from 'tf-mechanics/kernel-host';
import { deferred } from '../deferred';
import { Interrupted } from './interruption';
import { OutputLimit } from './outputLimit';

/** Where a cell's output goes. */
export interface CellOutput {
  stream(name: 'stdout' | 'stderr', text: string): void;
  display(data: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  clear(wait: boolean): void;
}

/** How long an interrupted cell may take to end by itself, in milliseconds. */
const GRACE = 500;

export class Cell {
  /** `In[3]`: its file name in stack traces. */
  readonly name: string;
  readonly output: CellOutput;
  readonly #controller = new AbortController();
  readonly #callbacks: (() => void | Promise<void>)[] = [];
  readonly #failure = deferred<never>();
  /** Without the limit. */
  readonly #print: CellOutput['stream'];
  readonly #limit = new OutputLimit();
  #ended = false;

  constructor(name: string, output: CellOutput) {
    this.name = name;
    this.#print = output.stream;
    this.output = { ...output, stream: (name, text) => output.stream(name, this.#limit.take(text)) };
    this.#failure.promise.catch(() => {});
  }

  /** Aborted when the cell is interrupted; by then it may have ended, and something that it began goes on. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Calls back when the cell ends. */
  onEnd(callback: () => void | Promise<void>): void {
    this.#callbacks.push(callback);
  }

  /** Has the cell end with an error that nothing of it caught. */
  fail(error: unknown): void {
    this.#failure.reject(error);
  }

  /** Interrupts what the cell does. What doesn't notice within a moment is left to itself. */
  interrupt(): void {
    if (this.signal.aborted) return;
    const interrupted = new Interrupted();
    this.#controller.abort(interrupted);
    setTimeout(() => this.#failure.reject(interrupted), GRACE).unref();
  }

  /** What `work` gives, unless the cell fails or is interrupted before. */
  until<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failure.promise]);
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
    this.#print('stderr', this.#limit.summary());
  }
}

/** The cell that the running code belongs to, also after it has awaited something. */
export const currentCell = new AsyncLocalStorage<Cell>();
