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

/** The keys that every model has besides which learns from examples in batches. */
const batchKeys = {
  /** Examples of a step. */
  batchSize: key(wholeNumber(1), 'examples of a step', 100),
};

/** What the configurations of all models that learn from examples have in common. */
export interface SupervisedConfig extends BasicConfig, ValuesOf<typeof batchKeys> {}

/** The configuration of a model with these keys of its own; with `B` that of another kind of model. */
export type ConfigOf<K extends Keys, B extends BasicConfig = SupervisedConfig> = Omit<B, keyof K> & ValuesOf<K>;

/** The three sets that a model learns from and is measured on. */
export interface Sets {
  /** For training. */
  readonly train: ColumnDataSet;
  /** For choosing between models. */
  readonly validation: ColumnDataSet;
  /** For the last word. */
  readonly test: ColumnDataSet;
  /**
   * In a sentence what they are, to show to a person.
   *
   * @defaultValue their numbers of examples, and their columns
   */
  readonly description?: string;
  /** Where they came from, for `config.json`. */
  readonly source?: string;
}

/** Examples to answer for: arrays by the names of their columns, all of one length. */
export type Inputs = Readonly<Record<string, ArrayLike>>;

/** What models that learn from examples are for. */
export interface SupervisedTask extends Task {
  readonly data: Sets;
}

/** A network as the few tensors by which it learns and is measured. */
export interface Network {
  /** The placeholders that batches are fed to, `[null, …]`, by the names of the columns that they take. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** The mean loss of a batch. */
  readonly loss: Scalar<'float32'>;
  /** Takes a step, and counts it. */
  readonly trainOp: Operation;
  /** What else is measured of a batch, by its name: means over the examples. */
  readonly metrics?: Readonly<Record<string, Scalar<'float32'>>>;
  /** What a training step is fed besides a batch. */
  readonly trainingFeeds?: readonly (readonly [FeedKey, number])[];
  /**
   * Whether the validation set is summarized with the training batches, so that TensorBoard shows the two as runs with the same
   * curves, in folders of their own.
   */
  readonly summarizesValidation?: boolean;
}

/** What is measured of a batch. */
export interface Measures {
  /** Means over the examples: the loss, and others by their names. */
  readonly means: Readonly<Record<string, Scalar<'float32'>>>;
  /** What adds up over batches. */
  readonly counts: Readonly<Record<string, Scalar<'int32'>>>;
}

/** A network, and what is added to each. */
interface Parts<N extends Network> {
  readonly network: N;
  readonly measures: Measures;
  /** `[n, …]`: what the model says of each example. */
  readonly answer: Tensor<'float32', 'array'>;
  /** What is given to others. */
  readonly outputs: NamedTensors;
  /** The inputs that the answer needs. */
  readonly asked: Readonly<Record<string, Tensor>>;
  readonly summary: SummaryTensor;
}

/** Steps between status lines and summaries. */
const STEPS_PER_STATUS = 100;

/** How long the loop may keep the event loop waiting, in milliseconds: signals and progress bars are served this often. */
const MAX_BLOCKING = 50;

/** Examples that are measured in one run. */
const EVALUATION_BATCH = 100;

/** Examples that are answered for in one run. */
const INFERENCE_BATCH = 1000;

const titles = { train: 'Training', validation: 'Validation', test: 'Test' };
const SETS = Object.keys(titles) as SetName[];

/**
 * What `Classifier` and `Regressor` have in common. A class says where its sets come from and how its network is built, a kind of model
 * which tensors are its answer and its measures.
 *
 * @typeParam C its configuration
 * @typeParam N the tensors of its network
 * @typeParam T what it is for
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
  /** The training set, at the place where the batch of a step begins. */
  #batches: { readonly set: ColumnDataSet; step: number } | undefined;

  /**
   * Gets the three sets, whose columns bear the names of the network's inputs. The same configuration gives the same sets: what is drawn,
   * such as their order, `randomSeed` decides.
   */
  protected abstract loadData(log: Log): T['data'] | Promise<T['data']>;

  /** Builds the network, in the default graph. One without summaries gets a summary of its loss. */
  protected abstract buildNetwork(): N;

  /** The tensor that answers, `[n, …]`, and what is measured besides the loss and the network's own metrics. */
  protected abstract finish(network: N): {
    readonly answer: Tensor<'float32', 'array'>;
    /** What programs that have the model without this class get, by its names. */
    readonly outputs?: NamedTensors;
    /** What the answer is compared with, of which nothing is asked. */
    readonly expected: Tensor;
    readonly means?: Measures['means'];
    readonly counts?: Measures['counts'];
  };

  /**
   * Looks whether a set, which has the columns that the network takes, can be learnt from: for kinds of models that know more of it.
   *
   * @throws {InvalidArgumentError} when it can't
   */
  protected checkSet(_name: SetName, _set: ColumnDataSet): void {}

  /** What the model says of one example, of which `row` has the part of the answer. */
  protected abstract predictionOf(row: Float32Array): T['prediction'];

  /**
   * A column as deviations from its mean, in standard deviations of it, feature by feature. Both are variables, to which a training gives
   * the values of its training set before the first step: so checkpoints have them, and the model is asked about examples as they are.
   *
   * @param input a placeholder of the network's inputs, `float32` `[null, …]`
   * @throws {InvalidArgumentError} when its shape doesn't say which features there are
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
   * What the model says of examples.
   *
   * @param examples arrays by the names of the network's inputs, but for what the answers are compared with
   * @throws {InvalidArgumentError} when an input is missing or unknown, is nothing that its placeholder takes, or has another length
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
   * Examples out of a JSON file: an object with an array for each input, such as `{ "features": [[5.1, 3.5, 1.4, 0.2]] }`. A class that
   * knows other files overrides this.
   */
  override async readExamples(file: string): Promise<FileExamples<T['input']>> {
    return { examples: this.columnsOf(await readJson(file)) };
  }

  protected override signature(): ModelSignature {
    const { asked, outputs } = this.parts;
    return { inputs: asked, outputs };
  }

  /** Examples to answer for, as columns of the inputs' dtypes. */
  protected columnsOf(examples: T['input']): Record<string, HostArray> {
    return columnsFor(this.parts.asked, examples);
  }

  /** An evaluation in one line. */
  protected describeEvaluation({ numExamples, ...measured }: T['evaluation']): string {
    const words = Object.entries(measured).map(([name, value]) => `${name}: ${shortly(value)}`);
    return ['  Num examples:', numExamples, '', words.join('  ')].join(' ');
  }

  /** What TensorBoard shows of an evaluation, by its tags. */
  protected tagsOf({ numExamples: _, ...measured }: T['evaluation']): Readonly<Record<string, number>> {
    return measured;
  }

  /** An evaluation, of what was measured of a whole set. */
  protected evaluationOf(numExamples: number, measured: Readonly<Record<string, number>>): T['evaluation'] {
    return { numExamples, ...measured } as Evaluation;
  }

  /** The sets, which are checked before anything is made of them. */
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

  /** A run of the session, to be awaited where that is on a server, with which this process may have more to do meanwhile. */
  #run<const F extends Fetches>(fetches: F, feeds: Feeds): Fetched<F> | Promise<Fetched<F>> {
    return this.isRemote ? this.session.run(fetches, feeds) : this.session.runSync(fetches, feeds);
  }

  /**
   * The training set where a step's batch begins: where the last step left it, or, after a restore, counted from the seed on. The workers
   * of a cluster go through it in orders of their own, and each on by itself.
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

  /** Writes what is measured of a whole set, under the tags that the network's own summaries of a batch have. */
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
 * @throws {InvalidArgumentError} when an input is missing or unknown, or is nothing that its placeholder takes
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

/** @throws {InvalidArgumentError} when an array is nothing that a placeholder takes */
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

/** @throws {InvalidArgumentError} when the sets are nothing that the network can be fed */
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

/** A number with four digits that say something. */
function shortly(value: number): string {
  return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(4))}`;
}

function diverged(step: number, loss: number): FailedPreconditionError {
  return new FailedPreconditionError(
    `the loss at step ${step} is ${Number.isNaN(loss) ? 'not a number' : loss}: the model has diverged. Try a smaller learning rate; checkpoints saved before are kept`,
  );
}
