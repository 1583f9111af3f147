/**
 * Operations that pass no gradient on, of files of builders that have no others: comparisons, random numbers, summaries …; nothing that
 * they compute changes smoothly with an input.
 */
import type { GradientTable } from './gradientFunction';

const types = [
  // comparison
  'Equal',
  'NotEqual',
  'ApproximateEqual',
  'Less',
  'LessEqual',
  'Greater',
  'GreaterEqual',
  'LogicalAnd',
  'LogicalOr',
  'LogicalNot',
  // control
  'NoOp',
  // data flow
  'FIFOQueueV2',
  'RandomShuffleQueueV2',
  'PaddingFIFOQueueV2',
  'PriorityQueueV2',
  'QueueEnqueueV2',
  'QueueEnqueueManyV2',
  'QueueDequeueV2',
  'QueueDequeueManyV2',
  'QueueDequeueUpToV2',
  'QueueCloseV2',
  'QueueIsClosedV2',
  'QueueSizeV2',
  'ResourceConditionalAccumulator',
  'ResourceAccumulatorApplyGradient',
  'ResourceAccumulatorTakeGradient',
  'ResourceAccumulatorNumAccumulated',
  'ResourceAccumulatorSetGlobalStep',
  'SparseConditionalAccumulator',
  'SparseAccumulatorApplyGradient',
  'SparseAccumulatorTakeGradient',
  'AccumulatorNumAccumulated',
  'AccumulatorSetGlobalStep',
  // random
  'RandomStandardNormal',
  'TruncatedNormal',
  'RandomUniform',
  'RandomUniformInt',
  'RandomShuffle',
  'Multinomial',
  // summary
  'ScalarSummary',
  'HistogramSummary',
  'ImageSummary',
  'AudioSummaryV2',
  'TensorSummaryV2',
  'MergeSummary',
  // inTopK
  'InTopK',
  'InTopKV2',
];

export const notDifferentiable: GradientTable = Object.fromEntries(types.map((type) => [type, null]));
