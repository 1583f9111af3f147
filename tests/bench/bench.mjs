/**
 * npm run bench: steps per second of two networks and of tables of embeddings, and scalar events a second of writers of event files, with
 * the library and its peers, one after the other in processes of their own; and what the kernel, a live chart and a search cost.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const pythons = (process.env.TF_MECHANICS_PYTHON ?? 'python3').split(path.delimiter);
const steps = { fully_connected: 4000, convolutional: 120 };

const networks = {};
for (const net of Object.keys(steps)) {
  const library = { sync: node('library.cjs', net, 'sync'), async: node('library.cjs', net, 'async') };
  const peers = {
    tensorflowSession: python('tensorflow', 'tensorflow_session.py', net, String(steps[net])),
    torchEager: python('torch', 'torch_eager.py', net, String(steps[net])),
    tfjsNodeEager: node('tfjs.cjs', net),
  };
  networks[net] = { library, peers, ratios: ratios(library, peers, 'stepsPerSecond') };
}
const tables = {};
for (const [name, ...parameters] of [
  ['twentyThousandRows', '20000', 'sparse', '1000'],
  ['twoMillionRows', '2000000', 'sparse', '1000'],
  ['twoMillionRowsDense', '2000000', 'dense', '3'],
]) {
  const library = { sync: node('embedding.cjs', ...parameters) };
  const peers = { tensorflowSession: python('tensorflow', 'tensorflow_embedding.py', ...parameters) };
  tables[name] = { library, peers, ratios: ratios(library, peers, 'stepsPerSecond') };
}
const library = { scalar: node('eventWriter.cjs', 'scalar'), addSummary: node('eventWriter.cjs', 'addSummary') };
const peers = { tfjsNode: node('eventWriter.cjs', 'tfjsNode') };
const eventFiles = { library, peers, ratios: ratios(library, peers, 'eventsPerSecond') };
const notebook = { kernel: node('kernel.mjs'), liveChart: node('liveChart.cjs') };
const search = node('search.cjs');
console.log(JSON.stringify({ ...networks, tables, eventFiles, notebook, search }, null, 2));

function node(script, ...parameters) {
  return run(process.execPath, [path.join(folder, script), ...parameters]);
}

function python(module, script, ...parameters) {
  const found = pythons.find(
    (program) =>
      spawnSync(program, ['-c', `import importlib.util as u, sys; sys.exit(u.find_spec('${module}') is None)`])
        .status === 0,
  );
  if (found === undefined) return { absent: `no Python here has ${module}` };
  return run(found, [path.join(folder, script), ...parameters]);
}

function run(program, parameters) {
  console.error(
    `bench: ${[path.basename(program), ...parameters.map((parameter) => path.basename(parameter))].join(' ')}`,
  );
  const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8', timeout: 300_000 });
  if (status !== 0) return { failed: stderr.trim().split('\n').slice(-3).join('\n') };
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** How many times as fast as each peer the library is. */
function ratios(library, peers, rate) {
  const result = {};
  for (const [mode, ours] of Object.entries(library)) {
    for (const [peer, measured] of Object.entries(peers)) {
      if (ours[rate] && measured[rate])
        result[`${mode}/${peer}`] = Math.round((ours[rate] / measured[rate]) * 100) / 100;
    }
  }
  return result;
}
