/** What gradients of complex tensors need beside those of real ones. */
import { isComplex } from '../../runtime/dtypes';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { changeValues } from '../ops/indexedSlices';
import type { GradientFunction } from './gradientFunction';

/** The conjugate of a complex tensor; a real one as it is, so that no graph of real tensors has more operations. */
export function conj(tensor: Tensor): Tensor {
  return isComplex(tensor.dtype) ? changeValues(tensor, (values) => applyOne('Conj', [values])) : tensor;
}

/** Of these TensorFlow's operations conjugate by themselves, as the adjoint of a matrix does: their rows are right as they stand. */
const CONJUGATE_THEMSELVES = /^BatchMatMul|^SquaredDifference$/;

/**
 * TensorFlow's gradient of a complex function `f` is `grad · conj(f'(x))`. The rows of the tables multiply with `f'(x)`, as is right
 * for real functions; what arrives is conjugated before, and what a row gives after it.
 */
export function ofComplex(op: Operation, gradient: GradientFunction): GradientFunction {
  const isReal = [...op.inputs, ...op.outputs].every(({ dtype }) => !isComplex(dtype));
  if (isReal || CONJUGATE_THEMSELVES.test(op.type)) return gradient;
  return (_op, ...grads) => gradient(op, ...grads.map((grad) => grad && conj(grad))).map((grad) => grad && conj(grad));
}
