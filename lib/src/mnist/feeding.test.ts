import { expect, it } from 'vitest';
import { DataSet } from '../data';
import { HostArray } from '../runtime/hostArray';
import { Graph } from '../tf/graph/graph';
import { optimizerNames } from './convnet';
import { batchesOf, describeEvaluation, placeholderInputs } from './feeding';
import { IMAGE_PIXELS, IMAGE_SIZE, NUM_CLASSES } from './sizes';

const images = new HostArray('uint8', [25, IMAGE_PIXELS], new Uint8Array(25 * IMAGE_PIXELS));
const labels = new HostArray(
  'uint8',
  [25],
  Uint8Array.from({ length: 25 }, (_, i) => i % NUM_CLASSES),
);

it.each([
  ['those that fill no whole batch left out, where the size is fixed', 10, [10, 10]],
  ['all of them, where it is not', null, [25]],
])('passes over a set once, %s', (_what, batchSize, sizes) => {
  const set = new DataSet(images, labels);
  const placeholders = new Graph().asDefault(() => placeholderInputs(batchSize));
  const batches = [...batchesOf(set, ...placeholders)];
  expect(batches.map(({ size }) => size)).toEqual(sizes);
  const fed = batches.flatMap(({ feeds }) => [...feeds].flatMap(([, value]) => [(value as HostArray).shape]));
  expect(fed).toEqual(sizes.flatMap((size) => [[size, 784], [size]]));
  expect([set.indexInEpoch, set.epochsCompleted]).toEqual([0, 0]);
});

it('describes an evaluation as the article does', () => {
  expect(describeEvaluation({ numExamples: 200, numCorrect: 150, precision: 0.75 })).toBe(
    '  Num examples: 200  Num correct: 150  Precision @ 1: 0.75',
  );
});

it('knows the sizes of MNIST, and the optimizers of the convolutional network', () => {
  expect([NUM_CLASSES, IMAGE_SIZE, IMAGE_PIXELS]).toEqual([10, 28, 784]);
  expect(optimizerNames).toEqual(['gradientDescent', 'momentum', 'adagrad', 'rmsProp', 'adam']);
});
