/** Trials for tests of the search: they train nothing, but note each iteration, and go on from what they have noted. */
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout } = require('node:timers/promises');

/** What a configuration comes to after so many iterations: it depends on nothing else. */
const scoreOf = ({ x }, iteration) => 1 - (x - 0.3) ** 2 - 1 / (iteration + 1);

async function runTrial({ config, seed, resultDir, iterations, signal, report }) {
  const checkpoint = path.join(resultDir, 'trained');
  let iteration = fs.existsSync(checkpoint) ? fs.readFileSync(checkpoint, 'utf8').split('\n').length - 1 : 0;
  // Every call of every trial, with where it went on and what process it was in.
  const call = { trial: Number(path.basename(resultDir)), from: iteration, to: iterations, pid: process.pid };
  fs.appendFileSync(path.join(resultDir, '..', '..', 'calls'), `${JSON.stringify(call)}\n`);
  console.log(`from ${iteration} to ${iterations} with seed ${seed}`);
  while (iteration < iterations && !signal.aborted) {
    if (config.ms) await setTimeout(config.ms);
    fs.appendFileSync(checkpoint, `${++iteration}\n`);
    report(iteration, { score: scoreOf(config, iteration) });
  }
  return {
    metrics: { score: scoreOf(config, iteration), threads: Number(process.env.TF_NUM_INTRAOP_THREADS) },
    iteration,
  };
}

/** Fails in many ways. */
async function fails(context) {
  const { how } = context.config;
  if (how === 'throws') throw new Error('the loss is NaN');
  if (how === 'exits') process.exit(3);
  if (how === 'is killed') process.kill(process.pid, 'SIGKILL');
  if (how === 'hangs') for (;;);
  if (how === 'has no room' && !fs.existsSync(path.join(context.resultDir, '..', '..', 'room'))) {
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    throw new Error('could not save', { cause });
  }
  if (how === 'fails later' && context.iterations > 1) throw new Error('the loss is NaN');
  if (how === 'loses itself')
    return { metrics: { score: 2, loss: Number.POSITIVE_INFINITY }, iteration: context.iterations };
  if (how === 'returns early') return { metrics: { score: 1 }, iteration: 0 };
  if (how === 'has no metric') return { metrics: { loss: 1 }, iteration: context.iterations };
  if (how === 'diverges') return { metrics: { score: Number.NaN }, iteration: context.iterations };
  return runTrial(context);
}

/** Never hears that it is to stop. */
async function isDeaf({ resultDir }) {
  fs.writeFileSync(path.join(resultDir, 'pid'), String(process.pid));
  for (;;);
}

module.exports = { runTrial, fails, isDeaf };
