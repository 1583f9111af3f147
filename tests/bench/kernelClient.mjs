/** What benchmarks of the kernel share. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const KernelClient = loadClient();

/** Megabytes that a process has in memory; undefined where it isn't told. */
export function memory(pid) {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))[1]) / 1024);
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
