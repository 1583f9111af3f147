/** What convolutions and pooling share: how a window moves over the height and width of a batch of images. */

import { InvalidArgumentError } from '../../../runtime/errors';
import { shapeText } from '../../../runtime/shapeText';
import type { Attributes } from '../../graph/attributes';

/** The order of an image batch's dimensions: batch, height, width, channels or batch, channels, height, width. */
export type DataFormat = 'NHWC' | 'NCHW';

/** One number for height and width, one for each, or one for each dimension in the order of the data format. */
export type WindowSize = number | readonly [number, number] | readonly [number, number, number, number];

/** Pixels before and after, for each dimension in the order of the data format. */
export type ExplicitPadding = readonly [
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
];

/**
 * What stands around an image: nothing (`VALID`, windows stay inside), as many zeros as make the output the input's
 * size divided by the stride, rounded up (`SAME`), or what is given.
 */
export type Padding = 'SAME' | 'VALID' | ExplicitPadding;

/** How a window moves. */
export interface WindowOptions {
  /** By how much the window moves; along batch and channels by 1. */
  strides: WindowSize;
  padding: Padding;
  /**
   * Most of TensorFlow's CPU kernels have only that.
   *
   * @defaultValue `NHWC`
   */
  dataFormat?: DataFormat;
}

/**
 * A size as attributes have it, with a number for each dimension.
 *
 * @param name the option's, for the error
 * @throws {InvalidArgumentError} when it has neither one, two nor four numbers
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
