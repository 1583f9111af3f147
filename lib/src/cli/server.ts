/** `tf-mechanics server`: runs a TensorFlow server for sessions of other machines. */
import { constants } from 'node:os';
import { Command } from 'commander';
import { checkText } from '../runtime/arguments';
import { train } from '../tf';
import { integer } from './arguments';
import type { ProjectCommands } from './project';

/** The usual port of TensorFlow servers. */
const PORT = 2222;

/** The signals that end it at once. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function serverCommand(_project: ProjectCommands): Command {
  return new Command('server')
    .description(
      'run a TensorFlow server, on which sessions of other processes run, such as the trials of a search; anyone who can reach it controls it',
    )
    .option('--port <number>', 'the port, 0 for one that is free', integer(0), PORT)
    .option(
      '--address <host>',
      'the name or address at which others reach this machine; without it, the server accepts connections from this machine only (on Linux)',
      '127.0.0.1',
    )
    .allowExcessArguments(false)
    .action(({ port, address }: { port: number; address: string }) => serve(address, port));
}

async function serve(address: string, port: number): Promise<void> {
  checkText('the address of a server', address);
  // Computations for others have no end to wait for.
  for (const signal of SIGNALS) process.once(signal, () => process.exit(128 + constants.signals[signal]));
  const server = new train.Server({ cluster: { worker: [`${address}:${port}`] } });
  console.log(server.target);
  await server.join();
}
