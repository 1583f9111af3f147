/** `tf-mechanics tensorboard`: TensorBoard on the runs, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { findTensorBoard } from '../notebook/tensorboardCommand';
import { NotFoundError } from '../runtime/errors';
import { integer } from './arguments';

export function tensorboardCommand(): Command {
  return new Command('tensorboard')
    .description('show runs in TensorBoard')
    .option('--logdir <folder>', 'the folder of the runs', 'summaries')
    .option('--port <port>', 'where it listens, on this machine only', integer(0), 6006)
    .allowExcessArguments(false)
    .action(tensorboard);
}

async function tensorboard({ logdir, port }: { logdir: string; port: number }): Promise<void> {
  const command = findTensorBoard();
  if (command === undefined)
    throw new NotFoundError(
      'TensorBoard was not found; npm run setup installs it, or name it in TF_MECHANICS_TENSORBOARD',
    );
  const child = spawn(command, ['--host', '127.0.0.1', '--port', `${port}`, '--logdir', logdir], { stdio: 'inherit' });
  process.on('SIGINT', () => {}); // the terminal sends it to both; TensorBoard ends, and we with it
  process.on('SIGTERM', () => child.kill());
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? 0));
  });
}
