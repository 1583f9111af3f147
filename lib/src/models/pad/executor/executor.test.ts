// In a process of its own: backends of TensorFlow.js are registered for the whole process.
/** Exported networks as the page runs them: beside their sessions, and beside TensorFlow.js. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as mnist from '../../../mnist';
import { temporaryFolder } from '../../../testing/temporaryFolder';
import * as tf from '../../../tf';
import type { Answer } from '../answer';
import { DigitReader } from '../digitReader';
import type { ModelJson } from '../exportedModel';
import { readerOf as readerByTfjs } from '../page/network';
import { sample } from '../sample';
import { digitOf } from '../strokes';
import { canExecute, readerOf } from './executor';

const folder = temporaryFolder('executor-');
const { pixels } = digitOf(sample);

type Floats = tf.Tensor<'float32', 'array'>;

/** Numbers about 0, the same ones each time. */
const weights = (...shape: number[]) =>
  new tf.Variable(
    tf.randomUniform(shape, { minval: -0.3, maxval: 0.3, seed: shape.length + shape.at(-1)! }),
  ) as unknown as Floats;

const picture = (images: Floats) => tf.reshape(images, [-1, 28, 28, 1]) as Floats;

/** From maps of features to ten digits. */
function toDigits(x: tf.Tensor): Floats {
  const features = x.shape!.slice(1).reduce<number>((product, length) => product * length!, 1);
  return tf.add(tf.matmul(tf.reshape(x as Floats, [-1, features]), weights(features, 10)), weights(10)) as Floats;
}

const networks: Readonly<Record<string, (images: Floats) => tf.Tensor>> = {
  'the fully connected network': (images) => mnist.inference(images, 32, 16),
  'the convolutional network': (images) =>
    mnist.convnet.inference(images, tf.constant(1), { inputDepth: 6, hidden1Depth: 8 }),
  'the convolutional network with strides': (images) =>
    mnist.convnet.inference(images, tf.constant(1), { inputDepth: 6, hidden1Depth: 8, downsampling: 'strides' }),
  'convolutions of each channel, and holes in filters': (images) => {
    const first = tf.nn.conv2d(picture(images), weights(3, 2, 1, 4), { strides: 1, padding: 'VALID', dilations: 2 });
    const each = tf.nn.depthwiseConv2d(first, weights(3, 3, 4, 2), { strides: 2, padding: 'SAME' });
    return toDigits(tf.nn.leakyRelu(each as Floats, { alpha: 0.1 }));
  },
  'pools of odd sizes': (images) => {
    const most = tf.nn.maxPool(picture(images), { ksize: 3, strides: 2, padding: 'SAME' });
    const mean = tf.nn.avgPool(most as Floats, { ksize: 3, strides: 2, padding: 'SAME' });
    return toDigits(tf.nn.avgPool(mean as Floats, { ksize: 2, strides: 3, padding: 'VALID' }));
  },
  'arithmetic with rows, columns and single numbers': (images) => {
    const rows = tf.mul(tf.sub(picture(images), 0.3), weights(28, 1, 2));
    const divided = tf.div(rows, tf.add(tf.square(weights(28, 1)), 1));
    return toDigits(tf.maximum(tf.minimum(divided, 0.9), weights(1, 2)));
  },
  ...Object.fromEntries(
    (['relu', 'relu6', 'elu', 'selu', 'softplus', 'tanh', 'sigmoid'] as const).map((name) => [
      name,
      (images: Floats) => toDigits(tf.nn[name](toDigits(tf.mul(images, 9)) as Floats)),
    ]),
  ),
};

/** A network in a session, and how it is exported. */
async function exported(build: (images: Floats) => tf.Tensor, quantization?: tf.tfjs.Quantization) {
  const graph = new tf.Graph();
  const [images, logits, init] = graph.asDefault(() => {
    tf.setRandomSeed(1);
    const images = tf.placeholder('float32', [null, 784]);
    return [images, build(images as Floats) as tf.Tensor<'float32'>, tf.globalVariablesInitializer()] as const;
  });
  const session = new tf.Session({ graph });
  await session.run(init);
  const reader = new DigitReader({ session, images, logits });
  const layers = Object.fromEntries(reader.layers.map((layer, i) => [`layer${i}`, layer]));
  const options = { inputs: { images }, ...(quantization && { quantization }) };
  const file = await tf.tfjs.exportGraphModel(session, { logits, ...layers }, folder(), options);
  const json = readFileSync(file, 'utf8');
  const files = (JSON.parse(json) as ModelJson).weightsManifest.flatMap(({ paths }) => paths);
  const bytes = Buffer.concat(files.map((name) => readFileSync(path.join(path.dirname(file), name))));
  const answer = await reader.read(pixels);
  await session.close();
  return { json, weights: Uint8Array.from(bytes).buffer, answer };
}

/** How far two answers are apart where they are furthest apart. */
function distance(a: Answer, b: Answer): number {
  const numbers = ({ probabilities, layers }: Answer) => [
    ...Array.from(probabilities),
    ...layers.flatMap(({ data }) => Array.from(data)),
  ];
  const [first, second] = [numbers(a), numbers(b)];
  if (first.length !== second.length) return Number.POSITIVE_INFINITY;
  return Math.max(...first.map((number, i) => Math.abs(number - second[i]!)));
}

describe('what runs networks in the page', () => {
  it.each(Object.keys(networks))('agrees with the session: %s', async (name) => {
    const { answer, ...network } = await exported(networks[name]!);
    expect(canExecute(network.json)).toBe(true);
    const read = readerOf(network)(pixels);
    expect(read.layers.map(({ shape }) => shape)).toEqual(answer.layers.map(({ shape }) => shape));
    expect(distance(read, answer)).toBeLessThan(1e-5);
  });

  it.each(['float16', 'uint8', 'uint16'] as const)(
    'reads weights of %s as TensorFlow.js does',
    async (quantization) => {
      const network = await exported(networks['the convolutional network']!, quantization);
      const byTfjs = readerByTfjs({ ...network, weights: network.weights.slice(0) })(pixels);
      expect(distance(readerOf(network)(pixels), byTfjs)).toBeLessThan(1e-5);
    },
  );

  it('gives no number where a weight is none, though most of an image is zeros', async () => {
    const network = await exported((images) => tf.matmul(images, tf.mul(weights(784, 10), tf.constant(Number.NaN))));
    expect(Array.from(readerOf(network)(pixels).probabilities)).toEqual(new Array(10).fill(Number.NaN));
  });

  it.each([
    ['another operation', (images: Floats) => tf.sin(toDigits(images))],
    ['a turned matrix', (images: Floats) => tf.matmul(images, weights(10, 784), { transposeB: true })],
    ['a number that is no float', (images: Floats) => tf.cast(tf.cast(toDigits(images), 'int32'), 'float32')],
  ])('leaves to TensorFlow.js what has %s', async (_, build) => {
    expect(canExecute((await exported(build)).json)).toBe(false);
  });

  it('refuses files that are damaged, or of two networks, and says which', async () => {
    const network = await exported(networks['the fully connected network']!);
    const { json, weights } = network;
    const longer = Uint8Array.from([...new Uint8Array(weights), 0, 0, 0, 0]).buffer;
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ weights: weights.slice(0, -4) }, /the files of weights end before '.*' does/],
      [{ weights: longer }, /of another network/],
      [{ json: json.slice(0, 700) }, /^model\.json is damaged: /],
      [{ json: 'null' }, /there is no graph with weights in it/],
      [{ json: json.replace('"logits":', '"digits":') }, /no network that takes an image and gives logits/],
      [{ json: json.replace('"op":"MatMul"', '"op":"Sin"') }, /'.*' \(Sin\) is not what was exported/],
      [{ json: json.replace(/"name":"([^"]+)","op":"MatMul"/, '"name":"$1-","op":"MatMul"') }, /its graph lacks '.*'/],
    ];
    for (const [damage, message] of cases) {
      expect(() => readerOf({ ...network, ...damage }), `${message}`).toThrow(message);
      expect(() => readerOf({ ...network, ...damage }), `${message}`).toThrow(tf.errors.DataLossError);
    }
  });
});
