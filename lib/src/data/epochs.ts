/** The order in which a set hands out its examples: each once per epoch, shuffled by a seed. */

import { randomInt } from 'node:crypto';
import { shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { Random } from './random';

/** @throws {InvalidArgumentError} when the set has no batch of this size */
export function checkBatchSize(batchSize: number, numExamples: number): void {
  if (numExamples === 0) throw new InvalidArgumentError('the set has no examples, of which to make a batch');
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > numExamples)
    throw new InvalidArgumentError(
      `expected a batch size from 1 to ${numExamples}, the number of examples, got ${shown(batchSize)}`,
    );
}

/** The numbers from `begin` to `end`, exclusive. */
export function range(begin: number, end: number): Uint32Array {
  const numbers = new Uint32Array(end - begin);
  for (let i = 0; i < numbers.length; i++) numbers[i] = begin + i;
  return numbers;
}

/** A position in an infinite sequence of epochs over examples, which are identified by number. */
export class Epochs {
  readonly seed: number;
  #random: Random;
  /** The examples in the order of the current epoch. */
  readonly #order: Uint32Array;
  #index = 0;
  #completed = 0;

  constructor(numExamples: number, seed = randomInt(2 ** 32)) {
    this.seed = seed;
    this.#random = new Random(seed);
    this.#order = range(0, numExamples);
  }

  get numExamples(): number {
    return this.#order.length;
  }

  /** The number of completed epochs. An epoch is completed when examples of the next one are needed. */
  get completed(): number {
    return this.#completed;
  }

  /** The number of examples of the current epoch that have been handed out. */
  get index(): number {
    return this.#index;
  }

  /**
   * The next `count` examples, from this epoch and, at its end, the next one. The array may be reused by the next call.
   */
  next(count: number, shuffle: boolean): Uint32Array {
    checkBatchSize(count, this.numExamples);
    if (shuffle && this.#index === 0) this.#random.shuffle(this.#order);
    const start = this.#index;
    const end = start + count;
    if (end <= this.numExamples) {
      this.#index = end;
      return this.#order.subarray(start, end);
    }
    const rows = new Uint32Array(count);
    rows.set(this.#order.subarray(start));
    if (shuffle) this.#random.shuffle(this.#order);
    this.#completed++;
    this.#index = end - this.numExamples;
    rows.set(this.#order.subarray(0, this.#index), count - this.#index);
    return rows;
  }

  /** The remaining examples of the current epoch, in the order in which {@link next} will return them. */
  get upcoming(): Uint32Array {
    return this.#order.subarray(this.#index);
  }

  skip(examples: number, shuffle: boolean): void {
    if (!Number.isInteger(examples) || examples < 0)
      throw new InvalidArgumentError(`expected a number of examples to skip, got ${shown(examples)}`);
    if (examples > 0 && this.numExamples === 0)
      throw new InvalidArgumentError(`expected no examples to skip of a set that has none, got ${shown(examples)}`);
    for (let left = examples; left > 0; left -= this.numExamples) this.next(Math.min(left, this.numExamples), shuffle);
  }

  /** Restarts the first epoch. */
  reset(): void {
    this.#random = new Random(this.seed);
    this.#order.set(range(0, this.numExamples));
    this.#index = 0;
    this.#completed = 0;
  }
}
