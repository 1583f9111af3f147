import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { repetitions } from '../../lib/src/testing/repetitions';

const STEPS = repetitions(3_000, 20_000);

/** Between the medians of the first and of the second half of a round, in bytes: a leak of 800 bytes a step is seen, or of 4,000 every day: each tensor of a batch is larger. */
const ALLOWED_GROWTH = repetitions(6e6, 8e6);

describe('the memory of the process', () => {
  it.each(
    [
      ['sync', '1'],
      ['async', '1'],
      ['sync', '0'],
      ['async', '0'],
    ].slice(0, repetitions(2, 4)),
  )(
    `stays flat over ${STEPS} %s steps with TF_ENABLE_ONEDNN_OPTS=%s`,
    async (mode, oneDnn) => {
      const script = path.join(__dirname, 'steps.cjs');
      const env = { ...process.env, TF_ENABLE_ONEDNN_OPTS: oneDnn };
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--expose-gc', script, String(mode), String(STEPS), String(ALLOWED_GROWTH)],
        { env },
      );
      const growths = JSON.parse(stdout) as number[];
      expect(growths.at(-1)).toBeLessThan(ALLOWED_GROWTH);
    },
    300_000,
  );
});
