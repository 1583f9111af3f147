/** The networks of `extract_placement.py`, rebuilt with the library's builders. */
import { tf } from '../../lib/src';

type Activations = tf.Tensor<'float32', 'array'>;
type Labels = tf.Tensor<'int32', 'array'>;

function dense(x: Activations, from: number, to: number, name: string): Activations {
  return tf.nameScope(name, () => {
    const w = new tf.Variable(tf.truncatedNormal([from, to], { stddev: 0.1, seed: 7 }), { name: 'weights' });
    const b = new tf.Variable(tf.zeros([to]), { name: 'biases' });
    return tf.add(tf.matmul(x, w), b, { name: 'Add' });
  });
}

function lossOf(logits: Activations, labels: Labels): tf.Scalar<'float32'> {
  const losses = tf.nn.sparseSoftmaxCrossEntropyWithLogits({ logits, labels, name: 'xentropy' });
  return tf.reduceMean(losses, { name: 'xentropy_mean' });
}

function inputs(size: number): [Activations, Labels] {
  const images = tf.placeholder('float32', [8, size], { name: 'images' });
  return [images, tf.placeholder('int32', [8], { name: 'labels' })];
}

function article() {
  const [images, labels] = inputs(12);
  const hidden = tf.nn.relu(dense(images, 12, 5, 'hidden1'));
  const loss = lossOf(dense(hidden, 5, 3, 'softmax_linear'), labels);
  tf.summary.scalar(loss.op.name, loss);
  const globalStep = new tf.Variable(0, { dtype: 'int32', name: 'global_step', trainable: false });
  new tf.train.GradientDescentOptimizer(0.01).minimize(loss, { globalStep });
  tf.summary.mergeAll();
  tf.globalVariablesInitializer();
  new tf.train.Saver();
}

function convnet() {
  const [images, labels] = inputs(36);
  const pool = tf.nameScope('conv', () => {
    const w = new tf.Variable(tf.truncatedNormal([3, 3, 1, 4], { stddev: 0.1, seed: 7 }), { name: 'weights' });
    const b = new tf.Variable(tf.zeros([4]), { name: 'biases' });
    const conv = tf.nn.conv2d(tf.reshape(images, [-1, 6, 6, 1]), w, { strides: [1, 1, 1, 1], padding: 'SAME' });
    const act = tf.nn.relu6(tf.nn.biasAdd(conv, b));
    return tf.nn.maxPool(act, { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' });
  });
  const loss = lossOf(dense(tf.reshape(pool, [-1, 36]), 36, 3, 'softmax_linear'), labels);
  new tf.train.AdamOptimizer(1e-3).minimize(loss, { globalStep: tf.train.getOrCreateGlobalStep() });
  new tf.Variable(1, { name: 'after' });
  tf.globalVariablesInitializer();
  new tf.train.Saver();
}

function momentum() {
  const [images, labels] = inputs(12);
  const hidden = tf.tanh(dense(images, 12, 5, 'hidden1'));
  const wrong = tf.device('/cpu:0', () => lossOf(dense(hidden, 5, 3, 'softmax_linear'), labels));
  const large = tf.addN(tf.trainableVariables().map((variable) => tf.nn.l2Loss(variable as tf.Tensor<'float32'>)));
  const regular = tf.add(wrong, tf.mul(0.01, large, { name: 'mul' }), { name: 'add' });
  const left = tf.device(null, () => new tf.Variable([1, 2], { name: 'left' }));
  const own = tf.device('/job:worker/task:0', () => new tf.Variable([1, 2], { name: 'own' }));
  const sum = tf.device('/job:worker/task:0', () => tf.reduceSum(own));
  const loss = tf.device(null, () =>
    tf.add(regular, tf.mul(sum, tf.reduceSum(left), { name: 'mul' }), { name: 'add' }),
  );
  const optimizer = new tf.train.MomentumOptimizer(0.1, 0.9);
  const globalStep = tf.train.getOrCreateGlobalStep();
  optimizer.minimize(loss, { globalStep, colocateGradientsWithOps: true });
  tf.reportUninitializedVariables();
}

function embedding() {
  const ids = tf.placeholder('int32', [6], { name: 'ids' });
  const tables = [5, 4, 4].map((size, i) => new tf.Variable(tf.zeros([size, 3]), { name: `table_${i}` }));
  const rows = tf.nn.embeddingLookup(tables, ids, { partitionStrategy: 'div' });
  const single = tf.nn.embeddingLookup(new tf.Variable(tf.ones([9, 3]), { name: 'single' }), ids);
  const loss = tf.reduceMean(tf.square(tf.sub(rows, single, { name: 'sub' })));
  new tf.train.AdagradOptimizer(0.1).minimize(loss);
  tf.globalVariablesInitializer();
  new tf.train.Saver(tf.trainableVariables());
}

function averages() {
  const [images, labels] = inputs(12);
  const loss = lossOf(dense(images, 12, 3, 'softmax_linear'), labels);
  const globalStep = tf.train.getOrCreateGlobalStep();
  const optimizer = new tf.train.RMSPropOptimizer(0.1, { momentum: 0.5, centered: true });
  const train = optimizer.minimize(loss, { globalStep });
  const average = new tf.train.ExponentialMovingAverage(0.9, globalStep);
  tf.controlDependencies([train], () => average.apply(tf.trainableVariables()));
  const [first] = tf.trainableVariables() as [tf.Variable<'float32'>];
  new tf.Variable(tf.mul(first.initializedValue(), 2, { name: 'mul' }), { name: 'twice' });
  tf.assignAdd(first, tf.ones([12, 3]));
  tf.globalVariablesInitializer();
}

function others() {
  const [images, labels] = inputs(4);
  const loss = lossOf(dense(images, 4, 3, 'softmax_linear'), labels);
  const computed = new tf.train.AdadeltaOptimizer(0.1).computeGradients(loss);
  const [clipped] = tf.clipByGlobalNorm(
    computed.map(([gradient]) => gradient),
    1,
  );
  const pairs = computed.map(([, variable], i) => [clipped[i]!, variable] as const);
  new tf.train.AdadeltaOptimizer(0.1).applyGradients(pairs);
  new tf.Variable(() => tf.constant([1, 2]), { name: 'built' });
}

function colocated() {
  const outer = tf.device('/job:worker/task:1', () => tf.constant(1, { name: 'outer' }));
  const inner = tf.device('/job:worker/task:2', () => tf.constant(1, { name: 'inner' }));
  tf.colocateWith(outer, () =>
    tf.colocateWith(inner, () => {
      tf.constant(2, { name: 'both' });
      tf.device('/cpu:0', () => tf.constant(2, { name: 'within' }));
    }),
  );
  tf.device('/cpu:1', () => tf.device('/job:ps/cpu:*', () => new tf.Variable(1, { name: 'merged' })));
  tf.device('/gpu:1', () => tf.device('/cpu:*', () => tf.constant(2, { name: 'index' })));
}

function saved() {
  const [images, labels] = inputs(12);
  const hidden = tf.nn.relu(dense(images, 12, 5, 'hidden1'));
  const loss = lossOf(dense(hidden, 5, 3, 'softmax_linear'), labels);
  const globalStep = tf.train.getOrCreateGlobalStep();
  new tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss, { globalStep });
  new tf.train.Saver({ sharded: true });
  new tf.train.Saver(tf.trainableVariables(), { name: 'again', reshape: true });
}

function partitioned() {
  const ids = tf.placeholder('int32', [6], { name: 'ids' });
  const partitioner = tf.fixedSizePartitioner(3);
  const parts = tf.variableScope(
    'net',
    () => {
      const words = tf.getVariable<tf.PartitionedVariable<'float32'>>('words', [10, 4]);
      const wide = tf.getVariable('wide', [2, 7], {
        partitioner: tf.fixedSizePartitioner(2, { axis: 1 }),
        initializer: (shape) => tf.zeros(shape),
      });
      const given = tf.getVariable<tf.PartitionedVariable<'float32'>>('given', { initializer: tf.ones([4, 2]) });
      const one = tf.getVariable('one', [3], { partitioner: tf.minMaxVariablePartitioner(4) });
      tf.getVariable('scalar', [], { trainable: false });
      return { words, wide, given, one };
    },
    { partitioner },
  );
  const { words, wide, given, one } = parts;
  tf.variableScope('net', { reuse: true }, () => tf.getVariable('words'));
  const scope = tf.variableScope('net', (scope) => {
    tf.getVariable('whole', [4, 2]);
    return scope;
  });
  const { whole, counts } = tf.variableScope(scope, { reuse: tf.AUTO_REUSE }, () => ({
    whole: tf.getVariable('whole', [4, 2]),
    counts: tf.getVariable('counts', { shape: [3], dtype: 'int32', trainable: false }),
  }));
  const rows = tf.nn.embeddingLookup(words, ids, { partitionStrategy: 'div' });
  const out = tf.matmul(tf.matmul(rows, whole), wide.asTensor());
  const loss = [one, given].reduce<tf.Tensor<'float32'>>(
    (sum, variable) => tf.add(sum, tf.reduceSum(variable.asTensor()), { name: 'add' }),
    tf.reduceMean(tf.square(out)),
  );
  new tf.train.AdagradOptimizer(0.1).minimize(loss);
  new tf.train.Saver({ sharded: true });
  new tf.train.Saver({ other: words, counts }, { name: 'named' });
}

const { replicaDeviceSetter, GreedyLoadBalancingStrategy, byteSizeLoadFn } = tf.train;
const greedy = () => new GreedyLoadBalancingStrategy(2, byteSizeLoadFn);

/** What builds each network, and the device function around it. */
export const networks = {
  article: [article, () => replicaDeviceSetter({ psTasks: 2 })],
  convnet: [
    convnet,
    () => replicaDeviceSetter({ psTasks: 3, workerDevice: '/job:worker/task:1/cpu:0', psDevice: '/job:ps/cpu:0' }),
  ],
  momentum: [momentum, () => replicaDeviceSetter({ psTasks: 2, psStrategy: greedy() })],
  embedding: [embedding, () => replicaDeviceSetter({ cluster: { ps: ['a:1', 'b:1', 'c:1'], worker: ['d:1'] } })],
  averages: [averages, () => replicaDeviceSetter({ cluster: { ps: ['a:1', 'b:1'], worker: { 3: 'c:1' } } })],
  others: [others, () => replicaDeviceSetter({ psTasks: 3, mergeDevices: false, workerDevice: '' })],
  sharded: [
    saved,
    () => replicaDeviceSetter({ psTasks: 3, workerDevice: '/job:worker/task:1/gpu:0', psDevice: '/job:ps/gpu:0' }),
  ],
  partitioned: [partitioned, () => replicaDeviceSetter({ psTasks: 3 })],
  oneShard: [saved, () => null],
  colocated: [colocated, () => replicaDeviceSetter({ psTasks: 2 })],
} as const;

/** The nodes of a network's graph, a line each: name, type, device, what it is colocated with, inputs. */
export function linesOf(name: keyof typeof networks): string[] {
  const [build, setter] = networks[name];
  const graph = new tf.Graph();
  graph.asDefault(() => tf.device(setter(), build));
  return graph.operations.map((operation) => {
    const { name, op, device, input, attr } = operation.toNodeDef();
    const classes = attr._class?.list?.s.map((group) => Buffer.from(group).toString()).join(',');
    return [name, op, device || '-', classes || '-', ...input].join(' ');
  });
}
