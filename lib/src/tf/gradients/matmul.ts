/** Gradients of the operations in `ops/matmul.ts`. */
import type { Tensor } from '../graph/tensor';
import { matmul } from '../ops/matmul';
import { unbroadcast } from './broadcast';
import type { GradientFunction, GradientTable } from './gradientFunction';

/** The gradients of a matrix product with respect to both factors, from the gradient of the product. */
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

const ofBatchMatMul: GradientFunction = (op, grad) => {
  const [a, b] = op.inputs as [Tensor, Tensor];
  const [ga, gb] = partials(a, b, grad, op.getAttribute('adj_x') === true, op.getAttribute('adj_y') === true);
  return unbroadcast(a, b, ga, gb, 2);
};

export const matmulGradients = {
  MatMul: (op, grad) => {
    const [a, b] = op.inputs as [Tensor, Tensor];
    return partials(a, b, grad, op.getAttribute('transpose_a') === true, op.getAttribute('transpose_b') === true);
  },
  BatchMatMul: ofBatchMatMul,
  BatchMatMulV2: ofBatchMatMul,
} satisfies GradientTable;
