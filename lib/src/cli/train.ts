/** `tf-mechanics train`: trains a model. */
import path from 'node:path';
import { Command } from 'commander';
import type { BasicAgent, ModelConfig } from '../models';
import { type ClusterTask, learnerNumber } from '../models/cluster/clusterTask';
import { checkpointOfStep, latestOfRun, readConfigFile } from '../models/runFolder';
import { isEnvironmental } from '../runtime/environment';
import { NotFoundError } from '../runtime/errors';
import { Server } from '../tf/train/cluster/server';
import { integer } from './arguments';
import {
  aborted,
  addClusterFlags,
  type ClusterFlags,
  describeTask,
  partOf,
  SERVERS,
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

/** The default number of steps between checkpoints. */
const SAVE_EVERY = 1000;

export function trainCommand(project: ProjectCommands): Command {
  const command = new Command('train').description(
    'train a model, writing summaries for TensorBoard and checkpoints; a run continues from the latest checkpoint in its folder',
  );
  const model = new ModelFlags(command, project);
  return addClusterFlags(command)
    .option('--save-every <steps>', 'steps between checkpoints and evaluations', integer(1), SAVE_EVERY)
    .option(
      '--from <folder>',
      'a run to branch from: continue from its checkpoint, with its configuration, in a new folder',
    )
    .option('--step <step>', 'the step of that checkpoint; the latest by default', integer(0))
    .option('--dry-run', 'print the configuration without training')
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
    else if (part === undefined) await trainAlone(run);
    else if (part === 'local') await trainWithProcesses(project, run, given);
    else await trainAsTask(run, part, given.sync);
  } finally {
    await agent.close();
  }
}

/** A requested training run. */
interface Run {
  readonly agent: BasicAgent;
  readonly saveEvery: number;
  /**
   * The checkpoint of another run to start from, if any.
   *
   * @throws {NotFoundError} when it doesn't exist
   */
  readonly begin: () => string | undefined;
  /** The command that resumes the run. */
  readonly goOn: string;
}

/** How training ended. */
interface Outcome {
  readonly stopped: boolean;
  /** The last checkpoint; '' if there is none, or another task saves it. */
  readonly checkpoint: string;
}

async function trainAlone(run: Run): Promise<void> {
  await telling(run, async (signal) => {
    const checkpoint = run.begin();
    if (checkpoint !== undefined) await run.agent.init({ checkpoint });
    return trainAgent(run, signal);
  });
}

/** Trains with a progress bar. */
async function trainAgent({ agent, saveEvery }: Run, signal: AbortSignal): Promise<Outcome> {
  const terminal = new Terminal(agent.config.maxIter);
  const log = (line: string) => terminal.log(line);
  const onStep = (step: number, loss: number) => terminal.update(step, loss);
  try {
    return await agent.train({ saveEvery, signal, log, onStep });
  } finally {
    terminal.close();
  }
}

/** Trains in a cluster of processes on this machine. */
async function trainWithProcesses({ programOf }: ProjectCommands, run: Run, flags: TrainFlags): Promise<void> {
  const { resultDir, randomSeed, maxIter } = run.agent.config;
  const { workers = WORKERS, ps = SERVERS } = flags;
  run.begin(); // throws for a missing checkpoint before anything starts
  const config = { resultDir, randomSeed };
  const program = programOf();
  const work = async (signal: AbortSignal) => {
    const { stopped } = await trainLocally({ workers, ps, maxIter, config, program, signal });
    return { stopped, checkpoint: latestOfRun(resultDir) ?? '' };
  };
  await telling(run, work, () => true); // a task's failure may be caused by another one
}

/** Trains as one of these processes, reporting to the one that started it. */
async function trainAsTold(run: Run, { task, goesOn }: ToldTask, synchronous?: boolean): Promise<void> {
  await using server = new Server(task);
  const { agent, saveEvery } = run;
  const log = (line: string) => tell({ type: 'log', line });
  const onStep = (step: number, loss: number, taken: number) =>
    tell({ type: 'step', step, taken, loss: Number.isNaN(loss) ? null : loss });
  const { stopped } = await stoppable((signal) => {
    agent.runOn({ target: server.target, task, synchronous, goesOn, from: beginOf(run) });
    return agent.train({ saveEvery, signal, log, onStep });
  });
  if (stopped) process.exitCode = INTERRUPTED;
}

/** Trains as a task of a cluster whose other processes are started by others. */
async function trainAsTask(run: Run, task: ClusterTask, synchronous?: boolean): Promise<void> {
  await using server = new Server(task);
  const tellOfTask = () => console.log(`${describeTask(task)}: ${server.target}`);
  if (learnerNumber(task) < 0) {
    await interruptible((signal) => {
      tellOfTask();
      return aborted(signal);
    });
    return;
  }
  run.agent.runOn({ target: server.target, task, synchronous, from: beginOf(run) });
  await telling(run, (signal) => {
    tellOfTask();
    return trainAgent(run, signal);
  });
}

/** The checkpoint to start a task from, if any: a restarted task continues with the run's own. */
function beginOf({ agent, begin }: Run): string | undefined {
  return latestOfRun(agent.resultDir) === null ? begin() : undefined;
}

/**
 * Runs training that can be stopped, and reports the result or how to resume.
 *
 * @param canGoOn whether it can be resumed after an error
 */
async function telling(
  { agent: { resultDir }, goOn }: Run,
  work: (signal: AbortSignal) => Promise<Outcome>,
  canGoOn: (error: unknown) => boolean = isEnvironmental,
): Promise<void> {
  const tellHow = () => {
    if (latestOfRun(resultDir) !== null) console.log(goOn);
  };
  try {
    const { stopped, checkpoint } = await interruptible(work);
    if (stopped) {
      tellHow();
      process.exitCode = INTERRUPTED;
    } else if (checkpoint !== '') {
      console.log(`Summaries and checkpoints are in ${resultDir} (the last is ${path.basename(checkpoint)})`);
    }
  } catch (error) {
    if (canGoOn(error)) tellHow();
    throw error;
  }
}

/** The configuration of a run, for another run: without its folder. */
function configOfRun(folder: string): ModelConfig {
  return readConfigFile(path.join(folder, 'config.json'));
}

/**
 * A checkpoint of a run: of a given step, or the latest.
 *
 * @throws {NotFoundError} when it doesn't exist
 */
export function checkpointOf({ command }: ProjectCommands, folder: string, step?: number): string {
  const checkpoint = step === undefined ? latestOfRun(folder) : checkpointOfStep(folder, step);
  if (checkpoint === null)
    throw new NotFoundError(`${folder} has no checkpoint; train one: ${command('train', '--result-dir', folder)}`);
  return checkpoint;
}
