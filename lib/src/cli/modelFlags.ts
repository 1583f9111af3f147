/** The flags that choose a model and its configuration, made of the keys that models declare. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AgentClass, keysOf } from '../models/basicAgent';
import { describeKey, type Key, kindOf, objection } from '../models/configuration';
import { checkConfig, getModelClass, type ModelConfig, modelNames, resolveModel } from '../models/registry';
import { readConfigFile } from '../models/runFolder';

/** Adds `--model-name`, `--config`, and a flag for every key of every model. */
export function addModelFlags(command: Command): Command {
  command
    .addOption(
      new Option(
        '--model, --model-name <name>',
        'the model (default: fully_connected, or that of the result folder)',
      ).choices(modelNames()),
    )
    .option('--config <file>', 'a configuration in JSON, such as the config.json of a run; other flags go before it');
  const models = modelNames().map(getModelClass);
  const names = new Set(models.flatMap((model) => Object.keys(keysOf(model))));
  for (const name of names) {
    const havers = models.filter((model) => name in keysOf(model));
    const flag = flagOf(name, describe(name, havers), keyOf(havers[0]!, name));
    if (havers.length < models.length) flag.helpGroup(`Options of ${namesOf(havers)}:`);
    command.addOption(flag);
  }
  return command;
}

/** The configuration that the flags of {@link addModelFlags} say, the file's before it. */
export function configFromFlags(command: Command): ModelConfig {
  const { config: file, ...flags } = command.opts<{ config?: string; modelName?: string }>();
  const keys = new Set(['modelName', ...modelNames().flatMap((name) => Object.keys(keysOf(getModelClass(name))))]);
  const given = Object.fromEntries(Object.entries(flags).filter(([name]) => keys.has(name)));
  const config: ModelConfig = { ...(file === undefined ? {} : readCheckedConfig(file, flags.modelName)), ...given };
  refuseOthersFlags(command, resolveModel(config).model);
  return config;
}

/** The configuration in a file, which is right for the model that a flag or the file names. */
function readCheckedConfig(file: string, named: string | undefined): ModelConfig {
  const { modelName, ...config }: ModelConfig = readConfigFile(file);
  checkConfig(file, named ?? modelName, config);
  return { modelName, ...config };
}

/** A flag of another model would do nothing. */
function refuseOthersFlags(command: Command, model: AgentClass): void {
  const own = keysOf(model);
  for (const option of command.options) {
    const name = option.attributeName();
    const havers = modelNames().filter((other) => name in keysOf(getModelClass(other)));
    if (havers.length === 0 || name in own || command.getOptionValueSource(name) !== 'cli') continue;
    command.error(`error: option '${option.flags}' is for --model-name ${havers.join(' or ')}, not ${model.modelName}`);
  }
}

function keyOf(model: AgentClass, name: string): Key {
  return keysOf(model)[name]!;
}

function namesOf(models: readonly AgentClass[]): string {
  return models.map(({ modelName }) => modelName).join(', ');
}

function flagOf(name: string, description: string, type: Key): Option {
  const kind = kindOf(type);
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (kind === 'boolean') return new Option(flag, description);
  const value = { number: 'number', picklist: 'name', string: name.endsWith('Dir') ? 'folder' : 'text' }[kind];
  return new Option(`${flag} <${value}>`, description).argParser((text) => parse(type, text));
}

/** The value of a flag. What isn't written as a number stays a text, to which its key objects. */
function parse(type: Key, text: string): unknown {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const value = kindOf(type) === 'number' && !Number.isNaN(number) ? number : text;
  const right = objection(type, value);
  if (right !== undefined) throw new InvalidArgumentError(`It must be ${right}.`);
  return value;
}

/** What a key is for, with what it is by default, where models agree on that or not. */
function describe(name: string, models: readonly AgentClass[]): string {
  const description = describeKey(keyOf(models[0]!, name));
  const defaults = models
    .map((model) => ({ model, value: keyOf(model, name).default }))
    .filter(({ value }) => value !== undefined && value !== false);
  if (defaults.length === 0) return description;
  const agreed = new Set(defaults.map(({ value }) => value)).size === 1 && defaults.length === models.length;
  const words = agreed ? [defaults[0]!.value] : defaults.map(({ model, value }) => `${model.modelName} ${value}`);
  return `${description} (default: ${words.join(', ')})`;
}
