/**
 * Scalar events a second, from the first to the last in the file, as JSON: node eventWriter.cjs scalar|addSummary|tfjsNode.
 * The loop lets go of the thread after each 1,000 events, and `longestTurnMs` is the longest time that it kept it.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const COUNT = 300_000;
const TURN = 1000;

/** Each writer: what adds a scalar, and what has everything written. */
const writers = {
  scalar(folder) {
    const { tf } = require('tf-mechanics');
    const writer = new tf.summary.FileWriter(folder);
    return { add: (value, step) => writer.scalar('loss', value, step), end: () => writer.close() };
  },
  addSummary(folder) {
    const { tf } = require('tf-mechanics');
    const { Summary } = tf.summary;
    const writer = new tf.summary.FileWriter(folder);
    // As it comes out of a session.
    const summary = Summary.encode({ value: [{ tag: 'loss', simpleValue: 0.5 }] });
    return { add: (_, step) => writer.addSummary(summary, step), end: () => writer.close() };
  },
  tfjsNode(folder) {
    const tf = require('@tensorflow/tfjs-node');
    const writer = tf.node.summaryFileWriter(folder);
    return { add: (value, step) => writer.scalar('loss', value, step), end: () => writer.flush() };
  },
};

async function run({ add, end }) {
  let longest = 0;
  const start = performance.now();
  for (let step = 0; step < COUNT; ) {
    const begin = performance.now();
    for (const stop = step + TURN; step < stop; step++) add(1 / (step + 1), step);
    longest = Math.max(longest, performance.now() - begin);
    await new Promise(setImmediate);
  }
  await end();
  return { eventsPerSecond: Math.round((COUNT / (performance.now() - start)) * 1000), longestTurnMs: longest };
}

async function main([name]) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'event-writer-'));
  try {
    const rounds = [];
    for (let round = 0; round < 4; round++) {
      const folder = path.join(root, String(round));
      rounds.push(await run(writers[name](folder)));
      const events = await require('tf-mechanics').tf.summary.readEvents(folder).toArray();
      const written = events.filter(({ summary }) => summary).length;
      if (written !== COUNT) throw new Error(`${written} events of ${COUNT} are in the file`);
    }
    rounds.shift(); // warms up
    const median = rounds.sort((a, b) => a.eventsPerSecond - b.eventsPerSecond)[1];
    console.log(JSON.stringify({ ...median, longestTurnMs: Math.round(median.longestTurnMs * 100) / 100 }));
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

main(process.argv.slice(2));
