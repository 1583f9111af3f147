import { onlyOptions, placed } from '../../runtime/options';
import type { Rank, Scalar, Tensor, TensorLike } from '../graph/tensor';
import { applyOne, asTensor, graphOf, type OpOptions } from './apply';
import { range, rank, stopGradient } from './array';
import { add, sub } from './elementwise/binary';
import { cast } from './elementwise/cast';
import { exp, log } from './elementwise/unary';
import type { OperandDType, OperandRank, RankKeeping, RankWithout } from './types';

/** The dimensions to reduce. Negative numbers count from the last dimension. */
export type Axis = number | readonly number[] | Tensor;

/** Options of reductions. */
export interface ReduceOptions extends OpOptions {
  /**
   * The dimensions to reduce; none for `[]`.
   *
   * @defaultValue all
   */
  axis?: Axis;
  /** Whether to keep reduced dimensions, with size 1. */
  keepDims?: boolean;
}

/** A reduction that preserves the dtype. As in Python, `axis` and `keepDims` may also be positional. */
export interface Reduction {
  <X extends TensorLike, const A extends Axis = Axis>(
    input: X,
    axis: A,
    options: Omit<ReduceOptions, 'axis'> & { keepDims: true },
  ): Tensor<OperandDType<X>, RankKeeping<A, OperandRank<X>>>;
  <X extends TensorLike, const A extends Axis = Axis>(
    input: X,
    axis: A,
    options?: Omit<ReduceOptions, 'axis'>,
  ): Tensor<OperandDType<X>, RankWithout<A, OperandRank<X>>>;
  <X extends TensorLike, const A extends Axis | undefined = Axis | undefined>(
    input: X,
    axis: A,
    keepDims: true,
    options?: OpOptions,
  ): Tensor<OperandDType<X>, RankKeeping<A, OperandRank<X>>>;
  <X extends TensorLike, const A extends Axis | undefined = Axis | undefined>(
    input: X,
    axis: A,
    keepDims: boolean,
    options?: OpOptions,
  ): Tensor<OperandDType<X>, RankWithout<A, OperandRank<X>>>;
  <X extends TensorLike>(
    input: X,
    options?: OpOptions & { axis?: undefined; keepDims?: false },
  ): Tensor<OperandDType<X>, 'scalar'>;
  <X extends TensorLike, const A extends Axis | undefined = undefined>(
    input: X,
    options: ReduceOptions & { axis?: A; keepDims: true },
  ): Tensor<OperandDType<X>, RankKeeping<A, OperandRank<X>>>;
  <X extends TensorLike, const A extends Axis = Axis>(
    input: X,
    options: ReduceOptions & { axis: A },
  ): Tensor<OperandDType<X>, RankWithout<A, OperandRank<X>>>;
  <X extends TensorLike>(input: X, options?: ReduceOptions): Tensor<OperandDType<X>>;
}

function reduction(type: string): Reduction {
  return ((input: TensorLike, ...given: readonly unknown[]) => {
    const options = placed<ReduceOptions>(given, ['axis', 'keepDims']);
    const { axis, keepDims = false, name } = onlyOptions(options, { axis: 'any', keepDims: 'boolean', name: 'string' });
    const tensor = asTensor(input, undefined, 'Const');
    const axes = axis ?? allAxes(tensor);
    return toScalar(options, applyOne(type, [tensor, axes], { keep_dims: keepDims }, name));
  }) as Reduction;
}

/** The axes of all dimensions, as the operand of a reduction. */
function allAxes(tensor: Tensor): Tensor {
  const count = tensor.rank;
  // Python's TensorFlow uses a range for a scalar too.
  if (!count) return range(rank(tensor));
  const axes = Int32Array.from({ length: count }, (_, axis) => axis);
  return asTensor(axes, 'int32', 'Const', tensor.graph);
}

/** Sets a scalar shape where inference can't determine it. */
function toScalar({ axis, keepDims = false }: ReduceOptions, result: Tensor): Tensor {
  if (axis === undefined && !keepDims) result.setShape([]);
  return result;
}

// Sums and means

/**
 * The sum of elements.
 *
 * @example
 * tf.reduceSum([[1, 2], [3, 4]]);                             // 10
 * tf.reduceSum([[1, 2], [3, 4]], 0);                          // [4, 6]
 * tf.reduceSum([[1, 2], [3, 4]], { axis: 1, keepDims: true }); // [[3], [7]]
 */
export const reduceSum: Reduction = reduction('Sum');

/**
 * The mean of elements. For integers, it is rounded towards zero; {@link cast} them first to avoid that.
 *
 * @example
 * tf.reduceMean([1, 2, 6]); // 3
 */
export const reduceMean: Reduction = reduction('Mean');

// Extremes and products

/**
 * The greatest element. If several elements are the greatest, they share the gradient.
 *
 * @example
 * tf.reduceMax([[3, 1], [2, 4]], { axis: 1 }); // [3, 4]
 */
export const reduceMax: Reduction = reduction('Max');

/**
 * The least element. If several elements are the least, they share the gradient.
 *
 * @example
 * tf.reduceMin([[3, 1], [2, 4]], { axis: 1 }); // [1, 2]
 */
export const reduceMin: Reduction = reduction('Min');

/**
 * The product of elements.
 *
 * @example
 * tf.reduceProd([1, 2, 3, 4]); // 24
 */
export const reduceProd: Reduction = reduction('Prod');

/**
 * Whether all elements are true.
 *
 * @example
 * tf.reduceAll(tf.isFinite([1, 2, Number.NaN])); // false
 */
export const reduceAll: Reduction = reduction('All');

/**
 * Whether any element is true.
 *
 * @example
 * tf.reduceAny([[true, false], [false, false]], { axis: 1 }); // [true, false]
 */
export const reduceAny: Reduction = reduction('Any');

/**
 * log(Σ exp(x)), accurate even where exp would overflow.
 *
 * @example
 * tf.reduceLogSumExp([[0, 0]], { axis: 1 }); // [0.693147]
 */
export const reduceLogSumExp: Reduction = ((input: TensorLike, ...given: readonly unknown[]) => {
  const options = placed<ReduceOptions>(given, ['axis', 'keepDims']);
  const {
    axis,
    keepDims = false,
    name = 'ReduceLogSumExp',
  } = onlyOptions(options, { axis: 'any', keepDims: 'boolean', name: 'string' });
  const graph = graphOf([input]);
  return graph.nameScope(name, (scope) => {
    const x = asTensor(input, undefined, 'input_tensor', graph);
    const greatest = reduceMax(x, { axis, keepDims: true });
    const zeros = applyOne('ZerosLike', [greatest]);
    const shift = stopGradient(applyOne('Select', [applyOne('IsFinite', [greatest]), greatest, zeros]));
    const result = log(reduceSum(exp(sub(x, shift)), { axis, keepDims }));
    const back = keepDims ? shift : applyOne('Reshape', [shift, applyOne('Shape', [result])]);
    return toScalar(options, add(result, back, { name: scope }));
  });
}) as Reduction;

// Places

/** Options of {@link argMax} and {@link argMin}. */
export interface ArgOptions<D extends 'int32' | 'int64'> extends OpOptions {
  /**
   * The dimension.
   *
   * @defaultValue the first
   */
  axis?: number | Scalar;
  /**
   * The dtype of the indices.
   *
   * @defaultValue `int64`
   */
  outputType?: D;
}

function place<D extends 'int32' | 'int64', R extends Rank>(
  type: string,
  input: TensorLike,
  given: readonly unknown[],
): Tensor<D, R> {
  const options = placed<ArgOptions<D>>(given, ['axis']);
  const {
    axis = 0,
    outputType = 'int64' as D,
    name,
  } = onlyOptions(options, { axis: 'any', outputType: 'any', name: 'string' });
  return applyOne(type, [input, axis], { output_type: outputType }, name);
}

/**
 * The index of the greatest element along a dimension; among equal ones, the first.
 *
 * @param axis the dimension, 0 by default; may be among the options too
 * @throws {InvalidArgumentError} when `axis` is not a dimension
 *
 * @example
 * const predictions = tf.argMax(logits, 1); // int64 [batch]
 */
export function argMax<D extends 'int32' | 'int64' = 'int64', const A extends number | Scalar = number | Scalar>(
  input: TensorLike,
  ...given: [axis: A, options?: Omit<ArgOptions<D>, 'axis'>] | [options?: ArgOptions<D> & { axis?: A }]
): Tensor<D, RankWithout<A>> {
  return place('ArgMax', input, given);
}

/**
 * The index of the least element along a dimension; among equal ones, the first.
 *
 * @param axis the dimension, 0 by default; may be among the options too
 * @throws {InvalidArgumentError} when `axis` is not a dimension
 *
 * @example
 * tf.argMin([[3, 1, 2]], 1); // [1]
 */
export function argMin<D extends 'int32' | 'int64' = 'int64', const A extends number | Scalar = number | Scalar>(
  input: TensorLike,
  ...given: [axis: A, options?: Omit<ArgOptions<D>, 'axis'>] | [options?: ArgOptions<D> & { axis?: A }]
): Tensor<D, RankWithout<A>> {
  return place('ArgMin', input, given);
}

// Running sums

/** Options of {@link cumsum} and {@link cumprod}. */
export interface CumulativeOptions extends OpOptions {
  /**
   * The dimension.
   *
   * @defaultValue the first
   */
  axis?: number | Scalar;
  /** Whether each result excludes the element at its own position. */
  exclusive?: boolean;
  /** Whether to start from the end. */
  reverse?: boolean;
}

/** A running sum or product. As in Python, `axis`, `exclusive` and `reverse` may also be positional. */
type Cumulative = <X extends TensorLike>(
  x: X,
  ...given:
    | [axis: number | Scalar, options?: Omit<CumulativeOptions, 'axis'>]
    | [axis: number | Scalar | undefined, exclusive: boolean, reverse?: boolean, options?: OpOptions]
    | [options?: CumulativeOptions]
) => Tensor<OperandDType<X>, OperandRank<X>>;

function cumulative(type: string): Cumulative {
  return ((x: TensorLike, ...given: readonly unknown[]) => {
    const options = placed<CumulativeOptions>(given, ['axis', 'exclusive', 'reverse']);
    const known = onlyOptions(options, { axis: 'any', exclusive: 'boolean', reverse: 'boolean', name: 'string' });
    const { axis = 0, exclusive = false, reverse = false, name } = known;
    return applyOne(type, [x, axis], { exclusive, reverse }, name);
  }) as Cumulative;
}

/**
 * Running sums of the elements along a dimension.
 *
 * @example
 * tf.cumsum([1, 2, 3]);                                      // [1, 3, 6]
 * tf.cumsum([1, 2, 3], { exclusive: true });                 // [0, 1, 3]
 * tf.cumsum([1, 2, 3], { exclusive: true, reverse: true });  // [5, 3, 0]
 */
export const cumsum: Cumulative = cumulative('Cumsum');

/**
 * Running products of the elements along a dimension. The gradient is 0 at elements that are 0.
 *
 * @example
 * tf.cumprod([1, 2, 3]); // [1, 2, 6]
 */
export const cumprod: Cumulative = cumulative('Cumprod');
