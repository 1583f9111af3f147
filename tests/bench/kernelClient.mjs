/** What benchmarks of the kernel share. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const KernelClient = loadClient();

/**
 * Megabytes that a process has in memory, and those that it has begun, as a kernel has its compiler's; what several processes share is counted once.
 * Undefined where it isn't told.
 */
export function memory(pid) {
  const file = `/proc/${pid}/smaps_rollup`;
  if (!existsSync(file)) return undefined;
  const own = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(file, 'utf8'))[1]) / 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return Math.round(children.reduce((sum, child) => sum + (memory(child) ?? 0), own));
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
