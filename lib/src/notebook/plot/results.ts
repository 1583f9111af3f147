/** What figures of searches are made of. */
import type { SearchResults } from '../../hyperparameters';
import { checkArray, checkObject } from '../../runtime/arguments';

/** @throws {InvalidArgumentError} when something isn't what `search` or `readResults` gives */
export function checkResults(results: SearchResults): void {
  checkObject('what a search has found', results);
  checkArray('the trials that a search has found', results.trials);
}

/** What a trial is called. */
export const trialText = (id: number) => ({ en: `trial ${id}`, zh: `试验 ${id}` });
