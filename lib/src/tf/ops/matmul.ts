/** Products of matrices. */

import { onlyOptions } from '../../runtime/options';
import type { Tensor, TensorLike } from '../graph/tensor';
import { applyOne, graphOf, type OpOptions } from './apply';
import { tensorsOf } from './elementwise/builders';
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
  } = onlyOptions(options, { transposeA: 'boolean', transposeB: 'boolean', name: 'string' });
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
