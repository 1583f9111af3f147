/**
 * Search spaces: the values that hyperparameters may have, and how to sample a configuration.
 *
 * A space has the structure of a configuration, with distributions in place of the values to search for; everything
 * else in it is constant. A choice between objects makes the space conditional: each option has its own
 * hyperparameters.
 */

import { Random } from '../data/random';
import { checkArray, checkInstance, shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';

/** A constant value in a configuration. */
export type Constant = number | string | boolean | null | undefined;

/**
 * A space of configurations `C`.
 *
 * @example
 * const { space } = hyperparameters;
 * const learningRates: hyperparameters.Space<{ lr: number }> = { lr: space.logUniform(1e-4, 1) };
 */
export type Space<C> = Distribution<C> | { readonly [K in keyof C]: Space<C[K]> };

/** The configurations sampled from a space of type `S`. */
export type Sampled<S> =
  S extends Distribution<infer T>
    ? T
    : S extends readonly unknown[]
      ? { [K in keyof S]: Sampled<S[K]> }
      : S extends object
        ? { -readonly [K in keyof S]: Sampled<S[K]> }
        : S;

/**
 * The distribution of a hyperparameter, created by `space.uniform(…)` and the like.
 *
 * @example
 * const rates = hyperparameters.space.logUniform(1e-4, 1); // a Distribution<number>
 * hyperparameters.space.sample(rates, 42); // one of them
 */
export class Distribution<T> {
  /** A JSON description of the distribution: if two are equal, the same values are drawn. */
  readonly description: Readonly<Record<string, unknown>>;
  readonly #draw: (random: Random) => T;

  constructor(description: Readonly<Record<string, unknown>>, draw: (random: Random) => T) {
    this.description = description;
    this.#draw = draw;
  }

  /** Draws the next value using `random`. */
  draw(random: Random): T {
    checkInstance('what decides', random, Random, 'Random');
    return this.#draw(random);
  }
}

/**
 * A real number from `low` to `high`, uniformly distributed.
 *
 * @throws {InvalidArgumentError} when they aren't finite, or `low` isn't below `high`
 *
 * @example
 * const keepProb = hyperparameters.space.uniform(0.4, 1);
 */
export function uniform(low: number, high: number): Distribution<number> {
  checkBounds('uniform', low, high);
  // Not low + u (high - low), which overflows for distant bounds.
  const draw = (random: Random) => mix(low, high, share(random));
  return new Distribution({ uniform: [low, high] }, draw);
}

/**
 * A positive real number from `low` to `high` whose logarithm is uniformly distributed: every power of ten in between
 * is equally likely. Use it for learning rates and other hyperparameters whose order of magnitude is unknown.
 *
 * @throws {InvalidArgumentError} when they aren't finite and positive, or `low` isn't below `high`
 *
 * @example
 * const lr = hyperparameters.space.logUniform(1e-4, 1); // as many below 0.01 as above
 */
export function logUniform(low: number, high: number): Distribution<number> {
  checkBounds('logUniform', low, high);
  if (low <= 0) throw new InvalidArgumentError(`logUniform: expected positive bounds, got ${low} and ${high}`);
  const draw = (random: Random) => {
    const value = Math.exp(mix(Math.log(low), Math.log(high), share(random)));
    return Math.min(high, Math.max(low, value)); // exp and log round, too
  };
  return new Distribution({ logUniform: [low, high] }, draw);
}

/**
 * An integer from `low` to `high`, both inclusive, uniformly distributed.
 *
 * @throws {InvalidArgumentError} when they aren't integers, `low` is above `high`, or there are more than 2^32
 *
 * @example
 * const layers = hyperparameters.space.integer(1, 4);
 */
export function integer(low: number, high: number): Distribution<number> {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high))
    throw new InvalidArgumentError(`integer: expected whole numbers as bounds, got ${shown(low)} and ${shown(high)}`);
  const count = high - low + 1;
  if (count < 1) throw new InvalidArgumentError(`integer: expected bounds in order, got ${low} and ${high}`);
  if (count > 2 ** 32)
    throw new InvalidArgumentError(`integer: expected at most 2^32 numbers, got those from ${low} to ${high}`);
  return new Distribution({ integer: [low, high] }, (random) => low + random.below(count));
}

/**
 * One of several options, each equally likely. An option may be a space itself, whose hyperparameters are only drawn
 * when it is chosen.
 *
 * @throws {InvalidArgumentError} when there are no options
 * @example
 * const { space } = hyperparameters;
 * space.choice([32, 64, 128]);
 * space.choice([{ optimizer: 'adam' }, { optimizer: 'momentum', momentum: space.uniform(0.5, 0.99) }]);
 */
export function choice<const S>(options: readonly S[]): Distribution<Sampled<S>> {
  checkArray('the options of a choice', options);
  if (options.length === 0) throw new InvalidArgumentError('choice: expected at least one option, got none');
  const draw = (random: Random) => drawFrom(options[random.below(options.length)]!, random);
  return new Distribution({ choice: options.map(describeSpace) }, draw);
}

/**
 * Draws a configuration from a space. The same seed gives the same configuration on every machine.
 *
 * @param seed an integer, or a random number generator that advances with each draw
 * @throws {InvalidArgumentError} when `seed` isn't an integer
 * @example
 * const { space } = hyperparameters;
 * const config = space.sample({ lr: space.logUniform(1e-4, 1), hidden1: space.choice([64, 128]), batchSize: 100 }, 42);
 * config.batchSize; // 100
 */
export function sample<S>(space: S, seed: number | Random): Sampled<S> {
  return drawFrom(space, typeof seed === 'number' ? new Random(seed) : seed);
}

/**
 * Describes a space as JSON: distributions become objects such as `{ "uniform": [0, 1] }`, and everything else stays as
 * it is.
 *
 * @example
 * hyperparameters.space.describeSpace({ lr: hyperparameters.space.uniform(0, 1), batchSize: 100 }); // { lr: { uniform: [0, 1] }, batchSize: 100 }
 */
export function describeSpace(space: unknown): unknown {
  if (space instanceof Distribution) return space.description;
  return mapMembers(space, describeSpace);
}

function drawFrom<S>(space: S, random: Random): Sampled<S> {
  const draw = (value: unknown): unknown =>
    value instanceof Distribution ? value.draw(random) : mapMembers(value, draw);
  return draw(space) as Sampled<S>;
}

/** A copy of an array or plain object with its members changed; other values are returned as they are. */
function mapMembers(value: unknown, change: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member)]));
}

/** Interpolates between two numbers by a factor from 0 to 1, without leaving their range by rounding. */
function mix(low: number, high: number, place: number): number {
  return Math.min(high, Math.max(low, low * (1 - place) + high * place));
}

/** A random real number in [0, 1) with 53 bits. */
function share(random: Random): number {
  return ((random.uint32() >>> 5) * 2 ** 26 + (random.uint32() >>> 6)) / 2 ** 53;
}

function checkBounds(name: string, low: number, high: number): void {
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw new InvalidArgumentError(`${name}: expected finite bounds, got ${shown(low)} and ${shown(high)}`);
  if (low >= high) throw new InvalidArgumentError(`${name}: expected the lower bound first, got ${low} and ${high}`);
}
