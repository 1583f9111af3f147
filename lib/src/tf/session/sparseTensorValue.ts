/** The value of a sparse tensor, for signatures. */
import { checkObject } from '../../runtime/arguments';
import type { HostDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, HostArray, toHostArray } from '../../runtime/hostArray';
import { shapeText } from '../../runtime/shapeText';

/** The components of a sparse tensor, in any accepted form. */
export interface SparseParts {
  /** The position of each element: `[count, rank]`. */
  readonly indices: ArrayLike;
  /** The elements: `[count]`. */
  readonly values: ArrayLike;
  /** The shape of the whole tensor: `[rank]`. */
  readonly denseShape: ArrayLike;
}

/**
 * The value of a sparse tensor: its non-zero elements, their positions, and the shape of the whole tensor.
 *
 * @example
 * const parts = { indices: [[0, 1], [2, 3]], values: [0.5, 2], denseShape: [3, 4] };
 * new tf.SparseTensorValue(parts).values.shape; // [2]
 */
export class SparseTensorValue<D extends HostDType = HostDType> {
  /** The position of each element: `[count, rank]`. */
  readonly indices: HostArray<'int64'>;
  /** The elements: `[count]`. */
  readonly values: HostArray<D>;
  /** The shape of the whole tensor: `[rank]`. */
  readonly denseShape: HostArray<'int64'>;

  /**
   * @param dtype the dtype of the elements, if they don't determine it
   * @throws {InvalidArgumentError} when the components contradict each other
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
    // Without elements, a nested array doesn't contain the length of a position.
    this.indices = places.size === 0 ? new HostArray('int64', [0, rank], places.data) : places;
    const expected = [this.values.size, rank];
    if (this.denseShape.rank !== 1 || this.values.rank !== 1 || String(this.indices.shape) !== String(expected))
      throw new InvalidArgumentError(
        `a sparse value of ${expected[0]} elements has indices of shape ${shapeText(expected)}, not ${shapeText(this.indices.shape)}`,
      );
  }
}
