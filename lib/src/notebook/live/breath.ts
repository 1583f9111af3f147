/** Lets the event loop turn in loops that await: awaiting a resolved promise doesn't. */
import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../../runtime/notebookHost';

/** The interval between two turns of the event loop, in milliseconds. */
const INTERVAL = 50;

const resolved = Promise.resolve();

/** Lets the event loop turn when it is due. */
export class Breath {
  #last = performance.now();

  /**
   * What a loop awaits in every step. Usually it is already resolved; every 50 ms, it lets the event loop turn, so that
   * the kernel receives interrupts and sends the loop's messages.
   *
   * @param now the current time, if the caller has it
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
