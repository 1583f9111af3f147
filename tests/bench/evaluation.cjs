/** Counts what a trained network gets right of 10,000 images, in batches of 100, and prints the images per second as JSON. */
const { tf, mnist } = require('tf-mechanics');
const { noise } = require('./nets.cjs');

const IMAGES = 10_000;
const ROUNDS = 10;

async function main() {
  const set = noise(IMAGES);
  const graph = new tf.Graph();
  const { images, labels, evalCorrect, init } = graph.asDefault(() => {
    const [images, labels] = mnist.placeholderInputs(100);
    const logits = mnist.inference(images, 128, 32);
    return { images, labels, evalCorrect: mnist.evaluation(logits, labels), init: tf.globalVariablesInitializer() };
  });
  const session = new tf.Session({ graph });
  session.runSync(init);
  const evaluate = () => mnist.doEval(session, evalCorrect, images, labels, set, () => {});
  await evaluate();
  await evaluate();
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) await evaluate();
  const seconds = (performance.now() - start) / 1000 / ROUNDS;
  console.log(
    JSON.stringify({ imagesPerSecond: Math.round(IMAGES / seconds), milliseconds: Math.round(seconds * 1e4) / 10 }),
  );
}

main();
