/** `evaluate`: evaluates a trained model on its three sets. */
import { Command } from 'commander';
import { keysOf } from '../models/basicAgent';
import { KeyFlags } from './keyFlags';
import type { ProjectCommands } from './project';
import { addRunFlags, type RunFlags, withTrainedModel } from './trainedModel';

export function evaluateCommand(project: ProjectCommands): Command {
  const command = new Command('evaluate').description('evaluate a trained model on its data sets');
  addRunFlags(command).allowExcessArguments(false);
  const data = new KeyFlags(command);
  data.addOf(
    project.models.classes(),
    ({ dataKeys }, key) => dataKeys.includes(key),
    () => "the run's",
  );
  return command.action((flags: RunFlags) => evaluate(project, data, flags));
}

async function evaluate(project: ProjectCommands, data: KeyFlags, flags: RunFlags): Promise<void> {
  const { model } = project.models.resolve({ resultDir: flags.resultDir });
  const config = data.valuesFor({ name: model.modelName, keys: keysOf(model) });
  await withTrainedModel(project, flags, config, async (agent) => {
    const evaluations = await agent.evaluate(undefined, flags.json ? () => {} : console.log);
    if (flags.json) console.log(JSON.stringify(evaluations, null, 2));
  });
}
