/**
 * What a kernel costs: ours beside ipykernel and Deno's, where they are there (`npm start` puts ipykernel into .venv, `npm run runtimes -- deno`
 * Deno into .cache). Each round starts every kernel once, one after the other; times are milliseconds.
 *
 * node tests/bench/kernel.mjs [rounds] [another checkout, whose kernel is measured, too]
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { installed } from '../runtimes/installed.mjs';
import { KernelClient, memory } from './kernelClient.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
const CELLS = 40;
/** Milliseconds between a kernel's first cell and the next. */
const READING = 3_000;
/** Stands for the connection file. */
const FILE = '{file}';

const [, , , other] = process.argv;
const python = path.join(root, '.venv', 'bin', 'python');
const deno = installed('deno').program;

/** How each kernel is started, and the cells with which it does what the others do. */
const kernels = {
  ours: {
    ...kernelOf(root),
    // The first cell of notebook 01.
    importCell:
      "import { data, graphView, liveChart, mnist, plot, progress, runDirectory, tensorboard, tf } from 'tf-mechanics';",
    expression: (i) => `${i} + 1`,
    declaration: (i) => `const x = ${i};`,
    lines: "for (let i = 0; i < 10_000; i++) console.log('line ' + i);",
    // Each is another figure: no one may have kept its picture.
    figure: (i) => `plot.curves({ loss: [2.3, 1.1, ${i}] })`,
    training: `const chart = liveChart({ yLabel: 'loss' });
for (let step = 0; step < 500; step++) await chart.add(step, { loss: 1 / (1 + step) });
console.log('over at ' + (performance.timeOrigin + performance.now()));`,
  },
  ipykernel: {
    command: existsSync(python) && [python, '-Xfrozen_modules=off', '-m', 'ipykernel_launcher', '-f', FILE],
    absent: 'there is no .venv: npm start makes it',
    importCell: 'import numpy as np',
    expression: (i) => `${i} + 1`,
    declaration: (i) => `x = ${i}`,
    lines: "for i in range(10_000): print('line', i)",
  },
  deno: {
    command: existsSync(deno) && [deno, 'jupyter', '--kernel', '--conn', FILE],
    absent: 'npm run runtimes -- deno installs it',
    importCell: "import { readFile } from 'node:fs/promises';",
    expression: (i) => `${i} + 1`,
    declaration: (i) => `let x${i} = ${i};`,
    lines: "for (let i = 0; i < 10_000; i++) console.log('line ' + i);",
  },
};

if (other) kernels.other = { ...kernels.ours, ...kernelOf(path.resolve(other)) };

const results = {};
for (const [name, { command, absent }] of Object.entries(kernels)) results[name] = command ? {} : { absent };
for (let round = 0; round < rounds; round++) {
  for (const [name, kernel] of Object.entries(kernels)) {
    if (!kernel.command) continue;
    const times = { ...(await measured(kernel)), importAtOnce: [await importAtOnce(kernel)] };
    for (const [measure, values] of Object.entries(times))
      results[name][measure] = [...(results[name][measure] ?? []), ...values];
  }
}
console.log(JSON.stringify(results));

/** How the kernel of a checkout of this repository is started. */
function kernelOf(folder) {
  return {
    command: [process.execPath, path.join(folder, 'kernel', 'dist', 'main.js'), FILE],
    cwd: path.join(folder, 'notebooks'),
  };
}

/** A life in which a cell that imports follows the first one without a pause: milliseconds until it is answered. */
async function importAtOnce({ importCell, ...how }) {
  const kernel = await launched(how);
  try {
    await reply(kernel, '1 + 1');
    return await reply(kernel, importCell);
  } finally {
    await kernel.shutDown();
  }
}

function launched({ command, cwd = path.join(root, 'notebooks') }) {
  return KernelClient.launch({ command: (file) => command.map((part) => (part === FILE ? file : part)), cwd });
}

/** One life of a kernel. */
async function measured({ importCell, expression, declaration, lines, figure, training, ...how }) {
  const times = { ready: [], firstCell: [], importCell: [], expression: [], declaration: [] };
  const begin = performance.now();
  const kernel = await launched(how);
  try {
    await kernel.request('shell', 'kernel_info_request', {});
    times.ready.push(performance.now() - begin);
    await reply(kernel, '1 + 1');
    times.firstCell.push(performance.now() - begin); // from the start of the process, too
    await sleep(READING); // as long as somebody takes to come to the next cell
    times.importCell.push(await reply(kernel, importCell));
    for (let i = 0; i < CELLS; i++) times.expression.push(await reply(kernel, expression(i)));
    for (let i = 0; i < CELLS; i++) times.declaration.push(await reply(kernel, declaration(i)));
    times.tenThousandLines = [(await ended(kernel, lines)).idle];
    if (figure) {
      const first = await ended(kernel, figure(0));
      times.firstFigure = [first.reply];
      times.firstStill = [first.still];
      const later = [];
      for (let i = 1; i <= 5; i++) later.push(await ended(kernel, figure(i)));
      times.laterFigure = later.map(({ reply }) => reply);
      times.laterStill = later.map(({ still }) => still);
    }
    if (training) {
      await ended(kernel, training.replace('500', '5')); // compiled and loaded
      const { over, end } = await ended(kernel, training);
      times.endOfTraining = [end - over];
    }
    times.memoryInMB = [memory(kernel.process.pid)];
    return times;
  } finally {
    await kernel.shutDown();
  }
}

/** Milliseconds until a cell is answered. */
async function reply(kernel, code) {
  const begin = performance.now();
  const { reply } = await kernel.send('shell', 'execute_request', { code, silent: false, allow_stdin: true });
  checkOk(code, (await reply).content);
  return performance.now() - begin;
}

/** When a cell was answered, when its picture was there, and when all was said about it, in milliseconds from its beginning. */
async function ended(kernel, code) {
  const begin = performance.now();
  let still;
  const stop = kernel.onMessage(({ content }) => {
    if (content.data?.['image/png']) still = performance.now() - begin;
  });
  const { done, reply: answer } = await kernel.begin(code, { allow_stdin: true }); // as a page does
  const replied = answer.then(() => performance.now());
  const { reply, stdout } = await done;
  const idle = performance.now() - begin;
  stop();
  checkOk(code, reply);
  const end = await replied;
  const over = Number(/over at ([\d.]+)/.exec(stdout)?.[1]);
  return { reply: end - begin, still, idle, over, end: performance.timeOrigin + end };
}

function checkOk(code, { status, evalue }) {
  if (status !== 'ok') throw new Error(`${code}: ${evalue}`);
}
