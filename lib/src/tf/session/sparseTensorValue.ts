/** What a signature takes and gives for a sparse tensor. */
import { checkObject } from '../../runtime/arguments';
import type { HostDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, HostArray, toHostArray } from '../../runtime/hostArray';
import { shapeText } from '../../runtime/shapeText';

/** The parts of a sparse tensor, as they may be given. */
export interface SparseParts {
  /** The place of each element: `[count, rank]`. */
  readonly indices: ArrayLike;
  /** The elements: `[count]`. */
  readonly values: ArrayLike;
  /** The shape of the whole: `[rank]`. */
  readonly denseShape: ArrayLike;
}

/**
 * The value of a sparse tensor: its elements, their places and the shape of the whole, of which all else is zero.
 *
 * @example
 * const parts = { indices: [[0, 1], [2, 3]], values: [0.5, 2], denseShape: [3, 4] };
 * new tf.SparseTensorValue(parts).values.shape; // [2]
 */
export class SparseTensorValue<D extends HostDType = HostDType> {
  /** The place of each element: `[count, rank]`. */
  readonly indices: HostArray<'int64'>;
  /** The elements: `[count]`. */
  readonly values: HostArray<D>;
  /** The shape of the whole: `[rank]`. */
  readonly denseShape: HostArray<'int64'>;

  /**
   * @param dtype of the elements, where they don't say it
   * @throws {InvalidArgumentError} when the parts don't fit each other
   */
  constructor(parts: SparseParts, dtype?: D) {
    checkObject('a sparse value', parts);
    const { indices, values, denseShape } = parts;
    if (indices === undefined || values === undefined || denseShape === undefined)
      throw new InvalidArgumentError('a sparse value has indices, values and a denseShape');
    this.denseShape = toHostArray(denseShape, 'int64');
    this.values = toHostArray(values, dtype) as HostArray<D>;
    const places = toHostArray(indices, 'int64');
    const rank = this.denseShape.size;
    // Of no elements a nested array doesn't say how long their places would be.
    this.indices = places.size === 0 ? new HostArray('int64', [0, rank], places.data) : places;
    const expected = [this.values.size, rank];
    if (this.denseShape.rank !== 1 || this.values.rank !== 1 || String(this.indices.shape) !== String(expected))
      throw new InvalidArgumentError(
        `a sparse value of ${expected[0]} elements has indices of shape ${shapeText(expected)}, not ${shapeText(this.indices.shape)}`,
      );
  }
}
