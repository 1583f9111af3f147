/** The course of a noisy curve. */

import type { Points } from '../plot/curves';

/**
 * The fraction of a curve whose values are averaged, and the maximum number of values: single batches are easy or hard
 * by chance.
 */
const PART = 1 / 40;
const MOST = 50;

/** A curve without its noise. */
export class Way {
  /** Where each value stands. */
  readonly steps: readonly number[];
  /** The running mean at each step. */
  readonly #means: readonly number[];
  /** The first step whose value is not a finite number. */
  readonly brokenAt: number | undefined;
  /** The typical distance of a value from the running mean: the standard deviation in the second half. */
  readonly jitter: number;

  constructor({ x, y }: Points) {
    const broken = Array.from(y).findIndex((value) => !Number.isFinite(value));
    const count = broken === -1 ? y.length : broken;
    this.brokenAt = broken === -1 ? undefined : x[broken];
    this.steps = Array.from({ length: count }, (_, i) => x[i]!);
    const width = Math.min(MOST, Math.max(1, Math.round(count * PART)));
    this.#means = this.steps.map((_, i) => meanOf(y, Math.max(0, i + 1 - width), i + 1));
    const half = count >> 1;
    const squares = this.#means.map((mean, i) => (y[i]! - mean) ** 2);
    this.jitter = Math.sqrt(meanOf(squares, half, count));
  }

  get begin(): number {
    return this.#means[0] ?? Number.NaN;
  }

  get end(): number {
    return this.#means.at(-1) ?? Number.NaN;
  }

  get lastStep(): number {
    return this.steps.at(-1) ?? Number.NaN;
  }

  /** The first step at which the smoothed curve is below a level; undefined if it never is. */
  firstBelow(level: number): number | undefined {
    return this.steps[this.#means.findIndex((mean) => mean < level)];
  }

  /** The first step at which the smoothed curve is above a level; undefined if it never is. */
  firstAbove(level: number): number | undefined {
    return this.steps[this.#means.findIndex((mean) => mean > level)];
  }
}

function meanOf(values: ArrayLike<number>, begin: number, end: number): number {
  let sum = 0;
  for (let i = begin; i < end; i++) sum += values[i]!;
  return sum / (end - begin);
}
