/**
 * What notebook 01 takes as a whole: the time of its cells, and the memory of the kernel when all have run, and a while after.
 *
 * node tests/bench/notebook.mjs [rounds]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KernelClient, memory } from './kernelClient.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
/** How long after the last cell the memory is looked at again, in milliseconds. */
const LATER = 15_000;

const { cells } = JSON.parse(readFileSync(path.join(root, 'notebooks', '01-mechanics-101.ipynb'), 'utf8'));
const codes = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
const results = { seconds: [], memoryInMB: [], memoryLaterInMB: [] };
for (let round = 0; round < rounds; round++) {
  const folder = mkdtempSync(path.join(root, '.cache', 'bench-'));
  try {
    for (const name of ['notebooks', 'summaries']) mkdirSync(path.join(folder, name));
    symlinkSync(path.join(root, 'data'), path.join(folder, 'data'));
    await measure(path.join(folder, 'notebooks'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
console.log(JSON.stringify({ kernel: results }));

async function measure(cwd) {
  const kernel = await KernelClient.start({ cwd });
  try {
    const begin = performance.now();
    // TensorBoard is a process of its own.
    for (const code of codes.filter((code) => !code.includes('await tensorboard('))) {
      const { reply } = await kernel.run(code, { allow_stdin: true });
      if (reply.status !== 'ok') throw new Error(`${code}: ${reply.evalue}`);
    }
    results.seconds.push((performance.now() - begin) / 1000);
    results.memoryInMB.push(memory(kernel.process.pid));
    await sleep(LATER);
    results.memoryLaterInMB.push(memory(kernel.process.pid));
  } finally {
    await kernel.shutDown();
  }
}
