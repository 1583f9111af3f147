/**
 * What an example may name without making it: things that every program of this kind has, under the names that readers know. Whatever
 * else an example needs it makes itself. All of it stands in the default graph, which is a fresh one for every example.
 */
import { writeFileSync } from 'node:fs';
import * as library from 'tf-mechanics';

const { data, hyperparameters, models, tf } = library;

/** The folders and files that examples read: flowers, houses, runs with events and checkpoints, a search, a picture. Made once. */
export async function makeFolders(): Promise<void> {
  const flowers = ['setosa', 'versicolor', 'virginica'].flatMap((name, i) =>
    Array<string>(10).fill(`5.1,3.5,1.${i},0.${i},${name}`),
  );
  writeFileSync('iris.csv', ['sepal_length,sepal_width,petal_length,petal_width,species', ...flowers].join('\n'));
  const houses = Array.from({ length: 20 }, (_, i) => `${50 + 7 * i},${1 + (i % 3)},${120 + 20 * i}`);
  writeFileSync('houses.csv', ['area,floors,price', ...houses].join('\n'));
  tf.resetDefaultGraph();
  const [weights, biases] = tf.nameScope('hidden1', () => [
    new tf.Variable(tf.truncatedNormal([784, 128], { stddev: 0.1 }), { name: 'weights' }),
    new tf.Variable(tf.zeros([128]), { name: 'biases' }),
  ]);
  const saver = new tf.train.Saver([weights!, biases!]);
  const session = new tf.Session();
  await session.run(tf.globalVariablesInitializer());
  const images = tf.hostArray(new Float32Array(2 * 28 * 28).fill(0.5)).reshape([2, 28, 28, 1]);
  for (const run of ['run1', 'run2']) {
    const writer = new tf.summary.FileWriter(`summaries/${run}`, { graph: session.graph });
    for (const step of [0, 100]) {
      writer.scalar('loss', 2.3 / (step + 1), step);
      for (const tag of ['hidden1/weights', 'hidden1/activations']) writer.histogram(tag, [0.1, 0.2, 0.7, step], step);
      for (const tag of ['input', 'conv1/filters']) writer.image(tag, images, step);
      writer.audio('digits', makeTone(), step, { sampleRate: 8000 });
    }
    writer.hparams({ learningRate: 0.01, optimizer: 'adam' });
    await writer.close();
  }
  for (const globalStep of [900, 1000]) await saver.save(session, 'summaries/run1/model.ckpt', { globalStep });
  await session.close();
  await hyperparameters.search({
    algorithm: 'random',
    trials: 3,
    space: { lr: hyperparameters.space.logUniform(0.01, 1), hidden1: hyperparameters.space.choice([64, 128]) },
    metric: 'precision',
    maxIterations: 10,
    resultDir: 'summaries/search',
    trial: async ({ config, iterations }) => ({
      iteration: iterations,
      metrics: { precision: config.lr, loss: 1 / config.lr },
    }),
  });
}

/** A second of a sound. */
const makeTone = () => Float32Array.from({ length: 8000 }, (_, i) => Math.sin((2 * Math.PI * 440 * i) / 8000));

/** Data sets of made-up digits, as `readDataSets` gives real ones. Made once. */
export const makeSets = () => data.readDataSets('data', { fakeData: true });

/** The names, with their values; what takes time is only made where it is among the `used`. */
export async function makeContext(sets: Awaited<ReturnType<typeof makeSets>>, used: readonly string[]) {
  tf.resetDefaultGraph();
  const graph = tf.getDefaultGraph();
  const network = graph.nameScope('given', () => makeNetwork(used));
  const session = new tf.Session({ graph });
  if (used.includes('session')) await session.run(tf.globalVariablesInitializer());
  const [batch, digits] = sets.train.nextBatch(100);
  return {
    ...network,
    graph,
    session,
    sets,
    batch,
    digits,
    feeds: [
      [network.images, batch],
      [network.labels, digits],
    ] as const,
    step: 100,
    runMetadata: new tf.RunMetadata(),
    writer: used.includes('writer') ? new tf.summary.FileWriter('summaries/written') : undefined!,
    // Without a network, and in a moment: made-up digits.
    agent: used.includes('agent')
      ? new models.SoftmaxRegression({ fakeData: true, maxIter: 100, resultDir: 'summaries/agent' })
      : undefined!,
    tone: used.includes('tone') ? makeTone() : undefined!,
  };
}

export type Context = Awaited<ReturnType<typeof makeContext>>;

/** Of a network with all that belongs to its training what is used, and what that is made of. */
function makeNetwork(used: readonly string[]) {
  const made = <T>(names: readonly string[], make: () => T): T =>
    names.some((name) => used.includes(name)) ? make() : undefined!;
  const ofLoss = ['loss', 'trainOp', 'lossSummary', 'merged'];
  const ofLogits = ['logits', ...ofLoss];
  const ofHidden = ['hidden', ...ofLogits];
  const ofWeights = ['weights', 'biases', 'saver', ...ofHidden];
  const ofRateSummary = ['rateSummary', 'merged', 'writer'];
  const ofRate = ['learningRate', 'optimizer', 'trainOp', ...ofRateSummary];
  const ofPictures = ['pictures', 'filters', 'conv'];

  const images = tf.placeholder('float32', [null, 784], { name: 'images' });
  const labels = tf.placeholder('int32', [null], { name: 'labels' });
  const weights = made(ofWeights, () => makeWeights([784, 128], { name: 'weights' }));
  const biases = made(ofWeights, () => new tf.Variable(tf.zeros([128]), { name: 'biases' }));
  const hidden = made(ofHidden, () => tf.nn.relu(tf.add(tf.matmul(images, weights), biases)));
  const logits = made(ofLogits, () => tf.matmul(hidden, makeWeights([128, 10]), { name: 'logits' }));
  const loss = made(ofLoss, () =>
    tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels, logits }), { name: 'loss' }),
  );
  const network = { images, labels, weights, biases, hidden, logits, loss };

  const learningRate = made(ofRate, () => new tf.Variable(0.1, { trainable: false, name: 'learning_rate' }));
  const globalStep = made(
    ['globalStep'],
    () => new tf.Variable(1000, { dtype: 'int32', trainable: false, name: 'steps' }),
  );
  const optimizer = made(['optimizer', 'trainOp'], () => new tf.train.GradientDescentOptimizer(learningRate.value()));
  const trainOp = made(['trainOp'], () => optimizer.minimize(loss));
  const training = { learningRate, globalStep, optimizer, trainOp };

  const lossSummary = made(['lossSummary', 'merged'], () => tf.summary.scalar('loss', loss));
  const rateSummary = made(ofRateSummary, () => tf.summary.scalar('rate', learningRate.value()));
  const merged = made(['merged'], () => tf.summary.merge([lossSummary, rateSummary]));
  const saver = made(['saver'], () => new tf.train.Saver());
  const kept = { lossSummary, rateSummary, merged, saver };

  /** Pictures, and what a convolutional layer makes of them. */
  const pictures = made(ofPictures, () => tf.zeros([100, 28, 28, 1]));
  const filters = made(ofPictures, () => makeWeights([5, 5, 1, 32], { trainable: false }));
  const conv = made(['conv'], () => tf.nn.conv2d(pictures, filters, { strides: 1, padding: 'SAME' }));
  return { ...network, ...training, ...kept, pictures, filters, conv };
}

const makeWeights = (shape: number[], options: { name?: string; trainable?: boolean } = {}) =>
  new tf.Variable(tf.truncatedNormal(shape, { stddev: 0.1 }), options);
