/** The network in three parts, which the notebook uses one by one: inference, loss, training. */
import { tf } from 'tf-mechanics';

/** The logits of the three species, `[n, 3]`, from four measurements, `[n, 4]`, through one hidden layer. */
export function inference(features: tf.Tensor<'float32'>, hidden: number) {
  const layer = (name: string, input: tf.Tensor<'float32'>, inputs: number, units: number) =>
    tf.nameScope(name, () => {
      const initial = tf.truncatedNormal([inputs, units], { stddev: 1 / Math.sqrt(inputs) });
      const weights = new tf.Variable(initial, { name: 'weights' });
      const biases = new tf.Variable(tf.zeros([units]), { name: 'biases' });
      return tf.add(tf.matmul(input, weights), biases);
    });
  return layer('logits', tf.nn.relu(layer('hidden', features, 4, hidden)), hidden, 3);
}

/** The mean cross entropy of a batch. */
export function loss(logits: tf.Tensor<'float32'>, labels: tf.Tensor<'int32'>) {
  return tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels, logits }));
}

/** The operation that takes a training step. */
export function training(loss: tf.Scalar<'float32'>, learningRate: number) {
  tf.summary.scalar('loss', loss);
  const globalStep = tf.train.getOrCreateGlobalStep();
  return new tf.train.GradientDescentOptimizer(learningRate).minimize(loss, { globalStep });
}
