/** An input of a network as deviations from the mean of a training set, in standard deviations. */
import { type ColumnDataSet, fitNormalization } from '../data';
import { InvalidArgumentError } from '../runtime/errors';
import { HostArray, sizeOf } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';
import type { Tensor } from '../tf/graph/tensor';
import { divide, subtract } from '../tf/ops/elementwise';
import { Variable } from '../tf/ops/variables';
import { nameScope } from '../tf/scopes';
import type { Session } from '../tf/session';

/** The operations that normalize an input, and what they know of its features. */
export class NormalizedInput {
  /** The input's features, normalized. */
  readonly output: Tensor<'float32', 'array'>;
  readonly #features: readonly number[];
  readonly #mean: Variable<'float32'>;
  readonly #stddev: Variable<'float32'>;

  /**
   * @param input a placeholder, `float32` `[null, …]`
   * @throws {InvalidArgumentError} when its shape doesn't say which features there are
   */
  constructor(readonly input: Tensor<'float32'>) {
    const [examples, ...features] = input.shape ?? [];
    if (examples === undefined || !features.every((size) => size !== null))
      throw new InvalidArgumentError(
        `expected an input of known features to normalize, [null, …], got ${input.name} ${shapeText(input.shape)}`,
      );
    this.#features = features;
    [this.#mean, this.#stddev, this.output] = nameScope('normalization', () => {
      const feature = (name: string, value: number) =>
        new Variable(new HostArray('float32', features, new Float32Array(sizeOf(features)).fill(value)), {
          name,
          trainable: false,
        });
      const [mean, stddev] = [feature('mean', 0), feature('stddev', 1)];
      return [mean, stddev, divide(subtract(input, mean), stddev) as Tensor<'float32', 'array'>];
    });
  }

  /**
   * Gives the variables the mean and the standard deviation that a column of the training set has: 1 where all examples have one number.
   *
   * @throws {InvalidArgumentError} when the column has a NaN or an infinity, saying where
   */
  async fit(session: Session, train: ColumnDataSet, column: string): Promise<void> {
    const { mean, std } = fitNormalization(train as ColumnDataSet<Record<string, HostArray<'float32'>>>, [column])
      .columns[column]!;
    const value = (numbers: readonly number[]) => new HostArray('float32', this.#features, Float32Array.from(numbers));
    const [meanVariable, stddevVariable] = [this.#mean, this.#stddev];
    await session.run(
      [meanVariable.initializer, stddevVariable.initializer],
      [
        [meanVariable.initialValue!, value(mean)],
        [stddevVariable.initialValue!, value(std.map((deviation) => deviation || 1))],
      ],
    );
  }
}
