/**
 * Prints, as JSON, what saved models give to TensorFlow.js' `tf.node.loadSavedModel`: in a process of its own, since its native part brings
 * a libtensorflow.
 *
 *   node read.cjs MODELS   as read.py takes it
 */
const { readFileSync } = require('node:fs');
const util = require('node:util');

util.isNullOrUndefined ??= (value) => value === null || value === undefined; // which Node 23 has no more
const tf = require('@tensorflow/tfjs-node');

async function answer({ folder, feeds }) {
  const model = await tf.node.loadSavedModel(folder);
  const tensors = Object.entries(feeds).map(([key, value]) => [key, tf.tensor(value)]);
  const outputs = model.predict(Object.fromEntries(tensors));
  return Object.fromEntries(Object.entries(outputs).map(([key, tensor]) => [key, tensor.arraySync()]));
}

async function main() {
  const answers = [];
  for (const model of JSON.parse(readFileSync(process.argv[2], 'utf8'))) answers.push(await answer(model));
  console.log(JSON.stringify(answers));
}
void main();
