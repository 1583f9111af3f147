/** Finds the models that a project offers, and the modules that they come from. */
import { CommanderError } from 'commander';
import type { AgentClass } from '../models';
import { knownModels, registerModel } from '../models/knownModels';
import { loadModels, modelsIn } from '../models/modelsIn';

/** What a project may say its models by. */
export type ModelsOf<C> = readonly C[] | string | readonly string[] | Readonly<Record<string, unknown>>;

/** The models that a project offers. */
export interface FoundModels {
  readonly models: readonly AgentClass[];
  /** The modules that have them, where they are given by these. */
  readonly modules?: readonly string[];
  /** The words that say so. */
  readonly named: readonly string[];
  /** The others. */
  readonly words: readonly string[];
}

/** The flag that names modules, as long as the project doesn't say which models it has. */
export const MODELS_FLAG = [
  '--models <module>',
  'offer the models that this module exports or registers instead',
] as const;

/**
 * The models of a project, which are known from now on: those that are given, else those of the modules that words name, else all that are
 * known already.
 *
 * @throws {InvalidArgumentError} when there is none, or two have one name
 * @throws {NotFoundError} when there is no such module
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

/** Whether words name modules of models. */
export function namesModels(words: readonly string[]): boolean {
  return words.some((word) => word === '--models' || word.startsWith('--models='));
}

/** The modules that words name, and the other words: the flag may stand before a command or after it. */
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
