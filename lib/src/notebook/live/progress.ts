/** Progress bars for loops. */

import { inspect } from 'node:util';
import { checkObject, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import {
  type Displayable,
  jupyterDisplay,
  jupyterDisplayId,
  type MimeBundle,
  throwIfInterrupted,
} from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { Breath } from './breath';
import { Meter } from './progressMeter';

/** Options of {@link progress}. */
export interface ProgressOptions {
  /**
   * The number of items, if the iterable doesn't determine it. Without it, there is neither a bar nor a remaining time.
   */
  total?: number;
  /** A text before the bar. */
  label?: string;
}

/** An iterable with a progress bar. */
export type Progress<T> = Iterable<T> & AsyncIterable<T>;

/**
 * Iterates with a progress bar, the rate and the remaining time: in a notebook below the cell, in a terminal on a line
 * of stderr, elsewhere not at all. An interrupt ends the loop at its next step. If the loop ends early, the bar stays
 * where it was.
 *
 * With `for await`, the event loop turns from time to time, so that the kernel receives an interrupt immediately; with
 * `for`, the loop itself must await something. A cell that evaluates the result shows the bar again, and it continues
 * there too.
 *
 * @param items what to iterate over, or how many times, counted from 0
 * @throws {InvalidArgumentError} when a number is not a non-negative integer
 * @throws {Error} when the cell is interrupted, while iterating: the interrupt
 * @example
 * for await (const step of progress(100)) session.runSync(trainOp, mnist.fillFeedDict(sets.train, images, labels));
 * for (const file of progress(['one.png', 'two.png'], { label: 'reading' })) console.log(file);
 * for await (const event of progress(tf.summary.readEvents('summaries/run1'))) console.log(event.step);
 */
export function progress(items: number, options?: ProgressOptions): Progress<number>;
export function progress<T>(items: Iterable<T>, options?: ProgressOptions): Progress<T>;
export function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
export function progress<T>(
  items: number | Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): Iterable<T | number> | AsyncIterable<T> {
  if (typeof items !== 'number' && typeof items !== 'string') checkObject('what is gone through', items);
  const { total = sizeOf(items), label = '' } = onlyOptions(options, { total: 'number', label: 'string' });
  if (typeof items !== 'number') return new Loop(items, label, total);
  if (!Number.isInteger(items) || items < 0)
    throw new InvalidArgumentError(`expected a number of steps, got ${shown(items)}`);
  return new Loop(countTo(items), label, total);
}

function countTo(end: number): Iterable<number> {
  return {
    *[Symbol.iterator]() {
      for (let i = 0; i < end; i++) yield i;
    },
  };
}

/** The number of items, if it is known in advance. */
function sizeOf(items: unknown): number | undefined {
  if (typeof items === 'number') return items;
  const { length, size } = items as { length?: unknown; size?: unknown };
  return [length, size].find((value) => typeof value === 'number');
}

class Loop<T> implements Iterable<T>, AsyncIterable<T>, Displayable {
  readonly #items: Iterable<T> | AsyncIterable<T>;
  readonly #label: string;
  readonly #total: number | undefined;
  /** The meter of the most recent iteration, or of the first one to come. */
  #meter: Meter;

  constructor(items: Iterable<T> | AsyncIterable<T>, label: string, total: number | undefined) {
    this.#items = items;
    this.#label = label;
    this.#total = total;
    this.#meter = new Meter(label, total);
  }

  get [jupyterDisplayId](): string {
    return this.#meter.displayId;
  }

  [jupyterDisplay](): MimeBundle {
    return this.#meter.bundle();
  }

  [inspect.custom](): string {
    return this.#meter.toString();
  }

  #begin(): Meter {
    if (this.#meter.hasBegun) this.#meter = new Meter(this.#label, this.#total);
    this.#meter.begin();
    return this.#meter;
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    const meter = this.#begin();
    try {
      for (const item of this.#items as Iterable<T>) {
        throwIfInterrupted();
        yield item;
        meter.step();
      }
      meter.complete();
    } finally {
      meter.end();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const meter = this.#begin();
    const breath = new Breath();
    try {
      for await (const item of this.#items) {
        await breath.take();
        yield item;
        meter.step();
      }
      meter.complete();
    } finally {
      meter.end();
    }
  }
}
