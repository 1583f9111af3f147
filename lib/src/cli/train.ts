/** `tf-mechanics train`: trains a model. */
import path from 'node:path';
import { Command } from 'commander';
import type { BasicAgent, ModelConfig } from '../models';
import { type ClusterTask, learnerNumber } from '../models/cluster/clusterTask';
import { checkpointOfStep, latestOfRun, readConfigFile } from '../models/runFolder';
import { isEnvironmental } from '../runtime/environment';
import { NotFoundError } from '../runtime/errors';
import { integer } from './arguments';
import {
  aborted,
  addClusterFlags,
  type ClusterFlags,
  describeTask,
  partOf,
  SERVERS,
  serverOf,
  WORKERS,
  wordsOf,
} from './cluster';
import { INTERRUPTED, interruptible } from './interruptible';
import { trainLocally } from './localTraining';
import { ModelFlags } from './modelFlags';
import type { ProjectCommands } from './project';
import { Terminal } from './terminal';
import { stoppable, type ToldTask, tell, toldTask } from './toldTask';

interface TrainFlags extends ClusterFlags {
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
  return addClusterFlags(command)
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
  const told = toldTask();
  const part = told === undefined ? partOf(command, given) : undefined;
  const { model, config } = project.models.resolve(flags.config(from === undefined ? {} : configOfRun(from)));
  const agent = new model({ ...config, ...told?.config });
  const often = saveEvery === SAVE_EVERY ? [] : ['--save-every', `${saveEvery}`];
  const run: Run = {
    agent,
    saveEvery,
    begin: () => (from === undefined ? undefined : checkpointOf(project, from, step)),
    goOn: `Go on with: ${project.command('train', '--result-dir', agent.resultDir, ...often, ...wordsOf(part, given))}`,
  };
  try {
    if (dryRun) console.log(JSON.stringify({ modelName: model.modelName, ...agent.config }, null, 2));
    else if (told !== undefined) await trainAsTold(run, told, given.sync);
    else if (part === undefined) await trainAgent(run);
    else if (part === 'local') await trainWithProcesses(project, run, given);
    else await trainAsTask(run, part, given.sync);
  } finally {
    await agent.close();
  }
}

/** A training that the command line asks for. */
interface Run {
  readonly agent: BasicAgent;
  readonly saveEvery: number;
  /**
   * The checkpoint of another run with which it is to begin, if any.
   *
   * @throws {NotFoundError} when there is none
   */
  readonly begin: () => string | undefined;
  /** The line that says how one goes on. */
  readonly goOn: string;
}

async function trainAgent({ agent, saveEvery, begin, goOn }: Run): Promise<void> {
  const { maxIter } = agent.config;
  const terminal = new Terminal(maxIter);
  await telling(agent, goOn, terminal, async () => {
    const checkpoint = begin();
    if (checkpoint !== undefined) await agent.init({ checkpoint });
    const log = (line: string) => terminal.log(line);
    const onStep = (step: number, loss: number) => terminal.update(step, loss);
    return interruptible((signal) => agent.train({ saveEvery, signal, log, onStep }));
  });
}

/** Trains with processes of this machine, as a cluster. */
async function trainWithProcesses({ programOf }: ProjectCommands, run: Run, flags: TrainFlags): Promise<void> {
  const { agent, goOn } = run;
  const { resultDir, randomSeed, maxIter } = agent.config;
  const { workers = WORKERS, ps = SERVERS } = flags;
  run.begin(); // refuses what isn't there before anything starts
  const config = { resultDir, randomSeed };
  const program = programOf();
  await telling(agent, goOn, undefined, () =>
    interruptible((signal) => trainLocally({ workers, ps, maxIter, config, program, signal })),
  );
}

/** Trains as one of these processes, and tells the one that began it. */
async function trainAsTold(run: Run, { task, goesOn }: ToldTask, synchronous?: boolean): Promise<void> {
  await using server = serverOf(task);
  tell({ type: 'ready' });
  const { agent, saveEvery } = run;
  agent.runOn({ target: server.target, task, synchronous, goesOn });
  const isNew = latestOfRun(agent.resultDir) === null;
  const checkpoint = isNew ? run.begin() : undefined; // one that takes the place of another goes on where that was
  if (checkpoint !== undefined) await agent.init({ checkpoint });
  const log = (line: string) => tell({ type: 'log', line });
  const onStep = (step: number, loss: number, taken: number) =>
    tell({ type: 'step', step, taken, loss: Number.isNaN(loss) ? null : loss });
  const { stopped } = await stoppable((signal) => agent.train({ saveEvery, signal, log, onStep }));
  if (stopped) process.exitCode = INTERRUPTED;
}

/** Is one task of a cluster whose others are processes that somebody else starts. */
async function trainAsTask(run: Run, task: ClusterTask, synchronous?: boolean): Promise<void> {
  await using server = serverOf(task);
  const { agent } = run;
  console.log(`${describeTask(task)}: ${server.target}`);
  if (learnerNumber(task) < 0) {
    await interruptible((signal) => aborted(signal));
    return;
  }
  agent.runOn({ target: server.target, task, synchronous });
  await trainAgent(run);
}

/** Does a training, and tells what came of it, or how one goes on. */
async function telling(
  { resultDir }: BasicAgent,
  goOn: string,
  terminal: Terminal | undefined,
  train: () => Promise<{ readonly stopped: boolean }>,
): Promise<void> {
  try {
    const { stopped } = await train();
    terminal?.close();
    const checkpoint = latestOfRun(resultDir);
    if (stopped) {
      if (checkpoint !== null) console.log(goOn);
      process.exitCode = INTERRUPTED;
    } else if (checkpoint !== null) {
      console.log(`Summaries and checkpoints are in ${resultDir} (the last is ${path.basename(checkpoint)})`);
    }
  } catch (error) {
    terminal?.close();
    if ((isEnvironmental(error) || terminal === undefined) && latestOfRun(resultDir) !== null) console.log(goOn);
    throw error;
  } finally {
    terminal?.close();
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
