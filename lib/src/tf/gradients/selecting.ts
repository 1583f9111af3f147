/** Gradients of the operations in `ops/indexing/selecting.ts`. */
import type { Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { zeros, zerosLike } from '../ops/array';
import { where } from '../ops/indexing/selecting';
import { unbroadcast } from './broadcast';
import type { GradientTable } from './gradientFunction';

export const selectingGradients = {
  Where: null,
  Select: (op, grad) => {
    const [condition, x] = op.inputs as [Tensor, Tensor];
    const zeros = zerosLike(x);
    return [null, where(condition, grad, zeros), where(condition, zeros, grad)];
  },
  SelectV2: (op, grad) => {
    const [condition, x, y] = op.inputs as [Tensor, Tensor, Tensor];
    const zero = zeros([], { dtype: grad.dtype as 'float32' });
    const [forX, forY] = [applyOne('SelectV2', [condition, grad, zero]), applyOne('SelectV2', [condition, zero, grad])];
    const [output] = op.outputs as [Tensor];
    return [null, unbroadcast(x, output, forX, null)[0], unbroadcast(y, output, forY, null)[0]];
  },
} satisfies GradientTable;
