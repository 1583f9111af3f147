/**
 * The convolutional network of the TensorBoard article: each part has a scope of its own, which makes the graph
 * readable, and there are summaries for everything that TensorBoard can show.
 *
 * | layer   | scopes                                                                            | of a batch of N digits |
 * |---------|-----------------------------------------------------------------------------------|------------------------|
 * | input   | `input_images`, `input_cnn_filter`, `input_pool`, `input_bias`, `input_act`       | `[N, 14, 14, 24]`      |
 * | hidden1 | `hidden1_cnn_filter`, `hidden1_pool`, `hidden1_bias`, `hidden1_act`               | `[N, 7, 7, 48]`        |
 * | hidden2 | `hidden2_weights`, `hidden2_bias`, `hidden2_act`, `hidden2_drop`                  | `[N, 200]`             |
 * | output  | `output_weights`, `output_bias` (the logits), `output_act` (the probabilities)    | `[N, 10]`              |
 *
 * Then `loss`, `train` and `evaluation`.
 */

import { randomInt } from 'node:crypto';
import { shown } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { onlyOptions } from '../runtime/options';
import { getDefaultGraph } from '../tf/graph/graph';
import type { Operation } from '../tf/graph/operation';
import type { Scalar, Tensor } from '../tf/graph/tensor';
import { applyOne } from '../tf/ops/apply';
import { reshape, shape, zeros } from '../tf/ops/array';
import { placeholderWithDefault } from '../tf/ops/constants';
import { add, cast, div, floor, mul } from '../tf/ops/elementwise';
import { matmul } from '../tf/ops/matmul';
import { biasAdd, conv2d, inTopK, maxPool, relu6, softmax } from '../tf/ops/nn';
import { truncatedNormal } from '../tf/ops/random';
import { reduceMean, reduceSum } from '../tf/ops/reduce';
import { Variable } from '../tf/ops/variables';
import { histogram, image } from '../tf/summary/builders';
import { taggedSummary } from '../tf/summary/summaryOps';
import { exponentialDecay } from '../tf/train/decay';
import { getOrCreateGlobalStep } from '../tf/train/globalStep';
import type { Optimizer } from '../tf/train/optimizer';
import {
  AdagradOptimizer,
  AdamOptimizer,
  GradientDescentOptimizer,
  MomentumOptimizer,
  RMSPropOptimizer,
} from '../tf/train/optimizers';
import { placeholderInputs as examples } from './feeding';
import { loss as crossEntropy, type InitialWeights } from './fullyConnected';
import { IMAGE_SIZE, NUM_CLASSES } from './sizes';
import { variableSummaries } from './variableSummaries';

type Activations = Tensor<'float32', 'array'>;

/**
 * The placeholders of a batch, and the probability that dropout keeps a unit. The latter is 1 unless it is fed, so only
 * training has to feed it.
 *
 * @param batchSize `null` for any
 * @returns images, `[batchSize, 784]`, labels, class numbers of shape `[batchSize]`, and the probability, a scalar
 *
 * @example
 * const [images, labels, keepProb] = mnist.convnet.placeholderInputs(null);
 */
export function placeholderInputs(
  batchSize: number | null,
): [images: Activations, labels: Tensor<'int32', 'array'>, keepProb: Scalar<'float32'>] {
  return [...examples(batchSize), placeholderWithDefault(1, [], { name: 'keep_prob' })];
}

/** The sizes of the network, and the distribution of its initial weights. */
export interface InferenceOptions extends InitialWeights {
  /**
   * The height and width of the convolutions' patches.
   *
   * @defaultValue `5`
   */
  patchSize?: number;
  /**
   * The number of filters of the first convolution.
   *
   * @defaultValue `24`
   */
  inputDepth?: number;
  /**
   * The number of filters of the second convolution.
   *
   * @defaultValue `48`
   */
  hidden1Depth?: number;
  /**
   * The number of units of the fully connected layer.
   *
   * @defaultValue `200`
   */
  hidden2Units?: number;
  /**
   * How each convolution halves height and width: by max pooling over 2 × 2 places (`pooling`), or by a stride of 2
   * (`strides`), which takes a quarter of the work and is less precise.
   *
   * @defaultValue `pooling`
   */
  downsampling?: 'pooling' | 'strides';
}

/**
 * The network up to its output: two convolutions, a fully connected layer with dropout, and a linear one.
 *
 * Pooling precedes bias and activation: the result is the same, since both are monotonic, for a quarter of the work.
 *
 * @param images `[batch, 784]`
 * @param keepProb the probability that dropout keeps a unit
 * @returns the logits, `[batch, 10]`
 *
 * @example
 * const [images, labels, keepProb] = mnist.convnet.placeholderInputs(null);
 * const logits = mnist.convnet.inference(images, keepProb, { inputDepth: 32, hidden1Depth: 64, hidden2Units: 1024 });
 */
export function inference(
  images: Activations,
  keepProb: Scalar<'float32'>,
  options: InferenceOptions = {},
): Activations {
  const {
    patchSize = 5,
    inputDepth = 24,
    hidden1Depth = 48,
    hidden2Units = 200,
    downsampling = 'pooling',
    ...initial
  } = onlyOptions(options, {
    initialMean: 'number',
    initialStddev: 'number',
    patchSize: 'number',
    inputDepth: 'number',
    hidden1Depth: 'number',
    hidden2Units: 'number',
    downsampling: ['strides', 'pooling'],
  });
  const digits = scope('input_images', () => {
    const digits = reshape(images, [-1, IMAGE_SIZE, IMAGE_SIZE, 1]);
    image('digits', digits);
    return digits;
  });
  const input = convolution('input', digits, [patchSize, patchSize, 1, inputDepth], downsampling, initial);
  const hidden1 = convolution(
    'hidden1',
    input,
    [patchSize, patchSize, inputDepth, hidden1Depth],
    downsampling,
    initial,
  );
  const features = (IMAGE_SIZE / 4) ** 2 * hidden1Depth;
  const flat = reshape(hidden1, [-1, features], { name: 'flat' });
  const hidden2 = activation('hidden2', relu6, linear('hidden2', flat, features, hidden2Units, initial));
  const dropped = scope('hidden2_drop', () => dropout(hidden2, keepProb));
  const logits = linear('output', dropped, hidden2Units, NUM_CLASSES, initial);
  activation('output', softmax, logits);
  return logits;
}

/** A convolution that halves height and width, with its bias and activation. */
function convolution(
  layer: string,
  images: Activations,
  filterShape: readonly [height: number, width: number, inputDepth: number, depth: number],
  downsampling: 'pooling' | 'strides',
  initial: InitialWeights,
): Activations {
  const pooling = downsampling === 'pooling';
  const filtered = scope(`${layer}_cnn_filter`, () =>
    conv2d(images, weights('filter', filterShape, initial), { strides: pooling ? 1 : 2, padding: 'SAME' }),
  );
  const halved = pooling
    ? scope(`${layer}_pool`, () => maxPool(filtered, { ksize: 2, strides: 2, padding: 'SAME' }))
    : filtered;
  return activation(layer, relu6, bias(layer, halved, filterShape[3]));
}

function linear(
  layer: string,
  input: Activations,
  inputUnits: number,
  units: number,
  initial: InitialWeights,
): Activations {
  const product = scope(`${layer}_weights`, () => matmul(input, weights('weights', [inputUnits, units], initial)));
  return bias(layer, product, units);
}

/**
 * Initial weights whose size preserves the scale of activations through many rectified layers (He et al., 2015), unless
 * `initial` specifies another.
 */
function weights(name: string, shape: readonly number[], initial: InitialWeights): Variable<'float32', 'array'> {
  const inputs = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const { initialMean: mean = 0, initialStddev: stddev = Math.sqrt(2 / inputs) } = initial;
  const variable = new Variable(truncatedNormal([...shape], { mean, stddev }), { name });
  variableSummaries(variable);
  return variable as Variable<'float32', 'array'>;
}

function bias(layer: string, value: Activations, depth: number): Activations {
  return scope(`${layer}_bias`, () => {
    const biases = new Variable(zeros([depth]), { name: 'bias' });
    variableSummaries(biases);
    return biasAdd(value, biases);
  });
}

function activation(layer: string, activate: (x: Activations) => Activations, sums: Activations): Activations {
  return scope(`${layer}_act`, () => {
    const activations = activate(sums);
    histogram('activations', activations);
    return activations;
  });
}

/**
 * Dropout like `tf.nn.dropout`, except that its randomness depends on the step: training resumed from a checkpoint
 * drops the same units as without the interruption.
 */
function dropout(x: Activations, keepProb: Scalar<'float32'>): Activations {
  const seed = [x.graph.seed ?? randomInt(2 ** 31), getOrCreateGlobalStep(x.graph)];
  const draw: Activations = applyOne('StatelessRandomUniform', [shape(x), seed], { dtype: 'float32' }, 'draw');
  const kept = floor(add(draw, keepProb)); // 1 with probability keepProb, else 0
  return mul(div(x, keepProb), kept, { name: 'dropped' });
}

/**
 * The mean cross entropy between the network's output and the labels, with a summary `loss`.
 *
 * @param logits `[batch, 10]`
 * @param labels class numbers, `[batch]`
 *
 * @example
 * const loss = mnist.convnet.loss(logits, labels);
 */
export function loss(logits: Tensor<'float32'>, labels: Tensor<'int32'>): Scalar<'float32'> {
  return scope('loss', () => summarized('loss', crossEntropy(logits, labels)));
}

/** The available optimizers, each with a learning rate that suits the network. */
const OPTIMIZERS = {
  gradientDescent: { learningRate: 0.1, make: (rate) => new GradientDescentOptimizer(rate) },
  momentum: { learningRate: 0.02, make: (rate) => new MomentumOptimizer(rate, 0.9) },
  adagrad: { learningRate: 0.02, make: (rate) => new AdagradOptimizer(rate) },
  rmsProp: { learningRate: 0.001, make: (rate) => new RMSPropOptimizer(rate) },
  adam: { learningRate: 0.001, make: (rate) => new AdamOptimizer(rate) },
} satisfies Record<string, { learningRate: number; make: (learningRate: Tensor) => Optimizer }>;

/** The name of an optimizer. */
export type OptimizerName = keyof typeof OPTIMIZERS;

/**
 * The names of the optimizers.
 *
 * @example
 * mnist.convnet.optimizerNames.includes('adam'); // true
 */
export const optimizerNames = Object.keys(OPTIMIZERS) as OptimizerName[];

/** Options of {@link training}. */
export interface TrainingOptions {
  /** @defaultValue `adam` */
  optimizer?: OptimizerName;
  /**
   * The initial learning rate.
   *
   * @defaultValue one that suits the optimizer: `0.001` for `adam`
   */
  learningRate?: number;
  /**
   * The factor by which the learning rate has changed after `decaySteps` steps; 1 keeps it constant.
   *
   * @defaultValue `0.8`
   */
  decayRate?: number;
  /**
   * The number of steps for `decayRate`.
   *
   * @defaultValue `500`
   */
  decaySteps?: number;
}

/**
 * The operation that takes one training step. It increments the variable `global_step`, with which the learning rate
 * decays smoothly; a summary, `learning_rate`, records the rate.
 *
 * @throws {InvalidArgumentError} when there is no such optimizer, or the decay is invalid
 *
 * @example
 * const trainOp = mnist.convnet.training(loss, { optimizer: 'momentum' });
 */
export function training(loss: Scalar<'float32'>, options: TrainingOptions = {}): Operation {
  const {
    optimizer = 'adam',
    learningRate,
    decayRate = 0.8,
    decaySteps = 500,
  } = onlyOptions(options, {
    optimizer: 'any',
    learningRate: 'number',
    decayRate: 'number',
    decaySteps: 'number',
  });
  if (!optimizerNames.includes(optimizer))
    throw new InvalidArgumentError(
      `expected an optimizer, one of ${optimizerNames.join(', ')}, got ${shown(optimizer)}`,
    );
  if (!(decayRate > 0 && decayRate <= 1) || !(decaySteps > 0))
    throw new InvalidArgumentError(
      `expected a decayRate above 0 and up to 1, and decaySteps above 0, got ${shown(decayRate)} and ${shown(decaySteps)}`,
    );
  const { learningRate: suitable, make } = OPTIMIZERS[optimizer];
  return scope('train', () => {
    const globalStep = getOrCreateGlobalStep();
    const initial = learningRate ?? suitable;
    const rate = exponentialDecay(initial, globalStep, decaySteps, decayRate, { name: 'learning_rate' });
    return make(summarized('learning_rate', rate)).minimize(loss, { globalStep });
  });
}

/** How many examples of a batch the network classifies correctly. */
export interface BatchEvaluation {
  /** Their number. */
  readonly correct: Scalar<'int32'>;
  /** Their fraction. */
  readonly accuracy: Scalar<'float32'>;
}

/**
 * How many examples of a batch the network classifies correctly, with a summary `accuracy`.
 *
 * @param logits `[batch, 10]`
 * @param labels class numbers, `[batch]`
 *
 * @example
 * const { accuracy } = mnist.convnet.evaluation(logits, labels);
 */
export function evaluation(logits: Tensor<'float32'>, labels: Tensor<'int32'>): BatchEvaluation {
  return scope('evaluation', () => {
    const isCorrect = inTopK(logits, labels, 1);
    const correct = reduceSum(cast(isCorrect, 'int32'), { name: 'correct' });
    const accuracy = reduceMean(cast(isCorrect, 'float32'), { name: 'accuracy' });
    return { correct, accuracy: summarized('accuracy', accuracy) };
  });
}

/**
 * A scalar with a summary whose tag has no scope prefix, so that the curves of other networks and sets have the same
 * tag.
 */
function summarized<T extends Scalar>(tag: string, value: T): T {
  taggedSummary('ScalarSummary', 'summary', () => tag, [value]);
  return value;
}

function scope<T>(name: string, build: () => T): T {
  return getDefaultGraph().nameScope(name, build);
}
