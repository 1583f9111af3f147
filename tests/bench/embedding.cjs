/**
 * Trains a table of 64 columns of which a step looks up 1,024 rows, and prints the steps per second as JSON:
 * node embedding.cjs ROWS sparse|dense STEPS. With `dense`, the gradient is made whole before it is applied.
 */
const { tf } = require('tf-mechanics');

const BATCH = 1024;

function main([rows, mode, steps]) {
  const table = new tf.Variable(tf.ones([Number(rows), 64]), { name: 'table' });
  const ids = tf.placeholder('int32', [BATCH]);
  const loss = tf.reduceMean(tf.square(tf.reduceSum(tf.nn.embeddingLookup(table, ids), { axis: 1 })));
  const optimizer = new tf.train.MomentumOptimizer(0.01, 0.9);
  const [[gradient]] = optimizer.computeGradients(loss);
  const trainOp = optimizer.applyGradients([[mode === 'dense' ? gradient.value() : gradient, table]]);
  const session = new tf.Session();
  session.runSync(tf.globalVariablesInitializer());

  const batch = () => Int32Array.from({ length: BATCH }, () => Math.floor(Math.random() * rows));
  const run = (count) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) session.runSync([trainOp, loss], [[ids, batch()]]);
    return (count / (performance.now() - start)) * 1000;
  };
  run(Math.ceil(steps / 10));
  console.log(JSON.stringify({ stepsPerSecond: Math.round(run(Number(steps)) * 10) / 10 }));
}

main(process.argv.slice(2));
