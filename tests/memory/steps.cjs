/**
 * Trains the fully connected network for many steps and prints the process's memory at ten points on the way, as JSON:
 * node --expose-gc steps.cjs sync|async STEPS
 */
const { mnist, tf } = require('tf-mechanics');

async function main([mode, count]) {
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
  await run(Number(count) / 4); // until allocators and caches have what they keep
  const samples = [];
  for (let i = 0; i < 10; i++) samples.push(await run(Number(count) / 10));
  console.log(JSON.stringify(samples));
}

main(process.argv.slice(2));
