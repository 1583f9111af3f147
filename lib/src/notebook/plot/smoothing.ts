/** TensorBoard's smoothing: a trend that one can see through the noise. Nothing here needs Node or a browser. */
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';

/** @throws {InvalidArgumentError} when a smoothing isn't from 0, which is none, to below 1 */
export function checkSmoothing(smoothing: number): void {
  if (!(typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1))
    throw new InvalidArgumentError(`expected a smoothing from 0 to below 1, got ${shown(smoothing)}`);
}

/**
 * An exponential moving average whose start isn't drawn to zero (debiased), for values that come one at a time. What is no finite
 * number is passed over, and stays what it is.
 */
export class Smoother {
  readonly #weight: number;
  #average = 0;
  /** How much of the average is values, and not the zero that it began with: 1 − weightⁿ after n of them. */
  #share = 0;
  /** The value that all have had so far. A sum of fractions of it would miss it by rounding, and a flat curve would tremble. */
  #only: number | undefined;
  #differs = false;

  /** @param weight how much of the average before is kept, from 0 to below 1 */
  constructor(weight: number) {
    this.#weight = weight;
  }

  /** The average with this value. */
  next(value: number): number {
    if (!Number.isFinite(value)) return value;
    this.#only ??= value;
    this.#differs ||= value !== this.#only;
    this.#average = this.#average * this.#weight + value * (1 - this.#weight);
    this.#share = this.#share * this.#weight + (1 - this.#weight);
    return this.#differs ? this.#average / this.#share : value;
  }
}

/** All of a curve's values, smoothed. */
export function smoothed(values: Iterable<number>, weight: number): number[] {
  const smoother = new Smoother(weight);
  return Array.from(values, (value) => smoother.next(value));
}
