/** `tf-mechanics train`: the article's program with its parameters as flags. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { runTraining } from '../mnist';
import { integer, positive } from './arguments';
import { Terminal } from './terminal';

interface TrainFlags {
  model: 'fully_connected';
  maxIter: number;
  lr: number;
  batchSize: number;
  hidden1: number;
  hidden2: number;
  resultDir?: string;
  dataDir: string;
  fakeData?: true;
  randomSeed?: number;
  saveEvery: number;
}

/** How shells report a program that Ctrl-C ended: 128 + SIGINT. */
const INTERRUPTED = 130;

export function trainCommand(): Command {
  return new Command('train')
    .description('train a network on MNIST, with summaries for TensorBoard and checkpoints')
    .addOption(new Option('--model <name>', 'the network').choices(['fully_connected']).default('fully_connected'))
    .option('--max-iter <steps>', 'steps to take, those before a checkpoint included', integer(0), 2000)
    .option('--lr <rate>', 'the learning rate', positive, 0.01)
    .option('--batch-size <examples>', 'examples of a step', integer(1), 100)
    .option('--hidden1 <units>', 'units of the first hidden layer', integer(1), 128)
    .option('--hidden2 <units>', 'units of the second hidden layer', integer(1), 32)
    .option(
      '--result-dir <folder>',
      'where summaries and checkpoints go; a run goes on from the latest checkpoint there (default: a new folder in summaries)',
    )
    .option('--data-dir <folder>', 'the data, downloaded if need be', 'data')
    .option('--fake-data', 'made-up examples, for a quick try')
    .option('--random-seed <seed>', 'the same weights and batches at every run', integer(0))
    .option('--save-every <steps>', 'steps between checkpoints and evaluations', integer(1), 1000)
    .allowExcessArguments(false)
    .action(train);
}

async function train({ lr, maxIter, model, resultDir = newFolder(model), ...flags }: TrainFlags): Promise<void> {
  const terminal = new Terminal(maxIter);
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const { stopped, checkpoint } = await runTraining({
      ...flags,
      resultDir,
      maxIter,
      learningRate: lr,
      signal: controller.signal,
      log: (line) => terminal.log(line),
      onStep: (step, loss) => terminal.update(step, loss),
    });
    terminal.close();
    if (stopped) {
      console.log(`Go on with: npm run train -- --result-dir ${resultDir}`);
      process.exitCode = INTERRUPTED;
    } else {
      console.log(`Summaries and checkpoints are in ${resultDir} (the last is ${path.basename(checkpoint)})`);
    }
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    terminal.close();
  }
}

/** A folder that no other run has: the model and the time, to the second. */
function newFolder(model: string): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return path.join('summaries', `${model}-${time}`);
}
