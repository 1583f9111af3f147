/**
 * Trains one network with the library and prints its steps per second as JSON: node library.cjs NET sync|async
 */
const begin = performance.now();
const { tf, mnist } = require('tf-mechanics');
const { nets, noise } = require('./nets.cjs');

async function main([name, mode]) {
  const { build, batchSize, steps } = nets[name];
  const graph = new tf.Graph();
  const { net, init } = graph.asDefault(() => ({ net: build(batchSize), init: tf.globalVariablesInitializer() }));
  const session = new tf.Session({ graph });
  session.runSync(init);
  const fetches = [net.trainOp, net.loss];
  const first = noise(batchSize);
  session.runSync(fetches, mnist.fillFeedDict(first, net.images, net.labels));
  const importToFirstStep = performance.now() - begin;

  const data = noise();
  const run = async (count) => {
    const start = performance.now();
    if (mode === 'sync')
      for (let i = 0; i < count; i++) session.runSync(fetches, mnist.fillFeedDict(data, net.images, net.labels));
    else for (let i = 0; i < count; i++) await session.run(fetches, mnist.fillFeedDict(data, net.images, net.labels));
    return (count / (performance.now() - start)) * 1000;
  };
  await run(Math.ceil(steps / 10));
  const rssBefore = process.memoryUsage().rss;
  const rates = [await run(steps), await run(steps), await run(steps)].sort((a, b) => a - b);
  const rssAfter = process.memoryUsage().rss;
  console.log(
    JSON.stringify({
      stepsPerSecond: Math.round(rates[1] * 10) / 10,
      importToFirstStepSeconds: Math.round(importToFirstStep) / 1000,
      rssMegabytes: { before: Math.round(rssBefore / 1e6), after: Math.round(rssAfter / 1e6) },
      threads: session.threads,
    }),
  );
}

main(process.argv.slice(2));
