/** Operations that choose elements by a condition. */

import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';
import { areCompatible, type Tensor, type TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type OpOptions } from '../apply';
import { reshape, shape, squeeze } from '../array';
import type { JoinedDType, OperandDType, OperandRank } from '../types';
import { gather } from './gathering';
import { product } from './indices';
import { getItem } from './slicing';

/**
 * The indices of the elements at which `condition` is true: an `int64` row for each, in the order of the elements.
 *
 * @example
 * tf.where([[true, false], [false, true]]); // [[0, 0], [1, 1]]
 */
export function where(condition: TensorLike, options?: OpOptions): Tensor<'int64', 'array'>;
/**
 * The elements of `x` where `condition` is true, and those of `y` where it is false.
 *
 * @param condition of the shape of `x` and `y`, or a vector that selects rows, or a scalar
 * @throws {InvalidArgumentError} when the shapes of `x` and `y` differ: they are not broadcast
 *
 * @example
 * tf.where([true, false], [1, 2], [3, 4]); // [1, 4]
 */
export function where<X extends TensorLike, Y extends TensorLike>(
  condition: TensorLike,
  x: X,
  y: Y,
  options?: OpOptions,
): Tensor<JoinedDType<X | Y>, OperandRank<X | Y>>;
export function where(
  condition: TensorLike,
  x: TensorLike | OpOptions = {},
  y?: TensorLike,
  options: OpOptions = {},
): Tensor {
  const { name } = onlyOptions(options, { name: 'string' });
  if (y === undefined && (x === null || Object.getPrototypeOf(x) !== Object.prototype))
    throw new InvalidArgumentError('where takes x and y both, or neither');
  if (y !== undefined) return applyOne('Select', [condition, x as TensorLike, y], {}, name);
  return applyOne('Where', [condition], {}, (x as OpOptions).name);
}

/**
 * @deprecated TensorFlow 0.x's name of {@link where} with three operands.
 *
 * @example
 * tf.select([true, false], [1, 2], [3, 4]); // [1, 4]
 */
export function select<X extends TensorLike, Y extends TensorLike>(
  condition: TensorLike,
  x: X,
  y: Y,
  options?: OpOptions,
): Tensor<JoinedDType<X | Y>, OperandRank<X | Y>> {
  return where(condition, x, y, options);
}

/**
 * The parts of a tensor at which `mask` is true.
 *
 * @param mask booleans whose shape matches some consecutive dimensions of the tensor, which are merged into one; its
 * rank must be known while the graph is built
 * @param options.axis the first of those dimensions, 0 by default
 * @throws {InvalidArgumentError} when the mask's rank is unknown or 0, or its shape doesn't match the dimensions
 *
 * @example
 * tf.booleanMask([1, 2, 3], [true, false, true]); // [1, 3]
 */
export function booleanMask<X extends TensorLike>(
  tensor: X,
  mask: TensorLike,
  options: OpOptions & { axis?: number } = {},
): Tensor<OperandDType<X>, 'array'> {
  const { axis = 0, name = 'boolean_mask' } = onlyOptions(options, { axis: 'number', name: 'string' });
  const graph = graphOf([tensor, mask]);
  return graph.nameScope(name, () => {
    const input = asTensor(tensor, undefined, 'tensor', graph);
    const chosen = asTensor(mask, undefined, 'mask', graph);
    const masked = maskedDimensions(input, chosen, axis);
    const leading = product(shape(input), axis, masked);
    const sizes = [getItem(shape(input), [[null, axis]]), [leading], getItem(shape(input), [[masked, null]])];
    const flat = reshape(input, applyOne('ConcatV2', [sizes, 0], {}, 'concat'));
    const indices = squeeze(where(reshape(chosen, [-1])), { axis: 1 });
    return gather(flat, indices, { axis }) as Tensor as Tensor<OperandDType<X>, 'array'>;
  });
}

/** The end of the dimensions that a mask covers, after checking the mask against them. */
function maskedDimensions(tensor: Tensor, mask: Tensor, axis: number): number {
  if (!mask.rank) {
    const problem = mask.rank === 0 ? 'is a scalar' : 'has no known rank';
    throw new InvalidArgumentError(`booleanMask: the mask ${problem} (${mask}); it has one dimension or more`);
  }
  const end = axis + mask.rank;
  if (axis < 0 || !areCompatible(tensor.shape?.slice(axis, end) ?? null, mask.shape))
    throw new InvalidArgumentError(`booleanMask: ${mask} doesn't fit the dimensions of ${tensor} from ${axis} on`);
  return end;
}
