/** The commands of a project's command line: `train …`, `infer …` and the others. */
import { Command } from 'commander';
import { dataCommand } from './data';
import { evaluateCommand } from './evaluate';
import { exportCommand } from './export';
import { inferCommand } from './infer';
import type { ProjectCommands } from './project';
import { searchCommand } from './search';
import { serverCommand } from './server';
import { tensorboardCommand } from './tensorboard';
import { trainCommand } from './train';

/** The built-in commands. */
const COMMANDS: readonly ((project: ProjectCommands) => Command)[] = [
  trainCommand,
  inferCommand,
  evaluateCommand,
  exportCommand,
  searchCommand,
  serverCommand,
  tensorboardCommand,
  dataCommand,
];

/** The program of a project, including its own commands, which replace built-in ones with the same names. */
export function programOf(project: ProjectCommands, own: readonly Command[]): Command {
  const names = new Set(own.map((command) => command.name()));
  const usual = COMMANDS.map((make) => make(project)).filter((command) => !names.has(command.name()));
  const program = new Command().helpCommand(false);
  for (const command of [...usual, ...own]) program.addCommand(command);
  return program;
}
