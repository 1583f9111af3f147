/** What the worker processes of a search load where no module of trials is named: trials of every model in the registry. */
import type { TrialContext, TrialOutcome } from '../hyperparameters/trial';
import type { ModelConfig } from './knownModels';
import { loadModels } from './modelsIn';
import './registry';
import { runTrial as runTrialOf } from './trial';

/** Runs a trial of a model of the library, or of some modules. */
export async function runTrial(
  context: TrialContext<ModelConfig>,
  { modules = [] }: { modules?: readonly string[] } = {},
): Promise<TrialOutcome> {
  for (const module of modules) await loadModels(module);
  return runTrialOf(context);
}
