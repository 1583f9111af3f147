/**
 * TensorFlow 1's `tf.logging`: log lines of long-running parts of the library, such as the hooks of monitored sessions.
 * They go to the console, which terminals and notebooks show.
 */

import { shown } from './arguments';
import { InvalidArgumentError } from './errors';

/** Lines for whoever looks for a fault. */
export const DEBUG = 10;
/** Lines that tell what happens. */
export const INFO = 20;
/** Lines that tell what is probably wrong. */
export const WARN = 30;
/** Lines that tell what went wrong. */
export const ERROR = 40;
/** Nothing less than what ends the program. */
export const FATAL = 50;

let verbosity: number = INFO;

/**
 * From which level on lines are shown.
 *
 * @example
 * tf.logging.getVerbosity() === tf.logging.INFO; // true
 */
export function getVerbosity(): number {
  return verbosity;
}

/**
 * Shows lines of this level and above, and no others.
 *
 * @param level one of `tf.logging.DEBUG`, `INFO` (from the beginning), `WARN`, `ERROR`, `FATAL`
 * @throws {InvalidArgumentError} when it is no number
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
 * Shows a line for whoever looks for a fault.
 *
 * @example
 * tf.logging.debug('the queue has 3 elements');
 */
export function debug(line: string): void {
  if (verbosity <= DEBUG) console.log(line);
}

/**
 * Shows a line that tells what happens.
 *
 * @example
 * tf.logging.info('Saving checkpoints for 100 into summaries/run4/model.ckpt.');
 */
export function info(line: string): void {
  if (verbosity <= INFO) console.log(line);
}

/**
 * Shows a line that tells what is probably wrong, on the console's side of errors.
 *
 * @example
 * tf.logging.warn('the global step stands still');
 */
export function warn(line: string): void {
  if (verbosity <= WARN) console.warn(`WARNING: ${String(line)}`);
}

/**
 * Shows a line that tells what went wrong, on the console's side of errors.
 *
 * @example
 * tf.logging.error('Model diverged with loss = NaN.');
 */
export function error(line: string): void {
  if (verbosity <= ERROR) console.error(`ERROR: ${String(line)}`);
}
