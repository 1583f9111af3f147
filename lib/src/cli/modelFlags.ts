/** The flags that choose a model and its configuration, generated from the keys that models declare. */
import { type Command, Option } from 'commander';
import { keysOf } from '../models/basicAgent';
import type { ModelConfig, ModelSet } from '../models/knownModels';
import { readConfigFile } from '../models/runFolder';
import { KeyFlags } from './keyFlags';
import type { ProjectCommands } from './project';

/** The flags of a command that select and configure a model. */
export class ModelFlags {
  readonly #command: Command;
  readonly #models: ModelSet;
  readonly #keys: KeyFlags;

  /** Adds `--model-name`, `--config`, and a flag for every key of every model. */
  constructor(command: Command, { models, runsFolder }: Pick<ProjectCommands, 'models' | 'runsFolder'>) {
    const names = models.names();
    const byDefault = names.length === 1 ? names[0] : `${models.get().modelName}, or that of the result folder`;
    command
      .addOption(new Option('--model, --model-name <name>', `the model (default: ${byDefault})`).choices(names))
      .option(
        '--config <file>',
        "a JSON file with a configuration, such as a run's config.json; other flags override it",
      );
    this.#command = command;
    this.#models = models;
    this.#keys = new KeyFlags(command);
    this.#keys.addOf(
      models.classes(),
      () => true,
      (key) => (key === 'resultDir' ? `a new folder in ${runsFolder}` : undefined),
    );
  }

  /**
   * The configuration given by the flags; before them by the file; and before that by `base`.
   *
   * @throws {InvalidArgumentError} when a file or folder that they name has other contents
   */
  config(base: ModelConfig = {}): ModelConfig {
    const { config: file, modelName } = this.#command.opts<{ config?: string; modelName?: string }>();
    const read = file === undefined ? {} : this.#read(file, modelName);
    const whole = { ...base, ...read, ...(modelName !== undefined && { modelName }) };
    const { model } = this.#models.resolve({ ...whole, ...this.#keys.given() });
    return { ...whole, ...this.#keys.valuesFor({ name: model.modelName, keys: keysOf(model) }) };
  }

  /** Reads a configuration file and checks it for the model that a flag or the file names. */
  #read(file: string, named: string | undefined): ModelConfig {
    const { modelName, ...config }: ModelConfig = readConfigFile(file);
    this.#models.check(file, named ?? modelName, config);
    return { modelName, ...config };
  }
}
