/** Commands that a project adds to its command line. */
import { Command } from 'commander';
import { type Keys, parseConfig, type ValuesOf } from '../models/configuration';
import { checkFunction, checkText } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { checkKeys } from '../runtime/options';
import { KeyFlags } from './keyFlags';

/**
 * A project's own command. Its flags are described like a model's keys, with `models.key`: each has a type, a
 * description and a default, and `run` gets the validated values.
 */
export interface OwnCommand<K extends Keys = Keys> {
  /** The description for `--help`. */
  readonly description: string;
  /**
   * The positional arguments, such as `<files...>`, or `[name]` for an optional one.
   *
   * @defaultValue none
   */
  readonly words?: string;
  /** Its flags: `nbUnits` becomes `--nb-units`. */
  readonly flags?: K;
  /** Runs the command. If it throws, the program ends with exit code 1. */
  run(flags: ValuesOf<K>, words: readonly string[]): unknown;
}

/** A project's commands as commander commands; some may be such already. */
export function commandsOf(own: Readonly<Record<string, OwnCommand | Command>>): Command[] {
  return Object.entries(own).map(([name, command]) =>
    isCommander(command) ? command.name(name) : commandOf(name, command),
  );
}

/** Whether it is a command of any copy of commander. */
function isCommander(command: OwnCommand | Command): command is Command {
  return typeof (command as Partial<Command> | null)?.parseAsync === 'function';
}

/** @throws {InvalidArgumentError} when the definition is invalid, naming the command */
function commandOf(name: string, own: OwnCommand): Command {
  checkKeys(own, ['description', 'words', 'flags', 'run'], `commands.${name}.`);
  const { description, words, flags = {}, run } = own;
  checkText(`the description of the command ${name}`, description);
  checkFunction(`run of the command ${name}`, run);
  const command = new Command(name).description(description).allowExcessArguments(false);
  if (words !== undefined) {
    if (!/^(<[^<>]+>|\[[^[\]]+\])( (<[^<>]+>|\[[^[\]]+\]))*$/.test(words))
      throw new InvalidArgumentError(
        `the words of the command ${name} are such as '<files...>' or '[name]', not '${words}'`,
      );
    command.arguments(words);
  }
  const keys = new KeyFlags(command);
  keys.addOwn(flags);
  return command.action(async () => {
    const given = keys.valuesFor({ name, keys: flags });
    await run(parseConfig(name, flags, given), command.args);
  });
}
