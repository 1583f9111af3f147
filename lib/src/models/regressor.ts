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

/** The evaluation of a regressor on a set. */
export interface RegressorEvaluation extends Evaluation {
  /** The mean squared error. */
  readonly mse: number;
  /** The mean absolute error. */
  readonly mae: number;
}

/**
 * The task of regressors.
 *
 * @typeParam I their inputs
 * @typeParam P their answer for an example: a number, or a row of numbers
 */
export interface RegressorTask<I = unknown, P = unknown> extends SupervisedTask {
  readonly evaluation: RegressorEvaluation;
  readonly input: I;
  readonly prediction: P;
}

/** A network, as the few tensors that a regressor needs. */
export interface RegressorNetwork extends Network {
  /** The input with the numbers to predict, `[n]` or `[n, k]`. */
  readonly targets: Tensor<'float32'>;
  /** The network's predictions, in the targets' shape. */
  readonly predictions: Tensor<'float32'>;
}

/**
 * A regressor of any examples: it predicts a number, or `k` numbers, for each. A subclass defines its `modelName`,
 * `keys` and `searchSpace`, where its sets come from, and its network.
 *
 * @typeParam C its configuration
 * @typeParam T its task, if its inputs or answers differ, as with rows: `RegressorTask<Inputs, number[]>`
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
      // Broadcasting would compare each prediction with each target, and the model would learn their mean.
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
