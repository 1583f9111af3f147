/** The value of a fetched `IndexedSlices`. */

import { inspect } from 'node:util';
import { checkInstance } from '../../runtime/arguments';
import { allocate, type HostData, type HostDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { HostArray, sizeOf } from '../../runtime/hostArray';
import { jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';

/**
 * The value of an `IndexedSlices`: rows, their indices, and the shape of the whole array.
 *
 * It also acts as the whole array, so that the value of a gradient can be used in the same way whether it is sparse or
 * not: `shape`, `data` and the methods based on them (`at`, `toArray` …) refer to the whole array. It takes memory only
 * once `data` is accessed.
 *
 * @example
 * const embeddings = new tf.Variable(tf.ones([1000, 2]));
 * const [gradient] = tf.gradients(tf.reduceSum(tf.gather(embeddings, [3, 7])), [embeddings]);
 * const value = await session.run(gradient!);
 * if (value instanceof tf.IndexedSlicesValue) value.indices.toArray(); // [3, 7]
 */
export class IndexedSlicesValue<D extends HostDType = HostDType> extends HostArray<D> {
  /** The rows: `[count, …]`. */
  readonly values: HostArray<D>;
  /** The index of each row in the first dimension of the whole array. */
  readonly indices: HostArray<'int32' | 'int64'>;
  /** The shape of the whole array. It is null if the `IndexedSlices` has none; then there is no whole array. */
  readonly denseShape: HostArray<'int32' | 'int64'> | null;

  constructor(
    values: HostArray<D>,
    indices: HostArray<'int32' | 'int64'>,
    denseShape: HostArray<'int32' | 'int64'> | null,
  ) {
    checkInstance('the rows of a sparse value', values, HostArray);
    super(values.dtype, [0], allocate(values.dtype, 0));
    this.values = values;
    this.indices = indices;
    this.denseShape = denseShape;
    let whole: HostData[D] | undefined;
    const hidden = { enumerable: false, configurable: true };
    Object.defineProperties(this, {
      dtype: { ...hidden, value: values.dtype },
      shape: { ...hidden, get: () => shapeOf(this) },
      data: { ...hidden, get: () => (whole ??= sumOf(this)) },
    });
  }

  override get size(): number {
    return sizeOf(this.shape);
  }

  /** Shows the components, because the whole array may be large. */
  override toString(): string {
    return inspect(this);
  }

  override [jupyterDisplay](): MimeBundle {
    return { 'text/plain': inspect(this) };
  }

  override [inspect.custom](_depth: number, options: object): string {
    const { values, indices, denseShape } = this;
    return `IndexedSlicesValue ${inspect({ values, indices, denseShape }, options)}`;
  }
}

function shapeOf({ denseShape }: IndexedSlicesValue): number[] {
  if (denseShape === null)
    throw new InvalidArgumentError('these rows have no denseShape: look at their values and indices');
  return Array.from(denseShape.data, Number);
}

function sumOf<D extends HostDType>({ values, indices, shape }: IndexedSlicesValue<D>): HostData[D] {
  const whole = allocate(values.dtype, sizeOf(shape)) as Float32Array;
  const rows = values.data as Float32Array;
  const width = sizeOf(shape.slice(1));
  for (const [i, index] of Array.from(indices.data, Number).entries()) {
    for (let j = 0; j < width; j++) {
      const place = index * width + j;
      whole[place] = whole[place]! + rows[i * width + j]!;
    }
  }
  return whole as HostData[D];
}
