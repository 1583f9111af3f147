/** Classifiers. */
import type { ColumnDataSet } from '../data';
import { describeEvaluation } from '../mnist/feeding';
import { FailedPreconditionError, InvalidArgumentError } from '../runtime/errors';
import type { Scalar, Tensor } from '../tf/graph/tensor';
import { cast } from '../tf/ops/elementwise';
import { inTopK, softmax } from '../tf/ops/nn';
import { reduceSum } from '../tf/ops/reduce';
import type { AgentClass } from './basicAgent';
import {
  type Inputs,
  type Network,
  SupervisedAgent,
  type SupervisedConfig,
  type SupervisedTask,
} from './supervisedAgent';
import type { Evaluation, SetName } from './task';

/** The evaluation of a classifier on a set. */
export interface ClassifierEvaluation extends Evaluation {
  readonly numCorrect: number;
  /** The fraction of correct answers. */
  readonly precision: number;
}

/** A classifier's answer for an example. */
export interface Classification {
  /** The number of the most probable class. */
  readonly label: number;
  /** Its name, if the model class has `classNames`. */
  readonly name?: string;
  /** Its probability. */
  readonly probability: number;
  /** The probability of each class. */
  readonly probabilities: readonly number[];
}

/**
 * The task of classifiers.
 *
 * @typeParam I their inputs
 * @typeParam P their answer for an example
 */
export interface ClassifierTask<I = unknown, P = unknown> extends SupervisedTask {
  readonly evaluation: ClassifierEvaluation;
  readonly input: I;
  readonly prediction: P;
}

/** A network, as the few tensors that a classifier needs. */
export interface ClassifierNetwork extends Network {
  /** The input with class numbers from 0 on, `[n]`. */
  readonly labels: Tensor<'int32' | 'int64', 'array'>;
  /** `[n, classes]`. */
  readonly logits: Tensor<'float32', 'array'>;
  /**
   * The number of correct answers in a batch.
   *
   * @defaultValue those whose label has the greatest logit
   */
  readonly evalCorrect?: Scalar<'int32'>;
}

/**
 * A classifier of any examples. A subclass defines its `modelName`, `keys` and `searchSpace`, where its sets come from,
 * and its network.
 *
 * @typeParam C its configuration
 * @typeParam T its task, if its inputs or answers differ
 *
 * @example
 * class Sign extends models.Classifier {
 *   static readonly modelName: string = 'sign';
 *   static readonly keys = { maxIter: models.key(models.wholeNumber(0), 'steps to take', 100) };
 *   static readonly searchSpace = {};
 *   static override readonly classNames = ['negative', 'positive'];
 *
 *   protected override loadData(): models.Sets {
 *     const numbers = new data.DataSet({ x: [-3, -2, -1, 1, 2, 3].map((x) => [x]), positive: tf.hostArray([0, 0, 0, 1, 1, 1], 'int32') });
 *     return { train: numbers, validation: numbers, test: numbers };
 *   }
 *
 *   protected override buildNetwork(): models.ClassifierNetwork {
 *     const x = tf.placeholder('float32', [null, 1]);
 *     const positive = tf.placeholder('int32', [null]);
 *     const logits = tf.matmul(x, new tf.Variable(tf.zeros([1, 2])));
 *     const loss = mnist.loss(logits, positive);
 *     return { inputs: { x, positive }, labels: positive, logits, loss, trainOp: mnist.training(loss, 0.5) };
 *   }
 * }
 */
export abstract class Classifier<
  C extends SupervisedConfig = SupervisedConfig,
  T extends ClassifierTask = ClassifierTask<Inputs, Classification>,
> extends SupervisedAgent<C, ClassifierNetwork, T> {
  static override readonly metrics: AgentClass['metrics'] = { precision: 'max' };
  /** The names of the classes, in the order of their numbers. */
  static readonly classNames: readonly string[] = [];

  protected override finish(network: ClassifierNetwork) {
    const { logits, labels } = network;
    const { evalCorrect = reduceSum(cast(inTopK(logits, labels, 1), 'int32')) } = network;
    const probabilities = softmax(logits, { name: 'probabilities' });
    return {
      answer: probabilities,
      outputs: { probabilities, logits },
      expected: labels,
      counts: { numCorrect: evalCorrect },
    };
  }

  protected override checkSet(name: SetName, { columns }: ColumnDataSet): void {
    const { inputs, labels, logits } = this.parts.network;
    const [column] = Object.entries(inputs).find(([, input]) => input === labels) ?? [];
    if (column === undefined)
      throw new FailedPreconditionError(`the labels of the network, ${labels.name}, are none of its inputs`);
    const classes = logits.shape?.[1] ?? Number.POSITIVE_INFINITY;
    const numbers = columns[column]!.data as ArrayLike<number | bigint>;
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i]! >= 0 && numbers[i]! < classes) continue;
      throw new InvalidArgumentError(
        `example ${i} of the ${name} set has ${numbers[i]} as its ${column}; the network tells the classes 0 to ${classes - 1} apart`,
      );
    }
  }

  protected override predictionOf(row: Float32Array): T['prediction'] {
    const said = classification(row);
    const name = (this.constructor as typeof Classifier).classNames[said.label];
    const { label, ...probable } = said;
    return name === undefined ? said : { label, name, ...probable };
  }

  /** In the tutorial's wording. */
  protected override describeEvaluation(evaluation: T['evaluation']): string {
    return describeEvaluation(evaluation);
  }

  protected override tagsOf(evaluation: T['evaluation']): Readonly<Record<string, number>> {
    const { precision, numCorrect: _, ...others } = super.tagsOf(evaluation);
    return { ...others, accuracy: precision! };
  }

  protected override evaluationOf(
    numExamples: number,
    { numCorrect = 0, ...means }: Readonly<Record<string, number>>,
  ): T['evaluation'] {
    const precision = numExamples === 0 ? 0 : numCorrect / numExamples;
    return { numExamples, numCorrect, precision, ...means } as T['evaluation'];
  }
}

/** The most probable class of a row of probabilities. */
export function classification(row: Float32Array): Classification {
  const probabilities = Array.from(row);
  const probability = Math.max(...probabilities);
  return { label: probabilities.indexOf(probability), probability, probabilities };
}
