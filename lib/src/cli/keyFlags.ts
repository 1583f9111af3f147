/** Makes command-line flags of configuration keys. */
import { type Command, InvalidArgumentError as CommandError, Option } from 'commander';
import type { AgentClass } from '../models';
import { keysOf } from '../models/basicAgent';
import { describeKey, type Key, type Keys, kindOf, objection } from '../models/configuration';
import { InvalidArgumentError } from '../runtime/errors';

/** Whose keys become flags: a model's, or a command's, which is nameless. */
interface Holder {
  readonly name: string;
  readonly keys: Keys;
}

/** A key that is a flag of a command. */
interface KeyFlag {
  /** What the key is called. */
  readonly name: string;
  readonly option: Option;
  readonly havers: readonly Holder[];
}

/** What commands have flags of their own for. A key of such a name becomes `--model-step`. */
const TAKEN = new Set(
  `help version model model-name models config json step from save-every dry-run fixed-params algorithm full-search fullsearch trials
   min-iter eta nb-process targets resume metric mode infer show cluster workers ps job-name task-index sync`.split(
    /\s+/,
  ),
);

/** The flags of a command that are keys, and the values that they are given. */
export class KeyFlags {
  readonly #command: Command;
  readonly #flags: KeyFlag[] = [];

  constructor(command: Command) {
    this.#command = command;
  }

  /**
   * Adds flags for the keys of some models, in which those of few are under a heading of their own.
   *
   * @param choose tells which keys
   * @param byDefault what a key is by default, in words, where that isn't its own default
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

  /** Adds flags for the keys of a command itself. */
  addOwn(keys: Keys): void {
    const havers = [{ name: '', keys }];
    for (const name of Object.keys(keys)) this.#add(name, havers, new Set(['help']));
  }

  /** What of the flags is given, by the keys' names: as it was written, or true or false. */
  given(): Record<string, unknown> {
    const given = this.#flags.flatMap(({ name, option }): [string, unknown][] => {
      const attribute = option.attributeName();
      const source = this.#command.getOptionValueSource(attribute);
      return source === undefined ? [] : [[name, this.#command.getOptionValue(attribute)]];
    });
    return Object.fromEntries(given);
  }

  /** The values that are given, for a configuration with these keys; of another's keys there must be none. */
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

/** `--nb-units` for nbUnits. What begins with `--no-` would be the opposite of something. */
function flagOf(name: string, taken: ReadonlySet<string>): string {
  const words = name
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replace(/[\s_|,=<>[\]]+/g, '-')
    .replace(/^-+/, '');
  return taken.has(words) || words.startsWith('no-') ? `--model-${words}` : `--${words}`;
}

/** A flag that says yes, and one that says no; `--help` shows the one that changes something. */
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

/** The value of a flag. What isn't written as its key has it stays a text, to which the key objects. */
function valueWritten(type: Key, given: unknown): unknown {
  if (typeof given !== 'string') return given;
  const kind = kindOf(type);
  if (kind === 'boolean') return { true: true, false: false }[given] ?? given;
  const number = given.trim() === '' ? Number.NaN : Number(given);
  return kind === 'number' && !Number.isNaN(number) ? number : given;
}

/** What a key is for, with what it is by default, where those who have it agree on that or not. */
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
