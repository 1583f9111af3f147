/** Turns configuration keys into command-line flags. */
import { type Command, InvalidArgumentError as CommandError, Option } from 'commander';
import type { AgentClass } from '../models';
import { keysOf } from '../models/basicAgent';
import { describeKey, type Key, type Keys, kindOf, objection } from '../models/configuration';
import { InvalidArgumentError } from '../runtime/errors';

/** The owner of keys that become flags: a model, or a command, which has no name. */
interface Holder {
  readonly name: string;
  readonly keys: Keys;
}

/** A key that is a flag of a command. */
interface KeyFlag {
  /** The key's name. */
  readonly name: string;
  readonly option: Option;
  readonly havers: readonly Holder[];
}

/** The flags that commands have themselves. A key with such a name becomes `--model-step`, for instance. */
const TAKEN = new Set(
  `help version model model-name models config json step from save-every dry-run fixed-params algorithm full-search fullsearch trials
   min-iter eta nb-process targets resume metric mode infer show cluster workers ps job-name task-index sync`.split(
    /\s+/,
  ),
);

/** The flags of a command that stand for keys, and their values. */
export class KeyFlags {
  readonly #command: Command;
  readonly #flags: KeyFlag[] = [];

  constructor(command: Command) {
    this.#command = command;
  }

  /**
   * Adds flags for the keys of some models; keys of only some models are listed under headings of their own.
   *
   * @param choose selects the keys
   * @param byDefault describes a key's default value, where it differs from the key's own
   */
  addOf(
    models: readonly AgentClass[],
    choose: (model: AgentClass, key: string) => boolean,
    byDefault: (key: string) => string | undefined,
  ): void {
    const holders = models.map((model) => ({
      name: model.modelName,
      keys: Object.fromEntries(Object.entries(keysOf(model)).filter(([key]) => choose(model, key))),
    }));
    for (const name of new Set(holders.flatMap(({ keys }) => Object.keys(keys)))) {
      const havers = holders.filter(({ keys }) => Object.hasOwn(keys, name));
      const heading = havers.length < models.length ? `Options of ${namesOf(havers)}:` : undefined;
      this.#add(name, havers, TAKEN, heading, byDefault(name));
    }
  }

  /** Adds flags for a command's own keys. */
  addOwn(keys: Keys): void {
    const havers = [{ name: '', keys }];
    for (const name of Object.keys(keys)) this.#add(name, havers, new Set(['help']));
  }

  /** The given flags by the names of their keys: as text, or true or false. */
  given(): Record<string, unknown> {
    const given = this.#flags.flatMap(({ name, option }): [string, unknown][] => {
      const attribute = option.attributeName();
      const source = this.#command.getOptionValueSource(attribute);
      return source === undefined ? [] : [[name, this.#command.getOptionValue(attribute)]];
    });
    return Object.fromEntries(given);
  }

  /** The given values for a configuration with these keys; flags for other models' keys are an error. */
  valuesFor({ name: holder, keys }: Holder): Record<string, unknown> {
    const values = Object.entries(this.given()).map(([name, given]) => {
      const { option, havers } = this.#flags.find((flag) => flag.name === name)!;
      const key = keys[name];
      if (key === undefined)
        this.#fail(`option '${option.flags}' is for --model-name ${namesOf(havers, ' or ')}, not ${holder}`);
      const value = valueWritten(key, given);
      const right = objection(key, value);
      const written = given === true ? 'has no argument' : `argument '${given}' is invalid`;
      if (right !== undefined) this.#fail(`option '${option.flags}' ${written}. It must be ${right}.`);
      return [name, value];
    });
    return Object.fromEntries(values);
  }

  #fail(message: string): never {
    return this.#command.error(`error: ${message}`);
  }

  #add(
    name: string,
    havers: readonly Holder[],
    taken: ReadonlySet<string>,
    heading?: string,
    byDefault?: string,
  ): void {
    const flag = flagOf(name, taken);
    const other = this.#flags.find(({ option }) => option.long === flag);
    if (other)
      throw new InvalidArgumentError(`the keys ${other.name} and ${name} are both the flag ${flag}: rename one`);
    const kinds = new Set(havers.map(({ keys }) => kindOf(keys[name]!)));
    const description = describe(name, havers, byDefault);
    const options =
      kinds.size === 1 && kinds.has('boolean')
        ? switches(
            flag,
            description,
            havers.every(({ keys }) => keys[name]!.default === true),
          )
        : [valued(flag, name, kinds, havers, description)];
    for (const option of options) this.#command.addOption(heading === undefined ? option : option.helpGroup(heading));
    this.#flags.push({ name, option: options[0]!, havers });
  }
}

/** `--nb-units` for nbUnits. A flag that begins with `--no-` would be taken for a negation. */
function flagOf(name: string, taken: ReadonlySet<string>): string {
  const words = name
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replace(/[\s_|,=<>[\]]+/g, '-')
    .replace(/^-+/, '');
  return taken.has(words) || words.startsWith('no-') ? `--model-${words}` : `--${words}`;
}

/** A flag for true and one for false; `--help` shows the one that changes the default. */
function switches(flag: string, description: string, isOn: boolean): Option[] {
  const yes = new Option(flag, description).hideHelp(isOn);
  const no = new Option(flag.replace('--', '--no-'), `not: ${description}`).hideHelp(!isOn);
  return [yes, no];
}

function valued(
  flag: string,
  name: string,
  kinds: ReadonlySet<string>,
  havers: readonly Holder[],
  description: string,
): Option {
  const [kind] = kinds;
  const texts = name.endsWith('Dir') ? 'folder' : 'text';
  const value = kinds.size > 1 ? 'value' : { number: 'number', picklist: 'name', string: texts }[kind!];
  const words = kinds.has('boolean') ? `[${value}]` : `<${value}>`;
  return new Option(`${flag} ${words}`, description).argParser((text) => {
    const objections = havers.map(({ keys }) => objection(keys[name]!, valueWritten(keys[name]!, text)));
    if (!objections.includes(undefined))
      throw new CommandError(`It must be ${[...new Set(objections)].join(', or ')}.`);
    return text;
  });
}

/** The value of a flag. A text that doesn't parse as the key's type is passed on, and the key reports the error. */
function valueWritten(type: Key, given: unknown): unknown {
  if (typeof given !== 'string') return given;
  const kind = kindOf(type);
  if (kind === 'boolean') return { true: true, false: false }[given] ?? given;
  const number = given.trim() === '' ? Number.NaN : Number(given);
  return kind === 'number' && !Number.isNaN(number) ? number : given;
}

/** Describes a key with its default, if the models that have the key agree on them. */
function describe(name: string, havers: readonly Holder[], byDefault?: string): string {
  const texts = new Map<string, Holder[]>();
  for (const haver of havers) {
    const text = describeKey(haver.keys[name]!);
    texts.set(text, [...(texts.get(text) ?? []), haver]);
  }
  const description = [...texts].map(([text, of]) => (texts.size === 1 ? text : `${namesOf(of)}: ${text}`)).join('; ');
  const defaults = havers
    .map((haver) => ({ haver, value: byDefault ?? haver.keys[name]!.default }))
    .filter(({ value }) => value !== undefined && value !== false);
  if (defaults.length === 0) return description;
  const agreed = new Set(defaults.map(({ value }) => value)).size === 1 && defaults.length === havers.length;
  const words = agreed ? [defaults[0]!.value] : defaults.map(({ haver, value }) => `${haver.name} ${value}`);
  return `${description} (default: ${words.join(', ')})`;
}

function namesOf(holders: readonly Holder[], between = ', '): string {
  return holders.map(({ name }) => name).join(between);
}
