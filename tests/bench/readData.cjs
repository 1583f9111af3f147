/** Reads four files of MNIST's size into sets of floats, and prints how many times a second as JSON. */
const { data } = require('tf-mechanics');
const { mnistFiles } = require('./mnistFiles.cjs');

const ROUNDS = 4;

async function main() {
  const folder = await mnistFiles();
  const read = () => data.readDataSets(folder, { dataset: 'any' });
  await read();
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) (await read()).train.nextBatch(100)[0].data.at(0);
  const seconds = (performance.now() - start) / 1000 / ROUNDS;
  console.log(
    JSON.stringify({ readsPerSecond: Math.round(1000 / seconds) / 1000, seconds: Math.round(seconds * 1000) / 1000 }),
  );
}

main();
