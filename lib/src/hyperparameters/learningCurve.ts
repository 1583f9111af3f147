/** What became of a trial over its iterations. */
import { checkIterable, checkObject } from '../runtime/arguments';
import type { Evaluation, TrialResult } from './results';

/**
 * The metrics that a trial has reported and those by which it was compared, in the order of iterations.
 *
 * @example
 * const results = hyperparameters.readResults('summaries/search');
 * const curve = hyperparameters.learningCurve(results.trials[0]!);
 * curve.map(({ metrics }) => metrics.loss);
 */
export function learningCurve(trial: TrialResult): Evaluation[] {
  checkObject('what a trial has come to', trial);
  const { reports, evaluations } = trial;
  checkIterable('the reports of a trial', reports);
  checkIterable('the evaluations of a trial', evaluations);
  const byIteration = new Map<number, Evaluation>();
  for (const { iteration, metrics } of [...reports, ...evaluations])
    byIteration.set(iteration, { iteration, metrics: { ...byIteration.get(iteration)?.metrics, ...metrics } });
  return [...byIteration.values()].sort((one, other) => one.iteration - other.iteration);
}
