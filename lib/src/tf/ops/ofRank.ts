/** Ranks that kernels rely on. */
import { Tensor } from '../graph/tensor';
import { applyOne, type Operand } from './apply';

/**
 * An operand, which a run refuses when it is of another rank. Some kernels end the process over such a one, which only a run
 * can give where the rank isn't known before.
 */
export function ofRank<O extends Operand>(operand: O, rank: number): O | Tensor {
  if (!(operand instanceof Tensor) || operand.rank !== null) return operand;
  return applyOne('EnsureShape', [operand], { shape: Array(rank).fill(null) });
}
