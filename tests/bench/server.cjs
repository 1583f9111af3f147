/**
 * 50 callers at once on one small network, as connections of a web server are: requests a second, and how late the event loop is, by
 * `await run` as it comes, in other threads alone, and by `runSync`. Prints JSON.
 */
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { tf, mnist } = require('tf-mechanics');

const CALLERS = 50;
const MILLISECONDS = 1500;

async function measure(request) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const end = performance.now() + MILLISECONDS;
  let count = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await request();
      count++;
      await new Promise(setImmediate); // the answer goes out, the next request comes in
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  delay.disable();
  return {
    requestsPerSecond: Math.round((count / MILLISECONDS) * 1000),
    delayMilliseconds: {
      median: Math.round(delay.percentile(50) / 1e4) / 100,
      p99: Math.round(delay.percentile(99) / 1e4) / 100,
    },
  };
}

async function main() {
  const graph = new tf.Graph();
  const { images, answer, init } = graph.asDefault(() => {
    const images = tf.placeholder('float32', [null, mnist.IMAGE_PIXELS]);
    const answer = tf.nn.softmax(mnist.inference(images, 128, 32));
    return { images, answer, init: tf.globalVariablesInitializer() };
  });
  const session = new tf.Session({ graph });
  session.runSync(init);
  const pixels = new Float32Array(100 * mnist.IMAGE_PIXELS).fill(0.3);
  const feeds = [[images, pixels]];
  const kinds = {
    awaited: () => session.run(answer, feeds),
    inOtherThreads: () => session.run(answer, feeds, { thread: 'other' }),
    sync: () => session.runSync(answer, feeds),
  };
  const results = {};
  for (const [name, request] of Object.entries(kinds)) {
    await measure(request); // warms up
    results[name] = await measure(request);
  }
  console.log(JSON.stringify(results));
}

main();
