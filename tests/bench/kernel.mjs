/** What the kernel costs: from its start to its first answer, and what a cell takes beside its own work, in milliseconds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const starts = 5;
const cells = 60;

const KernelClient = loadClient();
const times = { ready: [], firstCell: [], importCell: [], expression: [], declaration: [], print20000Lines: [] };
for (let start = 0; start < starts; start++) {
  const begin = performance.now();
  const kernel = await KernelClient.start({ cwd: path.join(root, 'notebooks') });
  times.ready.push(performance.now() - begin);
  await kernel.run('1 + 1');
  times.firstCell.push(performance.now() - begin);
  times.importCell.push(await timed(kernel, "import { tf } from 'tf-mechanics';"));
  for (let i = 0; i < cells; i++) times.expression.push(await timed(kernel, `${i} + 1`));
  for (let i = 0; i < cells; i++) times.declaration.push(await timed(kernel, `const x = ${i};`));
  times.print20000Lines.push(await timed(kernel, "for (let i = 0; i < 20_000; i++) console.log('line ' + i);"));
  await kernel.shutDown();
}
console.log(JSON.stringify(Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))));

async function timed(kernel, code) {
  const begin = performance.now();
  const { reply } = await kernel.run(code);
  if (reply.status !== 'ok') throw new Error(`${code}: ${reply.evalue}`);
  return performance.now() - begin;
}

function median(values) {
  return Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] * 10) / 10;
}

/** The client of the kernel's tests, which is TypeScript. */
function loadClient() {
  const folder = mkdtempSync(path.join(root, '.cache', 'bench-'));
  try {
    const outfile = path.join(folder, 'client.cjs');
    buildSync({
      entryPoints: [path.join(root, 'kernel', 'src', 'testing', 'client.ts')],
      bundle: true,
      platform: 'node',
      external: ['zeromq'],
      // The client finds the kernel from where its source lies.
      define: { __dirname: JSON.stringify(path.join(root, 'kernel', 'src', 'testing')) },
      outfile,
    });
    return createRequire(outfile)(outfile).KernelClient;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
