/** Run by `warmUp.mjs`: trains a small network for a step, which compiles most of what any program needs. */
const { mnist, tf } = require('../../../lib/dist');

const [images, labels] = mnist.placeholderInputs(1);
const loss = mnist.loss(mnist.inference(images, 2, 2), labels);
const train = mnist.training(loss, 0.1);
const session = new tf.Session();
session.runSync(tf.globalVariablesInitializer());
session.runSync(
  [train, loss],
  [
    [images, new Float32Array(mnist.IMAGE_PIXELS)],
    [labels, [0]],
  ],
);
