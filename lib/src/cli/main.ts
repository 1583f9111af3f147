#!/usr/bin/env node
/** The one endpoint: `tf-mechanics train …`, `tf-mechanics infer …` and what else can be done with models. */
import { Command, CommanderError } from 'commander';
import { TensorFlowError } from '../runtime/errors';
import { dataCommand } from './data';
import { evaluateCommand } from './evaluate';
import { inferCommand } from './infer';
import { watchOutput } from './output';
import { searchCommand } from './search';
import { tensorboardCommand } from './tensorboard';
import { trainCommand } from './train';

/** The exit code of a wrong command line, as shells have it. */
const USAGE_ERROR = 2;

async function main(): Promise<void> {
  watchOutput();
  const program = new Command('tf-mechanics')
    .description("TensorFlow's graph mechanics in TypeScript")
    .addCommand(trainCommand())
    .addCommand(inferCommand())
    .addCommand(evaluateCommand())
    .addCommand(searchCommand())
    .addCommand(tensorboardCommand())
    .addCommand(dataCommand())
    .helpCommand(false);
  forEachCommand(program, (command) =>
    command
      .exitOverride()
      .showHelpAfterError(false)
      .configureOutput({ writeErr: () => {} }),
  );
  try {
    await program.parseAsync(withCommand(asOurs(process.argv.slice(2))), { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Words as the article spells them: its flags have `_` where others have `-`, and `--fullsearch` is one word. */
function asOurs(words: string[]): string[] {
  return words.map((word) => {
    const [flag = '', ...value] = word.split('=');
    if (!/^--[a-z]\w*$/.test(flag)) return word;
    const ours = flag === '--fullsearch' ? '--full-search' : flag.replaceAll('_', '-');
    return [ours, ...value].join('=');
  });
}

/** Flags alone are a training, with `--full-search` a search, with `--infer` answers: so it is in the article. */
function withCommand(words: string[]): string[] {
  const [first = ''] = words;
  if (!first.startsWith('--') || first === '--help') return words;
  if (words.includes('--infer')) return ['infer', ...words.filter((word) => word !== '--infer')];
  return [words.includes('--full-search') ? 'search' : 'train', ...words];
}

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}

/** Prints an error as one line, or with its stack where it is a defect of ours, and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0; // --help
    const message = error.code === 'commander.help' ? 'error: a command is missing' : error.message;
    console.error(`${message.replaceAll('\n', ' ')} (see --help)`); // its guesses come on a line of their own
    return USAGE_ERROR;
  }
  const expected = error instanceof TensorFlowError || (error instanceof Error && 'code' in error);
  console.error(expected ? `error: ${(error as Error).message}` : error);
  return 1;
}

void main();
