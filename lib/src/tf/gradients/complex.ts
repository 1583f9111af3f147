/** Extends gradients of real functions to complex tensors. */
import { isComplex } from '../../runtime/dtypes';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { changeValues } from '../ops/indexedSlices';
import type { GradientFunction } from './gradientFunction';

/** The conjugate of a complex tensor. Real tensors are returned as they are, so that their graphs get no additional operations. */
export function conj(tensor: Tensor): Tensor {
  return isComplex(tensor.dtype) ? changeValues(tensor, (values) => applyOne('Conj', [values])) : tensor;
}

/** Operations whose gradient functions already conjugate, such as by the adjoint of a matrix. */
const CONJUGATE_THEMSELVES = /^BatchMatMul|^SquaredDifference$/;

/**
 * Adapts a gradient function to complex tensors. TensorFlow's gradient of a complex function `f` is
 * `grad · conj(f'(x))`, whereas the gradient functions multiply by `f'(x)`, which is right for real functions. So the
 * incoming gradient is conjugated, and so is the result.
 */
export function ofComplex(op: Operation, gradient: GradientFunction): GradientFunction {
  const isReal = [...op.inputs, ...op.outputs].every(({ dtype }) => !isComplex(dtype));
  if (isReal || CONJUGATE_THEMSELVES.test(op.type)) return gradient;
  return (_op, ...grads) => gradient(op, ...grads.map((grad) => grad && conj(grad))).map((grad) => grad && conj(grad));
}
