/** `tf-mechanics tensorboard`: runs TensorBoard on the folders of runs, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { findTensorBoard } from '../notebook/tensorboard/command';
import { NotFoundError, UnavailableError } from '../runtime/errors';
import { isFree } from '../runtime/ports';
import { isFolder } from '../tf/train/checkpointFiles';
import { integer } from './arguments';
import type { ProjectCommands } from './project';

/** TensorBoard's default port. */
const PORT = 6006;

export function tensorboardCommand({ runsFolder }: ProjectCommands): Command {
  return new Command('tensorboard')
    .description('show runs in TensorBoard')
    .option('--logdir <folder>', 'the folder of the runs', runsFolder)
    .option(
      '--port <port>',
      `where it listens, on this machine only (default: ${PORT}, or the first free one after it)`,
      integer(0),
    )
    .allowExcessArguments(false)
    .action(tensorboard);
}

async function tensorboard({ logdir, port }: { logdir: string; port?: number }): Promise<void> {
  const command = findTensorBoard();
  if (command === undefined)
    throw new NotFoundError(
      'TensorBoard was not found: pip install tensorboard gets it (in the repository of tf-mechanics, npm run setup), or name it in TF_MECHANICS_TENSORBOARD',
    );
  if (!isFolder(logdir))
    throw new NotFoundError(`there is no folder ${logdir}: train something, or name another --logdir`);
  const chosen = String(await portFor(port));
  const child = spawn(command, ['--host', '127.0.0.1', '--port', chosen, '--logdir', logdir], { stdio: 'inherit' });
  const wait = () => {}; // the terminal sends SIGINT to both; this process ends after TensorBoard
  const end = () => child.kill();
  process.on('SIGINT', wait).on('SIGTERM', end);
  try {
    process.exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject).on('close', (code) => resolve(code ?? 0));
    });
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', end);
  }
}

/** The requested port, or the first free one. */
async function portFor(wanted: number | undefined): Promise<number> {
  const candidates = wanted === undefined ? Array.from({ length: 100 }, (_, i) => PORT + i) : [wanted];
  for (const port of candidates) if (await isFree(port)) return port;
  throw new UnavailableError(
    wanted === undefined
      ? `the ports from ${PORT} to ${candidates.at(-1)} are all in use: name another --port`
      : `port ${wanted} is in use, or not ours to take: without --port a free one is taken`,
  );
}
