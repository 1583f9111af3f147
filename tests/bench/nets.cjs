/** The two networks of the benchmark, built with the library, and examples to train them on. */
const { data, mnist, tf } = require('tf-mechanics');

/** The article's fully connected network on images and labels. */
function fullyConnected([images, labels]) {
  const loss = mnist.loss(mnist.inference(images, 128, 32), labels);
  return { images, labels, loss, trainOp: mnist.training(loss, 0.01) };
}

/** The convolutional network of TensorFlow's MNIST tutorial for experts: conv 5×5×32, pool, conv 5×5×64, pool, 1024, 10. */
function convolutional([images, labels]) {
  const variable = (shape, name) => new tf.Variable(tf.truncatedNormal(shape, { stddev: 0.1 }), { name });
  const bias = (size) => new tf.Variable(tf.constant(0.1, { shape: [size] }), { name: 'biases' });
  const conv = (x, from, to) =>
    tf.nn.maxPool(
      tf.nn.relu(
        tf.nn.biasAdd(
          tf.nn.conv2d(x, variable([5, 5, from, to], 'weights'), { strides: [1, 1, 1, 1], padding: 'SAME' }),
          bias(to),
        ),
      ),
      { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' },
    );
  const dense = (x, from, to) => tf.nn.biasAdd(tf.matmul(x, variable([from, to], 'weights')), bias(to));
  const pooled = conv(conv(tf.reshape(images, [-1, 28, 28, 1]), 1, 32), 32, 64);
  const hidden = tf.nn.relu(dense(tf.reshape(pooled, [-1, 7 * 7 * 64]), 7 * 7 * 64, 1024));
  const logits = dense(hidden, 1024, 10);
  const loss = mnist.loss(logits, labels);
  return { images, labels, loss, trainOp: new tf.train.AdamOptimizer(1e-4).minimize(loss) };
}

/** A data set of MNIST's size; its pixels are noise, which costs as much to train on. */
function noise(examples = 55_000) {
  const pixels = new Uint8Array(examples * 784);
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[i] = state >>> 24;
  }
  const labels = Uint8Array.from({ length: examples }, (_, i) => i % 10);
  return new data.DataSet(tf.hostArray(pixels).reshape([examples, 784]), tf.hostArray(labels), { seed: 1 });
}

module.exports = {
  nets: {
    fully_connected: { build: fullyConnected, batchSize: 100 },
    convolutional: { build: convolutional, batchSize: 50 },
  },
  noise,
};
