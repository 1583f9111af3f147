/**
 * A seeded pseudo-random number generator. Unlike `Math.random`, the same seed gives the same shuffles on every
 * machine. Not for secrets.
 *
 * The generator is xoshiro128** 1.1, seeded by SplitMix64 as its authors recommend: D. Blackman and S. Vigna,
 * "Scrambled Linear Pseudorandom Number Generators", ACM Transactions on Mathematical Software 47 (2021),
 * https://prng.di.unimi.it.
 */
import { checkObject, shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';

/** Four 32-bit words, not all zero. */
export type Xoshiro128State = readonly [number, number, number, number];

/** The sequence of xoshiro128** from a state, as a function that returns the next unsigned 32-bit integer. */
export function xoshiro128(state: Xoshiro128State): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  };
}

/**
 * The sequence of SplitMix64 from a 64-bit seed, as a function that returns the next unsigned 64-bit integer.
 */
export function splitMix64(seed: bigint): () => bigint {
  let state = seed;
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
}

/**
 * A seeded source of random integers and shuffles.
 *
 * @example
 * const random = new data.Random(42);
 * random.below(6) + 1; // a die, the same one on every machine
 * random.shuffle([1, 2, 3, 4, 5]); // the array itself, shuffled
 */
export class Random {
  readonly #next: () => number;

  /**
   * @param seed any integer that a `number` represents exactly
   * @throws {InvalidArgumentError} when `seed` is not such an integer
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError(`a seed is an integer, not ${shown(seed)}`);
    const split = splitMix64(BigInt.asUintN(64, BigInt(seed)));
    const [low, high] = [split(), split()];
    this.#next = xoshiro128([word(low), word(low >> 32n), word(high), word(high >> 32n)]);
  }

  /** The next integer from 0 to 2^32, exclusive. */
  uint32(): number {
    return this.#next();
  }

  /**
   * An integer from 0 to `bound`, exclusive, each equally likely.
   *
   * @throws {InvalidArgumentError} when `bound` is not an integer from 1 to 2^32
   */
  below(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= 2 ** 32))
      throw new InvalidArgumentError(`expected a bound from 1 to 2^32, got ${shown(bound)}`);
    // The remainder is uniform only below the largest multiple of `bound`; greater numbers are drawn again.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let value = this.#next();
    while (value >= limit) value = this.#next();
    return value % bound;
  }

  /** Shuffles `items` in place, each order equally likely (Fisher–Yates), and returns them. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    checkObject('what is shuffled', items);
    const array = items as { [index: number]: unknown };
    for (let last = items.length - 1; last > 0; last--) {
      const chosen = this.below(last + 1);
      const item = array[last];
      array[last] = array[chosen];
      array[chosen] = item;
    }
    return items;
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(value: bigint): number {
  return Number(BigInt.asUintN(32, value));
}
