/** Clipping: of elements to a range, and of tensors, gradients mostly, to a norm. */

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
 * A tensor with its elements moved into a range: those below it become its least, those above it its greatest value.
 * The gradient passes through elements that were inside.
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

/** Clips a tensor; of a sparse one its rows, as Python does. */
function ofRows(t: TensorLike, graph: Graph, clip: (values: Tensor) => Tensor): Tensor {
  return changeValues(t instanceof Tensor ? t : asTensor(t, undefined, 't', graph), (values) => clip(asTensor(values)));
}

/** Bounds are broadcast to the tensor, never the tensor to the bounds. */
function keepsShape(tensor: Tensor, clipped: Tensor): Tensor {
  if (areCompatible(tensor.shape, clipped.shape)) return clipped;
  throw new InvalidArgumentError(
    `a bound of clipping can't be larger than the tensor: ${tensor} would become ${clipped}`,
  );
}

/** What {@link clipByNorm} may be told. */
export interface ClipByNormOptions extends OpOptions {
  /**
   * The dimensions over which to sum.
   *
   * @defaultValue all
   */
  axes?: Axis;
}

/**
 * A tensor scaled down, if it is longer than `clipNorm`, to that length: the root of the sum of its squared elements. Of a
 * sparse gradient (`IndexedSlices`) the rows are scaled, and measured as they are: those of one index are not summed first.
 *
 * @param clipNorm a scalar above 0
 * @param axes the dimensions over which to sum, so that each row, say, is clipped by itself; all by default. They may be
 *   among the options too
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
      // The root has no gradient at 0: it isn't taken there.
      const isLong = greater(squares, 0);
      const root = sqrt(where(isLong, squares, onesLike(squares)));
      const norm = where(isLong, root, squares);
      const scaled = mul(values, clipNorm, { name: 'mul' });
      return identity(truediv(scaled, maximum(norm, clipNorm)), { name: scope });
    });
  });
  return clipped as Tensor as Tensor<OperandDType<X>, OperandRank<X>>;
}

/** Tensors to clip together. Where an entry is null, as a gradient may be, nothing is done. */
export type Clippable = readonly (Tensor | null)[];

/** The norm of tensors together. */
type Norm<T extends Clippable> = Scalar<OperandDType<Extract<T[number], Tensor>>>;

/**
 * The norm of several tensors together: the root of the sum of all their squared elements. Of a sparse gradient
 * (`IndexedSlices`) the rows are measured as they are: those of one index are not summed first, as in Python.
 *
 * @param tensors null among them is left out
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

/** What clipping makes of an entry. */
type Clipped<X> = X extends Tensor ? Tensor<OperandDType<X>, OperandRank<X>> : X;

/** What `clipByGlobalNorm` may be told. */
export interface ClipByGlobalNormOptions extends OpOptions {
  /** The norm, where it is known already. */
  useNorm?: Scalar;
}

/**
 * Several tensors scaled down by one factor so that their {@link globalNorm} is `clipNorm`; if it is less already, they
 * stay as they are. This keeps the direction of a step of training and bounds its length.
 *
 * @param clipNorm a scalar above 0
 * @returns the tensors, null where they were null, and the norm that they had. Where that isn't finite all are NaN.
 *
 * @example
 * const [clipped, norm] = tf.clipByGlobalNorm(tf.gradients(loss, tf.trainableVariables()), 5);
 *
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
    // A norm minus itself is 0, or NaN where the norm isn't finite.
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
