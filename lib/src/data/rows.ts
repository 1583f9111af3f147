/** Some examples of an array whose first dimension is that of the examples; images that are kept as bytes among them. */

import { allocateUnfilled, type HostDType } from '../runtime/dtypes';
import { deferredArray, type ElementMaker, HostArray, makerOf, originOf, sizeOf } from '../runtime/hostArray';
import { range } from './epochs';
import { PackedImages } from './packedImages';

/** Rows shorter than this are copied an element at a time: a call of `set` costs more. */
const SHORT_ROW = 32;

/** Rows of packed images as floats, once they are looked at: those of these numbers, or all. */
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

/** The images of these numbers, or all, as floats from 0 to 1. */
export function scaledRows(images: PackedImages, rows?: Uint32Array): HostArray<'float32'> {
  return deferredArray('float32', [rows?.length ?? images.count, images.width], new ScaledRows(images, rows));
}

/** The bytes of a set's images, in any shape, until somebody looks at their elements, which may be changed from then on. */
export function packedImages(images: HostArray): PackedImages | undefined {
  const maker = makerOf(originOf(images));
  if (!(maker instanceof ScaledRows) || maker.rows) return undefined;
  return maker.images.count === images.shape[0] ? maker.images : undefined;
}

/**
 * The examples of these numbers, in an array of their own.
 *
 * @param upcoming the examples that come after these, where that is known
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

/** The examples from `begin` up to and without `end`; not copied, unless they are packed. */
export function sliceRows<D extends HostDType>(array: HostArray<D>, begin: number, end: number): HostArray<D> {
  if (packedImages(array)) return takeRows(array, range(begin, end));
  const [, ...rest] = array.shape;
  const width = sizeOf(rest);
  const all = array.data;
  const some = Array.isArray(all) ? all.slice(begin * width, end * width) : all.subarray(begin * width, end * width);
  return new HostArray(array.dtype, [end - begin, ...rest], some as HostArray<D>['data']);
}

/** What {@link takeRows} gives, for long: packed images stay packed. */
export function copyRows<D extends HostDType>(array: HostArray<D>, rows: Uint32Array): HostArray<D> {
  const all = packedImages(array);
  const pixels = all && gather(new HostArray('uint8', [all.count, all.width], all.pixels), rows).data;
  const some = pixels && PackedImages.of(pixels, all.width);
  return some ? scaledLike(array, some) : takeRows(array, rows);
}

/** Images as {@link scaledRows} makes them, each in the shape that they have in an array. */
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
