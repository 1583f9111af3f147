/**
 * Trains the fully connected network and prints as JSON how many bytes the process's memory grew between the two halves of a
 * round of STEPS; a round that grew by ALLOWED or more is followed by another, four at most:
 * node --expose-gc steps.cjs sync|async STEPS ALLOWED
 */
const { mnist, tf } = require('tf-mechanics');

async function main([mode, count, allowed]) {
  const graph = new tf.Graph();
  const built = graph.asDefault(() => {
    const [images, labels] = mnist.placeholderInputs(100);
    const loss = mnist.loss(mnist.inference(images, 128, 32), labels);
    const text = tf.placeholder('string', [2], { name: 'text' });
    return {
      images,
      labels,
      loss,
      train: mnist.training(loss, 0.01),
      text,
      echo: tf.identity(text),
      init: tf.globalVariablesInitializer(),
    };
  });
  const session = new tf.Session({ graph });
  session.runSync(built.init);
  const images = new Float32Array(78400).fill(0.5);
  const labels = Int32Array.from({ length: 100 }, (_, i) => i % 10);
  const fetches = [built.train, built.loss, built.echo];
  const feeds = [
    [built.images, images],
    [built.labels, labels],
    [built.text, ['short', 'long '.repeat(200)]],
  ];
  const run = async (steps) => {
    for (let i = 0; i < steps; i++) {
      if (mode === 'sync') session.runSync(fetches, feeds);
      else await session.run(fetches, feeds);
    }
    global.gc();
    return process.memoryUsage().rss;
  };
  const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const growths = [];
  // The allocator's arenas, one a thread, fill at a time of their own and then stay; a leak goes on in every round.
  for (let round = 0; round < 4; round++) {
    const samples = [];
    for (let i = 0; i < 10; i++) samples.push(await run(Number(count) / 10));
    growths.push(median(samples.slice(5)) - median(samples.slice(0, 5)));
    if (growths[round] < Number(allowed)) break;
  }
  console.log(JSON.stringify(growths));
}

main(process.argv.slice(2));
