/** The entry point of a project's program: runs its command line. */
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

/** A model class, as far as a project needs it. */
export interface ModelClass {
  /** The model's name for `--model-name`. */
  readonly modelName: string;
  /** The configuration keys, which become flags. */
  readonly keys: Keys;
}

/**
 * The definition of a project.
 *
 * @typeParam F the flags of the project's own commands
 */
export interface Project<F extends Readonly<Record<string, Keys>> = Readonly<Record<string, Keys>>> {
  /** The program's name in `--help`. */
  readonly name: string;
  /** A one-line description for `--help`. */
  readonly description?: string;
  /** The version for `--version`. */
  readonly version?: string;
  /**
   * The project's models; the first is the default. An array of classes; a record or module that contains classes,
   * among other things (`import * as models from './models'`); or the path of such a module, or an array of paths. The
   * modules may be TypeScript if Node or a loader supports it.
   *
   * @defaultValue the models of the modules given by `--models` on the command line, or else all registered ones
   */
  readonly models?: ModelsOf<ModelClass>;
  /**
   * The project's own commands by name, as objects or commander commands. One with the name of a built-in command
   * replaces it.
   */
  readonly commands?: { readonly [N in keyof F]: OwnCommand<F[N]> | Command };
  /**
   * The folder in which new runs and searches create their folders.
   *
   * @defaultValue `summaries`
   */
  readonly resultDir?: string;
}

/**
 * The entry point of a project: runs its command line with its models, which are registered by this call. The commands
 * are `train`, `infer`, `evaluate`, `search`, `server`, `tensorboard` and `data`, with a flag for every key of every
 * model, and the project's own commands. Errors are reported on stderr in one line; `--help` explains the rest.
 *
 * A search starts this program in its worker processes too. There, `cli` passes the models to the search and never
 * returns.
 *
 * @param words the arguments, in place of those of the process. The exit code is then only returned, and trials of
 * model classes run in this process
 * @returns the exit code: 0 for success, 1 for a failure, 2 for a wrong command line, 130 after Ctrl-C
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

/** @param isEndpoint whether the words are this process's arguments */
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

/** Where the worker processes of a search find the models: in their modules, in this program, or in the library. */
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

/**
 * Where processes with the same command line find the models: in this program, or in the library with the models'
 * modules.
 */
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
