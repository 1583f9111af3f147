/** What runs are called beside each other: by what sets them apart. */
import path from 'node:path';
import { differencesText, differingKeys } from './runName';
import type { WholeRun } from './runParts';

/**
 * Of each run the hyperparameters in which it differs from the others, `lr=0.1`; before them what it is called, where the runs are of
 * several names. A run that has no hyperparameters, or that they don't set apart, is called as its folder, and of several with the
 * same ones each has its folder's name behind them.
 */
export function labelsOf(runs: readonly WholeRun[]): Map<WholeRun, string> {
  const configs = runs.flatMap(({ config }) => (config ? [config] : []));
  const keys = differingKeys(configs);
  const names = new Set(runs.map(({ run, name }) => run ?? name));
  const labels = new Map(
    runs.map((run) => {
      const differences = run.config ? differencesText(run.config, keys) : '';
      if (differences === '') return [run, run.name];
      const calls = names.size > 1 && new Set(runs.map((one) => one.run)).size > 1;
      return [run, calls ? `${run.run ?? run.name} ${differences}` : differences];
    }),
  );
  const count = new Map<string, number>();
  for (const label of labels.values()) count.set(label, (count.get(label) ?? 0) + 1);
  for (const [run, label] of labels)
    if (count.get(label)! > 1 && label !== run.name) labels.set(run, `${label} (${path.basename(run.name)})`);
  return labels;
}
