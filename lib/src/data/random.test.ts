import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../runtime/errors';
import { Random, splitMix64, xoshiro128 } from './random';

const take = <T>(count: number, next: () => T) => Array.from({ length: count }, next);

describe('xoshiro128', () => {
  it("gives what its authors' program gives for the state 1, 2, 3, 4", () => {
    expect(take(10, xoshiro128([1, 2, 3, 4]))).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });
});

describe('splitMix64', () => {
  it("gives what its author's program gives for the seed 1234567", () => {
    expect(take(5, splitMix64(1234567n))).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ]);
  });
});

describe('Random', () => {
  it('repeats itself for the same seed, and not for another', () => {
    const numbers = (seed: number) => {
      const random = new Random(seed);
      return take(4, () => random.uint32());
    };
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
    expect(numbers(-1)).not.toEqual(numbers(1));
    expect(numbers(2 ** 40)).not.toEqual(numbers(0));
  });

  it('gives the same numbers on every machine', () => {
    const random = new Random(42);
    expect(take(3, () => random.uint32())).toEqual([1776835114, 4165204688, 17111135]);
    expect(random.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([3, 2, 9, 4, 1, 7, 5, 6, 8, 0]);
  });

  it('takes only whole numbers as seeds', () => {
    for (const seed of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(() => new Random(seed)).toThrow(InvalidArgumentError);
  });

  it('draws every integer below a bound equally often', () => {
    const random = new Random(1);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
    // Six degrees of freedom: chi-square above 22.5 has a probability of 0.001.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(22.5);
  });

  it('has no bias towards small integers where the bound is no divisor of 2^32', () => {
    const random = new Random(1);
    const bound = 3 * 2 ** 30;
    let small = 0;
    for (let i = 0; i < 30_000; i++) if (random.below(bound) < 2 ** 30) small++;
    // A remainder alone would put half of them there instead of a third.
    expect(small / 30_000).toBeCloseTo(1 / 3, 1);
  });

  it('shuffles into every order equally often', () => {
    const random = new Random(2);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const key = random.shuffle(['a', 'b', 'c', 'd']).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // 23 degrees of freedom: chi-square above 49.7 has a probability of 0.001.
    expect([...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(49.7);
  });
});
