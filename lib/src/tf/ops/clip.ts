/** Clipping: of elements to a range, and of tensors (mostly gradients) to a norm. */

import { checkArray } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import type { Graph } from '../graph/graph';
import { areCompatible, type Scalar, Tensor, type TensorLike } from '../graph/tensor';
import { asTensor, graphOf, type OpOptions } from './apply';
import { identity, onesLike } from './array';
import { add, maximum, minimum, mul, sub, truediv } from './elementwise/binary';
import { cast } from './elementwise/cast';
import { greater } from './elementwise/comparison';
import { sqrt } from './elementwise/unary';
import { changeValues, valuesOf } from './indexedSlices';
import { where } from './indexing';
import { stack } from './joining';
import { l2Loss } from './nn/l2Loss';
import { type Axis, reduceSum } from './reduce';
import type { OperandDType, OperandRank } from './types';

/**
 * A tensor with its elements clipped to a range. The gradient passes through elements inside the range.
 *
 * @param clipValueMin a scalar, or a tensor that can be broadcast to `t`
 * @param clipValueMax likewise
 * @throws {InvalidArgumentError} when a bound has a larger shape than `t`
 *
 * @example
 * tf.clipByValue([-3, 0.5, 7], 0, 1); // [0, 0.5, 1]
 */
export function clipByValue<X extends TensorLike>(
  t: X,
  clipValueMin: TensorLike,
  clipValueMax: TensorLike,
  options: OpOptions = {},
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { name = 'clip_by_value' } = onlyOptions(options, { name: 'string' });
  const graph = graphOf([t, clipValueMin, clipValueMax]);
  const clipped = graph.nameScope(name, (scope) => {
    return ofRows(t, graph, (values) => {
      const capped = keepsShape(values, minimum(values, clipValueMax));
      return keepsShape(values, maximum(capped, clipValueMin, { name: scope }));
    });
  });
  return clipped as Tensor as Tensor<OperandDType<X>, OperandRank<X>>;
}

/** Clips a tensor; for a sparse one, its rows, as in Python. */
function ofRows(t: TensorLike, graph: Graph, clip: (values: Tensor) => Tensor): Tensor {
  return changeValues(t instanceof Tensor ? t : asTensor(t, undefined, 't', graph), (values) => clip(asTensor(values)));
}

/** The bounds are broadcast to the tensor, but not the tensor to the bounds. */
function keepsShape(tensor: Tensor, clipped: Tensor): Tensor {
  if (areCompatible(tensor.shape, clipped.shape)) return clipped;
  throw new InvalidArgumentError(
    `a bound of clipping can't be larger than the tensor: ${tensor} would become ${clipped}`,
  );
}

/** Options of {@link clipByNorm}. */
export interface ClipByNormOptions extends OpOptions {
  /**
   * The dimensions over which to sum.
   *
   * @defaultValue all
   */
  axes?: Axis;
}

/**
 * A tensor scaled down to the norm `clipNorm`, if its norm (the root of the sum of its squared elements) is greater.
 * For a sparse gradient (`IndexedSlices`), the rows are scaled; rows with the same index are not summed first.
 *
 * @param clipNorm a scalar above 0
 * @param axes the dimensions over which to sum, for example to clip each row separately; all by default. May be among
 * the options too
 *
 * @example
 * tf.clipByNorm([3, 4], 1);                        // [0.6, 0.8]
 * tf.clipByNorm([[3, 4], [0.3, 0.4]], 1, [1]);     // [[0.6, 0.8], [0.3, 0.4]]
 */
export function clipByNorm<X extends TensorLike>(
  t: X,
  clipNorm: number | Scalar,
  ...given: [axes: Axis, options?: OpOptions] | [options?: ClipByNormOptions]
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { axes, name = 'clip_by_norm' } = onlyOptions(placed<ClipByNormOptions>(given, ['axes']), {
    axes: 'any',
    name: 'string',
  });
  const graph = graphOf([t, clipNorm]);
  const clipped = graph.nameScope(name, (scope) => {
    return ofRows(t, graph, (values) => {
      const squares = reduceSum(mul(values, values, { name: 'mul' }), { axis: axes, keepDims: true });
      // The root has no gradient at 0, so it isn't computed there.
      const isLong = greater(squares, 0);
      const root = sqrt(where(isLong, squares, onesLike(squares)));
      const norm = where(isLong, root, squares);
      const scaled = mul(values, clipNorm, { name: 'mul' });
      return identity(truediv(scaled, maximum(norm, clipNorm)), { name: scope });
    });
  });
  return clipped as Tensor as Tensor<OperandDType<X>, OperandRank<X>>;
}

/** Tensors to clip together. Null entries, as among gradients, are ignored. */
export type Clippable = readonly (Tensor | null)[];

/** The type of the global norm of tensors. */
type Norm<T extends Clippable> = Scalar<OperandDType<Extract<T[number], Tensor>>>;

/**
 * The global norm of several tensors: the root of the sum of all their squared elements. For a sparse gradient
 * (`IndexedSlices`), rows with the same index are not summed first, as in Python.
 *
 * @param tensors null entries are ignored
 * @throws {InvalidArgumentError} when nothing remains
 *
 * @example
 * tf.summary.scalar('gradient_norm', tf.globalNorm(tf.gradients(loss, tf.trainableVariables())));
 */
export function globalNorm<const T extends Clippable>(tensors: T, options: OpOptions = {}): Norm<T> {
  const { name = 'global_norm' } = onlyOptions(options, { name: 'string' });
  checkArray('the tensors of a norm', tensors);
  const present = tensors.filter((tensor) => tensor !== null);
  if (present.length === 0) throw new InvalidArgumentError('globalNorm needs at least one tensor that is not null');
  const graph = graphOf(present);
  const norm = graph.nameScope(name, () => {
    const halves = present.map(valuesOf).map((values) => graph.colocateWith(values, () => l2Loss(values)));
    const half = reduceSum(stack(halves));
    const two = asTensor(2, half.dtype, 'Const', graph);
    return sqrt(mul(half, two, { name: 'mul' }), { name: 'global_norm' });
  });
  return norm as Tensor as Norm<T>;
}

/** The type of an entry after clipping. */
type Clipped<X> = X extends Tensor ? Tensor<OperandDType<X>, OperandRank<X>> : X;

/** Options of `clipByGlobalNorm`. */
export interface ClipByGlobalNormOptions extends OpOptions {
  /** The global norm, if it has already been computed. */
  useNorm?: Scalar;
}

/**
 * Several tensors, scaled down by a common factor if their {@link globalNorm} is greater than `clipNorm`. This
 * preserves the direction of a training step and limits its length.
 *
 * @param clipNorm a scalar above 0
 * @returns the tensors (null entries stay null) and their original norm. If the norm isn't finite, all are NaN.
 *
 * @example
 * const [clipped, norm] = tf.clipByGlobalNorm(tf.gradients(loss, tf.trainableVariables()), 5);
 * @see Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", ICML 2013
 */
export function clipByGlobalNorm<const T extends Clippable>(
  tensors: T,
  clipNorm: number | Scalar,
  ...given: [useNorm: Scalar, options?: OpOptions] | [options?: ClipByGlobalNormOptions]
): [clipped: { -readonly [K in keyof T]: Clipped<T[K]> }, globalNorm: Norm<T>] {
  const { useNorm, name } = onlyOptions(placed<ClipByGlobalNormOptions>(given, ['useNorm']), {
    useNorm: 'any',
    name: 'string',
  });
  checkArray('the tensors to clip', tensors);
  const norm: Scalar = useNorm ?? globalNorm(tensors, { name });
  const { graph } = norm;
  const clipped = graph.nameScope(name ?? 'clip_by_global_norm', (scope) => {
    const inverse = truediv(1, norm);
    const least = minimum(inverse, truediv(asTensor(1, norm.dtype, 'Const', graph), clipNorm));
    // A norm minus itself is 0, or NaN if the norm isn't finite.
    const finite = sub(norm, norm, { name: 'sub' });
    const scale = add(mul(clipNorm, least, { name: 'mul' }), finite, { name: 'add' });
    return tensors.map((tensor, i) =>
      tensor === null
        ? null
        : changeValues(tensor, (values) =>
            graph.colocateWith(values, () => {
              const scaled = mul(values, cast(scale, values.dtype), { name: 'mul' });
              return identity(scaled, { name: `${scope}_${i}` });
            }),
          ),
    );
  });
  return [clipped as { -readonly [K in keyof T]: Clipped<T[K]> }, norm as Norm<T>];
}
