/** Checks ranks on which kernels rely. */
import { Tensor } from '../graph/tensor';
import { applyOne, type Operand } from './apply';

/**
 * Adds a check at run time to an operand of unknown rank, for kernels that crash the process for a wrong rank. A known
 * rank is checked when the graph is built.
 */
export function ofRank<O extends Operand>(operand: O, rank: number): O | Tensor {
  if (!(operand instanceof Tensor) || operand.rank !== null) return operand;
  return applyOne('EnsureShape', [operand], { shape: Array(rank).fill(null) });
}
