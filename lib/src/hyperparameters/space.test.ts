import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Random } from '../data/random';
import * as space from './space';
import { describeSpace, type Space, sample } from './space';

const seeds = fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const bounds = fc
  .tuple(finite, finite)
  .filter(([one, other]) => one !== other)
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);

/** Spaces of all kinds, nested in each other. */
const { spaces } = fc.letrec((tie) => ({
  spaces: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
    bounds.map(([low, high]) => space.uniform(low, high)),
    bounds.filter(([low]) => low > 0).map(([low, high]) => space.logUniform(low, high)),
    fc.tuple(fc.integer(), fc.nat(1000)).map(([low, more]) => space.integer(low, low + more)),
    fc.array(tie('spaces'), { minLength: 1, maxLength: 3 }).map((options) => space.choice(options)),
    fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      tie('spaces'),
      { maxKeys: 3 },
    ),
  ),
}));

/** Whether a configuration can have come from a space, by the space's description. */
function isFrom(description: unknown, value: unknown): boolean {
  if (typeof description !== 'object' || description === null) return Object.is(description, value);
  const { uniform, logUniform, integer, choice } = description as Record<string, [number, number]>;
  const range = uniform ?? logUniform ?? integer;
  if (Array.isArray(range) && typeof value === 'number')
    return value >= range[0] && value <= range[1] && (!integer || Number.isInteger(value));
  if (Array.isArray(choice)) return choice.some((option) => isFrom(option, value));
  const members = Object.entries(description);
  if (typeof value !== 'object' || value === null || members.length !== Object.keys(value).length) return false;
  return members.every(([name, member]) => isFrom(member, (value as Record<string, unknown>)[name]));
}

describe('a configuration', () => {
  it('is within its space, whatever that is', () => {
    fc.assert(fc.property(spaces, seeds, (any, seed) => isFrom(describeSpace(any), sample(any, seed))));
  });

  it('is the same for the same seed, and leaves its space as it was', () => {
    fc.assert(
      fc.property(spaces, seeds, (any, seed) => {
        const before = JSON.stringify(describeSpace(any));
        expect(sample(any, seed)).toEqual(sample(any, seed));
        expect(JSON.stringify(describeSpace(any))).toBe(before);
      }),
    );
  });

  it('has the type that its space says', () => {
    const config = sample(
      {
        lr: space.logUniform(1e-4, 1),
        hidden1: space.choice([64, 128]),
        batchSize: 100,
        optimizer: space.choice([{ name: 'adam' }, { name: 'momentum', momentum: space.uniform(0.5, 0.99) }]),
        deep: { dropout: space.choice([true, false]) },
      },
      1,
    );
    expectTypeOf(config.lr).toEqualTypeOf<number>();
    expectTypeOf(config.hidden1).toEqualTypeOf<64 | 128>();
    expectTypeOf(config.batchSize).toEqualTypeOf<number>();
    expectTypeOf(config.optimizer.name).toEqualTypeOf<'adam' | 'momentum'>();
    if (config.optimizer.name === 'momentum') expectTypeOf(config.optimizer.momentum).toEqualTypeOf<number>();
    expectTypeOf(config.deep).toEqualTypeOf<{ dropout: boolean }>();
    const typed: Space<{ lr: number; name: 'a' | 'b' }> = { lr: 0.1, name: space.choice(['a', 'b']) };
    const drawn: { lr: number; name: 'a' | 'b' } = sample(typed, 1);
    expect(drawn.lr).toBe(0.1);
  });

  it('is drawn again from a source of random numbers', () => {
    const random = new Random(3);
    const drawn = Array.from({ length: 100 }, () => sample(space.uniform(0, 1), random));
    expect(new Set(drawn).size).toBe(100);
  });

  it('is one for ever: a search can be repeated with a later version', () => {
    const all = {
      a: space.uniform(0, 1),
      b: space.logUniform(1e-4, 1),
      c: space.integer(1, 6),
      d: space.choice('xyz'.split('')),
    };
    expect(sample(all, 42)).toEqual({ a: 0.4137016681565887, b: 0.00010373754679733488, c: 6, d: 'y' });
  });
});

describe('of many draws', () => {
  const many = <T>(distribution: space.Distribution<T>) => {
    const random = new Random(7);
    return Array.from({ length: 6000 }, () => distribution.draw(random));
  };
  const share = (values: readonly number[], from: number, to: number) =>
    values.filter((value) => value >= from && value < to).length / values.length;

  it('uniform has as many in each part of the same length', () => {
    const values = many(space.uniform(-1, 2));
    for (const part of [-1, 0, 1]) expect(share(values, part, part + 1)).toBeCloseTo(1 / 3, 1);
  });

  it('logUniform has as many in each power of ten', () => {
    const values = many(space.logUniform(1e-3, 1));
    for (const part of [1e-3, 1e-2, 1e-1]) expect(share(values, part, part * 10)).toBeCloseTo(1 / 3, 1);
  });

  it('integer has each number as often, both bounds included', () => {
    const values = many(space.integer(1, 3));
    for (const value of [1, 2, 3]) expect(share(values, value, value + 1)).toBeCloseTo(1 / 3, 1);
  });

  it('choice has each option as often, and hyperparameters of the chosen one only', () => {
    const values = many(space.choice([{ name: 'sgd' }, { name: 'momentum', momentum: space.uniform(0, 1) }]));
    const withMomentum = values.filter((value) => 'momentum' in value);
    expect(withMomentum.length / values.length).toBeCloseTo(1 / 2, 1);
    expect(withMomentum.every(({ name }) => name === 'momentum')).toBe(true);
  });
});

it.each([
  [() => space.uniform(1, 1), 'uniform: expected the lower bound first, got 1 and 1'],
  [() => space.uniform(0, Number.POSITIVE_INFINITY), 'uniform: expected finite bounds, got 0 and Infinity'],
  [() => space.logUniform(0, 1), 'logUniform: expected positive bounds, got 0 and 1'],
  [() => space.logUniform(2, 1), 'logUniform: expected the lower bound first, got 2 and 1'],
  [() => space.integer(0, 1.5), 'integer: expected whole numbers as bounds, got 0 and 1.5'],
  [() => space.integer(3, 2), 'integer: expected bounds in order, got 3 and 2'],
  [() => space.integer(0, 2 ** 40), 'integer: expected at most 2^32 numbers, got those from 0 to 1099511627776'],
  [() => space.choice([]), 'choice: expected at least one option, got none'],
  [() => sample({}, 0.5), 'a seed is an integer, not 0.5'],
])('%s is refused', (make, message) => {
  expect(make).toThrow(message);
});

describe('a distribution', () => {
  it('says what it is, and draws the same from the same seed', () => {
    const rates = space.logUniform(1e-3, 1);
    expect(rates).toBeInstanceOf(space.Distribution);
    expect(rates.description).toEqual({ logUniform: [1e-3, 1] });
    expect(rates.draw(new Random(5))).toBe(rates.draw(new Random(5)));
  });
});
