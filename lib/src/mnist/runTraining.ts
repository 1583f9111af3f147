/** The article's training program: build the graph, train, summarize, save, evaluate. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type DataSets, readDataSets } from '../data';
import { GraphKeys } from '../graph/collections';
import { Graph } from '../graph/graph';
import { setRandomSeed } from '../ops/random';
import { mergeAll } from '../ops/summary';
import { globalVariablesInitializer, type Variable } from '../ops/variables';
import { FailedPreconditionError } from '../runtime/errors';
import { type ConfigProto, Session } from '../session';
import { FileWriter } from '../summary';
import { getCheckpointState, latestCheckpoint } from '../train/checkpointState';
import { Saver } from '../train/saver';
import { doEval, type Evaluation, fillFeedDict, placeholderInputs } from './feeding';
import { evaluation, inference, loss as lossOf, training } from './fullyConnected';

/** The program's parameters, by default the article's. */
export interface TrainingOptions {
  /** Where the data is or is downloaded to. */
  dataDir: string;
  /** Where summaries and checkpoints go. Training goes on from the latest checkpoint that is there. */
  resultDir: string;
  /** The steps to have taken at the end, those of earlier runs on the same folder included; 2000. */
  maxIter?: number;
  /** 0.01. */
  learningRate?: number;
  /** 100. */
  batchSize?: number;
  /** Units of the first hidden layer; 128. */
  hidden1?: number;
  /** Units of the second hidden layer; 32. */
  hidden2?: number;
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
 * Trains the fully connected network on MNIST and evaluates it on the training, validation and test sets.
 *
 * @throws {FailedPreconditionError} when the loss is no number any more: the model has diverged
 *
 * @example
 * await mnist.runTraining({ dataDir: 'data', resultDir: 'summaries/first', learningRate: 0.05 });
 */
export async function runTraining(options: TrainingOptions): Promise<TrainingResult> {
  const { log = console.log } = options;
  const data = await readDataSets(options.dataDir, { fakeData: options.fakeData, seed: options.randomSeed });
  log(data.description);
  const program = buildProgram(options);
  await mkdir(options.resultDir, { recursive: true });
  const session = new Session({ graph: program.graph, config: options.config });
  log(describeThreads(session));
  const writer = new FileWriter(options.resultDir, { graph: program.graph });
  try {
    return await train(program, session, writer, data, options);
  } finally {
    await writer.close();
    await session.close();
  }
}

type Program = ReturnType<typeof buildProgram>;

function buildProgram({
  batchSize = 100,
  hidden1 = 128,
  hidden2 = 32,
  learningRate = 0.01,
  randomSeed,
}: TrainingOptions) {
  const graph = new Graph();
  return graph.asDefault(() => {
    if (randomSeed !== undefined) setRandomSeed(randomSeed);
    const [images, labels] = placeholderInputs(batchSize);
    const logits = inference(images, hidden1, hidden2);
    const loss = lossOf(logits, labels);
    const trainOp = training(loss, learningRate);
    const evalCorrect = evaluation(logits, labels);
    const summary = mergeAll();
    const init = globalVariablesInitializer();
    const saver = new Saver();
    const globalStep = graph
      .getCollection<Variable<'int32', 'scalar'>>(GraphKeys.GLOBAL_VARIABLES)
      .find(({ op }) => op.name === 'global_step') as Variable<'int32', 'scalar'>;
    return { graph, images, labels, loss, trainOp, evalCorrect, summary, init, saver, globalStep };
  });
}

async function train(
  program: Program,
  session: Session,
  writer: FileWriter,
  data: DataSets,
  {
    resultDir,
    maxIter = 2000,
    batchSize = 100,
    saveEvery = 1000,
    fakeData,
    signal,
    log = console.log,
    onStep,
  }: TrainingOptions,
): Promise<TrainingResult> {
  const { images, labels, loss, trainOp, summary, saver } = program;
  const prefix = path.join(resultDir, 'model.ckpt');
  let checkpoint = latestCheckpoint(resultDir);
  if (checkpoint === null) {
    await session.run(program.init);
  } else {
    await saver.restore(session, checkpoint);
    saver.recoverLastCheckpoints(getCheckpointState(resultDir)?.allModelCheckpointPaths ?? []);
    log(`Going on from ${checkpoint}`);
  }
  const first = await session.run(program.globalStep);
  data.train.skip(fakeData ? 0 : first * batchSize);

  let step = first;
  let value = Number.NaN;
  let saved = checkpoint === null ? -1 : first;
  let evaluations: TrainingResult['evaluations'];
  let yielded = performance.now();
  while (step < maxIter && !signal?.aborted) {
    const begin = performance.now();
    const feeds = fillFeedDict(data.train, images, labels, { fakeData });
    [, value] = session.runSync([trainOp, loss], feeds);
    const end = performance.now();
    if (Number.isNaN(value)) throw diverged(step);
    if (step % STEPS_PER_STATUS === 0) {
      log(`Step ${step}: loss = ${value.toFixed(2)} (${((end - begin) / 1000).toFixed(3)} sec)`);
      writer.addSummary(session.runSync(summary, feeds), step);
    }
    step++;
    if (step % saveEvery === 0 && step < maxIter) {
      checkpoint = await saver.save(session, prefix, { globalStep: step });
      saved = step;
      await evaluate(program, session, data, log);
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
  else evaluations = await evaluate(program, session, data, log);
  return { step, loss: value, stopped, checkpoint, evaluations };
}

async function evaluate(
  { evalCorrect, images, labels }: Program,
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
