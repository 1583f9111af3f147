/**
 * Runs a command line and reports its errors. It imports nothing else of the library, since some commands don't need
 * it.
 */
import { type Command, CommanderError } from 'commander';
import { TensorFlowError } from '../runtime/errors';
import { localPath } from './arguments';

/** The exit code of a wrong command line, by convention. */
const USAGE_ERROR = 2;

/** Runs the command for these arguments. Errors are reported on stderr and set the exit code. */
export async function runProgram(program: Command, words: readonly string[]): Promise<void> {
  for (const command of commandsOf(program)) {
    command
      .exitOverride()
      .showHelpAfterError(false)
      .configureOutput({ writeErr: () => {} });
    for (const option of command.options)
      if (/<(file|folder|path)>/.test(option.flags) && !option.parseArg) option.argParser(localPath);
  }
  const flags = flagsOf(program);
  try {
    await program.parseAsync(withCommand(asOurs(words, flags)), { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, flags);
  }
}

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

/** All flags of all commands. */
function flagsOf(program: Command): Set<string> {
  return new Set(commandsOf(program).flatMap(({ options }) => options.flatMap(({ long }) => long ?? [])));
}

/** Accepts the article's spelling of flags: `_` for `-`, and `--fullsearch` as one word. */
function asOurs(words: readonly string[], flags: ReadonlySet<string>): string[] {
  return words.map((word) => {
    const [flag = '', ...value] = word.split('=');
    if (flags.has(flag) || !/^--[a-z]\w*$/.test(flag)) return word;
    const ours = flag === '--fullsearch' ? '--full-search' : flag.replaceAll('_', '-');
    return [ours, ...value].join('=');
  });
}

/** Adds the command as in the article, where flags alone train, `--full-search` searches, and `--infer` predicts. */
function withCommand(words: string[]): string[] {
  const [first = ''] = words;
  if (!first.startsWith('--') || ['--help', '--version'].includes(first)) return words;
  if (words.includes('--infer')) return ['infer', ...words.filter((word) => word !== '--infer')];
  return [words.includes('--full-search') ? 'search' : 'train', ...words];
}

/** Our names of other programs' flags. */
const othersFlags: Readonly<Record<string, string>> = {
  'learning-rate': 'lr',
  'max-steps': 'max-iter',
  steps: 'max-iter',
  iterations: 'max-iter',
  epochs: 'max-iter',
  seed: 'random-seed',
  'log-dir': 'result-dir',
  logdir: 'result-dir',
  'model-dir': 'result-dir',
  'train-dir': 'result-dir',
  'output-dir': 'result-dir',
  'input-data-dir': 'data-dir',
  dropout: 'keep-prob',
  jobs: 'nb-process',
  processes: 'nb-process',
};

/** Adds a suggestion to the message about an unknown flag, if another program has it. */
function withOurFlag(message: string, flags: ReadonlySet<string>): string {
  const name = /unknown option '--([\w-]+)/.exec(message)?.[1] ?? '';
  if (!Object.hasOwn(othersFlags, name) || !flags.has(`--${othersFlags[name]}`)) return message;
  return `${message.replace(/ \(Did you mean .*/, '')} (Did you mean --${othersFlags[name]}?)`;
}

/** Prints an error as one line, or with its stack if it is a defect, and returns the exit code. */
export function report(error: unknown, flags: ReadonlySet<string> = new Set()): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0; // --help
    const message = error.code === 'commander.help' ? 'error: a command is missing' : error.message;
    console.error(`${withOurFlag(message.replaceAll('\n', ' '), flags)} (see --help)`); // commander puts its suggestions on a separate line
    return USAGE_ERROR;
  }
  const expected = error instanceof TensorFlowError || (error instanceof Error && 'code' in error);
  console.error(expected ? `error: ${(error as Error).message}` : error);
  return 1;
}
