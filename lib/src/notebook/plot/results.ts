/** Helpers for figures of searches. */
import type { SearchResults } from '../../hyperparameters';
import { checkArray, checkObject } from '../../runtime/arguments';

/** @throws {InvalidArgumentError} when something isn't the result of `search` or `readResults` */
export function checkResults(results: SearchResults): void {
  checkObject('what a search has found', results);
  checkArray('the trials that a search has found', results.trials);
}

/** The name of a trial. */
export const trialText = (id: number) => ({ en: `trial ${id}`, zh: `试验 ${id}` });
