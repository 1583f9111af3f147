/** Waiting for something that others bring about: again and again looked for, told, and not for ever. */
import { checkSeconds } from '../../../runtime/arguments';
import { messageOf } from '../../../runtime/errorContext';
import { DeadlineExceededError } from '../../../runtime/errors';
import * as logging from '../../../runtime/logging';
import { pause } from '../../../runtime/pause';
import { isServerLoss } from '../../../runtime/serverLoss';

/** The first wait; each is twice as long as the one before. */
const FIRST_SECS = 0.25;
/** The longest wait between two looks where nobody says another. */
const LONGEST_SECS = 30;
/** What takes longer is told so often. */
const TELL_MS = 30_000;

/** A time within which something is to succeed. */
export class Waiting {
  readonly #begin = Date.now();
  #next = FIRST_SECS;

  /**
   * @param maxSecs after so many seconds it is given up
   * @param longestSecs between two looks no more time passes than this
   */
  constructor(
    readonly maxSecs: number,
    readonly longestSecs = LONGEST_SECS,
  ) {
    checkSeconds('maxWaitSecs', maxSecs);
  }

  /** What is left, in milliseconds. */
  get left(): number {
    return Math.max(0, this.maxSecs * 1000 - (Date.now() - this.#begin));
  }

  /**
   * Tries until it succeeds.
   *
   * @param what is waited for, for the lines that tell so
   * @param attempt throws an error of {@link isServerLoss}, or a {@link NotReady}, where it is worth another try
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
   * Waits before another try.
   *
   * @param error what the last one failed with
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

/** What isn't as it has to be yet, as an error's message says. */
export class NotReady extends Error {}
