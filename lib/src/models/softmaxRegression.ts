/** The simplest model: one linear layer from pixels to digits. */
import * as space from '../hyperparameters/space';
import { placeholderInputs } from '../mnist/feeding';
import { evaluation, loss, training } from '../mnist/fullyConnected';
import { IMAGE_PIXELS, NUM_CLASSES } from '../mnist/sizes';
import { zeros } from '../tf/ops/array';
import { add } from '../tf/ops/elementwise';
import { matmul } from '../tf/ops/matmul';
import { truncatedNormal } from '../tf/ops/random';
import { Variable } from '../tf/ops/variables';
import type { ClassifierNetwork } from './classifier';
import { key, notNegative, positive, real, wholeNumber } from './configuration';
import { DigitClassifier, type DigitConfigOf } from './digitClassifier';

const keys = {
  /** Steps to take, those before a checkpoint included. */
  maxIter: key(wholeNumber(0), 'the total number of steps, including those before a checkpoint', 1000),
  /** The learning rate. */
  lr: key(positive, 'the learning rate', 0.5),
  /** The mean of the initial weights. */
  initialMean: key(real, 'the mean of the initial weights', 0),
  /** The standard deviation of the initial weights. */
  initialStddev: key(notNegative, 'the standard deviation of the initial weights', 0),
};

/** The configuration of {@link SoftmaxRegression}. */
export interface SoftmaxRegressionConfig extends DigitConfigOf<typeof keys> {}

/**
 * Softmax regression, trained by gradient descent; about 92 % correct on MNIST's test set.
 *
 * @example
 * const agent = new models.SoftmaxRegression({ lr: 0.5 });
 */
export class SoftmaxRegression extends DigitClassifier<SoftmaxRegressionConfig> {
  static readonly modelName: string = 'softmax_regression';
  static readonly keys = keys;
  static readonly searchSpace = { lr: space.logUniform(0.01, 2) };

  protected override buildNetwork(): ClassifierNetwork {
    const { lr, initialMean, initialStddev } = this.config;
    const [images, labels] = placeholderInputs(null);
    const initial = truncatedNormal([IMAGE_PIXELS, NUM_CLASSES], { mean: initialMean, stddev: initialStddev });
    const weights = new Variable(initial, { name: 'weights' });
    const biases = new Variable(zeros([NUM_CLASSES]), { name: 'biases' });
    const logits = add(matmul(images, weights), biases, { name: 'logits' });
    const cost = loss(logits, labels);
    const evalCorrect = evaluation(logits, labels);
    return { inputs: { images, labels }, labels, logits, loss: cost, trainOp: training(cost, lr), evalCorrect };
  }
}
