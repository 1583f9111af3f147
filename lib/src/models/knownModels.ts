/** The registered models, by name; registry.ts lists the library's own. */

import path from 'node:path';
import { checkFunction, checkObject, checkText, shown } from '../runtime/arguments';
import { withContext } from '../runtime/errorContext';
import { InvalidArgumentError } from '../runtime/errors';
import { didYouMean, unquoted } from '../runtime/nearest';
import { type AgentClass, keysOf } from './basicAgent';
import { type BasicConfig, parseConfig } from './configuration';
import type { ModelRegistry } from './modelRegistry';
import { CONFIG_FILE, readRunRecord } from './runFolder';

/** The name of a model: a registered type, which editors suggest, or any other. */
export type ModelName = keyof ModelRegistry | (string & {});

/** The class of a model by name, as far as types know it. */
export type ModelNamed<N extends string> = [N] extends [keyof ModelRegistry] ? ModelRegistry[N] : AgentClass;

/** The argument of {@link makeModel}: a model's name and any keys of its configuration. */
export type ModelConfig<N extends string = string> = { readonly modelName?: N } & ConfigNamed<N>;

/** The keys of a model by name, or any keys if its type is unknown. */
type ConfigNamed<N extends string> = [N] extends [keyof ModelRegistry]
  ? NonNullable<ConstructorParameters<ModelRegistry[N]>[0]>
  : { readonly resultDir?: string } & Readonly<Record<string, unknown>>;

/** A model's class, and its configuration. */
export interface ResolvedModel {
  readonly model: AgentClass;
  readonly config: Partial<BasicConfig>;
}

/** Models by name. */
export class ModelSet {
  readonly #classes = new Map<string, AgentClass>();
  readonly #otherwise: string | undefined;

  /** @param otherwise the default model; the first one by default */
  constructor(classes: Iterable<AgentClass> = [], otherwise?: string) {
    for (const model of classes) this.add(model);
    this.#otherwise = otherwise;
  }

  /** Adds a model, replacing one of the same name. */
  add(model: AgentClass): void {
    this.#classes.set(model.modelName, model);
  }

  names(): string[] {
    return [...this.#classes.keys()];
  }

  classes(): AgentClass[] {
    return [...this.#classes.values()];
  }

  /**
   * The model of a name, or the default one.
   *
   * @throws {InvalidArgumentError} when there is no model of this name; the message lists the available ones
   */
  get(name: string | undefined = this.#otherwise ?? this.names()[0]): AgentClass {
    checkText('the name of a model', name);
    const found = this.#classes.get(name);
    if (found) return found;
    const names = this.names();
    const guess = didYouMean(name, names, { before: ': ', as: unquoted });
    throw new InvalidArgumentError(`expected a model, one of ${names.join(', ')}, got ${shown(name)}${guess}`);
  }

  /**
   * The class and configuration for the argument of {@link makeModel}.
   *
   * @throws {InvalidArgumentError} when there is no such model, or the result folder has a run of another one
   */
  resolve(given: ModelConfig): ResolvedModel {
    checkObject('the configuration of a model', given);
    const { modelName, ...config } = given;
    const run = config.resultDir === undefined ? undefined : readRunRecord(config.resultDir);
    if (run && modelName !== undefined && run.modelName !== modelName)
      throw new InvalidArgumentError(`${config.resultDir} has a run of ${run.modelName}, not of ${modelName}`);
    if (run) this.check(path.join(config.resultDir!, CONFIG_FILE), run.modelName, run.config);
    const said = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
    return { model: this.get(modelName ?? run?.modelName), config: { ...run?.config, ...said } };
  }

  /**
   * Validates the configuration in a file.
   *
   * @throws {InvalidArgumentError} when it is invalid; the message names the file
   */
  check(file: string, modelName: string | undefined, config: object = {}): void {
    try {
      const model = this.get(modelName);
      parseConfig(model.modelName, keysOf(model), config);
    } catch (error) {
      throw withContext(error, (message) => `${file}: ${message}`);
    }
  }
}

/** All registered models of this process. */
export const knownModels = new ModelSet([], 'fully_connected');

/**
 * Registers a model under its `modelName`. It replaces one of the same name, such as that of a cell that ran before.
 *
 * @example
 * class Wide extends models.FullyConnected {
 *   static override readonly modelName: string = 'wide';
 * }
 * models.registerModel(Wide);
 * const agent = models.makeModel({ modelName: 'wide', hidden1: 1024 });
 */
export function registerModel<C extends BasicConfig>(model: AgentClass<C>): void {
  checkFunction('a model', model);
  checkText('the modelName of a model', model.modelName);
  knownModels.add(model as unknown as AgentClass);
}

/**
 * The names of the registered models.
 *
 * @example
 * models.modelNames().includes('convnet'); // true
 */
export function modelNames(): string[] {
  return knownModels.names();
}

/**
 * The class of a model.
 *
 * @param model its name, or a configuration that contains it as `modelName`
 * @throws {InvalidArgumentError} when there is no model of this name; the message lists the available ones
 *
 * @example
 * models.getModelClass('convnet').keys; // what its configuration may say
 */
export function getModelClass<N extends ModelName>(model: N | { readonly modelName?: N }): ModelNamed<N> {
  if (typeof model !== 'string') checkObject('a model', model);
  const found = knownModels.get(typeof model === 'string' ? model : model.modelName);
  return found as ModelNamed<N>;
}

/**
 * Creates the model that a configuration describes. If its result folder already has a run, it is that run's model, and
 * omitted keys have the values in the run's `config.json`.
 *
 * For a name in {@link ModelRegistry}, types know the model and its keys.
 *
 * @param options includes the model's name as `modelName`, by default `fully_connected`
 * @throws {InvalidArgumentError} when there is no such model, a key is unknown or its value invalid, or the folder has
 * a run of another model
 *
 * @example
 * const agent = models.makeModel({ modelName: 'convnet', lr: 0.002, resultDir: 'summaries/first' });
 * await agent.train();
 *
 * const later = models.makeModel({ resultDir: 'summaries/first' }); // the same, as it was trained
 * await later.infer(sets.test.images);
 */
export function makeModel<N extends ModelName>(options: ModelConfig<N>): InstanceType<ModelNamed<N>> {
  const { model, config } = knownModels.resolve(options);
  return new model(config) as InstanceType<ModelNamed<N>>;
}
