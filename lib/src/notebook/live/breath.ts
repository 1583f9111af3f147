/** Loops that await must let others work now and then: an awaited promise that is resolved already does not. */
import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../../runtime/notebookHost';

/** Milliseconds between two turns of the event loop. */
const INTERVAL = 50;

const resolved = Promise.resolve();

/** Takes a breath when it is time to. */
export class Breath {
  #last = performance.now();

  /**
   * What a loop awaits at every step. Mostly it is resolved already; every 50 ms it lets the event loop turn, so that a kernel hears of an
   * interrupt and the messages of the loop go out.
   *
   * @param now the time, where the caller has it already
   * @throws {Error} when the cell is interrupted: the interrupt, also as a rejection
   */
  take(now = performance.now()): Promise<void> {
    throwIfInterrupted();
    if (now - this.#last < INTERVAL) return resolved;
    return this.#turn();
  }

  async #turn(): Promise<void> {
    await setImmediate();
    this.#last = performance.now();
    throwIfInterrupted();
  }
}
