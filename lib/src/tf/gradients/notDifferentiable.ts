/**
 * Operations that pass no gradient on, of files of builders that have no others: comparisons, random numbers, summaries …; nothing that
 * they compute changes smoothly with an input.
 */
import type { GradientTable } from './gradientFunction';

const without = (...types: string[]): GradientTable => Object.fromEntries(types.map((type) => [type, null]));

export const comparisonGradients = without(
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
);

export const controlGradients = without('NoOp');

export const randomGradients = without(
  'RandomStandardNormal',
  'TruncatedNormal',
  'RandomUniform',
  'RandomUniformInt',
  'RandomShuffle',
  'Multinomial',
);

export const summaryGradients = without(
  'ScalarSummary',
  'HistogramSummary',
  'ImageSummary',
  'AudioSummaryV2',
  'TensorSummaryV2',
  'MergeSummary',
);

export const inTopKGradients = without('InTopK', 'InTopKV2');
