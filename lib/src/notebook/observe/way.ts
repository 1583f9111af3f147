/** What a curve does on its way, where every value jitters. */

import type { Points } from '../plot/curves';

/** The part of a curve over whose values a mean is taken, and how many they are at most: a batch is easy or hard by chance, some together are not. */
const PART = 1 / 40;
const MOST = 50;

/** A curve, without its jitter. */
export class Way {
  /** Where each value stands. */
  readonly steps: readonly number[];
  /** The mean of some of the last values, at each. */
  readonly #means: readonly number[];
  /** The first step whose value is no finite number. */
  readonly brokenAt: number | undefined;
  /** How far a value lies from the mean of those around it, as a rule: the standard deviation in the second half. */
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

  /** The first step at which it lies below a level, its jitter taken out; undefined if it never does. */
  firstBelow(level: number): number | undefined {
    return this.steps[this.#means.findIndex((mean) => mean < level)];
  }

  /** The first step at which it lies above a level, its jitter taken out; undefined if it never does. */
  firstAbove(level: number): number | undefined {
    return this.steps[this.#means.findIndex((mean) => mean > level)];
  }
}

function meanOf(values: ArrayLike<number>, begin: number, end: number): number {
  let sum = 0;
  for (let i = begin; i < end; i++) sum += values[i]!;
  return sum / (end - begin);
}
