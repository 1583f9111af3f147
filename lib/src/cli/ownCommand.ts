/** Commands that a project adds to its command line. */
import { Command } from 'commander';
import { type Keys, parseConfig, type ValuesOf } from '../models/configuration';
import { checkFunction, checkText } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { checkKeys } from '../runtime/options';
import { KeyFlags } from './keyFlags';

/**
 * A command of a project's own. Its flags are described as the keys of a model are, by `models.key`: each has a type, a description and a
 * default, and `run` gets their values, checked.
 */
export interface OwnCommand<K extends Keys = Keys> {
  /** What it does, for `--help`. */
  readonly description: string;
  /**
   * The words that it takes besides flags, such as `<files...>`, or `[name]` for one that may be left out.
   *
   * @defaultValue none
   */
  readonly words?: string;
  /** Its flags: `nbUnits` becomes `--nb-units`. */
  readonly flags?: K;
  /** Does it. What it throws ends the program with exit code 1. */
  run(flags: ValuesOf<K>, words: readonly string[]): unknown;
}

/** The commands of a project as commander has them; some may be made by commander already. */
export function commandsOf(own: Readonly<Record<string, OwnCommand | Command>>): Command[] {
  return Object.entries(own).map(([name, command]) =>
    isCommander(command) ? command.name(name) : commandOf(name, command),
  );
}

/** Also of another copy of commander. */
function isCommander(command: OwnCommand | Command): command is Command {
  return typeof (command as Partial<Command> | null)?.parseAsync === 'function';
}

/** @throws {InvalidArgumentError} when something of it can't be right, naming the command */
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
