/** The module that worker processes of a search load by default: trials of every model in the registry. */
import type { TrialContext, TrialOutcome } from '../hyperparameters/trial';
import { shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import type { ModelConfig } from './knownModels';
import { loadModels } from './modelsIn';
import { modelNames } from './registry';
import { runTrial as runTrialOf } from './trial';

export function runTrial(context: TrialContext<ModelConfig>): Promise<TrialOutcome> {
  const { modelName } = context.config;
  if (modelName !== undefined && !modelNames().includes(modelName))
    throw new InvalidArgumentError(
      `the processes of a search know no model ${shown(modelName)}, but ${modelNames().join(', ')}: trial: models.trialsOf(file) names the module that has it`,
    );
  return runTrialOf(context);
}

/** Trials of the models of other modules too. */
export async function runTrialWith(modules: readonly string[]): Promise<typeof runTrial> {
  for (const module of modules) await loadModels(module);
  return runTrial;
}
