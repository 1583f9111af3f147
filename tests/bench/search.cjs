/**
 * How much faster a search is with two processes, whose trials use one thread each, as JSON: node search.cjs
 * It is the trials' module, too.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { hyperparameters, mnist, tf } = require('tf-mechanics');
const { nets, noise } = require('./nets.cjs');

const TRIALS = 8;
const STEPS = 4000;
const ROUNDS = 3;

let examples;

/** Trains the article's network on noise. */
async function runTrial({ config, iterations }) {
  examples ??= noise(5000);
  const graph = new tf.Graph();
  const { net, init } = graph.asDefault(() => ({
    net: nets.fully_connected.build(mnist.placeholderInputs(config.batchSize)),
    init: tf.globalVariablesInitializer(),
  }));
  const session = new tf.Session({ graph });
  session.runSync(init);
  let loss;
  for (let step = 0; step < iterations; step++)
    [, loss] = session.runSync([net.trainOp, net.loss], mnist.fillFeedDict(examples, net.images, net.labels));
  const { intraOp } = session.threads;
  session.close();
  return { metrics: { loss, threads: intraOp }, iteration: iterations };
}

async function seconds(nbProcess) {
  const resultDir = fs.mkdtempSync(path.join(os.tmpdir(), 'search-'));
  try {
    const start = performance.now();
    const { trials } = await hyperparameters.search({
      ...{ algorithm: 'random', trials: TRIALS, maxIterations: STEPS, metric: 'loss', mode: 'min' },
      ...{ space: { batchSize: 100 }, seed: 1, nbProcess, resultDir, trial: { module: __filename } },
    });
    const failed = trials.find(({ status }) => status !== 'finished');
    if (failed) throw new Error(`trial ${failed.id} failed: ${failed.error}`);
    if (trials.some(({ metrics }) => metrics.threads !== 1)) throw new Error('a trial used several threads');
    return (performance.now() - start) / 1000;
  } finally {
    fs.rmSync(resultDir, { recursive: true });
  }
}

async function main() {
  const rounds = [];
  // One after the other, so that what else the machine does slows both down.
  for (let round = 0; round < ROUNDS; round++) rounds.push({ one: await seconds(1), two: await seconds(2) });
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const rounded = (value) => Math.round(value * 100) / 100;
  console.log(
    JSON.stringify({
      oneProcessSeconds: rounded(median(rounds.map(({ one }) => one))),
      twoProcessesSeconds: rounded(median(rounds.map(({ two }) => two))),
      speedup: rounded(median(rounds.map(({ one, two }) => one / two))),
    }),
  );
}

exports.runTrial = runTrial;
if (require.main === module) void main();
