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
