/** Normalizes an input of a network by the mean and standard deviation of a training set. */
import { type ColumnDataSet, fitNormalization } from '../data';
import { InvalidArgumentError } from '../runtime/errors';
import { HostArray, sizeOf } from '../runtime/hostArray';
import { shapeText } from '../runtime/shapeText';
import type { Tensor } from '../tf/graph/tensor';
import { divide, subtract } from '../tf/ops/elementwise';
import { Variable } from '../tf/ops/variables';
import { nameScope } from '../tf/scopes';
import type { Session } from '../tf/session';

/** The operations that normalize an input, and the statistics of its features. */
export class NormalizedInput {
  /** The normalized input. */
  readonly output: Tensor<'float32', 'array'>;
  readonly #features: readonly number[];
  readonly #mean: Variable<'float32'>;
  readonly #stddev: Variable<'float32'>;

  /**
   * @param input a placeholder, `float32` `[null, …]`
   * @throws {InvalidArgumentError} when its shape doesn't determine the features
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
   * Sets the variables to the mean and standard deviation of a column of the training set; the deviation is 1 where it
   * would be 0.
   *
   * @throws {InvalidArgumentError} when the column contains a NaN or infinity; the message says where
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
