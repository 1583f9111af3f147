/**
 * npm run bench: what the library costs beside its peers. Each comparison runs its programs in turn, one process after the other
 * (A B C A B C …), so that what else the machine does meets all of them; a ratio is that of a round, and its median and spread are shown.
 *
 * npm run bench -- --list             the comparisons
 * npm run bench -- --only NAME,NAME   some of them
 * npm run bench -- --rounds 9         more rounds (5)
 * npm run bench -- --json             everything measured, as JSON
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { report, singleReport } from '../../scripts/benchReport.mjs';
import { commandLine } from '../../scripts/commandLine.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const pythons = (process.env.TF_MECHANICS_PYTHON ?? 'python3').split(path.delimiter);

const node = (script, ...parameters) => ({ program: process.execPath, script, parameters });
const python = (module, script, ...parameters) => ({ module, script, parameters });

/** Stands for how many rounds are asked for. */
const ROUNDS = '{rounds}';

/** Of each network: steps of one measurement. */
const steps = { fully_connected: '3000', convolutional: '100' };

/**
 * What is compared: `rate` is the field that the programs print, `unit` says of what; the first of `ours` is what `limit` and peers are
 * compared with, and every other one too.
 */
const comparisons = {
  fullyConnected: network('fully_connected'),
  convolutional: network('convolutional'),
  start: {
    rate: 'startsPerSecond',
    unit: 'starts, from the import to the end of the first step,',
    ours: { library: node('start.cjs') },
    peers: {
      tensorflowSession: python('tensorflow', 'tensorflow_start.py'),
      torchEager: python('torch', 'torch_start.py'),
    },
  },
  evaluation: {
    rate: 'imagesPerSecond',
    unit: '10,000 images in batches of 100',
    ours: { library: node('evaluation.cjs') },
    peers: { tensorflowSession: python('tensorflow', 'tensorflow_evaluation.py') },
  },
  data: {
    rate: 'readsPerSecond',
    unit: 'readings of four files of MNIST’s size',
    ours: { library: node('readData.cjs') },
    peers: { numpy: python('numpy', 'read_data.py') },
  },
  cluster: {
    rate: 'stepsPerSecond',
    unit: 'steps of all workers, the fully connected network',
    ours: {
      twoWorkers: node('cluster.cjs', 'fully_connected', '2'),
      oneWorker: node('cluster.cjs', 'fully_connected', '1'),
      oneProcess: node('cluster.cjs', 'fully_connected', '0'),
    },
    peers: { tensorflowTwoWorkers: python('tensorflow', 'tensorflow_cluster.py', 'fully_connected', '2') },
  },
  embedding: table('20000', 'sparse', '1000'),
  largeEmbedding: table('2000000', 'sparse', '1000'),
  denseEmbedding: table('2000000', 'dense', '3'),
  eventFiles: {
    rate: 'eventsPerSecond',
    unit: 'scalar events',
    ours: { scalar: node('eventWriter.cjs', 'scalar'), addSummary: node('eventWriter.cjs', 'addSummary') },
    peers: { tfjsNode: node('eventWriter.cjs', 'tfjsNode') },
  },
};

function network(name) {
  const ours = (mode) => node('library.cjs', name, mode, steps[name]);
  return {
    rate: 'stepsPerSecond',
    unit: 'steps',
    ours: { sync: ours('sync'), awaited: ours('awaited'), preloaded: ours('preloaded') },
    limit: ours('constant'),
    peers: {
      tensorflowSession: python('tensorflow', 'tensorflow_session.py', name, steps[name]),
      torchEager: python('torch', 'torch_eager.py', name, steps[name]),
      tfjsNode: node('tfjs.cjs', name, String(Math.ceil(steps[name] / 4))),
    },
  };
}

function table(...parameters) {
  return {
    rate: 'stepsPerSecond',
    unit: `steps with ${Number(parameters[0]).toLocaleString('en-US')} rows, ${parameters[1]} gradients`,
    ours: { sync: node('embedding.cjs', ...parameters) },
    peers: { tensorflowSession: python('tensorflow', 'tensorflow_embedding.py', ...parameters) },
  };
}

/** What is measured by itself: each prints what it measured. */
const singles = {
  package: node('package.mjs'),
  server: node('server.cjs'),
  kernel: node('kernel.mjs', ROUNDS),
  notebook: node('notebook.mjs', ROUNDS),
  liveChart: node('liveChart.cjs'),
  search: node('search.cjs'),
  pad: node('pad.mjs', ROUNDS),
};

const names = [...Object.keys(comparisons), ...Object.keys(singles)];
const { only, rounds, json, list } = commandLine(import.meta.url, {
  options: {
    only: { type: 'string', default: names.join(',') },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
  check({ values }) {
    const only = values.only.split(',');
    const unknown = only.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`there is no comparison '${unknown}'; there are ${names.join(', ')}`);
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new Error(`--rounds is a whole number from 1 on, not ${values.rounds}`);
    return { ...values, only, rounds };
  },
});
if (list) console.log(names.join('\n'));
else {
  const results = {};
  for (const name of only) {
    if (name in singles) {
      results[name] = run(singles[name]);
      if (!json) console.log(`\n${singleReport(name, results[name])}`);
    } else {
      results[name] = compare(comparisons[name]);
      if (!json) console.log(`\n${report(name, results[name])}`);
    }
  }
  if (json) console.log(JSON.stringify(results, null, 2));
}

/** The rates of all programs, round by round; of one that is absent or fails, the reason. */
function compare({ rate, unit, ours, limit, peers }) {
  const programs = { ...ours, ...(limit && { limit }), ...peers };
  const rates = {};
  const details = {};
  const missing = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of Object.entries(programs)) {
      if (name in missing) continue;
      const { [rate]: value, ...rest } = run(program);
      if (value === undefined) {
        missing[name] = rest.absent ?? rest.failed;
        delete rates[name];
      } else {
        rates[name] = [...(rates[name] ?? []), value];
        details[name] = rest;
      }
    }
  }
  return { unit, rates, ours: Object.keys(ours), details, missing };
}

function run({ program, module, script, parameters }) {
  const found = program ?? pythonWith(module);
  if (found === undefined) return { absent: `no Python here has ${module}` };
  console.error(`bench: ${[script, ...parameters].join(' ')}`);
  const given = parameters.map((parameter) => (parameter === ROUNDS ? String(rounds) : parameter));
  const { status, error, stdout, stderr } = spawnSync(found, [path.join(folder, script), ...given], {
    encoding: 'utf8',
    timeout: 900_000,
  });
  if (error) return { failed: error.message };
  if (status !== 0) return { failed: stderr.trim().split('\n').slice(-3).join('\n') };
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function pythonWith(module) {
  const look = `import importlib.util as u, sys; sys.exit(u.find_spec('${module}') is None)`;
  return pythons.find((program) => spawnSync(program, ['-c', look]).status === 0);
}
