/** Precision-recall curves, for TensorBoard's PR Curves page. */

import { type MessageInit, PrCurvePluginData, type Summary } from '../../protos';
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, HostArray } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { pluginValue } from './values';

/** The predictions of a binary classifier and the true labels, all of the same size. */
export interface Classified {
  /** Whether each example belongs to the class: booleans, or 0 and 1. */
  labels: ArrayLike;
  /** The predicted probability that it does. */
  predictions: ArrayLike;
  /**
   * The weight of each example.
   *
   * @defaultValue `1`
   */
  weights?: ArrayLike;
}

/** Options of curves of precision and recall. */
export interface PrCurveOptions {
  /**
   * The number of thresholds between 0 and 1.
   *
   * @defaultValue `201`, as in TensorBoard
   */
  numThresholds?: number;
}

/** TensorBoard's epsilon against division by zero. */
const LEAST_COUNT = 1e-7;

/**
 * A tensor `[6, thresholds]`: true positives, false positives, true negatives, false negatives, precision, recall.
 *
 * @throws {InvalidArgumentError} when the sizes differ, or a prediction isn't from 0 to 1
 */
export function prCurveValue(
  tag: string,
  classified: Classified,
  options: PrCurveOptions = {},
): MessageInit<Summary.Value> {
  const { labels, predictions, weights } = onlyOptions(classified, {
    labels: 'any',
    predictions: 'any',
    weights: 'any',
  });
  const { numThresholds = 201 } = onlyOptions(options, { numThresholds: 'number' });
  if (!Number.isInteger(numThresholds) || numThresholds < 2)
    throw new InvalidArgumentError(`expected 2 thresholds or more, got ${shown(numThresholds)}`);
  const scores = numbersOf(predictions, 'predictions').data;
  const truths = numbersOf(labels, 'labels').data;
  const counts = weights === undefined ? undefined : numbersOf(weights, 'weights').data;
  for (const [what, { length }] of Object.entries({ labels: truths, weights: counts ?? scores }))
    if (length !== scores.length)
      throw new InvalidArgumentError(`expected as many ${what} as predictions, got ${length} for ${scores.length}`);

  // The number of examples with scores between each threshold and the next, then cumulated from each threshold on.
  const positives = new Float64Array(numThresholds);
  const negatives = new Float64Array(numThresholds);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (!(score >= 0 && score <= 1))
      throw new InvalidArgumentError(`expected predictions from 0 to 1, got ${score} at index ${i}`);
    const bucket = Math.floor(score * (numThresholds - 1));
    const weight = counts ? counts[i]! : 1;
    positives[bucket]! += weight * truths[i]!;
    negatives[bucket]! += weight * (1 - truths[i]!);
  }
  for (let i = numThresholds - 2; i >= 0; i--) {
    positives[i]! += positives[i + 1]!;
    negatives[i]! += negatives[i + 1]!;
  }

  const rows = new Float32Array(6 * numThresholds);
  for (let i = 0; i < numThresholds; i++) {
    const [truePositives, falsePositives] = [positives[i]!, negatives[i]!];
    const [trueNegatives, falseNegatives] = [negatives[0]! - falsePositives, positives[0]! - truePositives];
    const precision = truePositives / Math.max(LEAST_COUNT, truePositives + falsePositives);
    const recall = truePositives / Math.max(LEAST_COUNT, truePositives + falseNegatives);
    const column = [truePositives, falsePositives, trueNegatives, falseNegatives, precision, recall];
    for (const [row, value] of column.entries()) rows[row * numThresholds + i] = value;
  }
  const tensor = new HostArray('float32', [6, numThresholds], rows);
  return pluginValue(tag, 'pr_curves', tensor, PrCurvePluginData.encode({ numThresholds }));
}
