/** The network of *TensorFlow Mechanics 101* as a model. */
import * as space from '../hyperparameters/space';
import { placeholderInputs } from '../mnist/feeding';
import { evaluation, inference, loss, training } from '../mnist/fullyConnected';
import type { ClassifierNetwork } from './classifier';
import { key, positive, real, wholeNumber } from './configuration';
import { DigitClassifier, type DigitConfigOf } from './digitClassifier';

const keys = {
  /** Steps to take, those before a checkpoint included. */
  maxIter: key(wholeNumber(0), 'the total number of steps, including those before a checkpoint', 2000),
  /** The learning rate. */
  lr: key(positive, 'the learning rate', 0.01),
  /** Units of both hidden layers, in place of `hidden1` and `hidden2`. */
  nbUnits: key(wholeNumber(1), 'units of both hidden layers, instead of hidden1 and hidden2'),
  /** Units of the first hidden layer. */
  hidden1: key(wholeNumber(1), 'units of the first hidden layer', 128),
  /** Units of the second hidden layer. */
  hidden2: key(wholeNumber(1), 'units of the second hidden layer', 32),
  /** The mean of the initial weights. */
  initialMean: key(real, 'the mean of the initial weights', 0),
  /**
   * The standard deviation of the initial weights.
   *
   * @defaultValue 1 / √inputs of each layer's
   */
  initialStddev: key(positive, 'the standard deviation of the initial weights; by layer, 1 / √inputs'),
};

/** The configuration of {@link FullyConnected}. */
export interface FullyConnectedConfig extends DigitConfigOf<typeof keys> {}

/**
 * Two hidden layers of rectified linear units, trained by gradient descent.
 *
 * @example
 * const agent = new models.FullyConnected({ hidden1: 128, hidden2: 32, lr: 0.01 });
 */
export class FullyConnected extends DigitClassifier<FullyConnectedConfig> {
  static readonly modelName: string = 'fully_connected';
  static readonly keys = keys;
  static readonly searchSpace = {
    lr: space.logUniform(0.003, 1),
    nbUnits: space.choice([16, 32, 64, 128, 256]),
    initialStddev: space.logUniform(0.01, 0.3),
  };

  /** 98.1 % of the validation set after 2000 steps. */
  static override getBestConfig(): Partial<FullyConnectedConfig> {
    return { lr: 0.5, hidden1: 256, hidden2: 64 };
  }

  protected override buildNetwork(): ClassifierNetwork {
    const { lr, nbUnits, hidden1, hidden2, initialMean, initialStddev } = this.config;
    const [images, labels] = placeholderInputs(null);
    const initial = { initialMean, initialStddev };
    const logits = inference(images, nbUnits ?? hidden1, nbUnits ?? hidden2, initial);
    const cost = loss(logits, labels);
    const evalCorrect = evaluation(logits, labels);
    return { inputs: { images, labels }, labels, logits, loss: cost, trainOp: training(cost, lr), evalCorrect };
  }
}
