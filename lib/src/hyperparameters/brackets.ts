/**
 * How Hyperband and successive halving allocate iterations: many configurations are trained briefly, and the best of
 * them longer.
 *
 * L. Li, K. Jamieson, G. DeSalvo, A. Rostamizadeh and A. Talwalkar, "Hyperband: A Novel Bandit-Based Approach to
 * Hyperparameter Optimization", Journal of Machine Learning Research 18 (2018).
 *
 * L. Li, K. Jamieson, A. Rostamizadeh, E. Gonina, J. Ben-tzur, M. Hardt, B. Recht and A. Talwalkar, "A System for
 * Massively Parallel Hyperparameter Tuning", MLSys (2020).
 */
import { checkCount, shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';

/** A rung of successive halving: a number of trials (n_i in the paper) that reach a number of iterations (r_i). */
export interface Rung {
  readonly trials: number;
  readonly iterations: number;
}

/**
 * The brackets of Hyperband, from the one with most trials and fewest iterations to plain random search. Each is a list
 * of rungs, of which the next contains the best 1/η of the trials.
 *
 * These are the numbers of the paper's Table 1, which its authors' own program also produces. The formula in its
 * Algorithm 1 rounds later and begins with 34 trials where the table has 27.
 *
 * @param maxIterations R in the paper: the maximal iterations of one configuration
 * @param eta η in the paper
 * @param minIterations the iterations needed to compare configurations: one unit of the paper's resource
 * @throws {InvalidArgumentError} when a parameter is invalid
 * @example
 * hyperparameters.hyperbandBrackets(81, 3)[1]; // 27 trials for 3 iterations, 9 for 9, 3 for 27, 1 for 81
 */
export function hyperbandBrackets(maxIterations: number, eta: number, minIterations = 1): Rung[][] {
  const last = lastRung(maxIterations, eta, minIterations);
  return Array.from({ length: last + 1 }, (_, bracket) => {
    const s = last - bracket;
    const trials = Math.floor((last + 1) / (s + 1)) * eta ** s;
    return rungs(trials, maxIterations, eta, s);
  });
}

/**
 * The rungs of successive halving for a number of trials. Asynchronous halving follows these numbers only approximately
 * after the first rung: it promotes a trial as soon as it is among the best so far, so slightly more are promoted.
 *
 * @throws {InvalidArgumentError} when a parameter is invalid
 * @example
 * hyperparameters.halvingRungs(9, 81, 3, 9); // 9 trials for 9 iterations, 3 for 27, 1 for 81
 */
export function halvingRungs(trials: number, maxIterations: number, eta: number, minIterations = 1): Rung[] {
  checkCount('the number of trials', trials);
  return rungs(trials, maxIterations, eta, lastRung(maxIterations, eta, minIterations));
}

function rungs(trials: number, maxIterations: number, eta: number, last: number): Rung[] {
  return Array.from({ length: last + 1 }, (_, i) => ({
    trials: Math.floor(trials / eta ** i),
    iterations: Math.round(maxIterations / eta ** (last - i)),
  })).filter((rung) => rung.trials > 0);
}

/**
 * The largest s for which minIterations · η^s is at most maxIterations; computed with integers, since logarithms are
 * rounded.
 */
function lastRung(maxIterations: number, eta: number, minIterations: number): number {
  for (const [name, value] of Object.entries({ maxIterations, minIterations }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InvalidArgumentError(`expected ${name} to be a whole number from 1 on, got ${shown(value)}`);
  if (!Number.isSafeInteger(eta) || eta < 2)
    throw new InvalidArgumentError(`expected eta to be a whole number from 2 on, got ${shown(eta)}`);
  if (minIterations > maxIterations)
    throw new InvalidArgumentError(
      `expected at most as many minIterations as maxIterations, got ${shown(minIterations)} and ${shown(maxIterations)}`,
    );
  let last = 0;
  while (minIterations * eta ** (last + 1) <= maxIterations) last++;
  return last;
}
