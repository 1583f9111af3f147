/** Calls back for what a page does, never twice at once. */
import { checkFunction, checkInstance } from '../../runtime/arguments';
import { type HostOutput, type HostTask, notebookHost } from '../../runtime/notebookHost';
import { OutputRegion } from './output';

/** Where a callback shows things. */
export interface CallbackOptions {
  /**
   * The region for what it prints and shows; what one call has shown there takes the place of what the one before has.
   *
   * @defaultValue below the cell that says what is called back
   */
  output?: OutputRegion;
}

/** What is called with these, and with a signal that is aborted when it is to end. */
export type CalledBack<A extends readonly unknown[]> = (...given: [...A, AbortSignal]) => unknown;

/** A function that is called for what a page does. */
export class Callback<A extends readonly unknown[]> {
  readonly #name: string;
  readonly #called: CalledBack<A>;
  readonly #region: OutputRegion | undefined;
  readonly #cell: HostOutput | undefined;
  #waiting: (() => A)[] = [];
  #running: HostTask | undefined;

  /**
   * @param name of what calls back; errors name it
   * @throws {InvalidArgumentError} when `called` is no function, or `region` no output's
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
   * Calls with what is newest: a call under way is aborted, and when it has ended, this one begins, unless a later one has taken its place.
   *
   * @param given asked for when it begins
   */
  callLatest(given: () => A): void {
    this.#waiting = [given];
    if (this.#running) this.#running.abort();
    else void this.#work();
  }

  /** Calls when all calls before this one have ended. */
  callInTurn(given: () => A): void {
    this.#waiting.push(given);
    if (!this.#running) void this.#work();
  }

  /** Lets go of the calls that wait. One under way comes to its end. */
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

/** The items of a set, which is empty then. */
export function taken<T>(set: Set<T>): T[] {
  const items = [...set];
  set.clear();
  return items;
}
