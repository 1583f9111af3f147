/** Selecting examples from an array whose first dimension counts examples, including images stored as bytes. */

import { allocateUnfilled, type HostDType } from '../runtime/dtypes';
import { deferredArray, type ElementMaker, HostArray, makerOf, originOf, sizeOf } from '../runtime/hostArray';
import { range } from './epochs';
import { PackedImages } from './packedImages';

/** Shorter rows are copied element by element, because a call of `set` would cost more. */
const SHORT_ROW = 32;

/** Rows of packed images, converted to floats when they are read. Without `rows`, all of them. */
class ScaledRows implements ElementMaker<'float32'> {
  constructor(
    readonly images: PackedImages,
    readonly rows?: Uint32Array,
  ) {}

  get size(): number {
    const { images, rows } = this;
    return (rows?.length ?? images.count) * images.width;
  }

  make(): Float32Array {
    const { images, rows = range(0, images.count) } = this;
    const data = allocateUnfilled('float32', this.size);
    images.copyTo(data, rows);
    return data;
  }

  borrow(): Float32Array {
    const { images, rows } = this;
    return rows && images.hasRoomFor(rows.length) ? images.borrow(rows) : this.make();
  }

  pieces(): Iterable<Float32Array> | undefined {
    const { images, rows } = this;
    if (rows && images.hasRoomFor(rows.length)) return undefined;
    return images.pieces(rows ?? range(0, images.count));
  }

  at(offset: number): number {
    const { images, rows } = this;
    const row = Math.floor(offset / images.width);
    return images.at(rows ? rows[row]! : row, offset % images.width);
  }
}

/** Images by number, or all of them, as floats from 0 to 1. */
export function scaledRows(images: PackedImages, rows?: Uint32Array): HostArray<'float32'> {
  return deferredArray('float32', [rows?.length ?? images.count, images.width], new ScaledRows(images, rows));
}

/** The bytes of a set's images, whatever their shape. Undefined once somebody has read their elements, because these may have been modified. */
export function packedImages(images: HostArray): PackedImages | undefined {
  const maker = makerOf(originOf(images));
  if (!(maker instanceof ScaledRows) || maker.rows) return undefined;
  return maker.images.count === images.shape[0] ? maker.images : undefined;
}

/**
 * Examples by number, in a new array.
 *
 * @param upcoming the examples that will be taken next, if known
 */
export function takeRows<D extends HostDType>(
  array: HostArray<D>,
  rows: Uint32Array,
  upcoming?: Uint32Array,
): HostArray<D> {
  const bytes = packedImages(array);
  if (!bytes) return gather(array, rows);
  if (upcoming) bytes.expect(upcoming, rows.length);
  return scaledLike(array, bytes, rows.slice());
}

/** The examples from `begin` to `end`, exclusive. They share the array's memory unless they are packed. */
export function sliceRows<D extends HostDType>(array: HostArray<D>, begin: number, end: number): HostArray<D> {
  if (packedImages(array)) return takeRows(array, range(begin, end));
  const [, ...rest] = array.shape;
  const width = sizeOf(rest);
  const all = array.data;
  const some = Array.isArray(all) ? all.slice(begin * width, end * width) : all.subarray(begin * width, end * width);
  return new HostArray(array.dtype, [end - begin, ...rest], some as HostArray<D>['data']);
}

/** {@link takeRows} for a new set: packed images stay packed. */
export function copyRows<D extends HostDType>(array: HostArray<D>, rows: Uint32Array): HostArray<D> {
  const all = packedImages(array);
  const pixels = all && gather(new HostArray('uint8', [all.count, all.width], all.pixels), rows).data;
  const some = pixels && PackedImages.of(pixels, all.width);
  return some ? scaledLike(array, some) : takeRows(array, rows);
}

/** {@link scaledRows}, with images of the shape that they have in `array`. */
function scaledLike<D extends HostDType>(
  { shape }: HostArray<D>,
  images: PackedImages,
  rows?: Uint32Array,
): HostArray<D> {
  const scaled = scaledRows(images, rows) as HostArray as HostArray<D>;
  return shape.length === 2 ? scaled : scaled.reshape([scaled.shape[0]!, ...shape.slice(1)]);
}

function gather<D extends HostDType>(array: HostArray<D>, rows: Uint32Array): HostArray<D> {
  const [, ...rest] = array.shape;
  const width = sizeOf(rest);
  const source = array.data as Float32Array;
  const target = allocateUnfilled(array.dtype, rows.length * width) as Float32Array;
  if (width < SHORT_ROW || array.dtype === 'string') {
    let at = 0;
    for (const row of rows)
      for (let from = row * width, end = from + width; from < end; ) target[at++] = source[from++]!;
  } else {
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i]! * width;
      target.set(source.subarray(from, from + width), i * width);
    }
  }
  return new HostArray(array.dtype, [rows.length, ...rest], target as HostArray['data'] as HostArray<D>['data']);
}
