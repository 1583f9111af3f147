/** Models that learn from labelled examples: a training set in batches, and two more sets for evaluation. */
import { setImmediate } from 'node:timers/promises';
import { type ColumnDataSet, DataSet } from '../data';
import { checkArray, checkPath, shown } from '../runtime/arguments';
import { FailedPreconditionError, InvalidArgumentError } from '../runtime/errors';
import { readWhole } from '../runtime/files';
import { type ArrayLike, type HostArray, toHostArray } from '../runtime/hostArray';
import { didYouMean, unquoted } from '../runtime/nearest';
import { shapeText } from '../runtime/shapeText';
import { GraphKeys } from '../tf/graph/collections';
import type { Operation } from '../tf/graph/operation';
import type { Scalar, Tensor } from '../tf/graph/tensor';
import type { NamedTensors } from '../tf/savedModel';
import type { FeedKey, Feeds, Fetched, Fetches } from '../tf/session';
import { mergeAll, type SummaryTensor, scalar } from '../tf/summary/builders';
import { BasicAgent } from './basicAgent';
import { type BasicConfig, commonKeys, type Keys, key, type ValuesOf, wholeNumber } from './configuration';
import type { ModelSignature } from './exportModel';
import { NormalizedInput } from './normalizedInput';
import type { EpochOptions, Evaluation, FileExamples, Log, SetName, Task } from './task';

/** The additional keys of all models that learn from batches of examples. */
const batchKeys = {
  /** Examples of a step. */
  batchSize: key(wholeNumber(1), 'examples per step', 100),
};

/** The keys shared by the configurations of all models that learn from examples. */
export interface SupervisedConfig extends BasicConfig, ValuesOf<typeof batchKeys> {}

/** The configuration of a model with these keys of its own; `B` is that of another kind of model. */
export type ConfigOf<K extends Keys, B extends BasicConfig = SupervisedConfig> = Omit<B, keyof K> & ValuesOf<K>;

/** The three sets for training and evaluation. */
export interface Sets {
  /** For training. */
  readonly train: ColumnDataSet;
  /** For comparing models. */
  readonly validation: ColumnDataSet;
  /** For the final evaluation. */
  readonly test: ColumnDataSet;
  /**
   * A sentence about the sets.
   *
   * @defaultValue their numbers of examples, and their columns
   */
  readonly description?: string;
  /** Their origin, for `config.json`. */
  readonly source?: string;
}

/** Examples for inference: arrays by column name, all of the same length. */
export type Inputs = Readonly<Record<string, ArrayLike>>;

/** The task of models that learn from examples. */
export interface SupervisedTask extends Task {
  readonly data: Sets;
}

/** A network, as the few tensors needed to train and evaluate it. */
export interface Network {
  /** The placeholders for batches, `[null, …]`, by column name. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** The mean loss of a batch. */
  readonly loss: Scalar<'float32'>;
  /** Takes a step, and increments the global step. */
  readonly trainOp: Operation;
  /** Additional metrics of a batch, by name: means over the examples. */
  readonly metrics?: Readonly<Record<string, Scalar<'float32'>>>;
  /** Additional feeds of a training step. */
  readonly trainingFeeds?: readonly (readonly [FeedKey, number])[];
  /**
   * Whether to summarize the validation set at training batches, so that TensorBoard shows both as runs with the same
   * curves, in separate folders.
   */
  readonly summarizesValidation?: boolean;
}

/** The measurements of a batch. */
export interface Measures {
  /** Means over the examples: the loss, and others by name. */
  readonly means: Readonly<Record<string, Scalar<'float32'>>>;
  /** Sums over batches. */
  readonly counts: Readonly<Record<string, Scalar<'int32'>>>;
}

/** A network, and what is added to it. */
interface Parts<N extends Network> {
  readonly network: N;
  readonly measures: Measures;
  /** `[n, …]`: the model's answer for each example. */
  readonly answer: Tensor<'float32', 'array'>;
  /** The public outputs. */
  readonly outputs: NamedTensors;
  /** The inputs that the answer needs. */
  readonly asked: Readonly<Record<string, Tensor>>;
  readonly summary: SummaryTensor;
}

/** The number of steps between status lines and summaries. */
const STEPS_PER_STATUS = 100;

/** How long the loop may block the event loop, in milliseconds: signals and progress bars are handled this often. */
const MAX_BLOCKING = 50;

/** The number of examples evaluated in one run. */
const EVALUATION_BATCH = 100;

/** The number of examples in one run of inference. */
const INFERENCE_BATCH = 1000;

const titles = { train: 'Training', validation: 'Validation', test: 'Test' };
const SETS = Object.keys(titles) as SetName[];

/**
 * The common base of `Classifier` and `Regressor`. A model class defines its sets and its network; a kind of model, its
 * answers and measurements.
 *
 * @typeParam C its configuration
 * @typeParam N the tensors of its network
 * @typeParam T its task
 *
 * @example
 * new models.Convnet() instanceof models.SupervisedAgent; // true
 */
export abstract class SupervisedAgent<
  C extends SupervisedConfig = SupervisedConfig,
  N extends Network = Network,
  T extends SupervisedTask = SupervisedTask,
> extends BasicAgent<C, Parts<N>, T> {
  static override readonly commonKeys: Keys = { ...commonKeys, ...batchKeys };
  #sets: T['data'] | undefined;
  #normalized: NormalizedInput[] = [];
  /** The training set, positioned where the batch of a step begins. */
  #batches: { readonly set: ColumnDataSet; step: number } | undefined;

  /**
   * Loads the three sets, whose columns are named like the network's inputs. The same configuration must give the same
   * sets: use `randomSeed` for anything random, such as their order.
   */
  protected abstract loadData(log: Log): T['data'] | Promise<T['data']>;

  /** Builds the network, in the default graph. If it has no summaries, its loss is summarized. */
  protected abstract buildNetwork(): N;

  /** The answer tensor, `[n, …]`, and what is measured besides the loss and the network's own metrics. */
  protected abstract finish(network: N): {
    readonly answer: Tensor<'float32', 'array'>;
    /** The outputs for programs that use the model without this class, by name. */
    readonly outputs?: NamedTensors;
    /** The tensor with which the answer is compared, which isn't needed for inference. */
    readonly expected: Tensor;
    readonly means?: Measures['means'];
    readonly counts?: Measures['counts'];
  };

  /**
   * Validates a set that has the columns of the network, for kinds of models with further requirements.
   *
   * @throws {InvalidArgumentError} when it can't be used
   */
  protected checkSet(_name: SetName, _set: ColumnDataSet): void {}

  /** The model's answer for one example, from its `row` of the answer tensor. */
  protected abstract predictionOf(row: Float32Array): T['prediction'];

  /**
   * Normalizes an input by the mean and standard deviation of each feature. Both are variables, which a training sets
   * from its training set before the first step; so checkpoints contain them, and inference takes examples unchanged.
   *
   * @param input a placeholder of the network's inputs, `float32` `[null, …]`
   * @throws {InvalidArgumentError} when its shape doesn't determine the features
   */
  protected normalized(input: Tensor<'float32'>): Tensor<'float32', 'array'> {
    const normalized = new NormalizedInput(input);
    this.#normalized.push(normalized);
    return normalized.output;
  }

  protected override buildGraph(): Parts<N> {
    this.#normalized = [];
    const network = this.buildNetwork();
    const { answer, outputs = { answer }, expected, means, counts = {} } = this.finish(network);
    const { graph } = network.loss;
    if (graph.getCollection(GraphKeys.SUMMARIES).length === 0) scalar('loss', network.loss);
    const asked = Object.fromEntries(Object.entries(network.inputs).filter(([, input]) => input !== expected));
    return {
      network,
      measures: { means: { loss: network.loss, ...means, ...network.metrics }, counts },
      answer,
      outputs,
      asked,
      summary: mergeAll(),
    };
  }

  protected override async prepare(log: Log): Promise<T['data']> {
    const data = await this.#loaded(log);
    log(data.description ?? describeSets(data));
    return data;
  }

  protected override describeData({ source, train, validation, test }: T['data']): Record<string, unknown> {
    const examples = { train: train.numExamples, validation: validation.numExamples, test: test.numExamples };
    return { source, examples, order: { seed: train.seed, batchSize: this.config.batchSize } };
  }

  protected override async learnFromEpoch(
    data: T['data'],
    { end, signal, log, onStep }: EpochOptions,
  ): Promise<number> {
    const { network, summary } = this.parts;
    const { loss, trainOp, trainingFeeds = [], summarizesValidation } = network;
    const { batchSize } = this.config;
    const epoch = Math.ceil(data.train.numExamples / batchSize);
    const last = Math.min(end, (Math.floor(this.step / epoch) + 1) * epoch);
    if (this.step === 0) await this.#fitNormalized(data.train);
    const writer = this.workerNumber === 0 ? this.writer(summarizesValidation ? 'train' : '') : undefined;
    let value = Number.NaN;
    let yielded = performance.now();
    let told = Math.ceil(this.step / STEPS_PER_STATUS) * STEPS_PER_STATUS;
    while (this.step < last && !signal?.aborted) {
      const { step } = this;
      const batches = this.#batchesFrom(step, data.train);
      const begin = performance.now();
      const feeds = [...feedsOf(network.inputs, batches.set.nextBatch(batchSize)), ...trainingFeeds];
      const ran = this.#run([trainOp, loss], feeds);
      [, value] = ran instanceof Promise ? await ran : ran; // each await is a turn of the event loop
      const now = performance.now();
      if (!Number.isFinite(value)) throw diverged(step, value);
      if (step >= told) {
        log(`Step ${step}: loss = ${value.toFixed(2)} (${((now - begin) / 1000).toFixed(3)} sec)`);
        told = (Math.floor(step / STEPS_PER_STATUS) + 1) * STEPS_PER_STATUS;
        if (writer !== undefined) {
          writer.addSummary(await this.#run(summary, feeds), step);
          if (summarizesValidation) await this.#summarize('validation', data.validation);
        }
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

  override async evaluate<S extends T['setName'] = T['setName']>(
    sets: readonly S[] = SETS as S[],
    log: Log = () => {},
  ): Promise<Record<S, T['evaluation']>> {
    checkArray('the sets to measure', sets);
    for (const name of sets)
      if (!SETS.includes(name))
        throw new InvalidArgumentError(`a set is one of ${SETS.join(', ')}, not ${shown(name)}`);
    await this.initialized();
    const data = await this.#loaded(log);
    const evaluations: Partial<Record<S, T['evaluation']>> = {};
    for (const name of sets) {
      log(`${titles[name]} Data Eval:`);
      const evaluation = await this.#measure(data[name]);
      log(this.describeEvaluation(evaluation));
      evaluations[name] = evaluation;
    }
    return evaluations as Record<S, T['evaluation']>;
  }

  /**
   * Computes the model's predictions for examples.
   *
   * @param examples arrays by the names of the network's inputs, without the one with which answers are compared
   * @throws {InvalidArgumentError} when an input is missing or unknown, doesn't fit its placeholder, or differs in
   * length
   */
  override async infer(examples: T['input']): Promise<T['prediction'][]> {
    const { answer, asked } = this.parts;
    const columns = this.columnsOf(examples);
    await this.initialized();
    const set = new DataSet(columns);
    const predictions: T['prediction'][] = [];
    for (const { feeds, size } of batchesOf(set, asked, INFERENCE_BATCH)) {
      const { data } = await this.session.run(answer, feeds);
      const width = data.length / size;
      for (let at = 0; at < data.length; at += width)
        predictions.push(this.predictionOf(data.subarray(at, at + width)));
    }
    return predictions;
  }

  /**
   * Reads examples from a JSON file: an object with an array for each input, such as
   * `{ "features": [[5.1, 3.5, 1.4, 0.2]] }`. Classes that support other files override this.
   */
  override async readExamples(file: string): Promise<FileExamples<T['input']>> {
    return { examples: this.columnsOf(await readJson(file)) };
  }

  protected override signature(): ModelSignature {
    const { asked, outputs } = this.parts;
    return { inputs: asked, outputs };
  }

  /** Examples for inference, as columns of the inputs' dtypes. */
  protected columnsOf(examples: T['input']): Record<string, HostArray> {
    return columnsFor(this.parts.asked, examples);
  }

  /** Formats an evaluation in one line. */
  protected describeEvaluation({ numExamples, ...measured }: T['evaluation']): string {
    const words = Object.entries(measured).map(([name, value]) => `${name}: ${shortly(value)}`);
    return ['  Num examples:', numExamples, '', words.join('  ')].join(' ');
  }

  /** The values of an evaluation for TensorBoard, by tag. */
  protected tagsOf({ numExamples: _, ...measured }: T['evaluation']): Readonly<Record<string, number>> {
    return measured;
  }

  /** An evaluation, from the measurements of a whole set. */
  protected evaluationOf(numExamples: number, measured: Readonly<Record<string, number>>): T['evaluation'] {
    return { numExamples, ...measured } as Evaluation;
  }

  /** The sets, validated before use. */
  async #loaded(log: Log): Promise<T['data']> {
    if (this.#sets === undefined) {
      const sets = await this.loadData(log);
      checkSets(sets, this.parts.network.inputs);
      for (const name of SETS) this.checkSet(name, sets[name]);
      this.#sets = sets;
    }
    return this.#sets;
  }

  async #fitNormalized(train: ColumnDataSet): Promise<void> {
    const { inputs } = this.parts.network;
    for (const normalized of this.#normalized) {
      const [name] = Object.entries(inputs).find(([, input]) => input === normalized.input) ?? [];
      if (name === undefined)
        throw new FailedPreconditionError(
          `${normalized.input.name} is normalized, but is none of the network's inputs`,
        );
      await normalized.fit(this.session, train, name);
    }
  }

  /** Runs the session, asynchronously if it is on a server, so that this process can do other things meanwhile. */
  #run<const F extends Fetches>(fetches: F, feeds: Feeds): Fetched<F> | Promise<Fetched<F>> {
    return this.isRemote ? this.session.run(fetches, feeds) : this.session.runSync(fetches, feeds);
  }

  /**
   * The training set, positioned at the batch of a step: where the last step left it or, after a restore, computed from
   * the seed. The workers of a cluster use different orders.
   */
  #batchesFrom(step: number, { columns, seed: first }: ColumnDataSet): { readonly set: ColumnDataSet; step: number } {
    if (this.#batches === undefined || (this.#batches.step !== step && !this.isTogether)) {
      const seed = first + this.workerNumber;
      const set = new DataSet(columns, { seed });
      set.skip(step * this.config.batchSize);
      this.#batches = { set, step };
    }
    return this.#batches;
  }

  async #measure(set: ColumnDataSet): Promise<T['evaluation']> {
    const { network, measures } = this.parts;
    const { means, counts } = measures;
    const tensors = { ...means, ...counts };
    const sums = Object.fromEntries(Object.keys(tensors).map((name) => [name, 0]));
    for (const { feeds, size } of batchesOf(set, network.inputs, EVALUATION_BATCH)) {
      const values = await this.session.run(tensors, feeds);
      for (const name of Object.keys(tensors)) sums[name]! += values[name]! * (name in means ? size : 1);
    }
    for (const name of Object.keys(means)) sums[name]! /= Math.max(set.numExamples, 1);
    return this.evaluationOf(set.numExamples, sums);
  }

  /** Writes the measurements of a whole set, under the tags of the network's own summaries of a batch. */
  async #summarize(folder: string, set: ColumnDataSet): Promise<void> {
    const tags = Object.entries(this.tagsOf(await this.#measure(set)));
    this.writer(folder).addSummary({ value: tags.map(([tag, simpleValue]) => ({ tag, simpleValue })) }, this.step);
  }
}

/** Columns as a feed dict. */
function feedsOf(inputs: Readonly<Record<string, Tensor>>, columns: Readonly<Record<string, HostArray>>): Feeds {
  return Object.entries(inputs).map(([name, input]) => [input, columns[name]!] as const);
}

/** A whole set once, in its own order, as feed dicts. */
function* batchesOf(set: ColumnDataSet, inputs: Readonly<Record<string, Tensor>>, batchSize: number) {
  for (let begin = 0; begin < set.numExamples; begin += batchSize) {
    const end = Math.min(begin + batchSize, set.numExamples);
    yield { feeds: feedsOf(inputs, set.slice(begin, end)), size: end - begin };
  }
}

/**
 * Examples as arrays of the inputs' dtypes.
 *
 * @throws {InvalidArgumentError} when an input is missing or unknown, or doesn't fit its placeholder
 */
function columnsFor(inputs: Readonly<Record<string, Tensor>>, examples: unknown): Record<string, HostArray> {
  const names = Object.keys(inputs);
  if (typeof examples !== 'object' || examples === null || Array.isArray(examples))
    throw new InvalidArgumentError(`expected examples as an object with ${names.join(', ')}, got ${shown(examples)}`);
  const unknown = Object.keys(examples).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const guess = didYouMean(unknown, names, { before: ': ', as: unquoted });
    throw new InvalidArgumentError(`the model takes ${names.join(', ')}, not ${unknown}${guess}`);
  }
  return Object.fromEntries(names.map((name) => [name, columnFor(name, inputs[name]!, (examples as Inputs)[name])]));
}

function columnFor(name: string, input: Tensor, value: ArrayLike | undefined): HostArray {
  if (value === undefined) throw new InvalidArgumentError(`the examples have no ${name}, which the model takes`);
  const array = toHostArray(value, input.dtype as HostArray['dtype']);
  checkFits(`${name} of the examples`, array, input);
  return array;
}

/** @throws {InvalidArgumentError} when an array doesn't fit a placeholder */
function checkFits(what: string, { dtype, shape }: HostArray, input: Tensor): void {
  const wanted = input.shape;
  const fits =
    wanted === null ||
    (wanted.length === shape.length && wanted.every((n, i) => n === null || i === 0 || n === shape[i]));
  if (dtype === input.dtype && fits && shape.length > 0) return;
  throw new InvalidArgumentError(
    `${what} is ${dtype} ${shapeText(shape)}; the network takes ${input.dtype} ${shapeText(wanted)}`,
  );
}

/** @throws {InvalidArgumentError} when the sets don't fit the network's inputs */
function checkSets(sets: Sets, inputs: Readonly<Record<string, Tensor>>): void {
  if (typeof sets !== 'object' || sets === null)
    throw new InvalidArgumentError(`expected loadData to give { train, validation, test }, got ${shown(sets)}`);
  for (const name of SETS) {
    const columns = sets[name]?.columns;
    if (columns === undefined)
      throw new InvalidArgumentError(`expected the ${name} set to be a DataSet of columns, got ${shown(sets[name])}`);
    for (const [input, placeholder] of Object.entries(inputs)) {
      const column = columns[input];
      if (column === undefined)
        throw new InvalidArgumentError(
          `the ${name} set has no column ${input}, which the network takes; it has ${Object.keys(columns).join(', ')}`,
        );
      if (column.size > 0) checkFits(`the column ${input} of the ${name} set`, column, placeholder);
    }
  }
  if (sets.train.numExamples === 0) throw new InvalidArgumentError('there are no training examples');
}

function describeSets({ train, validation, test }: Sets): string {
  const columns = Object.entries(train.columns).map(([name, { dtype, shape }]) =>
    shape.length > 1 ? `${name} (${dtype} ${shapeText(shape.slice(1))})` : `${name} (${dtype})`,
  );
  const counts = `${train.numExamples} training, ${validation.numExamples} validation and ${test.numExamples} test examples`;
  return `${counts} of ${columns.join(', ')}`;
}

async function readJson(file: string): Promise<unknown> {
  checkPath('the name of a file', file);
  const text = (await readWhole(file)).toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`${file} is no JSON: ${(error as Error).message}`);
  }
}

/** A number with four significant digits. */
function shortly(value: number): string {
  return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(4))}`;
}

function diverged(step: number, loss: number): FailedPreconditionError {
  return new FailedPreconditionError(
    `the loss at step ${step} is ${Number.isNaN(loss) ? 'not a number' : loss}: the model has diverged. Try a smaller learning rate; checkpoints saved before are kept`,
  );
}
