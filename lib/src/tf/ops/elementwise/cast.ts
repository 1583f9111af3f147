/** Conversion from one dtype to another. */

import type { DType } from '../../../runtime/dtypes';
import { onlyOptions } from '../../../runtime/options';
import { Tensor, type TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type OpOptions } from '../apply';
import { IndexedSlices, withValues } from '../indexedSlices';
import type { OperandRank } from '../types';

/**
 * Converts the elements of a tensor to another dtype. Conversion to integers truncates towards zero; `true` becomes 1,
 * and any non-zero number becomes `true`. A tensor that already has the dtype is returned unchanged.
 *
 * @throws {InvalidArgumentError} when TensorFlow can't convert between the dtypes, as for strings
 *
 * @example
 * tf.cast(labels, 'int64');
 */
export function cast<X extends TensorLike, D extends DType>(
  x: X,
  dtype: D,
  options: OpOptions = {},
): Tensor<D, OperandRank<X>> {
  const { name = 'Cast' } = onlyOptions(options, { name: 'string' });
  return converted(x, dtype, name) as Tensor<D, OperandRank<X>>;
}

function converted(x: TensorLike, dtype: DType, name: string): Tensor {
  if (x instanceof IndexedSlices) return x.dtype === dtype ? x : withValues(x, converted(x.values, dtype, name));
  if (x instanceof Tensor && x.dtype === dtype) return x.value();
  const graph = graphOf([x]);
  return graph.nameScope(name, (scope) => {
    const tensor = asTensor(x, undefined, 'x', graph);
    return tensor.dtype === dtype ? tensor : applyOne('Cast', [tensor], { DstT: dtype }, scope);
  });
}

/**
 * {@link cast} to `float32`, named `ToFloat` by default.
 *
 * @example
 * tf.toFloat([true, false]); // [1, 0]
 */
export const toFloat = caster('float32', 'ToFloat');

/**
 * {@link cast} to `float64`, named `ToDouble` by default.
 *
 * @example
 * tf.toDouble(labels).dtype; // 'float64'
 */
export const toDouble = caster('float64', 'ToDouble');

/**
 * {@link cast} to `int32`, named `ToInt32` by default.
 *
 * @example
 * tf.toInt32([1.7, -1.7]); // [1, -1]
 */
export const toInt32 = caster('int32', 'ToInt32');

/**
 * {@link cast} to `int64`, named `ToInt64` by default.
 *
 * @example
 * tf.toInt64(labels).dtype; // 'int64'
 */
export const toInt64 = caster('int64', 'ToInt64');

function caster<D extends DType>(dtype: D, defaultName: string) {
  return <X extends TensorLike>(x: X, options: OpOptions = {}): Tensor<D, OperandRank<X>> =>
    cast<X, D>(x, dtype, { ...options, name: onlyOptions(options, { name: 'string' }).name ?? defaultName });
}
