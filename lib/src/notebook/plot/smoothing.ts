/** TensorBoard's smoothing, which shows the trend of noisy values. Runs in Node and in browsers. */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';

/** @throws {InvalidArgumentError} when a smoothing isn't from 0 to below 1 */
export function checkSmoothing(smoothing: number): void {
  if (!(typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1))
    throw new InvalidArgumentError(`expected a smoothing from 0 to below 1, got ${shown(smoothing)}`);
}

/**
 * A debiased exponential moving average, for values that arrive one at a time. Values that are not finite numbers are
 * skipped and returned unchanged.
 */
export class Smoother {
  readonly #weight: number;
  #average = 0;
  /** The weight of actual values in the average, as opposed to the initial zero: 1 − weightⁿ after n values. */
  #share = 0;
  /**
   * The value, if all have been the same so far. Their average would differ by rounding errors, and a flat curve would
   * tremble.
   */
  #only: number | undefined;
  #differs = false;

  /** @param weight the weight of the previous average, from 0 to below 1 */
  constructor(weight: number) {
    this.#weight = weight;
  }

  /** The average including this value. */
  next(value: number): number {
    if (!Number.isFinite(value)) return value;
    this.#only ??= value;
    this.#differs ||= value !== this.#only;
    this.#average = this.#average * this.#weight + value * (1 - this.#weight);
    this.#share = this.#share * this.#weight + (1 - this.#weight);
    return this.#differs ? this.#average / this.#share : value;
  }
}

/** Smooths all values of a curve. */
export function smoothed(values: Iterable<number>, weight: number): number[] {
  const smoother = new Smoother(weight);
  return Array.from(values, (value) => smoother.next(value));
}
