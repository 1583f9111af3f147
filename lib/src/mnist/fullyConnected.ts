/**
 * The fully connected network of *TensorFlow Mechanics 101*: its graph in the article's four pieces (inference, loss,
 * training and evaluation), with the article's scopes and names.
 */

import { onlyOptions } from '../runtime/options';
import { getDefaultGraph } from '../tf/graph/graph';
import type { Operation } from '../tf/graph/operation';
import type { Scalar, Tensor } from '../tf/graph/tensor';
import { zeros } from '../tf/ops/array';
import { add, cast } from '../tf/ops/elementwise';
import { matmul } from '../tf/ops/matmul';
import { inTopK, relu, sparseSoftmaxCrossEntropyWithLogits } from '../tf/ops/nn';
import { truncatedNormal } from '../tf/ops/random';
import { reduceMean, reduceSum } from '../tf/ops/reduce';
import { Variable } from '../tf/ops/variables';
import { scalar } from '../tf/summary/builders';
import { GradientDescentOptimizer } from '../tf/train/optimizers';
import { IMAGE_PIXELS, NUM_CLASSES } from './sizes';

/** The distribution of the initial weights: a truncated normal distribution. */
export interface InitialWeights {
  /**
   * Its mean.
   *
   * @defaultValue `0`
   */
  initialMean?: number;
  /**
   * Its standard deviation.
   *
   * @defaultValue one that preserves the scale of activations through many layers
   */
  initialStddev?: number;
}

/**
 * The network up to its output: two hidden layers of rectified linear units and a linear one.
 *
 * @param images `[batch, 784]`
 * @param hidden1Units the size of the first hidden layer
 * @param hidden2Units the size of the second
 * @returns the logits, `[batch, 10]`
 *
 * @example
 * const logits = mnist.inference(images, 128, 32);
 */
export function inference(
  images: Tensor<'float32', 'array'>,
  hidden1Units: number,
  hidden2Units: number,
  initial: InitialWeights = {},
): Tensor<'float32', 'array'> {
  onlyOptions(initial, { initialMean: 'number', initialStddev: 'number' });
  const hidden1 = layer('hidden1', images, IMAGE_PIXELS, hidden1Units, relu, initial);
  const hidden2 = layer('hidden2', hidden1, hidden1Units, hidden2Units, relu, initial);
  return layer('softmax_linear', hidden2, hidden2Units, NUM_CLASSES, (logits) => logits, initial);
}

function layer(
  scope: string,
  input: Tensor<'float32', 'array'>,
  inputUnits: number,
  units: number,
  activation: (x: Tensor<'float32', 'array'>) => Tensor<'float32', 'array'>,
  { initialMean: mean = 0, initialStddev: stddev = 1 / Math.sqrt(inputUnits) }: InitialWeights,
): Tensor<'float32', 'array'> {
  return getDefaultGraph().nameScope(scope, () => {
    const initial = truncatedNormal([inputUnits, units], { mean, stddev });
    const weights = new Variable(initial, { name: 'weights' });
    const biases = new Variable(zeros([units]), { name: 'biases' });
    return activation(add(matmul(input, weights), biases, { name: 'add' }));
  });
}

/**
 * The mean cross entropy between the network's output and the labels.
 *
 * The article's first edition turned the labels into one-hot rows with `sparseToDense` for the dense cross entropy; its
 * last edition, like this function, passes the class numbers to the sparse kernel. The value is the same.
 *
 * @param logits `[batch, 10]`
 * @param labels class numbers, `[batch]`
 *
 * @example
 * const loss = mnist.loss(logits, labels);
 */
export function loss(logits: Tensor<'float32'>, labels: Tensor<'int32'>): Scalar<'float32'> {
  return reduceMean(sparseSoftmaxCrossEntropyWithLogits({ labels, logits, name: 'xentropy' }), {
    name: 'xentropy_mean',
  });
}

/**
 * The operation that takes one training step by gradient descent and increments the variable `global_step`. Adds a
 * summary of the loss.
 *
 * @example
 * const trainOp = mnist.training(loss, 0.01);
 */
export function training(loss: Scalar<'float32'>, learningRate: number): Operation {
  scalar('loss', loss);
  const globalStep = new Variable(0, { dtype: 'int32', name: 'global_step', trainable: false });
  return new GradientDescentOptimizer(learningRate).minimize(loss, { globalStep });
}

/**
 * The number of examples in a batch that the network classifies correctly.
 *
 * @param logits `[batch, 10]`
 * @param labels class numbers, `[batch]`
 *
 * @example
 * const evalCorrect = mnist.evaluation(logits, labels);
 * await session.run(evalCorrect, mnist.fillFeedDict(sets.test, images, labels)); // how many of 100
 */
export function evaluation(logits: Tensor<'float32'>, labels: Tensor<'int32'>): Scalar<'int32'> {
  return reduceSum(cast(inTopK(logits, labels, 1), 'int32'));
}
