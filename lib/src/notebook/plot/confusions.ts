/** How often a model takes what for what. */
import { checkArray, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { checkCount, classesOf } from './numbers';

/** Counts of examples. */
export interface Confusions {
  /** What the classes are called. */
  readonly names: readonly string[];
  /** For each class that examples are of, how many of them the model takes for which. */
  readonly counts: readonly (readonly number[])[];
  /** How many examples there are. */
  readonly total: number;
}

/**
 * Counts how many examples of each class a model takes for which.
 *
 * @param labels what the examples are: class numbers `[n]` or one-hot rows `[n, classes]`
 * @param predictions what the model says: class numbers `[n]`, or its logits or probabilities `[n, classes]`
 * @param classes how many classes there are, or what they are called; else as many as there are labels and predictions of
 * @throws {InvalidArgumentError} when there are not as many predictions as labels, or one is no class
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
