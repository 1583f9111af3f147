/** Numbers of examples in any form, and rounding, to keep figures small. */

import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { shapeText } from '../../runtime/shapeText';

/**
 * A class number per example: as given for `[n]`, or the index of the maximum of each row of `[n, classes]` (one-hot
 * labels, logits, probabilities).
 *
 * @throws {InvalidArgumentError} when the shape is another
 */
export function classesOf(value: ArrayLike, what: string): number[] {
  const { shape, data } = numbersOf(value, what);
  if (shape.length === 1) return Array.from(data);
  const [count, classes] = shape;
  if (shape.length !== 2 || !count || !classes)
    throw new InvalidArgumentError(`expected ${what} of shape [n] or [n, classes], got ${shapeText(shape)}`);
  return Array.from({ length: count }, (_, row) => {
    let best = 0;
    for (let i = 1; i < classes; i++) if (data[row * classes + i]! > data[row * classes + best]!) best = i;
    return best;
  });
}

/** @throws {InvalidArgumentError} when there are not `count` of them, the number of `of` */
export function checkCount(values: { readonly length: number }, what: string, count: number, of: string): void {
  if (values.length !== count)
    throw new InvalidArgumentError(`expected as many ${what} as ${of}, got ${values.length} for ${count}`);
}

/** The least and the greatest of the finite numbers; both NaN if there are none. */
export function extent(values: globalThis.ArrayLike<number>): [least: number, greatest: number] {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return least <= greatest ? [least, greatest] : [Number.NaN, Number.NaN];
}

/** A function that rounds to a precision of about a hundredth of a step of this size. */
export function roundedFor(step: number): (value: number) => number {
  const decimals = Math.max(0, Math.min(100, 2 - Math.floor(Math.log10(step))));
  return (value) => Number(value.toFixed(decimals));
}
