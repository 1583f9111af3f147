/** Calls back for events of a page, never twice at the same time. */
import { checkFunction, checkInstance } from '../../runtime/arguments';
import { type HostOutput, type HostTask, notebookHost } from '../../runtime/notebookHost';
import { OutputRegion } from './output';

/** Options of callbacks. */
export interface CallbackOptions {
  /**
   * The region for its output; the output of one call replaces that of the previous one.
   *
   * @defaultValue below the cell that registers the callback
   */
  output?: OutputRegion;
}

/** A callback with these arguments, and a signal that is aborted when it should end. */
export type CalledBack<A extends readonly unknown[]> = (...given: [...A, AbortSignal]) => unknown;

/** A callback for events of a page. */
export class Callback<A extends readonly unknown[]> {
  readonly #name: string;
  readonly #called: CalledBack<A>;
  readonly #region: OutputRegion | undefined;
  readonly #cell: HostOutput | undefined;
  #waiting: (() => A)[] = [];
  #running: HostTask | undefined;

  /**
   * @param name the name of the event source, for errors
   * @throws {InvalidArgumentError} when `called` is not a function, or `region` not an output region
   */
  constructor(name: string, called: CalledBack<A>, region: OutputRegion | undefined) {
    checkFunction(`the callback of ${name}`, called);
    if (region !== undefined)
      checkInstance('the output of a callback', region, OutputRegion, 'region that output() makes');
    this.#name = `The callback of ${name}`;
    this.#called = called;
    this.#region = region;
    this.#cell = notebookHost()?.output;
  }

  /**
   * Calls with the latest arguments: a call in progress is aborted, and when it has ended, this one begins, unless a
   * later one has replaced it.
   *
   * @param given returns the arguments when it begins
   */
  callLatest(given: () => A): void {
    this.#waiting = [given];
    if (this.#running) this.#running.abort();
    else void this.#work();
  }

  /** Calls after all earlier calls have ended. */
  callInTurn(given: () => A): void {
    this.#waiting.push(given);
    if (!this.#running) void this.#work();
  }

  /** Drops the waiting calls. One in progress continues. */
  cancel(): void {
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    for (let given = this.#waiting.shift(); given; given = this.#waiting.shift()) {
      const output = this.#region?.there ?? this.#cell;
      const host = notebookHost();
      if (!output || !host?.runTask) return;
      const values = given();
      if (this.#region) output.clear(true);
      this.#running = host.runTask(this.#name, output, () => this.#called(...values, host.signal!));
      await this.#running.ended;
      this.#running = undefined;
    }
  }
}

/** Removes and returns all items of a set. */
export function taken<T>(set: Set<T>): T[] {
  const items = [...set];
  set.clear();
  return items;
}
