/** What TensorFlow 1's users write in a place is an option here: both ways build one graph. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { GraphDef } from '../protos';
import * as tf from '.';

const matrix = [
  [3, 1, 2],
  [4, 6, 5],
];
const images = () => tf.zeros([1, 4, 4, 2]);
const filters = () => tf.ones([2, 2, 2, 1]);
const weights = () => new tf.Variable(tf.zeros([2]), { name: 'weights' });
const step = () => new tf.Variable(0, { dtype: tf.int32, name: 'step', trainable: false });
const loss = (variable: tf.Variable) => tf.reduceSum(tf.square(variable as tf.Tensor<'float32'>));

const calls: Record<string, readonly [inPlaces: () => unknown, byName: () => unknown]> = {
  imageSummary: [() => tf.imageSummary('i', images(), 1), () => tf.imageSummary('i', images(), { maxImages: 1 })],
  audioSummary: [
    () => tf.audioSummary('a', tf.zeros([1, 4]), 8000, 1),
    () => tf.audioSummary('a', tf.zeros([1, 4]), 8000, { maxOutputs: 1 }),
  ],
  argMax: [() => tf.argMax(matrix, 1), () => tf.argMax(matrix, { axis: 1 })],
  argMin: [() => tf.argMin(matrix, 1, { name: 'x' }), () => tf.argMin(matrix, { axis: 1, name: 'x' })],
  topK: [() => tf.nn.topK(matrix, 2, false), () => tf.nn.topK(matrix, { k: 2, sorted: false })],
  reduceSum: [() => tf.reduceSum(matrix, [0, 1], true), () => tf.reduceSum(matrix, { axis: [0, 1], keepDims: true })],
  reduceMean: [() => tf.reduceMean(matrix, -1), () => tf.reduceMean(matrix, { axis: -1 })],
  reduceMax: [
    () => tf.reduceMax(matrix, tf.constant(0, tf.int32)),
    () => tf.reduceMax(matrix, { axis: tf.constant(0, { dtype: tf.int32 }) }),
  ],
  reduceMin: [() => tf.reduceMin(matrix, undefined, true), () => tf.reduceMin(matrix, { keepDims: true })],
  reduceProd: [
    () => tf.reduceProd(matrix, 1, { keepDims: true }),
    () => tf.reduceProd(matrix, { axis: 1, keepDims: true }),
  ],
  reduceLogSumExp: [
    () => tf.reduceLogSumExp(matrix, 1, true),
    () => tf.reduceLogSumExp(matrix, { axis: 1, keepDims: true }),
  ],
  cumsum: [() => tf.cumsum(matrix, 1, true), () => tf.cumsum(matrix, { axis: 1, exclusive: true })],
  cumprod: [() => tf.cumprod(matrix, 1), () => tf.cumprod(matrix, { axis: 1 })],
  softmax: [() => tf.nn.softmax(matrix, 0), () => tf.nn.softmax(matrix, { axis: 0 })],
  logSoftmax: [() => tf.nn.logSoftmax(matrix, 0), () => tf.nn.logSoftmax(matrix, { axis: 0 })],
  l2Normalize: [() => tf.nn.l2Normalize(matrix, 1, 1e-3), () => tf.nn.l2Normalize(matrix, { axis: 1, epsilon: 1e-3 })],
  leakyRelu: [() => tf.nn.leakyRelu(matrix, 0.1), () => tf.nn.leakyRelu(matrix, { alpha: 0.1 })],
  lrn: [
    () => tf.nn.lrn(images(), 4, 2, 3, 0.75),
    () => tf.nn.lrn(images(), { depthRadius: 4, bias: 2, alpha: 3, beta: 0.75 }),
  ],
  squeeze: [() => tf.squeeze([[1]], 0), () => tf.squeeze([[1]], { axis: 0 })],
  transpose: [() => tf.transpose(matrix, [1, 0]), () => tf.transpose(matrix, { perm: [1, 0] })],
  stack: [() => tf.stack(matrix, 1), () => tf.stack(matrix, { axis: 1 })],
  unstack: [() => tf.unstack(matrix, 3, 1), () => tf.unstack(matrix, { num: 3, axis: 1 })],
  split: [() => tf.split(matrix, 3, 1), () => tf.split(matrix, 3, { axis: 1 })],
  pad: [() => tf.pad([1, 2], [[1, 1]], 'SYMMETRIC'), () => tf.pad([1, 2], [[1, 1]], { mode: 'SYMMETRIC' })],
  oneHot: [() => tf.oneHot([0, 2], 3, 5, -1), () => tf.oneHot([0, 2], 3, { onValue: 5, offValue: -1 })],
  constant: [() => tf.constant(1, tf.int32, [3]), () => tf.constant(1, { dtype: 'int32', shape: [3] })],
  zeros: [() => tf.zeros([2], tf.int32), () => tf.zeros([2], { dtype: 'int32' })],
  ones: [() => tf.ones([2], tf.int32), () => tf.ones([2], { dtype: 'int32' })],
  zerosLike: [() => tf.zerosLike(matrix, tf.int32), () => tf.zerosLike(matrix, { dtype: 'int32' })],
  onesLike: [() => tf.onesLike(matrix, tf.int32), () => tf.onesLike(matrix, { dtype: 'int32' })],
  randomNormal: [
    () => tf.randomNormal([2], 1, 2, tf.float64, 7),
    () => tf.randomNormal([2], { mean: 1, stddev: 2, dtype: 'float64', seed: 7 }),
  ],
  truncatedNormal: [
    () => tf.truncatedNormal([2], 0, 0.1, { seed: 7 }),
    () => tf.truncatedNormal([2], { stddev: 0.1, seed: 7 }),
  ],
  randomUniform: [() => tf.randomUniform([2], -1, 1), () => tf.randomUniform([2], { minval: -1, maxval: 1 })],
  randomShuffle: [() => tf.randomShuffle(matrix, 7), () => tf.randomShuffle(matrix, { seed: 7 })],
  multinomial: [() => tf.multinomial([[0]], 2, 7), () => tf.multinomial([[0]], 2, { seed: 7 })],
  stridedSlice: [
    () => tf.stridedSlice([1, 2, 3], [0], [3], [2]),
    () => tf.stridedSlice([1, 2, 3], [0], [3], { strides: [2] }),
  ],
  clipByNorm: [() => tf.clipByNorm(matrix, 1, [1]), () => tf.clipByNorm(matrix, 1, { axes: [1] })],
  gradients: [
    () => ((x) => tf.gradients(tf.square(x), [x], [tf.constant(2)]))(tf.constant(3)),
    () => ((x) => tf.gradients(tf.square(x), [x], { gradYs: [tf.constant(2)] }))(tf.constant(3)),
  ],
  biasAdd: [
    () => tf.nn.biasAdd(images(), [1, 2, 3, 4], 'NCHW'),
    () => tf.nn.biasAdd(images(), [1, 2, 3, 4], { dataFormat: 'NCHW' }),
  ],
  conv2d: [
    () => tf.nn.conv2d(images(), filters(), [1, 2, 2, 1], 'SAME', { name: 'x' }),
    () => tf.nn.conv2d(images(), filters(), { strides: [1, 2, 2, 1], padding: 'SAME', name: 'x' }),
  ],
  depthwiseConv2d: [
    () => tf.nn.depthwiseConv2d(images(), filters(), [1, 1, 1, 1], { padding: 'VALID' }),
    () => tf.nn.depthwiseConv2d(images(), filters(), { strides: [1, 1, 1, 1], padding: 'VALID' }),
  ],
  conv2dTranspose: [
    () => tf.nn.conv2dTranspose(images(), tf.ones([2, 2, 3, 2]), [1, 8, 8, 3], [1, 2, 2, 1]),
    () => tf.nn.conv2dTranspose(images(), tf.ones([2, 2, 3, 2]), [1, 8, 8, 3], { strides: [1, 2, 2, 1] }),
  ],
  maxPool: [
    () => tf.nn.maxPool(images(), [1, 2, 2, 1], [1, 2, 2, 1], 'SAME'),
    () => tf.nn.maxPool(images(), { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' }),
  ],
  avgPool: [
    () => tf.nn.avgPool(images(), 2, 2, { padding: 'VALID' }),
    () => tf.nn.avgPool(images(), { ksize: 2, strides: 2, padding: 'VALID' }),
  ],
  dropout: [
    () => tf.nn.dropout(matrix, 0.5, [1, 3], 7),
    () => tf.nn.dropout(matrix, 0.5, { noiseShape: [1, 3], seed: 7 }),
  ],
  embeddingLookup: [
    () => tf.nn.embeddingLookup([weights(), weights()], [1], 'div'),
    () => tf.nn.embeddingLookup([weights(), weights()], [1], { partitionStrategy: 'div' }),
  ],
  softmaxCrossEntropyWithLogitsV2: [
    () => tf.nn.softmaxCrossEntropyWithLogitsV2([[1, 0]], [[2, 3]]),
    () => tf.nn.softmaxCrossEntropyWithLogitsV2({ labels: [[1, 0]], logits: [[2, 3]] }),
  ],
  weightedCrossEntropyWithLogits: [
    () => tf.nn.weightedCrossEntropyWithLogits([1, 0], [2, 3], 4),
    () => tf.nn.weightedCrossEntropyWithLogits({ labels: [1, 0], logits: [2, 3], posWeight: 4 }),
  ],
  'summary.image': [
    () => tf.summary.image('x', images(), 10),
    () => tf.summary.image('x', images(), { maxOutputs: 10 }),
  ],
  'summary.audio': [
    () => tf.summary.audio('x', tf.zeros([1, 9]), 8000, 1),
    () => tf.summary.audio('x', tf.zeros([1, 9]), 8000, { maxOutputs: 1 }),
  ],
  exponentialDecay: [
    () => tf.train.exponentialDecay(0.1, step() as tf.Tensor<'int32'>, 1000, 0.9, true),
    () => tf.train.exponentialDecay(0.1, step() as tf.Tensor<'int32'>, 1000, 0.9, { staircase: true }),
  ],
  ExponentialMovingAverage: [
    () => new tf.train.ExponentialMovingAverage(0.9, 5).apply([weights()]),
    () => new tf.train.ExponentialMovingAverage(0.9, { numUpdates: 5 }).apply([weights()]),
  ],
  minimize: [
    () => new tf.train.AdamOptimizer(0.1, 0.5).minimize(loss(weights()), step()),
    () => new tf.train.AdamOptimizer(0.1, { beta1: 0.5 }).minimize(loss(weights()), { globalStep: step() }),
  ],
  applyGradients: [
    () => {
      const optimizer = new tf.train.RMSPropOptimizer(0.1, 0.99, 0.5, 1e-6);
      const variable = weights();
      return optimizer.applyGradients(optimizer.computeGradients(loss(variable), [variable]), step());
    },
    () => {
      const optimizer = new tf.train.RMSPropOptimizer(0.1, { decay: 0.99, momentum: 0.5, epsilon: 1e-6 });
      const variable = weights();
      const computed = optimizer.computeGradients(loss(variable), { varList: [variable] });
      return optimizer.applyGradients(computed, { globalStep: step() });
    },
  ],
  AdadeltaOptimizer: [
    () => new tf.train.AdadeltaOptimizer(1, 0.9).minimize(loss(weights())),
    () => new tf.train.AdadeltaOptimizer(1, { rho: 0.9 }).minimize(loss(weights())),
  ],
  AdagradOptimizer: [
    () => new tf.train.AdagradOptimizer(1, 0.9).minimize(loss(weights())),
    () => new tf.train.AdagradOptimizer(1, { initialAccumulatorValue: 0.9 }).minimize(loss(weights())),
  ],
};

const built = (build: () => unknown) => {
  const graph = new tf.Graph();
  graph.asDefault(build);
  return GraphDef.decode(graph.toGraphDef());
};

describe('An argument in the place that it has in Python', () => {
  it.each(Object.entries(calls))('is the option of its name: %s', (_name, [inPlaces, byName]) => {
    expect(built(inPlaces)).toEqual(built(byName));
  });

  it('is refused where it also has its name, is null, has no place, or stands behind options', () => {
    const junk = (...given: unknown[]) => Reflect.apply(tf.reduceSum, undefined, [[1], ...given]) as unknown;
    expect(() => junk(0, { axis: 0 })).toThrow('axis is given twice: 0 in its place, 0 by its name');
    expect(() => junk(null)).toThrow('axis is null; what is to be left out is undefined');
    expect(() => junk(0, true, 'sum')).toThrow(
      "behind axis, keepDims come options, an object, and nothing more: 'sum'",
    );
    expect(() => junk({ keepDims: true }, 0)).toThrow('behind axis, keepDims come options');
    expect(() => junk('x')).toThrow(tf.errors.InvalidArgumentError);
    expect(() => junk(0, { nam: 'x' })).toThrow("did you mean 'name'?");
    expect(() => Reflect.apply(tf.argMax, undefined, [[1], {}, 1])).toThrow(tf.errors.InvalidArgumentError);
  });

  it('is a tensor alone where there is one to take gradients by, and to begin with', () => {
    const alone = () => ((x) => tf.gradients(tf.square(x), x, tf.constant(2)))(tf.constant(3));
    expect(built(alone)).toEqual(built(calls.gradients![1]));
    const x = tf.constant(3);
    expectTypeOf(tf.gradients(tf.square(x), x)).toEqualTypeOf<[tf.Scalar<'float32'> | null]>();
    expectTypeOf(tf.gradients(tf.square(x), [x])).toEqualTypeOf<[tf.Scalar<'float32'> | null]>();
  });

  it('is the step of a checkpoint', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'places-'));
    const graph = new tf.Graph();
    const saver = graph.asDefault(() => new tf.train.Saver([weights()]));
    const session = new tf.Session({ graph });
    session.runSync(graph.asDefault(() => tf.globalVariablesInitializer()));
    const prefix = path.join(folder, 'x');
    expect(await saver.save(session, prefix, 7)).toBe(`${prefix}-7`);
    expect(saver.saveSync(session, prefix, 8, { writeMetaGraph: false })).toBe(`${prefix}-8`);
    rmSync(folder, { recursive: true });
  });

  it('may be left out by undefined', () => {
    expect(built(() => tf.unstack(matrix, undefined, 1))).toEqual(built(() => tf.unstack(matrix, { axis: 1 })));
    expect(built(() => tf.argMax(matrix, undefined))).toEqual(built(() => tf.argMax(matrix)));
  });

  it('tells its type', () => {
    const x = tf.constant(matrix);
    expectTypeOf(tf.argMax(x, 1, { outputType: 'int32' })).toEqualTypeOf<tf.Tensor<'int32', 'array'>>();
    expectTypeOf(tf.reduceSum(x, 1)).toEqualTypeOf<tf.Tensor<'float32', 'array'>>();
    expectTypeOf(tf.reduceSum(x, tf.constant(1, tf.int32))).toEqualTypeOf<tf.Tensor<'float32'>>();
    expectTypeOf(tf.reduceSum(x, 1, true)).toEqualTypeOf<tf.Tensor<'float32', 'array'>>();
    expectTypeOf(tf.zeros([2], tf.int32)).toEqualTypeOf<tf.Tensor<'int32', 'array'>>();
    expectTypeOf(tf.constant(1, tf.int64)).toEqualTypeOf<tf.Scalar<'int64'>>();
    expectTypeOf(tf.constant(1, tf.int64, [3])).toEqualTypeOf<tf.Tensor<'int64', 'array'>>();
    expectTypeOf(tf.constant(1, { shape: [3] })).toEqualTypeOf<tf.Tensor<'float32', 'array'>>();
    type Column = tf.Tensor<'float32', 'array'>;
    expectTypeOf(tf.unstack(x, 3, 1)).toEqualTypeOf<[Column, Column, Column]>();
    expectTypeOf(tf.nn.topK(x, 2).indices).toEqualTypeOf<tf.Tensor<'int32', 'array'>>();
    expectTypeOf(tf.oneHot([0], 3, true, false)).toEqualTypeOf<tf.Tensor<'bool', 'array'>>();
    // @ts-expect-error the axis is no text
    expect(() => tf.argMax(x, 'x')).toThrow();
    // Where a function of a tensor is asked for, each of them is one.
    const activations: readonly ((x: tf.Tensor<'float32'>) => tf.Tensor<'float32'>)[] = [
      tf.nn.softmax,
      tf.nn.leakyRelu,
      tf.nn.l2Normalize,
      tf.cumsum,
    ];
    const initializers: readonly ((shape: number[]) => tf.Tensor<'float32'>)[] = [
      tf.zeros,
      tf.ones,
      tf.truncatedNormal,
      tf.randomUniform,
    ];
    expect(activations.length + initializers.length).toBe(8);
  });
});
