/** Finds the dimension of the classes. */

import { shown } from '../../../runtime/arguments';
import { InvalidArgumentError } from '../../../runtime/errors';
import type { Tensor } from '../../graph/tensor';

/**
 * Normalizes `axis` to a non-negative number; null for the last dimension, which TensorFlow's operations use.
 *
 * @throws {InvalidArgumentError} when `axis` is not a dimension, or isn't -1 for a tensor of unknown rank
 */
export function dimensionBeforeLast(x: Tensor, axis: number): number | null {
  if (typeof axis !== 'number') throw new InvalidArgumentError(`axis is a number, not ${shown(axis)}`);
  const { rank } = x;
  if (axis === -1 || axis + 1 === rank) return null;
  if (rank === null) throw new InvalidArgumentError(`axis ${axis} must be -1 where the rank is unknown: ${x}`);
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return (axis + rank) % rank;
  throw new InvalidArgumentError(`axis ${axis} is no dimension of ${x}`);
}
