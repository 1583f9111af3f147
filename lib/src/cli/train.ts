/** `tf-mechanics train`: trains a model. */
import path from 'node:path';
import { Command } from 'commander';
import { type BasicAgent, type ModelConfig, makeModel } from '../models';
import { checkpointOfStep, latestOfRun, readConfigFile } from '../models/runFolder';
import { isEnvironmental } from '../runtime/environment';
import { NotFoundError } from '../runtime/errors';
import { integer, quoted } from './arguments';
import { INTERRUPTED, interruptible } from './interruptible';
import { addModelFlags, configFromFlags } from './modelFlags';
import { Terminal } from './terminal';

interface TrainFlags {
  from?: string;
  step?: number;
  saveEvery: number;
  dryRun?: boolean;
}

/** Steps between checkpoints where nobody says. */
const SAVE_EVERY = 1000;

export function trainCommand(): Command {
  const command = new Command('train').description(
    'train a model on MNIST, with summaries for TensorBoard and checkpoints; a run goes on from the latest checkpoint of its folder',
  );
  return addModelFlags(command)
    .option('--save-every <steps>', 'steps between checkpoints and evaluations', integer(1), SAVE_EVERY)
    .option(
      '--from <folder>',
      'a run to jump back in: go on from its checkpoint, with its configuration, in a new folder',
    )
    .option('--step <step>', 'the step of that checkpoint; the latest by default', integer(0))
    .option('--dry-run', 'print the configuration, and do nothing')
    .allowExcessArguments(false)
    .action(train);
}

async function train({ saveEvery, from, step, dryRun }: TrainFlags, command: Command): Promise<void> {
  if (step !== undefined && from === undefined) command.error("error: option '--step <step>' needs --from <folder>");
  const given = configFromFlags(command);
  const agent = makeModel(from === undefined ? given : { ...configOfRun(from), ...given });
  try {
    if (dryRun) console.log(JSON.stringify({ modelName: nameOf(agent), ...agent.config }, null, 2));
    else await trainAgent(agent, saveEvery, from === undefined ? undefined : checkpointOf(from, step));
  } finally {
    await agent.close();
  }
}

async function trainAgent(agent: BasicAgent, saveEvery: number, checkpoint?: string): Promise<void> {
  const { resultDir, maxIter } = agent.config;
  const terminal = new Terminal(maxIter);
  const often = saveEvery === SAVE_EVERY ? '' : ` --save-every ${saveEvery}`;
  const goOn = `Go on with: npm run train -- --result-dir ${quoted(resultDir)}${often}`;
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
export function checkpointOf(folder: string, step?: number): string {
  const checkpoint = step === undefined ? latestOfRun(folder) : checkpointOfStep(folder, step);
  if (checkpoint === null)
    throw new NotFoundError(`${folder} has no checkpoint; train one: npm run train -- --result-dir ${quoted(folder)}`);
  return checkpoint;
}

function nameOf(agent: BasicAgent): string {
  return (agent.constructor as unknown as { modelName: string }).modelName;
}
