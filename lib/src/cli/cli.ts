/** The entry point of a project's program: it does what the command line asks for. */
import path from 'node:path';
import type { Command } from 'commander';
import type { TrialContext } from '../hyperparameters';
import { workerHost } from '../hyperparameters/workerHost';
import { type ModelConfig, runTrial, trials, trialsOf } from '../models';
import type { Keys } from '../models/configuration';
import { ModelSet } from '../models/knownModels';
import { RUNS_FOLDER, withRunsFolder } from '../models/runFolder';
import { checkText } from '../runtime/arguments';
import { UnimplementedError } from '../runtime/errors';
import { moduleFile } from '../runtime/modules';
import { onlyOptions } from '../runtime/options';
import { quoted } from './arguments';
import { programOf } from './commandLine';
import { type FoundModels, findModels, MODELS_FLAG, type ModelsOf } from './findModels';
import { watchOutput } from './output';
import { commandsOf, type OwnCommand } from './ownCommand';
import type { ProjectCommands } from './project';
import { report, runProgram } from './runProgram';
import { startedAs } from './started';

export type { OwnCommand } from './ownCommand';

/** A class of a model, as far as a project has to say it. */
export interface ModelClass {
  /** The name by which `--model-name` chooses it. */
  readonly modelName: string;
  /** The keys of its configuration, which become flags. */
  readonly keys: Keys;
}

/**
 * What a project is.
 *
 * @typeParam F the flags of each of its own commands
 */
export interface Project<F extends Readonly<Record<string, Keys>> = Readonly<Record<string, Keys>>> {
  /** What it is called, in its `--help`. */
  readonly name: string;
  /** What it is for, in a line of its `--help`. */
  readonly description?: string;
  /** What `--version` says. */
  readonly version?: string;
  /**
   * Its models, the first of which is meant where none is named: classes in an array; a record or a module with classes among other things
   * (`import * as models from './models'`); or the path of such a module, or an array of paths, which may be of TypeScript where Node or
   * a loader takes that.
   *
   * @defaultValue those of the modules that `--models` names on the command line, or else all that are registered
   */
  readonly models?: ModelsOf<ModelClass>;
  /** Its own commands by their names: as objects, or as commander makes them. One that is called as a usual one stands in for that. */
  readonly commands?: { readonly [N in keyof F]: OwnCommand<F[N]> | Command };
  /**
   * The folder in which new runs and searches get folders of their own.
   *
   * @defaultValue `summaries`
   */
  readonly resultDir?: string;
}

/**
 * The endpoint of a project: does what the command line says with the project's models, which become known by this. There are `train`,
 * `infer`, `evaluate`, `search`, `server`, `tensorboard` and `data`, with a flag for every key of every model, and the project's own commands. What
 * goes wrong is told on stderr in one line; `--help` tells the rest.
 *
 * The processes of a search are this program, too: in them, `cli` gives the search its models, and what stands after it isn't reached.
 *
 * @param words what to do, in place of the command line. The exit code is only returned then, and trials of classes run in this process
 * @returns the exit code: 0, 1 for what failed, 2 for a wrong command line, 130 for what Ctrl-C has stopped
 *
 * @example
 * // import { cli } from 'tf-mechanics/cli';
 * void cli({ name: 'digits', models: [models.SoftmaxRegression], resultDir: 'results' });
 */
export async function cli<F extends Readonly<Record<string, Keys>>>(
  project: Project<F>,
  words?: readonly string[],
): Promise<number> {
  const host = workerHost();
  if (host && words === undefined) {
    await findModels(project.models, process.argv.slice(2));
    await host.offer((context) => runTrial(context as TrialContext<ModelConfig>));
    return 0;
  }
  if (words === undefined) {
    watchOutput();
    await run(project, process.argv.slice(2), true);
    return Number(process.exitCode ?? 0);
  }
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await run(project, words, false);
    return Number(process.exitCode ?? 0);
  } finally {
    process.exitCode = before;
  }
}

/** @param isEndpoint whether this process was started with these words */
async function run(project: Project, given: readonly string[], isEndpoint: boolean): Promise<void> {
  try {
    onlyOptions(project, {
      name: 'string',
      description: 'string',
      version: 'string',
      models: 'any',
      commands: 'any',
      resultDir: 'path',
    });
    const { name, description, version, commands = {}, resultDir = RUNS_FOLDER } = project;
    checkText('the name of a project', name);
    checkText('the resultDir of a project', resultDir);
    const found = await findModels(project.models, given);
    const command = (...words: string[]) => {
      const all = [...found.named, ...words];
      return isEndpoint ? startedAs(all) : [name, ...all].map(quoted).join(' ');
    };
    const trial = trialOf(project, found, isEndpoint ? given : undefined);
    const ownProgram = () => ownProgramOf(project, found, given, isEndpoint);
    const parts = { models: new ModelSet(found.models), runsFolder: resultDir, trial, programOf: ownProgram, command };
    const program = programOf(parts, commandsOf(commands)).name(name);
    if (description !== undefined) program.description(description);
    if (version !== undefined) program.version(version);
    if (project.models === undefined) program.option(...MODELS_FLAG);
    await withRunsFolder(resultDir, () => runProgram(program, found.words));
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Where the processes of a search find the models: in their modules, in this program, or in the library. */
function trialOf(
  { models }: Project,
  { modules }: FoundModels,
  words: readonly string[] | undefined,
): ProjectCommands['trial'] {
  const [, program] = process.argv;
  if (modules) return trialsOf(...modules);
  if (words && program) return { program, words };
  return models === undefined ? trials : (context) => runTrial({ ...context, log: () => {} });
}

/** Where processes that are to do the same find the models: in this program, or in the library's with their modules. */
function ownProgramOf(
  { models }: Project,
  { modules = [], words: others }: FoundModels,
  words: readonly string[],
  isEndpoint: boolean,
) {
  const [, program] = process.argv;
  if (isEndpoint && program) return { file: program, words };
  if (models !== undefined && modules.length === 0)
    throw new UnimplementedError(
      'the processes of a cluster do not know the models of this one: start the program itself with these words, or name the modules of the models by their paths',
    );
  const named = modules.flatMap((module) => ['--models', moduleFile(module)]);
  return { file: path.join(__dirname, 'main.js'), words: [...others, ...named] };
}
