/** The convolutional network of the TensorBoard article as a model. */
import * as space from '../hyperparameters/space';
import * as convnet from '../mnist/convnet';
import type { ClassifierNetwork } from './classifier';
import { fraction, key, oneOf, positive, real, wholeNumber } from './configuration';
import { DigitClassifier, type DigitConfigOf } from './digitClassifier';

const keys = {
  /** Steps to take, those before a checkpoint included. */
  maxIter: key(wholeNumber(0), 'the total number of steps, including those before a checkpoint', 5500),
  /**
   * The learning rate at the beginning.
   *
   * @defaultValue the optimizer's
   */
  lr: key(positive, 'the initial learning rate; that of the optimizer'),
  /** How it learns. */
  optimizer: key(oneOf(convnet.optimizerNames), 'the optimizer', 'adam'),
  /** The learning rate falls to this part within `decaySteps`. */
  decayRate: key(fraction, 'the factor by which the learning rate decays …', 0.8),
  /** The steps within which the learning rate falls to `decayRate` of what it was. */
  decaySteps: key(wholeNumber(1), '… over this many steps', 500),
  /** The probability with which dropout keeps a unit. */
  keepProb: key(fraction, 'the probability that dropout keeps a unit', 0.5),
  /** Height and width of a filter. */
  patchSize: key(wholeNumber(1), 'height and width of a filter', 5),
  /** Filters of the first convolution. */
  inputDepth: key(wholeNumber(1), 'filters of the first convolution', 24),
  /** Filters of the second convolution. */
  hidden1Depth: key(wholeNumber(1), 'filters of the second convolution', 48),
  /** Units of the layer behind the convolutions. */
  nbUnits: key(wholeNumber(1), 'units of the layer after the convolutions', 200),
  /** How a convolution halves images. */
  downsampling: key(oneOf(['pooling', 'strides']), 'how a convolution halves images', 'pooling'),
  /** The mean of the initial weights. */
  initialMean: key(real, 'the mean of the initial weights', 0),
  /**
   * The standard deviation of the initial weights.
   *
   * @defaultValue √(2 / inputs) of each layer's
   */
  initialStddev: key(positive, 'the standard deviation of the initial weights; by layer, √(2 / inputs)'),
};

/** The configuration of {@link Convnet}. */
export interface ConvnetConfig extends DigitConfigOf<typeof keys> {}

/**
 * Two convolutions and two fully connected layers, with dropout; about 99.3 % correct on MNIST's test set.
 *
 * @example
 * const agent = new models.Convnet({ lr: 0.002, keepProb: 0.5 });
 */
export class Convnet extends DigitClassifier<ConvnetConfig> {
  static readonly modelName: string = 'convnet';
  static readonly keys = keys;
  static readonly searchSpace = {
    lr: space.logUniform(1e-4, 1e-2),
    keepProb: space.uniform(0.3, 1),
    inputDepth: space.choice([8, 16, 24, 32]),
    hidden1Depth: space.choice([16, 32, 48, 64]),
    nbUnits: space.choice([64, 128, 200, 400]),
  };

  protected override buildNetwork(): ClassifierNetwork {
    const { lr: learningRate, optimizer, decayRate, decaySteps, keepProb } = this.config;
    const { patchSize, inputDepth, hidden1Depth, nbUnits: hidden2Units, downsampling } = this.config;
    const { initialMean, initialStddev } = this.config;
    const [images, labels, kept] = convnet.placeholderInputs(null);
    const sizes = { patchSize, inputDepth, hidden1Depth, hidden2Units, downsampling };
    const logits = convnet.inference(images, kept, { ...sizes, initialMean, initialStddev });
    const loss = convnet.loss(logits, labels);
    const trainOp = convnet.training(loss, { optimizer, learningRate, decayRate, decaySteps });
    const { correct: evalCorrect } = convnet.evaluation(logits, labels);
    const trainingFeeds = [[kept, keepProb]] as const;
    const learning = { loss, trainOp, trainingFeeds, summarizesValidation: true };
    return { inputs: { images, labels }, labels, logits, evalCorrect, ...learning };
  }
}
