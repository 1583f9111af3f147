/**
 * Trains one network with the library and prints its steps per second as JSON: node library.cjs NET MODE STEPS. The modes are `sync` and
 * `awaited`, which feed a batch in every step; `preloaded`, which feeds row numbers; and `constant`, which feeds the same tensor in every
 * step: what it costs to compute, which no feeding can beat.
 */
const begin = performance.now();
const { tf, mnist } = require('tf-mechanics');
const { residentArray } = require('../../lib/dist/library.js')('tf/graph/nativeTensor');
const { nets, noise } = require('./nets.cjs');

async function main([name, mode, steps]) {
  const { build, batchSize } = nets[name];
  const data = noise();
  const graph = new tf.Graph();
  const inputs = () =>
    mode === 'preloaded' ? mnist.preloadedInputs(data, batchSize) : mnist.placeholderInputs(batchSize);
  const made = performance.now();
  const { net, init } = graph.asDefault(() => ({ net: build(inputs()), init: tf.globalVariablesInitializer() }));
  const session = new tf.Session({ graph });
  session.runSync(init);
  const fetches = [net.trainOp, net.loss];
  const feeds = () => mnist.fillFeedDict(data, net.images, net.labels);
  session.runSync(fetches, feeds());
  const importToFirstStep = performance.now() - made + loaded - begin;

  const resident = ([tensor, { dtype, shape, data }]) => [tensor, residentArray(dtype, shape, data)];
  const same = mode === 'constant' ? feeds().map(resident) : [];
  const step = {
    sync: () => session.runSync(fetches, feeds()),
    awaited: () => session.run(fetches, feeds()),
    preloaded: () => session.runSync(fetches, feeds()),
    constant: () => session.runSync(fetches, same),
  }[mode];
  const run = async (count) => {
    const start = performance.now();
    if (mode === 'awaited') for (let i = 0; i < count; i++) await step();
    else for (let i = 0; i < count; i++) step();
    return (count / (performance.now() - start)) * 1000;
  };
  // Three passes, each after a warm-up, as the Python peers' three loops: the first of a process is the slowest, whoever's it is.
  let stepsPerSecond = 0;
  for (let pass = 0; pass < 3; pass++) {
    await run(Math.ceil(steps / 4));
    stepsPerSecond = Math.max(stepsPerSecond, await run(Number(steps)));
  }
  console.log(
    JSON.stringify({
      stepsPerSecond: Math.round(stepsPerSecond * 10) / 10,
      importToFirstStepSeconds: Math.round(importToFirstStep) / 1000,
      rssMegabytes: Math.round(process.memoryUsage().rss / 1e6),
      threads: session.threads,
    }),
  );
}

const loaded = performance.now();
main(process.argv.slice(2));
