/** Models that tell digits apart: how they learn from MNIST, are evaluated, and read images. All that is left to each is its graph. */

import { setImmediate } from 'node:timers/promises';
import { DataSet, type DataSets, dataSetNames, readDataSets } from '../data';
import { batchesOf, describeEvaluation, fillFeedDict } from '../mnist/feeding';
import { IMAGE_PIXELS, IMAGE_SIZE, NUM_CLASSES } from '../mnist/fullyConnected';
import { FailedPreconditionError, InvalidArgumentError } from '../runtime/errors';
import { type ArrayLike, HostArray, toHostArray } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';
import { GraphKeys } from '../tf/graph/collections';
import type { Operation } from '../tf/graph/operation';
import type { Scalar, Tensor } from '../tf/graph/tensor';
import { softmax } from '../tf/ops/nn';
import type { FeedKey, Feeds } from '../tf/session';
import { mergeAll, type SummaryTensor, scalar } from '../tf/summary/builders';
import { type AgentClass, BasicAgent, type EpochOptions, type Log, type SetName, type Task } from './basicAgent';
import {
  type BasicConfig,
  commonKeys,
  flag,
  type Keys,
  key,
  oneOf,
  text,
  type ValuesOf,
  wholeNumber,
} from './configuration';

/** The keys that every classifier has besides: its data, and how it is fed. */
const dataKeys = {
  /** Where the data is, or is downloaded to. */
  dataDir: key(text, 'where the data is, or is downloaded to', 'data'),
  /** Which data set the files there are of. */
  dataset: key(oneOf(dataSetNames), 'which data set the files there are of', 'mnist'),
  /** Trains on made-up examples, for a quick try. */
  fakeData: key(flag, 'train on made-up examples, for a quick try', false),
  /** Examples of a step. */
  batchSize: key(wholeNumber(1), 'examples of a step', 100),
};

/** What the configurations of all classifiers have in common. */
export interface ClassifierConfig extends BasicConfig, ValuesOf<typeof dataKeys> {}

/** The configuration of a classifier with these keys of its own; with `B` that of another kind of model. */
export type ConfigOf<K extends Keys, B extends BasicConfig = ClassifierConfig> = Omit<B, keyof K> & ValuesOf<K>;

/** What a classifier gets right of a set. No interface: these couldn't be an `Evaluation`, whose metrics have any names. */
export type ClassifierEvaluation = {
  readonly numExamples: number;
  readonly numCorrect: number;
  /** The fraction that is correct. */
  readonly precision: number;
  /** The mean loss. */
  readonly loss: number;
};

/** What a classifier makes of an image. */
export interface Prediction {
  /** The most probable digit. */
  readonly digit: number;
  /** Its probability. */
  readonly probability: number;
  /** The probability of each digit. */
  readonly probabilities: readonly number[];
}

/** What classifiers are for. */
interface Digits extends Task {
  readonly data: DataSets;
  readonly evaluation: ClassifierEvaluation;
  readonly input: ArrayLike;
  readonly prediction: Prediction;
}

/** A network as the few tensors with which a classifier learns and answers. */
export interface Network {
  /** `[n, 784]`, a placeholder. */
  readonly images: Tensor<'float32', 'array'>;
  /** Class numbers, `[n]`, a placeholder. */
  readonly labels: Tensor<'int32', 'array'>;
  /** `[n, 10]`. */
  readonly logits: Tensor<'float32', 'array'>;
  readonly loss: Scalar<'float32'>;
  /** Takes a step, and counts it. */
  readonly trainOp: Operation;
  /** How many of a batch are right. */
  readonly evalCorrect: Scalar<'int32'>;
  /** What a training step is fed besides a batch. */
  readonly trainingFeeds?: readonly (readonly [FeedKey, number])[];
  /**
   * Whether the validation set is summarized with the training batches, so that TensorBoard shows the two as runs with the same
   * curves, in folders of their own.
   */
  readonly summarizesValidation?: boolean;
}

/** A network, and what is added to each. */
interface Parts extends Network {
  readonly probabilities: Tensor<'float32', 'array'>;
  readonly summary: SummaryTensor;
}

/** Steps between status lines and summaries. */
const STEPS_PER_STATUS = 100;

/** How long the loop may keep the event loop waiting, in milliseconds: signals and progress bars are served this often. */
const MAX_BLOCKING = 50;

/** Images that are looked at in one run. */
const INFERENCE_BATCH = 1000;

const titles = { train: 'Training', validation: 'Validation', test: 'Test' };

/**
 * A classifier of MNIST's digits. A class of one says its `modelName`, its `keys`, its `searchSpace` and how its network is built.
 *
 * @example
 * class Linear extends models.Classifier {
 *   static readonly modelName: string = 'linear';
 *   static readonly keys = { maxIter: models.key(models.wholeNumber(0), 'steps to take', 1000) };
 *
 *   protected override buildNetwork(): models.Network {
 *     const [images, labels] = mnist.placeholderInputs(null);
 *     const logits = tf.matmul(images, new tf.Variable(tf.zeros([784, 10])));
 *     const loss = mnist.loss(logits, labels);
 *     return { images, labels, logits, loss, trainOp: mnist.training(loss, 0.5), evalCorrect: mnist.evaluation(logits, labels) };
 *   }
 * }
 */
export abstract class Classifier<C extends ClassifierConfig = ClassifierConfig> extends BasicAgent<C, Parts, Digits> {
  static override readonly commonKeys: Keys = { ...commonKeys, ...dataKeys };
  static override readonly metrics: AgentClass['metrics'] = { precision: 'max' };
  #data: DataSets | undefined;
  /** The training set, at the place where the batch of a step begins. */
  #batches: { readonly set: DataSet; step: number } | undefined;

  /** Builds the network, in the default graph. One without summaries gets a summary of its loss. */
  protected abstract buildNetwork(): Network;

  protected override buildGraph(): Parts {
    const network = this.buildNetwork();
    const { graph } = network.loss;
    if (graph.getCollection(GraphKeys.SUMMARIES).length === 0) scalar('loss', network.loss);
    return { ...network, probabilities: softmax(network.logits, { name: 'probabilities' }), summary: mergeAll() };
  }

  protected override async prepare(log: Log): Promise<DataSets> {
    const data = await this.#loadData();
    log(data.description);
    return data;
  }

  protected override describeData({ source, train, validation, test }: DataSets): Record<string, unknown> {
    const examples = { train: train.numExamples, validation: validation.numExamples, test: test.numExamples };
    return { source, examples, order: { seed: train.seed, batchSize: this.config.batchSize } };
  }

  protected override async learnFromEpoch(data: DataSets, { end, signal, log, onStep }: EpochOptions): Promise<number> {
    const { images, labels, loss, trainOp, trainingFeeds = [], summary, summarizesValidation } = this.parts;
    const { batchSize, fakeData } = this.config;
    const epoch = Math.ceil(data.train.numExamples / batchSize);
    const last = Math.min(end, (Math.floor(this.step / epoch) + 1) * epoch);
    const writer = this.writer(summarizesValidation ? 'train' : '');
    let value = Number.NaN;
    let yielded = performance.now();
    while (this.step < last && !signal?.aborted) {
      const batches = this.#batchesFrom(this.step, data);
      const begin = performance.now();
      const feeds = [...fillFeedDict(batches.set, images, labels, { batchSize, fakeData }), ...trainingFeeds];
      [, value] = this.session.runSync([trainOp, loss], feeds);
      const now = performance.now();
      if (!Number.isFinite(value)) throw diverged(this.step, value);
      if (this.step % STEPS_PER_STATUS === 0) {
        log(`Step ${this.step}: loss = ${value.toFixed(2)} (${((now - begin) / 1000).toFixed(3)} sec)`);
        writer.addSummary(this.session.runSync(summary, feeds), this.step);
        if (summarizesValidation) await this.#summarize('validation', data.validation);
      }
      batches.step = ++this.step;
      if (now - yielded > MAX_BLOCKING) {
        onStep?.(this.step, value);
        await setImmediate();
        yielded = performance.now();
      }
    }
    return value;
  }

  override async evaluate<S extends SetName = SetName>(
    sets: readonly S[] = Object.keys(titles) as S[],
    log: Log = () => {},
  ): Promise<Record<S, ClassifierEvaluation>> {
    await this.initialized();
    const data = await this.#loadData();
    const evaluations: Partial<Record<S, ClassifierEvaluation>> = {};
    for (const name of sets) {
      log(`${titles[name]} Data Eval:`);
      const evaluation = await this.#measure(data[name]);
      log(describeEvaluation(evaluation));
      evaluations[name] = evaluation;
    }
    return evaluations as Record<S, ClassifierEvaluation>;
  }

  /**
   * What the model makes of images.
   *
   * @param images `[n, 784]` or `[n, 28, 28]`, `float32` from 0, the paper, to 1, the ink, or `uint8` from 0 to 255
   * @throws {InvalidArgumentError} when they are nothing like this
   */
  override async infer(images: ArrayLike): Promise<Prediction[]> {
    await this.initialized();
    const rows = imageRows(images);
    const [count = 0] = rows.shape;
    const predictions: Prediction[] = [];
    for (let begin = 0; begin < count; begin += INFERENCE_BATCH) {
      const end = Math.min(begin + INFERENCE_BATCH, count);
      const pixels = rows.data.subarray(begin * IMAGE_PIXELS, end * IMAGE_PIXELS);
      const feeds: Feeds = [[this.parts.images, new HostArray('float32', [end - begin, IMAGE_PIXELS], pixels)]];
      const { data } = await this.session.run(this.parts.probabilities, feeds);
      const classes = data.length / (end - begin);
      for (let at = 0; at < data.length; at += classes) predictions.push(predictionOf(data.subarray(at, at + classes)));
    }
    return predictions;
  }

  async #loadData(): Promise<DataSets> {
    const { dataDir, dataset, fakeData, randomSeed } = this.config;
    this.#data ??= fitting(await readDataSets(dataDir, { dataset, fakeData, seed: randomSeed }), dataDir);
    return this.#data;
  }

  /** The training set where a step's batch begins: where the last step left it, or, after a restore, counted from the seed on. */
  #batchesFrom(step: number, { train: { images, labels, seed } }: DataSets): { readonly set: DataSet; step: number } {
    if (this.#batches?.step !== step) {
      const set = new DataSet(images, labels, { seed });
      if (!this.config.fakeData) set.skip(step * this.config.batchSize);
      this.#batches = { set, step };
    }
    return this.#batches;
  }

  async #measure(set: DataSet): Promise<ClassifierEvaluation> {
    const { images, labels, loss, evalCorrect } = this.parts;
    let [numExamples, numCorrect, lossSum] = [0, 0, 0];
    for (const { feeds, size } of batchesOf(set, images, labels)) {
      const [meanLoss, correct] = await this.session.run([loss, evalCorrect], feeds);
      numExamples += size;
      numCorrect += correct;
      lossSum += meanLoss * size;
    }
    const part = (sum: number) => (numExamples === 0 ? 0 : sum / numExamples);
    return { numExamples, numCorrect, precision: part(numCorrect), loss: part(lossSum) };
  }

  /** Writes the loss and the accuracy of a whole set, under the tags that the networks' own summaries of a batch have. */
  async #summarize(folder: string, set: DataSet): Promise<void> {
    const { loss, precision } = await this.#measure(set);
    const value = [
      { tag: 'loss', simpleValue: loss },
      { tag: 'accuracy', simpleValue: precision },
    ];
    this.writer(folder).addSummary({ value }, this.step);
  }
}

/**
 * The data as it is, where the networks can take it.
 *
 * @throws {InvalidArgumentError} when there is nothing to train on, images are of another size, or there are more classes
 */
function fitting(data: DataSets, dir: string): DataSets {
  if (data.train.numExamples === 0) throw new InvalidArgumentError(`${dir} has no training examples`);
  const [, pixels] = data.train.images.shape;
  if (pixels !== IMAGE_PIXELS)
    throw new InvalidArgumentError(
      `${dir} has images of ${pixels} pixels; the models take ${IMAGE_SIZE}×${IMAGE_SIZE}, which is ${IMAGE_PIXELS}`,
    );
  if (data.numClasses > NUM_CLASSES)
    throw new InvalidArgumentError(`${dir} has ${data.numClasses} classes; the models tell ${NUM_CLASSES} apart`);
  return data;
}

/** Images as rows of pixels from 0 to 1. */
function imageRows(images: ArrayLike): HostArray<'float32'> {
  const array = toHostArray(images);
  const [count = 0, ...size] = array.shape;
  if (!['784', '28,28', '28,28,1'].includes(size.join()) || !['float32', 'uint8'].includes(array.dtype))
    throw new InvalidArgumentError(
      `expected images of float32 or uint8, [n, 784] or [n, 28, 28], got ${array.dtype} ${shapeText(array.shape)}`,
    );
  const pixels = array.data as Float32Array | Uint8Array;
  const data = pixels instanceof Float32Array ? pixels : Float32Array.from(pixels, (pixel) => pixel / 255);
  return new HostArray('float32', [count, IMAGE_PIXELS], data);
}

function predictionOf(row: Float32Array): Prediction {
  const probabilities = Array.from(row);
  const probability = Math.max(...probabilities);
  return { digit: probabilities.indexOf(probability), probability, probabilities };
}

function diverged(step: number, loss: number): FailedPreconditionError {
  return new FailedPreconditionError(
    `the loss at step ${step} is ${Number.isNaN(loss) ? 'not a number' : loss}: the model has diverged. Try a smaller learning rate; checkpoints saved before are kept`,
  );
}
