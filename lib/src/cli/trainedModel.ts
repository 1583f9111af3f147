/** Loads the model of a run from a checkpoint. */
import { type Command, Option } from 'commander';
import type { BasicAgent, ModelConfig } from '../models';
import { integer } from './arguments';
import type { ProjectCommands } from './project';
import { checkpointOf } from './train';

/** The flags added by {@link addRunFlags}. */
export interface RunFlags {
  resultDir: string;
  step?: number;
  json?: boolean;
}

/** Adds the flags for a run and for the output format. */
export function addRunFlags(command: Command): Command {
  return command
    .requiredOption('--result-dir <folder>', 'the folder of the run')
    .addOption(new Option('--step <step>', 'the step of a checkpoint (default: the latest)').argParser(integer(0)))
    .option('--json', 'answer in JSON');
}

/**
 * Calls `use` with the model that the flags specify.
 *
 * @param config changes to the run's configuration
 */
export async function withTrainedModel(
  project: ProjectCommands,
  { resultDir, step }: RunFlags,
  config: ModelConfig,
  use: (agent: BasicAgent) => Promise<void>,
): Promise<void> {
  const checkpoint = checkpointOf(project, resultDir, step);
  const { model, config: whole } = project.models.resolve({ ...config, resultDir });
  const agent = new model(whole);
  try {
    await agent.init({ checkpoint });
    await use(agent);
  } finally {
    await agent.close();
  }
}
