/** Images in summaries: PNG files. */

import type { MessageInit, Summary } from '../../protos';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, type HostArray, toHostArray } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { pngFile, pngHeader } from '../../runtime/png';
import { shapeText } from '../../runtime/shapeText';
import { batchTags } from './values';

/** An image read from an event file. */
export interface ImageFile {
  width: number;
  height: number;
  /** The contents of the file; TensorFlow writes PNG. */
  file: Uint8Array;
}

/** Options of images. */
export interface ImageOptions {
  /**
   * The maximum number of images per batch.
   *
   * @defaultValue `3`, as in TensorFlow
   */
  maxOutputs?: number;
  /**
   * The colour of pixels that aren't finite numbers, one byte per channel.
   *
   * @defaultValue red
   */
  badColor?: readonly number[];
}

/**
 * Encodes an image, or the first ones of a batch, like TensorFlow's `ImageSummary`.
 *
 * @throws {InvalidArgumentError} when the shape doesn't fit
 */
export function imageValues(tag: string, images: ArrayLike, options: ImageOptions = {}): MessageInit<Summary.Value>[] {
  const { maxOutputs = 3, badColor } = onlyOptions(options, { maxOutputs: 'number', badColor: 'array' });
  const array = toHostArray(images);
  const { count, height, width, channels, samples } = imageBatch(array, badColor);
  return batchTags(tag, 'image', array.rank === 4, Math.min(count, maxOutputs)).map((each, i) =>
    imageValue(each, pngFile({ width, height, channels, samples: samples(i) })),
  );
}

/** A summary value of an existing PNG file. */
export function imageValue(tag: string, png: Uint8Array): MessageInit<Summary.Value> {
  const { width, height, channels } = pngHeader(png);
  return { tag, image: { width, height, colorspace: channels, encodedImageString: png } };
}

/** Images of one size. */
export interface ImageBatch {
  count: number;
  height: number;
  width: number;
  channels: number;
  /** The bytes of one image, given by its index. */
  samples(image: number): Uint8Array;
}

/**
 * Splits an array into images: `[height, width]`, `[height, width, channels]` or `[batch, height, width, channels]`.
 *
 * @throws {InvalidArgumentError} when the shape is another
 */
export function imageBatch(array: HostArray, badColor: readonly number[] = [255, 0, 0, 255]): ImageBatch {
  const { rank, shape } = array;
  const [count, height, width, channels] =
    rank === 2 ? [1, ...shape, 1] : rank === 3 ? [1, ...shape] : (shape as number[]);
  if (rank > 4 || ![1, 3, 4].includes(channels!) || array.size === 0)
    throw new InvalidArgumentError(
      `expected [height, width], [height, width, channels] or [batch, height, width, channels] with 1, 3 or 4 channels, got ${shapeText(shape)}`,
    );
  const size = height! * width! * channels!;
  const { data } = numbersOf(array, 'images');
  const bytes = array.dtype === 'uint8' ? (array.data as Uint8Array) : undefined;
  return {
    count: count!,
    height: height!,
    width: width!,
    channels: channels!,
    samples(image) {
      const start = image * size;
      if (bytes) return bytes.subarray(start, start + size);
      const values = Float32Array.from({ length: size }, (_, i) => data[start + i]!);
      return normalized(values, channels!, badColor);
    },
  };
}

/** Maxima below this count as zero. */
const ZERO = 1e-6;

/** Scales values to bytes by TensorFlow's rule (see `tf.summary.image`), in float32 as TensorFlow does. */
function normalized(values: Float32Array, channels: number, badColor: readonly number[]): Uint8Array {
  const isSound = (pixel: number) => {
    for (let i = pixel; i < pixel + channels; i++) if (!Number.isFinite(values[i])) return false;
    return true;
  };
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let pixel = 0; pixel < values.length; pixel += channels) {
    if (!isSound(pixel)) continue;
    for (let i = pixel; i < pixel + channels; i++) {
      min = Math.min(min, values[i]!);
      max = Math.max(max, values[i]!);
    }
  }
  const greatest = min < 0 ? Math.max(-min, Math.abs(max)) : max;
  const scale = greatest < ZERO ? 0 : Math.fround((min < 0 ? 127 : 255) / greatest);
  const offset = min < 0 ? 128 : 0;

  const bytes = new Uint8Array(values.length);
  for (let pixel = 0; pixel < values.length; pixel += channels) {
    const sound = isSound(pixel);
    for (let i = 0; i < channels; i++)
      bytes[pixel + i] = sound ? Math.fround(Math.fround(values[pixel + i]! * scale) + offset) : badColor[i]!;
  }
  return bytes;
}

/** The images of a summary: one from TensorFlow 1; from TensorFlow 2, a tensor of the width, the height and files. */
export function imagesOf({ image, tensor }: Summary.Value, plugin?: string): ImageFile[] {
  if (image) return [{ width: image.width, height: image.height, file: image.encodedImageString }];
  if (plugin !== 'images' || !tensor) return [];
  const [width, height, ...files] = tensor.stringVal;
  const size = { width: Number(Buffer.from(width ?? [])), height: Number(Buffer.from(height ?? [])) };
  return files.map((file) => ({ ...size, file }));
}
