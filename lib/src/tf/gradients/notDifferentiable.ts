/**
 * Operations that propagate no gradient, because their outputs don't vary smoothly with an input: comparisons, random
 * numbers, summaries … These belong to files of builders without other gradients.
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
  'Assert',
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
