/** What convolutions and pooling share: a window that moves over the height and width of a batch of images. */

import { InvalidArgumentError } from '../../../runtime/errors';
import { shapeText } from '../../../runtime/shapeText';
import type { Attributes } from '../../graph/attributes';

/** The order of an image batch's dimensions: batch, height, width, channels or batch, channels, height, width. */
export type DataFormat = 'NHWC' | 'NCHW';

/** One number for height and width, one for each, or one per dimension in the order of the data format. */
export type WindowSize = number | readonly [number, number] | readonly [number, number, number, number];

/** Pixels before and after, per dimension in the order of the data format. */
export type ExplicitPadding = readonly [
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
];

/**
 * The padding of an image: none (`VALID`, windows stay inside), as many zeros as needed to make the output size the
 * input size divided by the stride, rounded up (`SAME`), or an explicit one.
 */
export type Padding = 'SAME' | 'VALID' | ExplicitPadding;

/** Options of a moving window. */
export interface WindowOptions {
  /** The step of the window; 1 along batch and channels. */
  strides: WindowSize;
  padding: Padding;
  /**
   * The order of dimensions. Most of TensorFlow's CPU kernels support only the default.
   *
   * @defaultValue `NHWC`
   */
  dataFormat?: DataFormat;
}

/**
 * Normalizes a size to a number per dimension, as attributes need it.
 *
 * @param name the option's, for the error
 * @throws {InvalidArgumentError} when it doesn't have one, two or four numbers
 */
export function windowSize(size: WindowSize, dataFormat: DataFormat, name: string): number[] {
  const sizes = [size].flat() as number[];
  if (sizes.length === 4) return sizes;
  if (sizes.length !== 1 && sizes.length !== 2)
    throw new InvalidArgumentError(`${name} has one number, two or four, got ${shapeText(sizes)}`);
  const spatial = sizes.length === 1 ? [...sizes, ...sizes] : sizes;
  return dataFormat === 'NCHW' ? [1, 1, ...spatial] : [1, ...spatial, 1];
}

/**
 * The attributes `padding` and, if `padding` is a list, `explicit_paddings`.
 *
 * @throws {InvalidArgumentError} when it is neither a name nor a list of four pairs
 */
export function paddingAttributes(padding: Padding): Attributes {
  if (!Array.isArray(padding)) return { padding };
  if (padding.length !== 4 || padding.some((pair) => !Array.isArray(pair) || pair.length !== 2))
    throw new InvalidArgumentError(
      `explicit padding has a pair [before, after] for each of the four dimensions, got ${JSON.stringify(padding)}`,
    );
  return { padding: 'EXPLICIT', explicit_paddings: padding.flat() };
}
