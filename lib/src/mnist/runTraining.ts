/** The article's training program: build the graph, train, summarize, save, evaluate. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type DataSet, type DataSets, readDataSets } from '../data';
import type { MessageInit, Summary } from '../protos';
import { FailedPreconditionError } from '../runtime/errors';
import { type ConfigProto, Session } from '../session';
import { FileWriter } from '../summary';
import { getCheckpointState, latestCheckpoint } from '../train/checkpointState';
import { batchesOf, doEval, type Evaluation, fillFeedDict } from './feeding';
import { buildNetwork, DEFAULT_STEPS, type Network, type NetworkParameters } from './runTrainingNetworks';

export type { ConvnetParameters, FullyConnectedParameters, NetworkName } from './runTrainingNetworks';

/**
 * The program's parameters, by default the article's. `model: 'convnet'` trains the convolutional network, whose parameters are
 * {@link ConvnetParameters}.
 */
export type TrainingOptions = ProgramOptions & NetworkParameters;

/** The parameters that don't depend on the network. */
export interface ProgramOptions {
  /** Where the data is or is downloaded to. */
  dataDir: string;
  /**
   * Where summaries and checkpoints go. Training goes on from the latest checkpoint that is there. The convolutional network's
   * summaries go to its folders `train` and `validation`, so that TensorBoard shows them as two runs with the same curves.
   */
  resultDir: string;
  /** The steps to have taken at the end, those of earlier runs on the same folder included; 2000, of a convnet 5500. */
  maxIter?: number;
  /** 100. */
  batchSize?: number;
  /** Train on made-up data that needs no files. */
  fakeData?: boolean;
  /** Makes initial weights and batches the same from run to run. */
  randomSeed?: number;
  /** Save and evaluate after so many steps, and at the end; 1000. */
  saveEvery?: number;
  /** How the session uses the machine. */
  config?: ConfigProto;
  /** Stops training at a step's end; the state is saved. */
  signal?: AbortSignal;
  /** Takes the lines that the program prints. */
  log?: (line: string) => void;
  /** Told of progress some times a second. */
  onStep?: (step: number, loss: number) => void;
}

/** What a training has come to. */
export interface TrainingResult {
  /** Steps taken, those of earlier runs included. */
  readonly step: number;
  /** The loss of the last step of this run; NaN if it took none. */
  readonly loss: number;
  /** Whether `signal` stopped it. */
  readonly stopped: boolean;
  /** The last checkpoint. */
  readonly checkpoint: string;
  /** The evaluations at the end; undefined when it was stopped. */
  readonly evaluations?: { readonly train: Evaluation; readonly validation: Evaluation; readonly test: Evaluation };
}

/** Steps between status lines and summaries. */
const STEPS_PER_STATUS = 100;

/** How long the loop may keep the event loop waiting, in milliseconds: signals and progress bars are served this often. */
const MAX_BLOCKING = 50;

/**
 * Trains a network on MNIST and evaluates it on the training, validation and test sets.
 *
 * @throws {InvalidArgumentError} when a parameter can't be right
 * @throws {FailedPreconditionError} when the loss is no number any more: the model has diverged
 *
 * @example
 * await mnist.runTraining({ dataDir: 'data', resultDir: 'summaries/first', learningRate: 0.05 });
 * await mnist.runTraining({ dataDir: 'data', resultDir: 'summaries/convnet', model: 'convnet', optimizer: 'momentum' });
 */
export async function runTraining(options: TrainingOptions): Promise<TrainingResult> {
  const { resultDir, batchSize = 100, log = console.log } = options;
  const data = await readDataSets(options.dataDir, { fakeData: options.fakeData, seed: options.randomSeed });
  log(data.description);
  const network = buildNetwork(options, batchSize, options.randomSeed);
  await mkdir(resultDir, { recursive: true });
  const session = new Session({ graph: network.graph, config: options.config });
  log(describeThreads(session));
  const { train, validation } = network.folders;
  const writers: Writers = { train: new FileWriter(path.join(resultDir, train), { graph: network.graph }) };
  if (validation !== undefined) writers.validation = new FileWriter(path.join(resultDir, validation));
  try {
    return await trainNetwork(network, session, writers, data, options);
  } finally {
    await Promise.all([writers.train.close(), writers.validation?.close()]);
    await session.close();
  }
}

/** Where summaries of training batches go, and of the validation set if the network has a folder for them. */
interface Writers {
  train: FileWriter;
  validation?: FileWriter;
}

async function trainNetwork(
  network: Network,
  session: Session,
  writers: Writers,
  data: DataSets,
  {
    model = 'fullyConnected',
    resultDir,
    maxIter = DEFAULT_STEPS[model],
    batchSize = 100,
    saveEvery = 1000,
    fakeData,
    signal,
    log = console.log,
    onStep,
  }: TrainingOptions,
): Promise<TrainingResult> {
  const { images, labels, loss, trainOp, trainingFeeds, summary, saver } = network;
  const prefix = path.join(resultDir, 'model.ckpt');
  let checkpoint = latestCheckpoint(resultDir);
  if (checkpoint === null) {
    await session.run(network.init);
  } else {
    await saver.restore(session, checkpoint);
    saver.recoverLastCheckpoints(getCheckpointState(resultDir)?.allModelCheckpointPaths ?? []);
    log(`Going on from ${checkpoint}`);
  }
  const first = Number(await session.run(network.globalStep));
  data.train.skip(fakeData ? 0 : first * batchSize);

  let step = first;
  let value = Number.NaN;
  let saved = checkpoint === null ? -1 : first;
  let evaluations: TrainingResult['evaluations'];
  let yielded = performance.now();
  while (step < maxIter && !signal?.aborted) {
    const begin = performance.now();
    const feeds = [...fillFeedDict(data.train, images, labels, { batchSize, fakeData }), ...trainingFeeds];
    [, value] = session.runSync([trainOp, loss], feeds);
    const end = performance.now();
    if (Number.isNaN(value)) throw diverged(step);
    if (step % STEPS_PER_STATUS === 0) {
      log(`Step ${step}: loss = ${value.toFixed(2)} (${((end - begin) / 1000).toFixed(3)} sec)`);
      writers.train.addSummary(session.runSync(summary, feeds), step);
      writers.validation?.addSummary(await summarize(network, session, data.validation), step);
    }
    step++;
    if (step % saveEvery === 0 && step < maxIter) {
      checkpoint = await saver.save(session, prefix, { globalStep: step });
      saved = step;
      await evaluate(network, session, data, log);
    }
    if (end - yielded > MAX_BLOCKING) {
      onStep?.(step, value);
      await setImmediate();
      yielded = performance.now();
    }
  }
  onStep?.(step, value);
  if (checkpoint === null || saved < step) checkpoint = await saver.save(session, prefix, { globalStep: step });
  const stopped = signal?.aborted ?? false;
  if (stopped) log(`Stopped after step ${step}; saved ${checkpoint}`);
  else evaluations = await evaluate(network, session, data, log);
  return { step, loss: value, stopped, checkpoint, evaluations };
}

/** The loss and the accuracy of a whole set, under the tags that the networks' own summaries of a batch have. */
async function summarize(
  { images, labels, loss, evalCorrect }: Network,
  session: Session,
  dataSet: DataSet,
): Promise<MessageInit<Summary>> {
  let [numExamples, lossSum, numCorrect] = [0, 0, 0];
  for (const { feeds, size } of batchesOf(dataSet, images, labels)) {
    const [meanLoss, correct] = await session.run([loss, evalCorrect], feeds);
    numExamples += size;
    lossSum += meanLoss * size;
    numCorrect += correct;
  }
  return {
    value: [
      { tag: 'loss', simpleValue: lossSum / numExamples },
      { tag: 'accuracy', simpleValue: numCorrect / numExamples },
    ],
  };
}

async function evaluate(
  { evalCorrect, images, labels }: Network,
  session: Session,
  data: DataSets,
  log: (line: string) => void,
): Promise<NonNullable<TrainingResult['evaluations']>> {
  const one = (title: string, set: DataSets['train']) => {
    log(`${title} Data Eval:`);
    return doEval(session, evalCorrect, images, labels, set, log);
  };
  return {
    train: await one('Training', data.train),
    validation: await one('Validation', data.validation),
    test: await one('Test', data.test),
  };
}

function diverged(step: number): FailedPreconditionError {
  return new FailedPreconditionError(
    `the loss at step ${step} is not a number: the model has diverged. Try a smaller learning rate; checkpoints saved before are kept`,
  );
}

function describeThreads({ threads: { intraOp, interOp, reason } }: Session): string {
  const intra = `${intraOp} thread${intraOp === 1 ? '' : 's'} an operation`;
  const inter = interOp === -1 ? "operations in the caller's thread" : `${interOp} operations at once`;
  return `Session: ${intra}, ${inter} (${reason})`;
}
