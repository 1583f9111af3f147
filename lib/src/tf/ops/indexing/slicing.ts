/** Operations that extract a part of a tensor. */

import { checkArray } from '../../../runtime/arguments';
import { onlyOptions, placed } from '../../../runtime/options';
import { type Rank, Tensor, type TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type OpOptions } from '../apply';
import { onesLike } from '../array';
import { add } from '../elementwise/binary';
import type { OperandDType, OperandRank, Sizes } from '../types';
import { indexDType } from './indices';

/**
 * The part of a tensor that begins at `begin` and has the shape `size`.
 *
 * @param begin the first index of each dimension
 * @param size the number of elements of each dimension; -1 for all that remain
 * @throws {InvalidArgumentError} when the part isn't inside the tensor
 *
 * @example
 * tf.slice(pictures, [0, 7, 7, 0], [-1, 14, 14, -1]); // [100, 28, 28, 1] → [100, 14, 14, 1]
 */
export function slice<X extends TensorLike>(
  input: X,
  begin: Sizes,
  size: Sizes,
  options: OpOptions = {},
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { name } = onlyOptions(options, { name: 'string' });
  return applyOne('Slice', [input, begin, size], { Index: indexDType(begin, size) }, name);
}

/** Options of `stridedSlice`. Bit i of a mask refers to element i of `begin` and `end`. */
export interface StridedSliceOptions extends OpOptions {
  /**
   * The steps; negative ones go backwards.
   *
   * @defaultValue `1`
   */
  strides?: Sizes;
  /** Bits for dimensions that begin at their start, regardless of `begin`. */
  beginMask?: number;
  /** Bits for dimensions that end at their end, regardless of `end`. */
  endMask?: number;
  /** The bit of the one position that stands for all dimensions without a position of their own. */
  ellipsisMask?: number;
  /** Bits of positions at which to insert a new dimension of size 1. */
  newAxisMask?: number;
  /** Bits for dimensions of which only the element at `begin` is taken; the dimension is removed. */
  shrinkAxisMask?: number;
}

/**
 * The elements of a tensor from `begin` to `end`, exclusive, in steps. {@link getItem} does the same and is easier to
 * read.
 *
 * @param begin the first index of each dimension; a negative one counts from the end
 * @param end the index after the last, for each dimension
 *
 * @example
 * tf.stridedSlice([1, 2, 3, 4, 5], [1], [5], [2]); // [2, 4]
 */
export function stridedSlice<X extends TensorLike>(
  input: X,
  begin: Sizes,
  end: Sizes,
  ...given: [strides: Sizes, options?: Omit<StridedSliceOptions, 'strides'>] | [options?: StridedSliceOptions]
): Tensor<OperandDType<X>> {
  const options = placed<StridedSliceOptions>(given, ['strides']);
  onlyOptions(options, {
    strides: 'any',
    beginMask: 'number',
    endMask: 'number',
    ellipsisMask: 'number',
    newAxisMask: 'number',
    shrinkAxisMask: 'number',
    name: 'string',
  });
  if (!(begin instanceof Tensor)) checkArray('the places where a slice begins', begin);
  const { strides = begin instanceof Tensor ? onesLike(begin) : begin.map(() => 1), name, ...masks } = options;
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = masks;
  const attributes = {
    begin_mask: beginMask,
    end_mask: endMask,
    ellipsis_mask: ellipsisMask,
    new_axis_mask: newAxisMask,
    shrink_axis_mask: shrinkAxisMask,
    Index: indexDType(begin, end, strides),
  };
  return applyOne('StridedSlice', [input, begin, end, strides], attributes, name);
}

/** An integer or a scalar integer tensor; a negative one counts from the end. */
export type Index = number | Tensor;

/**
 * An item of {@link getItem} for one dimension: an index (that element, without the dimension), `[begin, end]` or
 * `[begin, end, step]` (null where Python has nothing before or after a `:`), `'...'` for all dimensions without an
 * item of their own, `'newAxis'` for a new dimension of size 1.
 */
export type Item = Index | readonly [Index | null, Index | null, (Index | null)?] | '...' | 'newAxis';

/** Only an index removes a dimension; other items keep it. */
type RankOfItems<I extends readonly Item[]> = [Extract<I[number], Index | '...'>] extends [never]
  ? 'array'
  : RankBesideIndices<I>;

/** An array if one item of the tuple is certainly not an index. */
type RankBesideIndices<I extends readonly unknown[]> = I extends readonly [infer First, ...infer Rest]
  ? [Extract<First, Index | '...'>] extends [never]
    ? 'array'
    : RankBesideIndices<Rest>
  : Rank;

/**
 * The elements that `tensor[…]` selects in Python.
 *
 * @param items one for each dimension; trailing dimensions without an item are taken whole
 * @throws {InvalidArgumentError} when an index is out of range, or there are more indices than dimensions
 *
 * @example
 * const x = tf.constant([[1, 2], [3, 4], [5, 6]]);
 * tf.getItem(x, [0]); // [1, 2]
 * tf.getItem(x, [[1, null], -1]); // [4, 6]
 * tf.getItem(x, ['...', 'newAxis']); // [3, 2] → [3, 2, 1]
 */
export function getItem<X extends TensorLike, const I extends readonly Item[]>(
  tensor: X,
  items: I,
  options: OpOptions = {},
): Tensor<OperandDType<X>, RankOfItems<I>> {
  const { name = 'strided_slice' } = onlyOptions(options, { name: 'string' });
  checkArray('the items of getItem', items);
  const graph = graphOf([tensor, ...items.flat().filter((item) => item instanceof Tensor)]);
  const input = asTensor(tensor, undefined, 'Const', graph);
  const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
  const places = items.map((item, i): readonly [Index, Index, Index] => {
    const bit = 2 ** i;
    if (item === '...') masks.ellipsisMask |= bit;
    else if (item === 'newAxis') masks.newAxisMask |= bit;
    else if (typeof item === 'number' || item instanceof Tensor) {
      masks.shrinkAxisMask |= bit;
      return [item, typeof item === 'number' ? item + 1 : add(item, 1, { name: 'add' }), 1];
    } else {
      checkArray('the bounds of an item', item);
      const [begin, end, step = null] = item;
      if (begin === null) masks.beginMask |= bit;
      if (end === null) masks.endMask |= bit;
      const like = item.find((bound) => bound instanceof Tensor);
      const absent = (value: number) => (like ? asTensor(value, like.dtype, 'Const', graph) : value);
      return [begin ?? absent(0), end ?? absent(0), step ?? absent(1)];
    }
    return [0, 0, 1];
  });
  return graph.nameScope(name, (scope) => {
    const dtype = indexDType(...places);
    const column = (j: 0 | 1 | 2) =>
      asTensor(
        places.map((place) => place[j]),
        dtype,
        'stack',
        graph,
      );
    const [begin, end, strides] = [column(0), column(1), column(2)];
    const part: Tensor = stridedSlice(input, begin, end, { ...masks, strides, name: scope });
    return part as Tensor<OperandDType<X>, RankOfItems<I>>;
  });
}
