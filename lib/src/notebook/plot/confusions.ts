/** Counts confusions. */
import { checkArray, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { checkCount, classesOf } from './numbers';

/** Counts of examples. */
export interface Confusions {
  /** The names of the classes. */
  readonly names: readonly string[];
  /** For each true class, the number of examples predicted as each class. */
  readonly counts: readonly (readonly number[])[];
  /** The total number of examples. */
  readonly total: number;
}

/**
 * Counts how many examples of each class a model assigns to which class.
 *
 * @param labels the true classes: class numbers `[n]` or one-hot rows `[n, classes]`
 * @param predictions the model's answers: class numbers `[n]`, or its logits or probabilities `[n, classes]`
 * @param classes the number of classes, or their names; by default, as many as occur among labels and predictions
 * @throws {InvalidArgumentError} when the numbers of predictions and labels differ, or one is not a class
 */
export function confusions(
  labels: ArrayLike,
  predictions: ArrayLike,
  classes?: number | readonly string[],
): Confusions {
  const known = classesOf(labels, 'labels');
  const predicted = classesOf(predictions, 'predictions');
  checkCount(predicted, 'predictions', known.length, 'labels');
  if (known.length === 0) throw new InvalidArgumentError('expected labels and predictions, got none');
  const named = classes ?? 1 + [...known, ...predicted].reduce((a, b) => Math.max(a, b));
  if (typeof named !== 'number') checkArray('the names of classes', named);
  const names = typeof named === 'number' ? Array.from({ length: named }, (_, i) => `${i}`) : named;
  const counts = names.map(() => names.map(() => 0));
  for (const [i, label] of known.entries()) {
    const prediction = predicted[i]!;
    for (const one of [label, prediction])
      if (names[one] === undefined)
        throw new InvalidArgumentError(
          `expected classes from 0 to ${names.length - 1}, got ${shown(one)} for example ${i}`,
        );
    counts[label]![prediction]!++;
  }
  return { names, counts, total: known.length };
}
