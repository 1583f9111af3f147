/** The three networks of the golden files, rebuilt with the library's builders; Python's are in `make_golden.py`'s words. */
import { tf } from '../../lib/src';

type Activations = tf.Tensor<'float32', 'array'>;

function dense(x: Activations, from: number, to: number, scope: string, relu: boolean): Activations {
  return tf.nameScope(scope, () => {
    const w = new tf.Variable(tf.truncatedNormal([from, to], { stddev: 1 / Math.sqrt(from), seed: 7 }), {
      name: 'weights',
    });
    const b = new tf.Variable(tf.zeros([to]), { name: 'biases' });
    const z = tf.add(tf.matmul(x, w), b, { name: 'add' });
    return relu ? tf.nn.relu(z) : z;
  });
}

function fullyConnected(x: Activations): Activations {
  return dense(dense(dense(x, 784, 128, 'hidden1', true), 128, 32, 'hidden2', true), 32, 10, 'softmax_linear', false);
}

function convnet(x: Activations): Activations {
  let h: Activations = tf.reshape(x, [-1, 28, 28, 1]);
  for (const [scope, from, to] of [
    ['conv1', 1, 16],
    ['conv2', 16, 16],
  ] as const) {
    h = tf.nameScope(scope, () => {
      const w = new tf.Variable(tf.truncatedNormal([5, 5, from, to], { stddev: 0.1, seed: 7 }), { name: 'weights' });
      const b = new tf.Variable(tf.zeros([to]), { name: 'biases' });
      const conv = tf.nn.conv2d(h, w, { strides: [1, 1, 1, 1], padding: 'SAME' });
      const act = tf.nn.relu6(tf.nn.biasAdd(conv, b));
      return tf.nn.maxPool(act, { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' });
    });
  }
  return dense(dense(tf.reshape(h, [-1, 7 * 7 * 16]), 784, 64, 'hidden', true), 64, 10, 'softmax_linear', false);
}

type Labels = tf.Tensor<'int32', 'array'>;

function denseLoss(logits: Activations, digits: Labels): tf.Scalar<'float32'> {
  const labels = tf.oneHot(digits, 10);
  return tf.reduceMean(tf.nn.softmaxCrossEntropyWithLogits({ logits, labels, name: 'xentropy' }), {
    name: 'xentropy_mean',
  });
}

function sparseLoss(logits: Activations, labels: Labels): tf.Scalar<'float32'> {
  return tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ logits, labels, name: 'xentropy' }), {
    name: 'xentropy_mean',
  });
}

const recipes = {
  fully_connected: {
    net: fullyConnected,
    loss: denseLoss,
    optimizer: () => new tf.train.GradientDescentOptimizer(0.01),
  },
  convnet_momentum: { net: convnet, loss: sparseLoss, optimizer: () => new tf.train.MomentumOptimizer(0.05, 0.9) },
  fully_connected_adam: { net: fullyConnected, loss: sparseLoss, optimizer: () => new tf.train.AdamOptimizer(1e-3) },
};

export type NetName = keyof typeof recipes;

/** The golden networks' names. */
export const netNames = Object.keys(recipes) as NetName[];

/** The graph of one network, with everything that Python's has. */
export function buildNet(name: NetName) {
  const recipe = recipes[name];
  const graph = new tf.Graph();
  return graph.asDefault(() => {
    const images = tf.placeholder('float32', [100, 784], { name: 'images' });
    const labels = tf.placeholder('int32', [100], { name: 'labels' });
    const logits = recipe.net(images);
    const loss = recipe.loss(logits, labels);
    tf.summary.scalar(loss.op.name, loss);
    const globalStep = new tf.Variable(0, { dtype: 'int32', name: 'global_step', trainable: false });
    const optimizer = recipe.optimizer();
    const gradients = optimizer.computeGradients(loss);
    const trainOp = optimizer.applyGradients(gradients, { globalStep });
    const correct = tf.reduceSum(tf.cast(tf.nn.inTopK(logits, labels, 1), 'int32'));
    const summary = tf.summary.mergeAll();
    const init = tf.globalVariablesInitializer();
    const saver = new tf.train.Saver();
    return { graph, images, labels, loss, gradients, trainOp, correct, summary, init, saver };
  });
}
