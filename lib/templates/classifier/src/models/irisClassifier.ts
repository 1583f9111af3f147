/** A network with one hidden layer that recognizes species by four measurements. */
import { hyperparameters, models, tf } from 'tf-mechanics';
import { loadData, readMeasures, species } from '../data';

const { key, positive, text, wholeNumber } = models;
const { space } = hyperparameters;

/** The hyperparameters: each is a flag of the command line. */
const keys = {
  maxIter: key(wholeNumber(0), 'steps to take', 400),
  batchSize: key(wholeNumber(1), 'flowers of a step', 30),
  lr: key(positive, 'the learning rate', 0.1),
  hidden: key(wholeNumber(1), 'units of the hidden layer', 16),
  dataDir: key(text, 'the folder of iris.csv', 'data'),
};

export class IrisClassifier extends models.Classifier<models.ConfigOf<typeof keys>> {
  static readonly modelName: string = 'iris';
  static readonly keys = keys;
  static override readonly dataKeys = ['dataDir']; // which may differ when a run is evaluated
  static override readonly classNames = species;
  static readonly searchSpace = { lr: space.logUniform(0.003, 1), hidden: space.choice([4, 8, 16, 32]) };

  protected override loadData() {
    return loadData(this.config.dataDir, this.config.randomSeed);
  }

  protected override buildNetwork(): models.ClassifierNetwork {
    const { hidden, lr } = this.config;
    const features = tf.placeholder('float32', [null, 4], { name: 'features' });
    const label = tf.placeholder('int32', [null], { name: 'label' });
    const layer = (name: string, input: tf.Tensor<'float32'>, inputs: number, units: number) =>
      tf.nameScope(name, () => {
        const initial = tf.truncatedNormal([inputs, units], { stddev: 1 / Math.sqrt(inputs) });
        const weights = new tf.Variable(initial, { name: 'weights' });
        const biases = new tf.Variable(tf.zeros([units]), { name: 'biases' });
        return tf.add(tf.matmul(input, weights), biases);
      });
    const logits = layer('logits', tf.nn.relu(layer('hidden', this.normalized(features), 4, hidden)), hidden, 3);
    const loss = tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: label, logits }));
    tf.summary.scalar('loss', loss);
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(lr).minimize(loss, { globalStep });
    return { inputs: { features, label }, labels: label, logits, loss, trainOp, summarizesValidation: true };
  }

  /** For `infer`: the flowers in a file such as data/iris.csv; other columns are ignored. */
  override async readExamples(file: string) {
    return { examples: await readMeasures(file) };
  }
}
