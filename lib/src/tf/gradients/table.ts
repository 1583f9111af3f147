/** The gradients of all operations, by type. */
import { arrayGradients } from './array';
import { binaryGradients } from './binary';
import { castGradients } from './cast';
import { clipGradients } from './clip';
import { constantsGradients } from './constants';
import { creationGradients } from './creation';
import { fusedBatchNormGradients } from './fusedBatchNorm';
import { gatheringGradients } from './gathering';
import type { GradientFunction, GradientTable } from './gradientFunction';
import { joiningGradients } from './joining';
import { matmulGradients } from './matmul';
import { activationsGradients } from './nn/activations';
import { batchNormalizationGradients } from './nn/batchNormalization';
import { biasGradients } from './nn/bias';
import { convolutionGradients } from './nn/convolution';
import { crossEntropyGradients } from './nn/crossEntropy';
import { l2LossGradients } from './nn/l2Loss';
import { normalizationGradients } from './nn/normalization';
import { poolingGradients } from './nn/pooling';
import { spaceToBatchGradients } from './nn/spaceToBatch';
import { notDifferentiable } from './notDifferentiable';
import { partitionGradients } from './partition';
import { reduceGradients } from './reduce';
import { segmentsGradients } from './segments';
import { selectingGradients } from './selecting';
import { slicingGradients } from './slicing';
import { topKGradients } from './topK';
import { unaryGradients } from './unary';
import { variableOpsGradients } from './variableOps';

/** One table for each file of builders. */
export const tables: readonly GradientTable[] = [
  notDifferentiable,
  fusedBatchNormGradients,
  arrayGradients,
  binaryGradients,
  castGradients,
  clipGradients,
  constantsGradients,
  creationGradients,
  gatheringGradients,
  joiningGradients,
  matmulGradients,
  activationsGradients,
  batchNormalizationGradients,
  biasGradients,
  convolutionGradients,
  crossEntropyGradients,
  l2LossGradients,
  normalizationGradients,
  poolingGradients,
  spaceToBatchGradients,
  partitionGradients,
  reduceGradients,
  segmentsGradients,
  selectingGradients,
  slicingGradients,
  topKGradients,
  unaryGradients,
  variableOpsGradients,
];

/** All rows; a test checks that no type has two. */
export const table: ReadonlyMap<string, GradientFunction | null> = new Map(
  tables.flatMap((rows) => Object.entries(rows)),
);
