/** Trains one network with tfjs-node's eager API and prints its steps per second as JSON: node tfjs.cjs NET STEPS */
const tf = require('@tensorflow/tfjs-node');
const { nets, noise } = require('./nets.cjs');

const weights = (shape, stddev) => tf.variable(tf.truncatedNormal(shape, 0, stddev));
const biases = (size, value) => tf.variable(tf.fill([size], value));

function fullyConnected() {
  const layers = [
    [784, 128],
    [128, 32],
    [32, 10],
  ].map(([from, to]) => [weights([from, to], 1 / Math.sqrt(from)), biases(to, 0)]);
  const logits = (images) =>
    layers.reduce((x, [w, b], i) => {
      const z = tf.add(tf.matMul(x, w), b);
      return i < 2 ? tf.relu(z) : z;
    }, images);
  return { logits, optimizer: tf.train.sgd(0.01) };
}

function convolutional() {
  const conv = (from, to) => {
    const [w, b] = [weights([5, 5, from, to], 0.1), biases(to, 0.1)];
    return (x) => tf.maxPool(tf.relu(tf.add(tf.conv2d(x, w, 1, 'same'), b)), 2, 2, 'same');
  };
  const dense = (from, to) => {
    const [w, b] = [weights([from, to], 0.1), biases(to, 0.1)];
    return (x) => tf.add(tf.matMul(x, w), b);
  };
  const [conv1, conv2, hidden, output] = [conv(1, 32), conv(32, 64), dense(3136, 1024), dense(1024, 10)];
  const logits = (images) => output(tf.relu(hidden(conv2(conv1(images.reshape([-1, 28, 28, 1]))).reshape([-1, 3136]))));
  return { logits, optimizer: tf.train.adam(1e-4) };
}

function main([name, steps]) {
  const { batchSize } = nets[name];
  const { logits, optimizer } = name === 'fully_connected' ? fullyConnected() : convolutional();
  const data = noise();
  const step = () => {
    const [images, labels] = data.nextBatch(batchSize);
    const loss = tf.tidy(() => {
      const x = tf.tensor2d(images.data, [batchSize, 784]);
      const y = tf.oneHot(tf.tensor1d(labels.data, 'int32'), 10);
      return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, logits(x)), true);
    });
    loss.dataSync();
    loss.dispose();
  };
  const run = (count) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) step();
    return (count / (performance.now() - start)) * 1000;
  };
  let stepsPerSecond = 0;
  for (let pass = 0; pass < 3; pass++) {
    run(Math.ceil(steps / 4));
    stepsPerSecond = Math.max(stepsPerSecond, run(Number(steps)));
  }
  console.log(JSON.stringify({ stepsPerSecond: Math.round(stepsPerSecond * 10) / 10 }));
}

main(process.argv.slice(2));
