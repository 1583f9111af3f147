/** Helpers for operations that take indices. */

import { type DType, dtypeOfTypedArray } from '../../../runtime/dtypes';
import { HostArray } from '../../../runtime/hostArray';
import { Tensor } from '../../graph/tensor';
import { applyOne, type Operand } from '../apply';
import { getItem, type Index } from './slicing';

/** The dtype of indices: that of the first tensor or typed array among them; numbers are `int32`, bigints `int64`. */
export function indexDType(...operands: Operand[]): DType {
  return givenDType(operands) ?? 'int32';
}

function givenDType(operand: Operand | readonly Operand[]): DType | undefined {
  if (operand instanceof Tensor || operand instanceof HostArray) return operand.dtype;
  if (typeof operand === 'bigint') return 'int64';
  if (!Array.isArray(operand)) return dtypeOfTypedArray(operand);
  for (const item of operand) {
    const dtype = givenDType(item);
    if (dtype) return dtype;
  }
  return undefined;
}

/** The value of a constant; undefined for any other tensor. */
export function constantValue({ op }: Tensor): HostArray | undefined {
  return op.type === 'Const' ? (op.getAttribute('value') as HostArray) : undefined;
}

/** The product of the sizes of the dimensions from `from` to `to`, exclusive. */
export function product(sizes: Tensor<'int32'>, from: Index | null, to: Index | null): Tensor<'int32'> {
  return applyOne('Prod', [getItem(sizes, [[from, to]]), [0]]);
}
