/** Finds the models that a project offers, and the modules that they come from. */
import { CommanderError } from 'commander';
import type { AgentClass } from '../models';
import { knownModels, registerModel } from '../models/knownModels';
import { loadModels, modelsIn } from '../models/modelsIn';

/** How a project may specify its models. */
export type ModelsOf<C> = readonly C[] | string | readonly string[] | Readonly<Record<string, unknown>>;

/** The models that a project offers. */
export interface FoundModels {
  readonly models: readonly AgentClass[];
  /** Their modules, if they are given by modules. */
  readonly modules?: readonly string[];
  /** The arguments that name them. */
  readonly named: readonly string[];
  /** The other arguments. */
  readonly words: readonly string[];
}

/** The flag that names modules, available unless the project specifies its models. */
export const MODELS_FLAG = [
  '--models <module>',
  'offer the models that this module exports or registers instead',
] as const;

/**
 * Finds and registers a project's models: the given ones, else those of the modules that the arguments name, else all
 * registered ones.
 *
 * @throws {InvalidArgumentError} when there are none, or two have the same name
 * @throws {NotFoundError} when a module doesn't exist
 * @throws {FailedPreconditionError} when a module can't be loaded
 */
export async function findModels(given: ModelsOf<unknown> | undefined, words: readonly string[]): Promise<FoundModels> {
  const { values, others } = given === undefined ? takeModels(words) : { values: [], others: words };
  const modules = typeof given === 'string' ? [given] : isPaths(given) ? given : values;
  const loaded: AgentClass[] = [];
  for (const module of modules) loaded.push(...(await loadModels(module)));
  const models = modelsIn(modules.length > 0 ? loaded : ((given ?? knownModels.classes()) as object));
  for (const model of models) registerModel(model);
  const named = values.flatMap((value) => ['--models', value]);
  return { models, ...(modules.length > 0 && { modules }), named, words: others };
}

/** Whether the arguments name modules of models. */
export function namesModels(words: readonly string[]): boolean {
  return words.some((word) => word === '--models' || word.startsWith('--models='));
}

/** Splits the arguments into module names and others: the flag may precede or follow the command. */
function takeModels(words: readonly string[]): { values: string[]; others: string[] } {
  const values: string[] = [];
  const others: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!namesModels([word])) {
      others.push(word);
      continue;
    }
    const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[++i];
    if (value === undefined || value === '' || value.startsWith('-'))
      throw new CommanderError(
        2,
        'commander.optionMissingArgument',
        `error: option '${MODELS_FLAG[0]}' argument missing`,
      );
    values.push(value);
  }
  return { values, others };
}

function isPaths(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.length > 0 && given.every((one) => typeof one === 'string');
}
