/**
 * Dilated windows for kernels that don't support them. Every `rate`-th row and column of an image becomes an image of
 * its own in a larger batch; a window over neighbouring pixels there corresponds to every `rate`-th pixel of the
 * original.
 *
 * @see `with_space_to_batch` in TensorFlow's python/ops/nn_ops.py
 */

import { InvalidArgumentError } from '../../../runtime/errors';
import type { Tensor } from '../../graph/tensor';
import { applyOne, type Operand } from '../apply';
import { shape } from '../array';
import { add, floormod, sub } from '../elementwise/binary';
import { getItem } from '../indexing';
import type { DataFormat, Padding } from './window';

/** Spreads a batch of images over a larger batch, and gathers it again. */
export class BatchSpace {
  readonly #block: readonly number[];
  readonly #paddings: Operand;
  readonly #crops: Operand;

  /**
   * @param images the images to spread
   * @param filter of shape [height, width, …]
   * @param rates the dilation along height and width
   * @param padding of the dilated window; the window over the larger batch is `VALID`
   * @throws {InvalidArgumentError} when `padding` is `SAME` and the filter's height or width is unknown
   */
  constructor(
    images: Tensor,
    filter: Tensor,
    rates: readonly [number, number],
    padding: Padding,
    dataFormat: DataFormat,
  ) {
    const axis = dataFormat === 'NCHW' ? 2 : 1;
    const room = rates.map((rate, i) => {
      const [before, after] = paddingOf(filter, i, rate, padding, axis);
      const extra = missing(images, axis + i, before + after, rate);
      const end = typeof extra === 'number' ? after + extra : add(extra, after);
      return { padding: [before, end], crop: [0, extra] };
    });
    const channels = dataFormat === 'NCHW' ? [{ padding: [0, 0], crop: [0, 0] }] : [];
    this.#block = dataFormat === 'NCHW' ? [1, ...rates] : rates;
    this.#paddings = [...channels, ...room].map((dimension) => dimension.padding);
    this.#crops = [...channels, ...room].map((dimension) => dimension.crop);
  }

  /** The images, spread over the larger batch. */
  spread(images: Tensor): Tensor {
    return spaceToBatch(images, this.#block, this.#paddings);
  }

  /** Gathers the results of the window over the larger batch. */
  gather(results: Tensor): Tensor {
    return batchToSpace(results, this.#block, this.#crops);
  }

  /** The gradient of {@link gather}. */
  gatherGradient(grad: Tensor): Tensor {
    return spaceToBatch(grad, this.#block, this.#crops);
  }

  /** The gradient of {@link spread}. */
  spreadGradient(grad: Tensor): Tensor {
    return batchToSpace(grad, this.#block, this.#paddings);
  }
}

export function spaceToBatch(x: Tensor, block: Operand, paddings: Operand): Tensor {
  return applyOne('SpaceToBatchND', [x, block, paddings]);
}

export function batchToSpace(x: Tensor, block: Operand, crops: Operand): Tensor {
  return applyOne('BatchToSpaceND', [x, block, crops]);
}

/** The padding that the dilated window needs along height (0) or width (1). */
function paddingOf(filter: Tensor, i: number, rate: number, padding: Padding, axis: number): readonly [number, number] {
  if (padding === 'VALID') return [0, 0];
  if (padding !== 'SAME') return padding[axis + i]!;
  const size = filter.shape?.[i];
  if (size === undefined || size === null)
    throw new InvalidArgumentError(
      `SAME padding of a dilated window needs the height and width of its filter: ${filter}`,
    );
  const total = (size - 1) * rate;
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/**
 * The number of pixels by which to extend a padded dimension to a multiple of `rate`; a number if the size is known.
 */
function missing(images: Tensor, axis: number, padding: number, rate: number): number | Tensor<'int32'> {
  const size = images.shape?.[axis];
  if (typeof size === 'number') return (rate - ((size + padding) % rate)) % rate;
  return floormod(sub(-padding, getItem(shape(images), [axis])), rate);
}
