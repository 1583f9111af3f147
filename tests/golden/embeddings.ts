/** The networks over embeddings of `extract_embeddings.py`, in the library's terms. */
import { tf } from '../../lib/src';

const BATCH = 6;
export const STEPS = 60;

type Ids = tf.Tensor<'int32', 'array'>;
type Floats = tf.Tensor<'float32', 'array'>;
type Net = (a: Ids, b: Ids, t: Floats) => tf.Tensor<'float32'>;
type Pairs = ReturnType<tf.train.Optimizer['computeGradients']>;

export function fractions(shape: readonly number[], seed: number): tf.HostArray<'float32'> {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length: count }, (_, i) => ((i * 37 + seed * 11) % 101) / 101 - 0.5);
  return new tf.HostArray('float32', shape, data);
}

/** Six of seven ids, some of them twice; tables have nine rows, of which two are never looked up. */
export const idsOf = (step: number, which: number): Int32Array =>
  Int32Array.from({ length: BATCH }, (_, i) => (step * 3 + i * i * (which + 1) + which) % 7);

const variable = (name: string, shape: readonly number[], seed: number) =>
  new tf.Variable(tf.constant(fractions(shape, seed)), { name });

const error = (rows: Floats, w: tf.Tensor<'float32'>, targets: Floats) =>
  tf.reduceMean(tf.square(tf.sub(tf.matmul(rows, w), targets)));

const weights = () => variable('w', [3, 1], 5);

const lookup: Net = (a, _b, t) => error(tf.nn.embeddingLookup(variable('table', [9, 3], 1), a), weights(), t);

const twoLookups: Net = (a, b, t) => {
  const table = variable('table', [9, 3], 1);
  const [left, right] = [tf.nn.embeddingLookup(table, a), tf.nn.embeddingLookup(table, b)];
  return tf.reduceMean(tf.square(tf.sub(tf.reduceSum(tf.mul(left, right), { axis: 1, keepDims: true }), t)));
};

const partitioned =
  (partitionStrategy: 'mod' | 'div'): Net =>
  (a, _b, t) => {
    const tables = [variable('part_0', [5, 3], 1), variable('part_1', [4, 3], 2)];
    return error(tf.nn.embeddingLookup(tables, a, { partitionStrategy }), weights(), t);
  };

const columns: Net = (a, _b, t) =>
  error(tf.transpose(tf.gather(variable('table', [3, 9], 1), a, { axis: 1 })) as Floats, weights(), t);

const segments: Net = (a, b, t) => {
  const rows = tf.nn.embeddingLookup(variable('table', [9, 3], 1), a);
  const means = tf.segmentMean(rows, [0, 0, 1, 1, 1, 2]);
  const length = tf.reduceSum(tf.square(tf.unsortedSegmentSum(rows, b, 7)));
  return tf.add(error(means, weights(), tf.getItem(t, [[null, 3]])), tf.mul(length, 0.01));
};

const regularized: Net = (a, _b, t) => {
  const table = variable('table', [9, 3], 1);
  return tf.add(error(tf.gather(table, a) as Floats, weights(), t), tf.mul(0.01, tf.nn.l2Loss(table)));
};

const slices: Net = (a, b, t) => {
  const table = variable('table', [9, 3], 1);
  const part = tf.slice(table, [2, 0], [7, 3]);
  return error(tf.add(tf.gather(tf.getItem(table, [[1, 8]]), a), tf.gather(part, b)) as Floats, weights(), t);
};

const gatherNd: Net = (a, b, t) => {
  const table = variable('table', [9, 3], 1);
  const rows = tf.gatherNd(table, tf.expandDims(a, 1)) as Floats;
  const places = tf.stack([a, tf.floordiv(b, 3)], { axis: 1 });
  const single = tf.gatherNd(variable('other', [9, 3], 2), places);
  return tf.add(error(rows, weights(), t), tf.mul(0.1, tf.reduceSum(tf.square(single))));
};

const maxNorm: Net = (a, _b, t) =>
  error(tf.nn.embeddingLookup(variable('table', [9, 3], 1), a, { maxNorm: 0.4 }), weights(), t);

const concatenated: Net = (a, b, t) => {
  const [low, high, side] = [variable('low', [4, 2], 1), variable('high', [5, 2], 2), variable('side', [9, 1], 3)];
  const whole = tf.concat([tf.concat([low, high], 0), side], 1);
  const rows = tf.sub(tf.gather(whole, a), tf.gather(tf.negative(whole), tf.cast(b, 'int64')));
  return error(rows as Floats, weights(), t);
};

const masked: Net = (a, b, t) => {
  const rows = tf.nn.embeddingLookup(variable('table', [9, 3], 1), a);
  return error(tf.where(tf.greater(b, 2), rows, tf.zerosLike(rows)) as Floats, weights(), t);
};

const byGlobalNorm = (pairs: Pairs): Pairs => {
  const [clipped] = tf.clipByGlobalNorm(
    pairs.map(([gradient]) => gradient),
    0.05,
  );
  return pairs.map(([, variable], i) => [clipped[i] ?? null, variable]);
};

const byNorm = (pairs: Pairs): Pairs =>
  pairs.map(([gradient, variable]) => [gradient && tf.clipByNorm(tf.clipByValue(gradient, -0.1, 0.1), 0.05), variable]);

const same = (pairs: Pairs) => pairs;

const nets = {
  lookup: [lookup, same],
  twoLookups: [twoLookups, same],
  partitionedMod: [partitioned('mod'), same],
  partitionedDiv: [partitioned('div'), same],
  columns: [columns, same],
  segments: [segments, same],
  regularized: [regularized, same],
  slices: [slices, same],
  gatherNd: [gatherNd, same],
  maxNorm: [maxNorm, same],
  concatenated: [concatenated, same],
  masked: [masked, same],
  clippedByGlobalNorm: [twoLookups, byGlobalNorm],
  clippedByNorm: [twoLookups, byNorm],
} satisfies Record<string, [Net, (pairs: Pairs) => Pairs]>;

const { train } = tf;

const optimizers = {
  gradientDescent: () => new train.GradientDescentOptimizer(0.1),
  momentum: () => new train.MomentumOptimizer(0.05, 0.9),
  nesterov: () => new train.MomentumOptimizer(0.05, 0.9, { useNesterov: true }),
  adagrad: () => new train.AdagradOptimizer(0.1),
  adadelta: () => new train.AdadeltaOptimizer(1, { epsilon: 1e-4 }),
  adam: () => new train.AdamOptimizer(0.02),
  rmsProp: () => new train.RMSPropOptimizer(0.01, { momentum: 0.5 }),
  centeredRmsProp: () => new train.RMSPropOptimizer(0.01, { centered: true, epsilon: 1e-3 }),
  ftrl: () => new train.FtrlOptimizer(0.1, { l1RegularizationStrength: 0.001 }),
};

export type EmbeddingNet = keyof typeof nets;
export type OptimizerName = keyof typeof optimizers;

/** The graph of a network, with what it is fed and the operation that takes a step. */
export function buildEmbeddingNet(net: EmbeddingNet, optimizer: OptimizerName) {
  const graph = new tf.Graph();
  return graph.asDefault(() => {
    const a = tf.placeholder('int32', [BATCH], { name: 'a' });
    const b = tf.placeholder('int32', [BATCH], { name: 'b' });
    const t = tf.placeholder('float32', [BATCH, 1], { name: 't' });
    const [build, change] = nets[net];
    const method = optimizers[optimizer]();
    const trainOp = method.applyGradients(change(method.computeGradients(build(a, b, t))));
    const feeds = (step: number) =>
      [
        [a, idsOf(step, 0)],
        [b, idsOf(step, 1)],
        [t, fractions([BATCH, 1], step)],
      ] as const;
    return { graph, trainOp, feeds, init: tf.globalVariablesInitializer(), variables: tf.globalVariables() };
  });
}
