/** Products of matrices. */

import { onlyOptions } from '../../runtime/options';
import type { Tensor, TensorLike } from '../graph/tensor';
import { applyOne, graphOf, type OpOptions } from './apply';
import { unbroadcast } from './elementwise/broadcast';
import { tensorsOf } from './elementwise/builders';
import { registerGradient } from './gradientRegistry';
import type { PairDType } from './types';

/** How to multiply matrices. */
export interface MatMulOptions extends OpOptions {
  /** Whether to transpose `a`, or each matrix in it, first. */
  transposeA?: boolean;
  /** Whether to transpose `b`, or each matrix in it, first. */
  transposeB?: boolean;
}

/**
 * The product of two matrices, [n, k] · [k, m] → [n, m]. Tensors of more dimensions are batches of matrices: all
 * dimensions but the last two are broadcast to each other, and each pair of matrices is multiplied.
 *
 * @throws {InvalidArgumentError} when an operand has less than two dimensions, or the matrices don't fit each other
 *
 * @example
 * const hidden = tf.nn.relu(tf.add(tf.matmul(images, weights), biases)); // [null, 784] and [784, 128] → [null, 128]
 */
export function matmul<A extends TensorLike, B extends TensorLike>(
  a: A,
  b: B,
  options: MatMulOptions = {},
): Tensor<PairDType<A, B>, 'array'> {
  const {
    transposeA = false,
    transposeB = false,
    name = 'MatMul',
  } = onlyOptions(options, ['transposeA', 'transposeB', 'name']);
  return graphOf([a, b]).nameScope(name, (scope) => {
    const [x, y] = tensorsOf(a, b, ['a', 'b']);
    if ([x, y].every(({ rank }) => rank !== null && rank <= 2))
      return applyOne('MatMul', [x, y], { transpose_a: transposeA, transpose_b: transposeB }, scope);
    // Adjoint and transpose are the same for real numbers.
    return applyOne('BatchMatMulV2', [x, y], { adj_x: transposeA, adj_y: transposeB }, scope);
  });
}

/**
 * {@link matmul} under the name that it had for batches of matrices.
 *
 * @example
 * tf.batchMatmul([[[1, 2]]], [[[3], [4]]]); // [[[11]]]
 */
export const batchMatmul = matmul;

/** The gradients of a product of matrices by both of them, from what arrives at the product. */
function partials(
  a: Tensor,
  b: Tensor,
  grad: Tensor,
  transposedA: boolean,
  transposedB: boolean,
): readonly [Tensor, Tensor] {
  return [
    transposedA
      ? matmul(b, grad, { transposeA: transposedB, transposeB: true })
      : matmul(grad, b, { transposeB: !transposedB }),
    transposedB
      ? matmul(grad, a, { transposeA: true, transposeB: transposedA })
      : matmul(a, grad, { transposeA: !transposedA }),
  ];
}

registerGradient('MatMul', (op, grad) => {
  const [a, b] = op.inputs as [Tensor, Tensor];
  return partials(a, b, grad, op.getAttribute('transpose_a') === true, op.getAttribute('transpose_b') === true);
});

for (const type of ['BatchMatMul', 'BatchMatMulV2'])
  registerGradient(type, (op, grad) => {
    const [a, b] = op.inputs as [Tensor, Tensor];
    const [ga, gb] = partials(a, b, grad, op.getAttribute('adj_x') === true, op.getAttribute('adj_y') === true);
    return unbroadcast(a, b, ga, gb, 2);
  });
