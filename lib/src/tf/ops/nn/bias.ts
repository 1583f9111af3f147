/** Adds a bias to each channel. */

import { onlyOptions, placed } from '../../../runtime/options';
import type { Tensor, TensorLike } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import type { OperandDType } from '../types';
import type { DataFormat } from './window';

/** Options of {@link biasAdd}. */
export interface BiasAddOptions extends OpOptions {
  /**
   * @defaultValue `NHWC`
   */
  dataFormat?: DataFormat;
}

/**
 * Adds a bias to each channel: like `tf.add`, but for a vector only, and for channels in any dimension.
 *
 * @param value [batch, …, channels], or [batch, channels, …] for `NCHW`
 * @param bias [channels] of the same dtype
 * @throws {InvalidArgumentError} when `bias` is not a vector of matching length
 *
 * @example
 * tf.nn.biasAdd(tf.zeros([10, 3, 5, 5]), [1, 2, 3], 'NCHW');
 */
export function biasAdd<X extends TensorLike>(
  value: X,
  bias: TensorLike<OperandDType<X>>,
  ...given: [dataFormat: DataFormat, options?: OpOptions] | [options?: BiasAddOptions]
): Tensor<OperandDType<X>, 'array'> {
  const { dataFormat, name } = onlyOptions(placed<BiasAddOptions>(given, ['dataFormat']), {
    dataFormat: ['NHWC', 'NCHW'],
    name: 'string',
  });
  return applyOne('BiasAdd', [value, bias], { data_format: dataFormat }, name);
}
