/** Labels runs by what distinguishes them. */
import path from 'node:path';
import { differencesText, differingKeys } from './runName';
import type { WholeRun } from './runParts';

/**
 * For each run, the hyperparameters in which it differs from the others, `lr=0.1`, preceded by its name if there are
 * several names. A run without hyperparameters, or without differences, is labelled by its folder, and runs with the
 * same ones also get their folder names.
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
