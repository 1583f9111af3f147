/** `tf-mechanics train`: trains a model. */
import path from 'node:path';
import { Command } from 'commander';
import type { BasicAgent, ModelConfig } from '../models';
import { checkpointOfStep, latestOfRun, readConfigFile } from '../models/runFolder';
import { isEnvironmental } from '../runtime/environment';
import { NotFoundError } from '../runtime/errors';
import { integer } from './arguments';
import { INTERRUPTED, interruptible } from './interruptible';
import { ModelFlags } from './modelFlags';
import type { ProjectCommands } from './project';
import { Terminal } from './terminal';

interface TrainFlags {
  from?: string;
  step?: number;
  saveEvery: number;
  dryRun?: boolean;
}

/** Steps between checkpoints where nobody says. */
const SAVE_EVERY = 1000;

export function trainCommand(project: ProjectCommands): Command {
  const command = new Command('train').description(
    'train a model, with summaries for TensorBoard and checkpoints; a run goes on from the latest checkpoint of its folder',
  );
  const model = new ModelFlags(command, project);
  return command
    .option('--save-every <steps>', 'steps between checkpoints and evaluations', integer(1), SAVE_EVERY)
    .option(
      '--from <folder>',
      'a run to jump back in: go on from its checkpoint, with its configuration, in a new folder',
    )
    .option('--step <step>', 'the step of that checkpoint; the latest by default', integer(0))
    .option('--dry-run', 'print the configuration, and do nothing')
    .allowExcessArguments(false)
    .action((flags: TrainFlags) => train(project, model, command, flags));
}

async function train(project: ProjectCommands, flags: ModelFlags, command: Command, given: TrainFlags): Promise<void> {
  const { saveEvery, from, step, dryRun } = given;
  if (step !== undefined && from === undefined) command.error("error: option '--step <step>' needs --from <folder>");
  const { model, config } = project.models.resolve(flags.config(from === undefined ? {} : configOfRun(from)));
  const agent = new model(config);
  try {
    if (dryRun) console.log(JSON.stringify({ modelName: model.modelName, ...agent.config }, null, 2));
    else
      await trainAgent(project, agent, saveEvery, from === undefined ? undefined : checkpointOf(project, from, step));
  } finally {
    await agent.close();
  }
}

async function trainAgent(
  { command }: ProjectCommands,
  agent: BasicAgent,
  saveEvery: number,
  checkpoint?: string,
): Promise<void> {
  const { resultDir, maxIter } = agent.config;
  const terminal = new Terminal(maxIter);
  const often = saveEvery === SAVE_EVERY ? [] : ['--save-every', `${saveEvery}`];
  const goOn = `Go on with: ${command('train', '--result-dir', resultDir, ...often)}`;
  try {
    if (checkpoint !== undefined) await agent.init({ checkpoint });
    const result = await interruptible((signal) =>
      agent.train({
        saveEvery,
        signal,
        log: (line) => terminal.log(line),
        onStep: (step, loss) => terminal.update(step, loss),
      }),
    );
    terminal.close();
    if (result.stopped) {
      console.log(goOn);
      process.exitCode = INTERRUPTED;
    } else {
      console.log(`Summaries and checkpoints are in ${resultDir} (the last is ${path.basename(result.checkpoint)})`);
    }
  } catch (error) {
    terminal.close();
    if (isEnvironmental(error) && latestOfRun(resultDir) !== null) console.log(goOn);
    throw error;
  } finally {
    terminal.close();
  }
}

/** The configuration of a run, for another one: `config.json` says nothing of its folder. */
function configOfRun(folder: string): ModelConfig {
  return readConfigFile(path.join(folder, 'config.json'));
}

/**
 * A checkpoint of a run: of a step, or the latest.
 *
 * @throws {NotFoundError} when there is none
 */
export function checkpointOf({ command }: ProjectCommands, folder: string, step?: number): string {
  const checkpoint = step === undefined ? latestOfRun(folder) : checkpointOfStep(folder, step);
  if (checkpoint === null)
    throw new NotFoundError(`${folder} has no checkpoint; train one: ${command('train', '--result-dir', folder)}`);
  return checkpoint;
}
