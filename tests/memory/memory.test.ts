import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const STEPS = 20_000;

/** What an allocator may keep for itself; one leaked batch a step would be 6 GB. */
const ALLOWED_GROWTH = 24e6;

describe('the memory of the process', () => {
  it.each([
    ['sync', '1'],
    ['sync', '0'],
    ['async', '1'],
    ['async', '0'],
  ])(
    `stays flat over ${STEPS} %s steps with TF_ENABLE_ONEDNN_OPTS=%s`,
    async (mode, oneDnn) => {
      const script = path.join(__dirname, 'steps.cjs');
      const env = { ...process.env, TF_ENABLE_ONEDNN_OPTS: oneDnn };
      const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, mode, String(STEPS)], {
        env,
      });
      const { before, after } = JSON.parse(stdout) as { before: number; after: number };
      expect(after - before).toBeLessThan(ALLOWED_GROWTH);
    },
    180_000,
  );
});
