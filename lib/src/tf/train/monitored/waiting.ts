/** Waits for something that happens elsewhere: retries, reports long waits, and gives up after a time limit. */
import { checkSeconds } from '../../../runtime/arguments';
import { messageOf } from '../../../runtime/errorContext';
import { DeadlineExceededError } from '../../../runtime/errors';
import * as logging from '../../../runtime/logging';
import { pause } from '../../../runtime/pause';
import { isServerLoss } from '../../../runtime/serverLoss';

/** The first wait in seconds; each is twice as long as the one before. */
const FIRST_SECS = 0.25;
/** The default maximum of seconds between two attempts. */
const LONGEST_SECS = 30;
/** The interval at which a long wait is reported. */
const TELL_MS = 30_000;

/** The time limit for something to succeed. */
export class Waiting {
  readonly #begin = Date.now();
  #next = FIRST_SECS;

  /**
   * @param maxSecs the time limit in seconds
   * @param longestSecs the maximum number of seconds between two attempts
   */
  constructor(
    readonly maxSecs: number,
    readonly longestSecs = LONGEST_SECS,
  ) {
    checkSeconds('maxWaitSecs', maxSecs);
  }

  /** The remaining time in milliseconds. */
  get left(): number {
    return Math.max(0, this.maxSecs * 1000 - (Date.now() - this.#begin));
  }

  /**
   * Retries until an attempt succeeds.
   *
   * @param what a description, for reports
   * @param attempt throws an error of {@link isServerLoss}, or a {@link NotReady}, if another attempt may succeed
   * @throws {DeadlineExceededError} when there is no time left
   */
  async until<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      const telling = setInterval(
        () => logging.info(`Still waiting for ${what}, since ${Math.round((Date.now() - this.#begin) / 1000)} s.`),
        TELL_MS,
      ).unref();
      try {
        return await attempt();
      } catch (error) {
        if (!isServerLoss(error) && !(error instanceof NotReady)) throw error;
        await this.again(what, error);
      } finally {
        clearInterval(telling);
      }
    }
  }

  /**
   * Waits before another attempt.
   *
   * @param error the error of the last one
   * @throws {DeadlineExceededError} when there is no time left
   */
  async again(what: string, error: Error): Promise<void> {
    if (this.left === 0)
      throw new DeadlineExceededError(`${what} wasn't ready after ${this.maxSecs} s: ${messageOf(error)}`);
    logging.info(`Waiting for ${what} to be ready: ${messageOf(error)}`);
    await pause(Math.min(this.#next, this.longestSecs, this.left / 1000));
    this.#next *= 2;
  }
}

/** Something isn't ready yet, as the error's message says. */
export class NotReady extends Error {}
