/** Matrix products. */

import { onlyOptions } from '../../runtime/options';
import type { Tensor, TensorLike } from '../graph/tensor';
import { applyOne, graphOf, type OpOptions } from './apply';
import { tensorsOf } from './elementwise/builders';
import type { PairDType } from './types';

/** Options of matrix products. */
export interface MatMulOptions extends OpOptions {
  /** Whether to transpose `a`, or each matrix in it. */
  transposeA?: boolean;
  /** Whether to transpose `b`, or each matrix in it. */
  transposeB?: boolean;
}

/**
 * The product of two matrices, [n, k] · [k, m] → [n, m]. Tensors with more dimensions are batches of matrices: the
 * leading dimensions are broadcast to each other, and each pair of matrices is multiplied.
 *
 * @throws {InvalidArgumentError} when an operand has fewer than two dimensions, or the matrices don't match
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
    // For real numbers, the adjoint is the transpose.
    return applyOne('BatchMatMulV2', [x, y], { adj_x: transposeA, adj_y: transposeB }, scope);
  });
}

/**
 * Another name of {@link matmul}, formerly used for batches of matrices.
 *
 * @example
 * tf.batchMatmul([[[1, 2]]], [[[3], [4]]]); // [[[11]]]
 */
export const batchMatmul = matmul;
