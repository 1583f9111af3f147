/** Decides which examples go into which part when a set is split. */

import { shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import type { HostArray } from '../runtime/hostArray';
import { range } from './epochs';
import { Random } from './random';

/** The tolerance for the sum of fractions: 0.7 + 0.15 + 0.15 isn't exactly 1. */
const ROUNDING = 1e-9;

/**
 * Assigns each example to exactly one part, by `seed`; examples keep their order.
 *
 * @param classes a value of each example; every part gets its fraction of each value
 */
export function splitRows<N extends string>(
  count: number,
  fractions: Readonly<Record<N, number>>,
  seed: number,
  classes?: HostArray,
): Record<N, Uint32Array> {
  checkFractions(fractions);
  const names = Object.keys(fractions) as N[];
  const random = new Random(seed);
  const parts = Object.fromEntries(names.map((name): [string, number[]] => [name, []])) as Record<N, number[]>;
  const groups = classes ? groupsOf(classes) : [range(0, count)];
  let dealt = 0;
  // Groups are processed one after the other; after every example, the parts have their fractions up to one example.
  for (const group of groups)
    for (const row of random.shuffle(group)) {
      dealt++;
      const owed = (name: N) => fractions[name] * dealt - parts[name].length;
      parts[names.reduce((most, name) => (owed(name) > owed(most) + ROUNDING ? name : most))].push(row);
    }
  for (const name of names)
    if (parts[name].length === 0)
      throw new InvalidArgumentError(
        `${count} examples are too few for a part of ${fractions[name]}: there would be none in '${name}'`,
      );
  return Object.fromEntries(names.map((name) => [name, Uint32Array.from(parts[name]).sort()])) as Record<
    N,
    Uint32Array
  >;
}

/** @throws {InvalidArgumentError} when fractions aren't an object: a seed, for example, which is an option */
export function checkIsObject(fractions: unknown): asserts fractions is object {
  if (typeof fractions !== 'object' || fractions === null || Symbol.iterator in fractions)
    throw new InvalidArgumentError(
      `fractions are an object such as { train: 0.8, test: 0.2 }, not ${shown(fractions)}`,
    );
}

function checkFractions(fractions: object): void {
  let sum = 0;
  for (const [name, fraction] of Object.entries(fractions)) {
    if (typeof fraction !== 'number' || !(fraction > 0 && fraction <= 1))
      throw new InvalidArgumentError(`expected a fraction above 0 and up to 1 for '${name}', got ${shown(fraction)}`);
    sum += fraction;
  }
  if (Math.abs(sum - 1) > ROUNDING)
    throw new InvalidArgumentError(
      `expected fractions that add up to 1, got ${shown(fractions)}, which add up to ${+sum.toPrecision(12)}`,
    );
}

/** The examples grouped by value, in order of first occurrence. */
function groupsOf(classes: HostArray): Uint32Array[] {
  const groups = new Map<unknown, number[]>();
  for (const [row, value] of classes.data.entries()) {
    const key = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value; // a character per byte
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return Array.from(groups.values(), (rows) => Uint32Array.from(rows));
}
