import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { waitForEnd } from './waitForEnd';

it('waits for processes that run, and not for those that have ended', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const child = spawn('sleep', ['0.3']);
  const exit = once(child, 'exit');
  await waitForEnd([pid, child.pid!]);
  expect(fs.existsSync(`/proc/${child.pid}/exe`)).toBe(false);
  await exit;
  // Nothing waits for a timer where all have ended.
  const ended = waitForEnd([pid]).then(() => 'at once');
  expect(await Promise.race([ended, new Promise((resolve) => setImmediate(resolve, 'later'))])).toBe('at once');
});
