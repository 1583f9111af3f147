/** The networks that {@link runTraining} can train, each as the few tensors that its loop needs. */
import { GraphKeys } from '../graph/collections';
import { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Scalar, Tensor } from '../graph/tensor';
import { setRandomSeed } from '../ops/random';
import { mergeAll, type SummaryTensor } from '../ops/summary';
import { globalVariablesInitializer, type Variable } from '../ops/variables';
import { InvalidArgumentError } from '../runtime/errors';
import type { FeedKey } from '../session';
import { Saver } from '../train/saver';
import * as convnet from './convnet';
import { placeholderInputs } from './feeding';
import * as fullyConnected from './fullyConnected';

/** Parameters of the fully connected network. */
export interface FullyConnectedParameters {
  /** 0.01. */
  learningRate?: number;
  /** Units of the first hidden layer; 128. */
  hidden1?: number;
  /** Units of the second hidden layer; 32. */
  hidden2?: number;
}

/** Parameters of the convolutional network. */
export interface ConvnetParameters extends convnet.InferenceOptions, convnet.TrainingOptions {
  /** The probability that dropout keeps a unit in training; 0.5. With 1 there is no dropout. */
  keepProb?: number;
}

/** Which network, and its parameters. */
export type NetworkParameters =
  | ({ model?: 'fullyConnected' } & FullyConnectedParameters)
  | ({ model: 'convnet' } & ConvnetParameters);

/** The steps that a training takes unless it is told otherwise: about 4 epochs of the one, 10 of the other. */
export const DEFAULT_STEPS = { fullyConnected: 2000, convnet: 5500 };

/** The name of a network. */
export type NetworkName = keyof typeof DEFAULT_STEPS;

/** What a network is to the loop. */
interface NetworkTensors {
  readonly images: Tensor<'float32', 'array'>;
  readonly labels: Tensor<'int32', 'array'>;
  readonly loss: Scalar<'float32'>;
  readonly trainOp: Operation;
  /** How many of a batch are right. */
  readonly evalCorrect: Scalar<'int32'>;
  /** What a training step is fed besides a batch. */
  readonly trainingFeeds: readonly (readonly [FeedKey, number])[];
  /** The folders of the events in the result folder. Without one for validation, that is evaluated with checkpoints only. */
  readonly folders: { readonly train: string; readonly validation?: string };
}

/** A network in a graph of its own, with what belongs to the whole graph. */
export interface Network extends NetworkTensors {
  readonly graph: Graph;
  readonly init: Operation;
  readonly summary: SummaryTensor;
  readonly saver: Saver;
  readonly globalStep: Variable<'int32' | 'int64', 'scalar'>;
}

/** @throws {InvalidArgumentError} when there is no such network, or a parameter can't be right */
export function buildNetwork(parameters: NetworkParameters, batchSize: number, randomSeed?: number): Network {
  const { model = 'fullyConnected' } = parameters;
  if (!Object.hasOwn(DEFAULT_STEPS, model))
    throw new InvalidArgumentError(`expected a model, one of ${Object.keys(DEFAULT_STEPS).join(', ')}, got ${model}`);
  const graph = new Graph();
  return graph.asDefault(() => {
    if (randomSeed !== undefined) setRandomSeed(randomSeed);
    const tensors =
      parameters.model === 'convnet' ? buildConvnet(parameters) : buildFullyConnected(parameters, batchSize);
    const summary = mergeAll();
    const init = globalVariablesInitializer();
    const saver = new Saver();
    const globalStep = graph
      .getCollection<Network['globalStep']>(GraphKeys.GLOBAL_VARIABLES)
      .find(({ op }) => op.name === 'global_step') as Network['globalStep'];
    return { graph, ...tensors, summary, init, saver, globalStep };
  });
}

/** The article's network, for batches of one size and with its events in the result folder itself. */
function buildFullyConnected(
  { hidden1 = 128, hidden2 = 32, learningRate = 0.01 }: FullyConnectedParameters,
  batchSize: number,
): NetworkTensors {
  const [images, labels] = placeholderInputs(batchSize);
  const logits = fullyConnected.inference(images, hidden1, hidden2);
  const loss = fullyConnected.loss(logits, labels);
  const trainOp = fullyConnected.training(loss, learningRate);
  const evalCorrect = fullyConnected.evaluation(logits, labels);
  return { images, labels, loss, trainOp, evalCorrect, trainingFeeds: [], folders: { train: '' } };
}

function buildConvnet({ keepProb = 0.5, ...parameters }: ConvnetParameters): NetworkTensors {
  if (!(keepProb > 0 && keepProb <= 1))
    throw new InvalidArgumentError(`expected a keepProb above 0 and up to 1, got ${keepProb}`);
  const [images, labels, kept] = convnet.placeholderInputs(null);
  const logits = convnet.inference(images, kept, parameters);
  const loss = convnet.loss(logits, labels);
  const trainOp = convnet.training(loss, parameters);
  const { correct } = convnet.evaluation(logits, labels);
  const folders = { train: 'train', validation: 'validation' };
  return { images, labels, loss, trainOp, evalCorrect: correct, trainingFeeds: [[kept, keepProb]], folders };
}
