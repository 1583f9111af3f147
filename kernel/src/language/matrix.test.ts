/** The table of today's TypeScript, feature by feature, in one kernel: what each cell gives, or how it is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CellRun, KernelClient } from '../testing/client';
import { type Row, table } from '../testing/languageCells';

// In a folder without packages: what cells have of Node is the kernel's own.
const folder = mkdtempSync(path.join(tmpdir(), 'matrix-'));
let kernel: KernelClient;

beforeAll(async () => {
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'matrix' }));
  writeFileSync(
    path.join(folder, 'own.ts'),
    `import { createRequire } from 'node:module';
    import path from 'node:path';
    import { fileURLToPath } from 'node:url';
    const require = createRequire(import.meta.url), __filename = fileURLToPath(import.meta.url), module = 5;
    const os = await import('node:os');
    export const known = [path.basename(__filename), typeof require('node:os').cpus, module, typeof os];`,
  );
  kernel = await KernelClient.start({ cwd: folder });
});
afterAll(async () => {
  await kernel.shutDown();
  rmSync(folder, { recursive: true });
});

for (const [topic, rows] of Object.entries(table))
  describe(topic, () => {
    for (const row of rows) it(row.feature, async () => expect(await outcomeOf(row)).toBe(expectedOf(row)));
  });

async function outcomeOf({ cells }: Row): Promise<string> {
  const [last = '', ...earlier] = [cells].flat().reverse();
  for (const cell of earlier.reverse()) expect((await kernel.run(cell)).reply).toMatchObject({ status: 'ok' });
  return outcome(await kernel.run(last));
}

function outcome({ reply, stdout, result = '' }: CellRun): string {
  if (reply.status === 'ok') return stdout + result;
  if (reply.ename !== 'TypeScriptError') return `${reply.ename}: ${reply.evalue}`;
  const objections = String(reply.evalue).split('\n');
  return objections
    .filter((line) => !line.startsWith('  '))
    .map((line) => line.replace(/^In\[\d+\]\((\d+),(\d+)\): error TS(\d+): /, '$1:$2 TS$3 '))
    .join('\n');
}

function expectedOf({ gives, error, needs: [condition, otherwise] = ['true', ''] }: Row): string | undefined {
  return new Function(`return ${condition}`)() ? (gives ?? error) : otherwise;
}
