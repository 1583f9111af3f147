/**
 * What each runtime of JavaScript is tried with: a graph, a training, summaries, checkpoints, data, another thread. It says that it has
 * come to its end, or fails. `node program.cjs <folder of the library>`
 */
const assert = require('node:assert/strict');
const { mkdtempSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { Worker } = require('node:worker_threads');

// As in Jest and in worker threads, where libtensorflow doesn't see it: its log would be printed.
process.env = { ...process.env };

const library = path.resolve(process.argv[2]);
const { data, tf } = require(library);

const folder = mkdtempSync(path.join(tmpdir(), 'runtime-'));
// As a server would, it keeps the event loop waiting for what may come: nothing else ends the wait for a thread.
const server = setInterval(() => {}, 60_000);

async function main() {
  const x = tf.placeholder('float32', [null, 2]);
  const y = tf.placeholder('float32', [null]);
  const weights = new tf.Variable(tf.zeros([2, 1]), { name: 'weights' });
  const loss = tf.reduceMean(tf.square(tf.sub(tf.reshape(tf.matmul(x, weights), [-1]), y)));
  const step = new tf.train.GradientDescentOptimizer(0.2).minimize(loss);
  const summary = tf.summary.scalar('loss', loss);
  const saver = new tf.train.Saver();
  const session = new tf.Session();
  session.runSync(tf.globalVariablesInitializer());

  const set = new data.DataSet(
    {
      x: [
        [1, 0],
        [0, 1],
        [1, 1],
        [1, 2],
      ],
      y: [2, 3, 5, 8],
    },
    { seed: 1 },
  );
  const writer = new tf.summary.FileWriter(folder);
  for (let i = 0; i < 30; i++) {
    const batch = set.nextBatch(4);
    const feeds = [
      [x, batch.x],
      [y, batch.y],
    ];
    const run = [step, loss, summary];
    // By turns here, awaited, and awaited in another thread.
    const [, , bytes] =
      i % 3 === 0 ? session.runSync(run, feeds) : await session.run(run, feeds, i % 3 === 1 ? {} : { thread: 'other' });
    writer.addSummary(bytes, i);
  }
  await writer.close();
  const { x: all, y: wanted } = set.slice(0, 4);
  assert(
    session.runSync(loss, [
      [x, all],
      [y, wanted],
    ]) < 0.1,
  );

  // Images are bytes, which WebAssembly scales, and another thread when many batches have been drawn.
  const pixels = Uint8Array.from({ length: 2000 * 784 }, (_, i) => i % 251);
  const images = new data.DataSet(tf.hostArray(pixels).reshape([2000, 784]), tf.hostArray(new Int32Array(2000)), {
    seed: 1,
  });
  const numbers = new data.DataSet({ rows: Int32Array.from({ length: 2000 }, (_, i) => i) }, { seed: 1 });
  const fed = tf.placeholder('float32', [null, 784]);
  const first = tf.slice(fed, [0, 0], [-1, 1]);
  for (let i = 0; i < 600; i++) {
    const { rows } = numbers.nextBatch(50);
    const column = session.runSync(first, [[fed, images.nextBatch(50)[0]]]).data;
    assert.deepEqual(
      [...column],
      Array.from(rows.data, (row) => Math.fround(((row * 784) % 251) / 255)),
    );
  }

  const { readScalars } = require(path.join(library, 'dist/tf/summary/eventFiles.js'));
  assert.equal((await readScalars(folder)).get('loss').length, 30);

  const trained = [...session.runSync(weights).data];
  const checkpoint = await saver.save(session, path.join(folder, 'model'), { globalStep: 30 });
  session.runSync(weights.assign([[0], [0]]));
  await saver.restore(session, checkpoint);
  assert.deepEqual([...session.runSync(weights).data], trained);
  assert(readdirSync(folder).includes('model-30.index'));

  assert.throws(() => tf.matmul(tf.zeros([2, 3]), tf.zeros([2, 3])), { name: 'InvalidArgumentError' });
  assert.equal(session.runSync(tf.add(tf.constant(1n), tf.constant(2n))), 3n);
  session.close();
  assert.equal(await inWorker(), 5);
}

/** What a worker thread computes, by itself and in another thread. */
function inWorker() {
  const code = `
    const { parentPort } = require('node:worker_threads');
    const { tf } = require(${JSON.stringify(library)});
    (async () => {
      const session = new tf.Session();
      const sum = session.runSync(tf.constant(2)) + (await session.run(tf.constant(3), [], { thread: 'other' }));
      parentPort.postMessage(sum);
    })();`;
  return new Promise((resolve, reject) => {
    new Worker(code, { eval: true }).once('message', resolve).once('error', reject);
  });
}

main()
  .then(() => console.log('all of it works'))
  .finally(() => {
    clearInterval(server);
    rmSync(folder, { recursive: true, force: true });
  });
