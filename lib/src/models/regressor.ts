/** Models that predict numbers. */
import { InvalidArgumentError } from '../runtime/errors';
import { shapeText } from '../runtime/shapeText';
import type { Tensor } from '../tf/graph/tensor';
import { abs, square, subtract } from '../tf/ops/elementwise';
import { reduceMean } from '../tf/ops/reduce';
import type { AgentClass } from './basicAgent';
import {
  type Inputs,
  type Network,
  SupervisedAgent,
  type SupervisedConfig,
  type SupervisedTask,
} from './supervisedAgent';
import type { Evaluation } from './task';

/** How far the numbers of a regressor are from those of a set. */
export interface RegressorEvaluation extends Evaluation {
  /** The mean squared error. */
  readonly mse: number;
  /** The mean absolute error. */
  readonly mae: number;
}

/**
 * What regressors are for.
 *
 * @typeParam I how they are asked
 * @typeParam P what they say of an example: a number, or a row of them where the network gives rows
 */
export interface RegressorTask<I = unknown, P = unknown> extends SupervisedTask {
  readonly evaluation: RegressorEvaluation;
  readonly input: I;
  readonly prediction: P;
}

/** A network as the few tensors with which a regressor learns and answers. */
export interface RegressorNetwork extends Network {
  /** The input that has the numbers to tell, `[n]` or `[n, k]`. */
  readonly targets: Tensor<'float32'>;
  /** What the network tells, of the targets' shape. */
  readonly predictions: Tensor<'float32'>;
}

/**
 * A regressor of whatever examples: it tells a number of each, or `k` numbers. A class of one says its `modelName`, its `keys`, its
 * `searchSpace`, where its sets come from and how its network is built.
 *
 * @typeParam C its configuration
 * @typeParam T what it is for, where it is asked or answers in another way, as with rows: `RegressorTask<Inputs, number[]>`
 *
 * @example
 * class Double extends models.Regressor {
 *   static readonly modelName: string = 'double';
 *   static readonly keys = { maxIter: models.key(models.wholeNumber(0), 'steps to take', 100) };
 *   static readonly searchSpace = {};
 *
 *   protected override loadData(): models.Sets {
 *     const numbers = new data.DataSet({ x: [[1], [2], [3]], y: [2, 4, 6] });
 *     return { train: numbers, validation: numbers, test: numbers };
 *   }
 *
 *   protected override buildNetwork(): models.RegressorNetwork {
 *     const x = tf.placeholder('float32', [null, 1]);
 *     const y = tf.placeholder('float32', [null]);
 *     const predictions = tf.squeeze(tf.matmul(x, new tf.Variable(tf.zeros([1, 1]))), { axis: [1] });
 *     const loss = tf.reduceMean(tf.square(tf.subtract(predictions, y)));
 *     return { inputs: { x, y }, targets: y, predictions, loss, trainOp: mnist.training(loss, 0.05) };
 *   }
 * }
 */
export abstract class Regressor<
  C extends SupervisedConfig = SupervisedConfig,
  T extends RegressorTask = RegressorTask<Inputs, number>,
> extends SupervisedAgent<C, RegressorNetwork, T> {
  static override readonly metrics: AgentClass['metrics'] = { mse: 'min', mae: 'min' };

  protected override finish({ targets, predictions }: RegressorNetwork) {
    if (!haveOneShape(targets, predictions))
      // Broadcasting would compare each prediction with each target, and learn their mean.
      throw new InvalidArgumentError(
        `the predictions of the network are ${shapeText(predictions.shape)}, its targets ${shapeText(targets.shape)}: they have to have one shape`,
      );
    const difference = subtract(predictions, targets);
    return {
      answer: predictions as Tensor<'float32', 'array'>,
      outputs: { predictions },
      expected: targets,
      means: { mse: reduceMean(square(difference)), mae: reduceMean(abs(difference)) },
    };
  }

  protected override predictionOf(row: Float32Array): T['prediction'] {
    return this.parts.answer.shape?.length === 1 ? row[0]! : Array.from(row);
  }
}

function haveOneShape({ shape: a }: Tensor, { shape: b }: Tensor): boolean {
  if (a === null || b === null) return true;
  return a.length === b.length && a.every((size, axis) => size === b[axis] || size === null || b[axis] === null);
}
