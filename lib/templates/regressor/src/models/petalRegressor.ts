/** A network with one hidden layer that predicts the width of a petal from three other measurements. */
import { hyperparameters, models, tf } from 'tf-mechanics';
import { loadData, readMeasures } from '../data';

const { key, positive, text, wholeNumber } = models;
const { space } = hyperparameters;

/** The hyperparameters: each is a flag of the command line. */
const keys = {
  maxIter: key(wholeNumber(0), 'steps to take', 400),
  batchSize: key(wholeNumber(1), 'flowers of a step', 30),
  lr: key(positive, 'the learning rate', 0.05),
  hidden: key(wholeNumber(1), 'units of the hidden layer', 16),
  dataDir: key(text, 'the folder of iris.csv', 'data'),
};

export class PetalRegressor extends models.Regressor<models.ConfigOf<typeof keys>> {
  static readonly modelName: string = 'petal';
  static readonly keys = keys;
  static override readonly dataKeys = ['dataDir']; // which may differ when a run is evaluated
  static readonly searchSpace = { lr: space.logUniform(0.003, 0.3), hidden: space.choice([4, 8, 16, 32]) };

  protected override loadData() {
    return loadData(this.config.dataDir, this.config.randomSeed);
  }

  protected override buildNetwork(): models.RegressorNetwork {
    const { hidden, lr } = this.config;
    const features = tf.placeholder('float32', [null, 3], { name: 'features' });
    const width = tf.placeholder('float32', [null], { name: 'width' });
    const layer = (name: string, input: tf.Tensor<'float32'>, inputs: number, units: number) =>
      tf.nameScope(name, () => {
        const initial = tf.truncatedNormal([inputs, units], { stddev: 1 / Math.sqrt(inputs) });
        const weights = new tf.Variable(initial, { name: 'weights' });
        const biases = new tf.Variable(tf.zeros([units]), { name: 'biases' });
        return tf.add(tf.matmul(input, weights), biases);
      });
    const output = layer('output', tf.nn.relu(layer('hidden', this.normalized(features), 3, hidden)), hidden, 1);
    const predictions = tf.squeeze(output, { axis: [1] }); // [n], like the widths
    const loss = tf.reduceMean(tf.square(tf.subtract(predictions, width)));
    tf.summary.scalar('loss', loss);
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(lr).minimize(loss, { globalStep });
    return { inputs: { features, width }, targets: width, predictions, loss, trainOp, summarizesValidation: true };
  }

  /** For `infer`: the flowers in a file such as data/iris.csv. */
  override async readExamples(file: string) {
    return { examples: await readMeasures(file) };
  }
}
