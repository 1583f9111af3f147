/**
 * TensorFlow 1's `tf.logging`: log lines of long-running parts of the library, such as the hooks of monitored sessions.
 * They go to the console, which terminals and notebooks show.
 */

import { shown } from './arguments';
import { InvalidArgumentError } from './errors';

/** Messages for debugging. */
export const DEBUG = 10;
/** Messages about progress. */
export const INFO = 20;
/** Messages about likely problems. */
export const WARN = 30;
/** Messages about errors. */
export const ERROR = 40;
/** Messages about fatal errors only. */
export const FATAL = 50;

let verbosity: number = INFO;

/**
 * The lowest level that is logged.
 *
 * @example
 * tf.logging.getVerbosity() === tf.logging.INFO; // true
 */
export function getVerbosity(): number {
  return verbosity;
}

/**
 * Sets the lowest level that is logged.
 *
 * @param level one of `tf.logging.DEBUG`, `INFO` (the default), `WARN`, `ERROR`, `FATAL`
 * @throws {InvalidArgumentError} when it is not a number
 *
 * @example
 * tf.logging.setVerbosity(tf.logging.WARN);
 */
export function setVerbosity(level: number): void {
  if (typeof level !== 'number' || Number.isNaN(level))
    throw new InvalidArgumentError(`the level of a log is a number such as tf.logging.WARN, not ${shown(level)}`);
  verbosity = level;
}

/**
 * Logs a message for debugging.
 *
 * @example
 * tf.logging.debug('the queue has 3 elements');
 */
export function debug(line: string): void {
  if (verbosity <= DEBUG) console.log(line);
}

/**
 * Logs a message about progress.
 *
 * @example
 * tf.logging.info('Saving checkpoints for 100 into summaries/run4/model.ckpt.');
 */
export function info(line: string): void {
  if (verbosity <= INFO) console.log(line);
}

/**
 * Logs a warning, to the console's error output.
 *
 * @example
 * tf.logging.warn('the global step stands still');
 */
export function warn(line: string): void {
  if (verbosity <= WARN) console.warn(`WARNING: ${String(line)}`);
}

/**
 * Logs an error, to the console's error output.
 *
 * @example
 * tf.logging.error('Model diverged with loss = NaN.');
 */
export function error(line: string): void {
  if (verbosity <= ERROR) console.error(`ERROR: ${String(line)}`);
}
