/** What a program waits for until the article's network has done its first step, from the library's import on, as JSON. */
const times = [performance.now()];
const { tf, mnist } = require('tf-mechanics');
times.push(performance.now());

const graph = new tf.Graph();
const { images, labels, loss, trainOp, init } = graph.asDefault(() => {
  const [images, labels] = mnist.placeholderInputs(100);
  const loss = mnist.loss(mnist.inference(images, 128, 32), labels);
  return { images, labels, loss, trainOp: mnist.training(loss, 0.01), init: tf.globalVariablesInitializer() };
});
times.push(performance.now());

const session = new tf.Session({ graph });
session.runSync(init);
times.push(performance.now());

const feeds = [
  [images, new Float32Array(100 * mnist.IMAGE_PIXELS)],
  [labels, new Int32Array(100)],
];
session.runSync([trainOp, loss], feeds);
times.push(performance.now());

const [imports, builds, initializes, steps] = times.slice(1).map((time, i) => Math.round(time - times[i]));
const milliseconds = Math.round(times.at(-1) - times[0]);
console.log(
  JSON.stringify({
    startsPerSecond: 1000 / milliseconds,
    milliseconds,
    parts: { imports, builds, initializes, steps },
  }),
);
