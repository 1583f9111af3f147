/** `tf-mechanics train`: the article's program with its parameters as flags. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { runTraining, type TrainingOptions } from '../mnist';
import { optimizerNames } from '../mnist/convnet';
import { DEFAULT_STEPS, type NetworkName } from '../mnist/runTrainingNetworks';
import { fraction, integer, positive } from './arguments';
import { Terminal } from './terminal';

/** The networks, by the names that they have on the command line. */
const MODELS = { fully_connected: 'fullyConnected', convnet: 'convnet' } satisfies Record<string, NetworkName>;

type ModelName = keyof typeof MODELS;

/** What commander makes of the flags, whose names are those of the program's parameters but for the learning rate's. */
type TrainFlags = { model: ModelName; lr?: number; maxIter?: number; resultDir?: string } & Omit<
  TrainingOptions,
  'model' | 'learningRate' | 'maxIter' | 'resultDir'
>;

/** The flags of one network only. */
const OWN_FLAGS: Record<ModelName, Option[]> = {
  fully_connected: [
    new Option('--hidden1 <units>', 'units of the first hidden layer').argParser(integer(1)).default(128),
    new Option('--hidden2 <units>', 'units of the second hidden layer').argParser(integer(1)).default(32),
  ],
  convnet: [
    new Option('--optimizer <name>', 'how it learns').choices(optimizerNames).default('adam'),
    new Option('--decay-rate <factor>', 'the learning rate falls to this part …').argParser(fraction).default(0.8),
    new Option('--decay-steps <steps>', '… within so many steps').argParser(integer(1)).default(500),
    new Option('--keep-prob <probability>', 'with it dropout keeps a unit').argParser(fraction).default(0.5),
    new Option('--patch-size <pixels>', 'height and width of a filter').argParser(integer(1)).default(5),
    new Option('--input-depth <filters>', 'filters of the first convolution').argParser(integer(1)).default(24),
    new Option('--hidden1-depth <filters>', 'filters of the second convolution').argParser(integer(1)).default(48),
    new Option('--hidden2-units <units>', 'units of the layer behind it').argParser(integer(1)).default(200),
    new Option('--downsampling <how>', 'how a convolution halves images')
      .choices(['pooling', 'strides'])
      .default('pooling'),
  ],
};

/** How shells report a program that Ctrl-C ended: 128 + SIGINT. */
const INTERRUPTED = 130;

export function trainCommand(): Command {
  const command = new Command('train')
    .description('train a network on MNIST, with summaries for TensorBoard and checkpoints')
    .addOption(new Option('--model <name>', 'the network').choices(Object.keys(MODELS)).default('fully_connected'))
    .option(
      '--max-iter <steps>',
      `steps to take, those before a checkpoint included (default: ${DEFAULT_STEPS.fullyConnected}, convnet: ${DEFAULT_STEPS.convnet})`,
      integer(0),
    )
    .option('--lr <rate>', "the learning rate (default: 0.01, convnet: the optimizer's)", positive)
    .option('--batch-size <examples>', 'examples of a step', integer(1), 100)
    .option(
      '--result-dir <folder>',
      'where summaries and checkpoints go; a run goes on from the latest checkpoint there (default: a new folder in summaries)',
    )
    .option('--data-dir <folder>', 'the data, downloaded if need be', 'data')
    .option('--fake-data', 'made-up examples, for a quick try')
    .option('--random-seed <seed>', 'the same weights and batches at every run', integer(0))
    .option('--save-every <steps>', 'steps between checkpoints and evaluations', integer(1), 1000)
    .allowExcessArguments(false)
    .hook('preAction', refuseOthersFlags)
    .action(train);
  for (const [model, flags] of Object.entries(OWN_FLAGS)) {
    command.optionsGroup(`Options of ${model}:`);
    for (const flag of flags) command.addOption(flag);
  }
  return command;
}

/** A flag of another network would do nothing. */
function refuseOthersFlags(command: Command): void {
  const { model } = command.opts<TrainFlags>();
  for (const [other, flags] of Object.entries(OWN_FLAGS)) {
    if (other === model) continue;
    const given = flags.find((flag) => command.getOptionValueSource(flag.attributeName()) === 'cli');
    if (given) command.error(`error: option '${given.flags}' is for --model ${other}, not ${model}`);
  }
}

async function train({ model, lr, resultDir = newFolder(model), ...flags }: TrainFlags): Promise<void> {
  const network = MODELS[model];
  const { maxIter = DEFAULT_STEPS[network] } = flags;
  const terminal = new Terminal(maxIter);
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const { stopped, checkpoint } = await runTraining({
      ...flags,
      model: network,
      resultDir,
      maxIter,
      learningRate: lr,
      signal: controller.signal,
      log: (line) => terminal.log(line),
      onStep: (step, loss) => terminal.update(step, loss),
    } as TrainingOptions);
    terminal.close();
    if (stopped) {
      console.log(`Go on with: ${sameCommand(resultDir)}`);
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

/** The command that goes on with this run: its own, with the folder if it didn't name one. */
function sameCommand(resultDir: string): string {
  const [, , , ...given] = process.argv;
  const named = given.some((word) => /^--result-dir(=|$)/.test(word));
  const words = named ? given : [...given, '--result-dir', resultDir];
  return ['npm run train --', ...words.map((word) => (/^[\w./=-]+$/.test(word) ? word : JSON.stringify(word)))].join(
    ' ',
  );
}

/** A folder that no other run has: the model and the time, to the second. */
function newFolder(model: string): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return path.join('summaries', `${model}-${time}`);
}
