/** Prices of houses, generated: a regression of one's own, by public names alone. A test puts it among the models of a project. */
import { data, hyperparameters, models, tf } from 'tf-mechanics';

const { key, positive, wholeNumber } = models;

const keys = {
  maxIter: key(wholeNumber(0), 'steps to take', 500),
  batchSize: key(wholeNumber(1), 'houses of a step', 32),
  lr: key(positive, 'the learning rate', 0.1),
};

/** What a house costs, in thousands: by its area, its rooms, its age and its district. */
export const price = ([area = 0, rooms = 0, age = 0]: readonly number[], district: number) =>
  2 * area + 15 * rooms - age + [50, 0, 120][district]!;

function houses(count: number, seed: number) {
  const random = new data.Random(seed);
  const measures = Array.from({ length: count }, () => [40 + random.below(160), 1 + random.below(6), random.below(80)]);
  const district = Int32Array.from(measures, () => random.below(3));
  const prices = measures.map((house, i) => price(house, district[i]!) + random.below(21) - 10);
  return new data.DataSet({ measures, district, price: prices }, { seed });
}

export class Houses extends models.Regressor<models.ConfigOf<typeof keys>> {
  static readonly modelName: string = 'houses';
  static readonly keys = keys;
  static readonly searchSpace = { lr: hyperparameters.space.logUniform(0.001, 0.3) };
  static override readonly metrics = { relativeError: 'min', mse: 'min' } as const;

  protected override loadData() {
    const { randomSeed: seed } = this.config;
    return houses(400, seed).split({ train: 0.8, validation: 0.1, test: 0.1 }, { seed });
  }

  protected override buildNetwork(): models.RegressorNetwork {
    const measures = tf.placeholder('float32', [null, 3], { name: 'measures' });
    const district = tf.placeholder('int32', [null], { name: 'district' });
    const price = tf.placeholder('float32', [null], { name: 'price' });
    const inputs = tf.concat([this.normalized(measures), tf.oneHot(district, 3)], 1);
    const rows = tf.matmul(inputs, new tf.Variable(tf.zeros([6, 1]), { name: 'weights' }));
    const predictions = tf.squeeze(rows, { axis: [1] });
    const difference = tf.subtract(predictions, price);
    const loss = tf.reduceMean(tf.square(difference));
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(this.config.lr).minimize(loss, { globalStep });
    const relativeError = tf.reduceMean(tf.abs(tf.divide(difference, price)));
    return {
      inputs: { measures, district, price },
      targets: price,
      predictions,
      loss,
      trainOp,
      metrics: { relativeError },
    };
  }
}
