/** Two runs of a small convolutional network, with something for every page of TensorBoard. */
import path from 'node:path';
import { data, mnist, plot, tf } from '../../lib/src';

const { convnet } = mnist;

/** Every tenth step is written, and the last one traced. */
export const steps = 100;
const lastStep = steps - 1;
export const tracedTag = 'step099';
export const hparams = { learningRate: 0.01, optimizer: 'momentum', dropout: true } as const;
export const settings = [
  ['optimizer', hparams.optimizer],
  ['learning rate', `**${hparams.learningRate}**`],
];
export const points = 200;
export const hiddenUnits = 32;

/** What the pages must show, where it is no constant. */
export interface Written {
  /** The accuracy at the last step, of the run `validation`. */
  accuracy: number;
  /** What the points of the embedding are. */
  digits: number[];
  /** Whether the points are nines, and how sure the network is of it. */
  nines: { labels: boolean[]; predictions: number[] };
}

/** Trains, and writes the runs `train` and `validation` into the folder. */
export async function writeRuns(logdir: string): Promise<Written> {
  const sets = await data.readDataSets(path.join(__dirname, '../../data'), { seed: 1, download: false });
  const graph = new tf.Graph();
  const net = graph.asDefault(() => {
    tf.setRandomSeed(1);
    const [images, labels, keepProb] = convnet.placeholderInputs(null);
    const sizes = { patchSize: 3, inputDepth: 4, hidden1Depth: 8, hidden2Units: hiddenUnits };
    const { learningRate, optimizer } = hparams;
    const logits = convnet.inference(images, keepProb, sizes);
    const trainOp = convnet.training(convnet.loss(logits, labels), { learningRate, optimizer });
    const { accuracy } = convnet.evaluation(logits, labels);
    const merged = tf.summary.mergeAll();
    return { images, labels, keepProb, logits, trainOp, accuracy, merged, init: tf.globalVariablesInitializer() };
  });
  const tensor = (name: string) => graph.getTensorByName(name) as tf.Tensor<'float32', 'array'>;
  const [hidden, probabilities] = [tensor('hidden2_act/Relu6:0'), tensor('output_act/Softmax:0')];

  const train = new tf.summary.FileWriter(path.join(logdir, 'train'), { graph });
  const validation = new tf.summary.FileWriter(path.join(logdir, 'validation'));
  const session = new tf.Session({ graph });
  await session.run(net.init);
  const feed = (set: data.DataSet, size: number, keepProb = 1): tf.Feeds => {
    const [images, labels] = set.nextBatch(size);
    return [
      [net.images, images],
      [net.labels, labels],
      [net.keepProb, keepProb],
    ];
  };

  validation.hparams(hparams);
  let accuracy = Number.NaN;
  for (let step = 0; step < steps; step++) {
    const feeds = feed(sets.train, 50, 0.9);
    if (step % 10 !== 9) {
      await session.run(net.trainOp, feeds);
      continue;
    }
    const runMetadata = step === lastStep ? new tf.RunMetadata() : undefined;
    const traced = runMetadata && { options: { traceLevel: 'FULL_TRACE' as const }, runMetadata };
    const [summary] = await session.run([net.merged, net.trainOp], feeds, traced);
    train.addSummary(summary, step);
    if (runMetadata) train.addRunMetadata(runMetadata, tracedTag, step);
    const [seen, measured] = await session.run([net.merged, net.accuracy], feed(sets.validation, 200));
    validation.addSummary(seen, step);
    accuracy = Number(measured);
  }

  const [images, labels] = sets.test.nextBatch(points);
  const digits = Array.from(labels.data, Number);
  const [vectors, chances] = await session.run([hidden, probabilities], [[net.images, images]]);
  const nines = {
    labels: digits.map((digit) => digit === 9),
    predictions: digits.map((_, i) => Number(chances.at(i, 9))),
  };
  validation.prCurve('is it a 9', nines, lastStep);
  await validation.figure('confusion', plot.confusionMatrix(digits, chances, { title: 'Test set' }), lastStep);
  await validation.embedding('hidden2', vectors, lastStep, {
    metadata: { digit: digits, number: digits.map((_, i) => `example ${i}`) },
    images: images.reshape([points, mnist.IMAGE_SIZE, mnist.IMAGE_SIZE]),
  });
  validation.text('settings', settings);
  const tone = Float32Array.from({ length: 8000 }, (_, i) => 0.4 * Math.sin((i / 8000) * 2 * Math.PI * 440));
  validation.audio('concert pitch', tone, lastStep, { sampleRate: 8000 });

  await Promise.all([train.close(), validation.close()]);
  session.close();
  return { accuracy, digits, nines };
}
