/** Progress through a loop. */

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
  /** How many items there are, where what is iterated over doesn't say. Without it, there is no bar and no time left. */
  total?: number;
  /** What is done, before the bar. */
  label?: string;
}

/** What is iterated over, with a bar that shows how far the loop is. */
export type Progress<T> = Iterable<T> & AsyncIterable<T>;

/**
 * Shows how far a loop is: a bar, the rate and the time left, in a notebook below the cell, in a terminal on a line of stderr, and
 * elsewhere not at all. An interrupt ends the loop at its next step. Ended early, the bar tells where.
 *
 * With `for await`, the event loop turns now and then, so that the kernel hears of an interrupt at once; with `for`, that takes a loop
 * that awaits something itself. A cell that evaluates what this gives shows the bar again, which goes on there, too.
 *
 * @param items what to iterate over, or how many times to, counted from 0
 * @throws {InvalidArgumentError} when a number is no whole number of 0 or more
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

/** How many items there will be, where that is known before. */
function sizeOf(items: unknown): number | undefined {
  if (typeof items === 'number') return items;
  const { length, size } = items as { length?: unknown; size?: unknown };
  return [length, size].find((value) => typeof value === 'number');
}

class Loop<T> implements Iterable<T>, AsyncIterable<T>, Displayable {
  readonly #items: Iterable<T> | AsyncIterable<T>;
  readonly #label: string;
  readonly #total: number | undefined;
  /** Of the last time that somebody has gone through the items, or of the first that will. */
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
