/**
 * Trains one network asynchronously on a cluster of this machine's processes: node cluster.cjs NET WORKERS [PS] [SECONDS] [CORES]. Prints
 * the steps of all workers in a second, and what crossed the loopback interface in a step. With 0 workers it is one process, without
 * servers. Where CORES is given, each task has so many of its own, as if it were a machine (Linux alone has `taskset`).
 */
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { tf, mnist } = require('tf-mechanics');
const { nets, noise } = require('./nets.cjs');

const tasks = [];

/** The parent: starts the tasks, lets all workers run for some seconds, and asks what came of it. */
async function measure(name, workers, ps, seconds, cores) {
  if (workers === 0) return { stepsPerSecond: round(rateOf(await train(name, seconds))) };
  const addresses = async (count) =>
    Promise.all(Array.from({ length: count }, async () => `127.0.0.1:${await freePort()}`));
  const cluster = { ps: await addresses(ps), worker: await addresses(workers) };
  const start = (jobName, taskIndex) => {
    const own = cores > 0 ? onCores(cores * tasks.length, cores) : {};
    const task = fork(__filename, ['task', JSON.stringify({ name, cluster, jobName, taskIndex, seconds })], own);
    tasks.push(task);
    return task;
  };
  const servers = cluster.ps.map((_, i) => start('ps', i));
  await Promise.all(servers.map(said));
  const chief = start('worker', 0);
  const { parameterBytes } = await said(chief);
  const all = [chief, ...cluster.worker.slice(1).map((_, i) => start('worker', i + 1))];
  await Promise.all(all.slice(1).map(said));
  const before = { bytes: loopbackBytes(), processor: processorTime() };
  for (const task of all) task.send('go');
  const results = await Promise.all(all.map(said));
  const steps = results.reduce((sum, { steps }) => sum + steps, 0);
  return {
    stepsPerSecond: round(results.reduce((sum, result) => sum + rateOf(result), 0)),
    workers: results.map((result) => round(rateOf(result))),
    megabytesPerStep: Math.round((loopbackBytes() - before.bytes) / steps / 1e3) / 1e3,
    processorMillisecondsPerStep: Math.round((100 * (processorTime() - before.processor)) / steps) / 100,
    parameterMegabytes: Math.round(parameterBytes / 1e3) / 1e3,
  };
}

/** How to fork a process that has some cores alone. */
function onCores(first, count) {
  return { execPath: 'taskset', execArgv: ['-c', `${first}-${first + count - 1}`, process.execPath] };
}

/** A task of the cluster: a parameter server only serves, a worker trains when it is told. */
async function beTask({ name, cluster, jobName, taskIndex, seconds }) {
  process.on('disconnect', () => process.exit());
  const server = new tf.train.Server({ cluster, jobName, taskIndex });
  if (jobName === 'ps') return process.send({});
  const workerDevice = `/job:worker/task:${taskIndex}`;
  const placement = tf.train.replicaDeviceSetter({ cluster, workerDevice });
  await train(name, seconds, { target: server.target, placement, workerDevice, isChief: taskIndex === 0 });
}

/** Trains for some seconds, after a warm-up. */
async function train(name, seconds, { target, placement = '', workerDevice, isChief = true } = {}) {
  const { build, batchSize } = nets[name];
  const data = noise(10_000);
  const graph = new tf.Graph();
  const { net, init } = graph.asDefault(() =>
    tf.device(placement, () => ({
      net: build(mnist.placeholderInputs(batchSize)),
      init: tf.globalVariablesInitializer(),
    })),
  );
  // Without filters a session waits for every task of the cluster, other workers too.
  const config = workerDevice === undefined ? {} : { deviceFilters: ['/job:ps', workerDevice] };
  const session = new tf.Session({ graph, target, config });
  const step = () => session.run([net.trainOp, net.loss], mnist.fillFeedDict(data, net.images, net.labels));
  if (isChief) await session.run(init);
  await forSeconds(1, step);
  if (target) {
    const variables = graph.getCollection(tf.GraphKeys.TRAINABLE_VARIABLES);
    process.send({
      parameterBytes: variables.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0),
    });
    await once(process, 'message');
  }
  const result = await forSeconds(seconds, step);
  if (target) process.send(result);
  return result;
}

async function forSeconds(seconds, step) {
  const start = performance.now();
  let steps = 0;
  while (performance.now() - start < seconds * 1000) {
    await step();
    steps++;
  }
  return { steps, milliseconds: performance.now() - start };
}

const rateOf = ({ steps, milliseconds }) => (steps / milliseconds) * 1000;
const round = (value) => Math.round(value * 10) / 10;

/** The next message of a task. */
async function said(task) {
  const [message] = await Promise.race([
    once(task, 'message'),
    once(task, 'exit').then(([code]) => Promise.reject(new Error(`a task ended with ${code}`))),
  ]);
  return message;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** What this machine's loopback interface has sent; Linux alone says so. */
function loopbackBytes() {
  try {
    const [, numbers] = readFileSync('/proc/net/dev', 'utf8').split('lo:');
    return Number(numbers.trim().split(/\s+/)[8]);
  } catch {
    return Number.NaN;
  }
}

/** What all tasks have computed, in milliseconds of one processor; Linux counts it in hundredths of a second. */
function processorTime() {
  try {
    const ticks = ({ pid }) =>
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number);
    return 10 * tasks.flatMap(ticks).reduce((sum, some) => sum + some, 0);
  } catch {
    return Number.NaN;
  }
}

async function main([name, workers, ps = '1', seconds = '4', cores = '0']) {
  if (name === 'task') return beTask(JSON.parse(workers));
  try {
    console.log(JSON.stringify(await measure(name, Number(workers), Number(ps), Number(seconds), Number(cores))));
  } finally {
    for (const task of tasks) task.kill('SIGKILL');
  }
}

main(process.argv.slice(2)).then(() => {
  if (process.argv[2] !== 'task') process.exit();
});
