/** Operations that combine several tensors into one, or split one into several. */

import { checkArray, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import { Tensor, type TensorLike } from '../graph/tensor';
import { apply, applyOne, asTensor, graphOf, type OpOptions } from './apply';
import { identity } from './array';
import type { JoinedDType, OperandDType, OperandRank, RankWithout } from './types';

/** A tuple of `N` elements; an array where `N` is no literal. */
type Repeat<T, N extends number, A extends T[] = []> = number extends N
  ? T[]
  : A['length'] extends N
    ? A
    : Repeat<T, N, [...A, T]>;

/**
 * Tensors concatenated along a dimension, in which alone their sizes may differ.
 *
 * @param axis the dimension; a negative one counts from the last
 * @throws {InvalidArgumentError} when the tensors differ in dtype, rank or another dimension
 *
 * @example
 * tf.concat([[[1, 2]], [[3, 4]]], 0); // [[1, 2], [3, 4]]
 */
export function concat<X extends TensorLike>(
  values: readonly X[],
  axis: number | Tensor,
  options?: OpOptions,
): Tensor<JoinedDType<X>, 'array'>;
/** @deprecated TensorFlow 0.x took the dimension first: `tf.concat(1, [indices, labels])`. */
export function concat<X extends TensorLike>(
  axis: number | Tensor,
  values: readonly X[],
  options?: OpOptions,
): Tensor<JoinedDType<X>, 'array'>;
export function concat(
  first: readonly TensorLike[] | number | Tensor,
  second: readonly TensorLike[] | number | Tensor,
  options: OpOptions = {},
): Tensor {
  const { name = 'concat' } = onlyOptions(options, { name: 'string' });
  const [values, axis] = Array.isArray(first) ? [first, second] : [second as readonly TensorLike[], first];
  if (!Array.isArray(values))
    throw new InvalidArgumentError(
      `concat takes an array of tensors and the dimension, not ${shown(first)} and ${shown(second)}`,
    );
  const [only] = values;
  if (only === undefined || values.length > 1) return applyOne('ConcatV2', [values, axis], {}, name);
  const graph = graphOf([only, axis]);
  return graph.nameScope(name, () => {
    asTensor(axis, 'int32', 'concat_dim', graph);
    return identity(only as Tensor, { name });
  });
}

/** Options of {@link stack}. */
export interface StackOptions extends OpOptions {
  /**
   * The position of the new dimension.
   *
   * @defaultValue first
   */
  axis?: number;
}

/**
 * Stacks tensors of the same shape along a new dimension.
 *
 * @param axis the position of the new dimension, 0 by default; may be among the options too
 * @throws {InvalidArgumentError} when the tensors differ in dtype or shape
 *
 * @example
 * tf.stack([[1, 2], [3, 4]], 1); // [[1, 3], [2, 4]]
 */
export function stack<X extends TensorLike>(
  values: readonly X[],
  ...given: [axis: number, options?: OpOptions] | [options?: StackOptions]
): Tensor<JoinedDType<X>, 'array'> {
  const { axis = 0, name = 'stack' } = onlyOptions(placed<StackOptions>(given, ['axis']), {
    axis: 'number',
    name: 'string',
  });
  checkArray('the tensors to stack', values);
  const arrays = values.some(
    (value) => typeof value === 'object' && !Array.isArray(value) && !(value instanceof Tensor),
  );
  if (axis !== 0 || arrays) return applyOne('Pack', [values], { axis }, name);
  return asTensor(values, undefined, name) as Tensor as Tensor<JoinedDType<X>, 'array'>;
}

/**
 * @deprecated TensorFlow 0.x's name of {@link stack}.
 *
 * @example
 * tf.pack([1, 2, 3]); // [1, 2, 3]
 */
export function pack<X extends TensorLike>(
  values: readonly X[],
  ...given: [axis: number, options?: OpOptions] | [options?: StackOptions]
): Tensor<JoinedDType<X>, 'array'> {
  const { axis, name = 'pack' } = onlyOptions(placed<StackOptions>(given, ['axis']), {
    axis: 'number',
    name: 'string',
  });
  return stack(values, { axis, name });
}

/** Options of {@link unstack}. */
export interface UnstackOptions<N extends number = number> extends OpOptions {
  /** The size of the dimension; required if it is unknown while the graph is built, or to get a tuple type. */
  num?: N;
  /**
   * The dimension.
   *
   * @defaultValue the first
   */
  axis?: number;
}

/**
 * Splits a tensor along a dimension, which is removed from the parts.
 *
 * @param num the size of the dimension; may be undefined if it is known while the graph is built
 * @param axis the dimension, 0 by default; both may be among the options too
 * @throws {InvalidArgumentError} when the size is unknown, or not `num`
 *
 * @example
 * const [x, y] = tf.unstack(tf.zeros([50, 2]), 2, 1); // [50, 2] → two of [50]
 */
export function unstack<X extends TensorLike, const N extends number = number, const A extends number = number>(
  value: X,
  ...given:
    | [num: N | undefined, axis: A, options?: OpOptions]
    | [num: N, options?: Omit<UnstackOptions, 'num'> & { axis?: A }]
    | [options?: UnstackOptions<N> & { axis?: A }]
): Repeat<Tensor<OperandDType<X>, RankWithout<A>>, N> {
  const options = placed<UnstackOptions>(given, ['num', 'axis']);
  const { num, axis = 0, name = 'unstack' } = onlyOptions(options, { num: 'number', axis: 'number', name: 'string' });
  const tensor = asTensor(value);
  const count = num ?? tensor.shape?.at(axis);
  if (typeof count !== 'number')
    throw new InvalidArgumentError(`unstack: dimension ${axis} of ${tensor} has no known size; give it as num`);
  const parts: Tensor[] = [...apply('Unpack', [tensor], { num: count, axis }, name).outputs];
  return parts as Repeat<Tensor<OperandDType<X>, RankWithout<A>>, N>;
}

/**
 * @deprecated TensorFlow 0.x's name of {@link unstack}.
 *
 * @example
 * const [x, y] = tf.unpack([[1, 2], [3, 4]]);
 */
export function unpack<X extends TensorLike, const N extends number = number, const A extends number = number>(
  value: X,
  ...given:
    | [num: N | undefined, axis: A, options?: OpOptions]
    | [num: N, options?: Omit<UnstackOptions, 'num'> & { axis?: A }]
    | [options?: UnstackOptions<N> & { axis?: A }]
): Repeat<Tensor<OperandDType<X>, RankWithout<A>>, N> {
  const options = placed<UnstackOptions<N>>(given, ['num', 'axis']);
  const { num, axis, name = 'unpack' } = onlyOptions(options, { num: 'any', axis: 'number', name: 'string' });
  return unstack<X, N, A>(value, { num, axis: axis as A | undefined, name });
}

/** The type of the parts that `split` returns. */
type Parts<T extends Tensor, N> = N extends number
  ? Repeat<T, N>
  : N extends readonly number[]
    ? { -readonly [K in keyof N]: T }
    : T[];

/** Options of {@link split}. */
export interface SplitOptions extends OpOptions {
  /**
   * The dimension.
   *
   * @defaultValue the first
   */
  axis?: number | Tensor;
  /** The number of sizes in a tensor of sizes, if its shape doesn't determine it. */
  num?: number;
}

/**
 * Splits a tensor along a dimension, into a number of equal parts or into parts of given sizes.
 *
 * @param numOrSizeSplits the number of parts, or the size of each; one size may be -1 for the remainder
 * @param axis the dimension, 0 by default; may be among the options too
 * @throws {InvalidArgumentError} when the sizes don't add up to the dimension's
 *
 * @example
 * const [left, right] = tf.split(hidden, [100, 28], 1);
 */
export function split<X extends TensorLike, const N extends number | readonly number[] | Tensor>(
  value: X,
  numOrSizeSplits: N,
  ...given: [axis: number | Tensor, options?: Omit<SplitOptions, 'axis'>] | [options?: SplitOptions]
): Parts<Tensor<OperandDType<X>, OperandRank<X>>, N> {
  const options = placed<SplitOptions>(given, ['axis', 'num']);
  const { axis = 0, num, name = 'split' } = onlyOptions(options, { axis: 'any', num: 'number', name: 'string' });
  const parts = Array.isArray(numOrSizeSplits) || numOrSizeSplits instanceof Tensor ? splitBySizes() : splitEvenly();
  return [...parts.outputs] as Tensor[] as Parts<Tensor<OperandDType<X>, OperandRank<X>>, N>;

  function splitEvenly() {
    return apply('Split', [axis, value], { num_split: numOrSizeSplits as number }, name);
  }
  function splitBySizes() {
    const graph = graphOf([value, numOrSizeSplits, axis]);
    const sizes = asTensor(numOrSizeSplits as readonly number[] | Tensor, 'int32', 'Const', graph);
    const count = num ?? sizes.shape?.[0];
    if (typeof count !== 'number')
      throw new InvalidArgumentError(`split: ${sizes} doesn't tell how many parts there are; give that as num`);
    return apply('SplitV', [value, sizes, axis], { num_split: count }, name);
  }
}
