import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FailedPreconditionError, NotFoundError } from '../runtime/errors';
import { lockFolder, waitForEnd } from './folderLock';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lock-'));
  file = path.join(folder, 'search.pid');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

it('is held once, until it is let go', () => {
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(FailedPreconditionError);
  expect(() => lockFolder(folder)).toThrow(`a search is running in ${folder}, in process ${process.pid}; if that is`);
  unlock();
  lockFolder(folder)();
  expect(fs.readdirSync(folder)).toEqual([]);
});

it('of another process holds as long as that runs', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  fs.writeFileSync(file, String(child.pid));
  expect(() => lockFolder(folder)).toThrow(`in process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockFolder(folder)();
});

it('of an earlier process with the number of this one does not hold', () => {
  fs.writeFileSync(file, String(process.pid));
  lockFolder(folder)();
});

it('of a process that was killed before it had said its number does not hold', () => {
  fs.writeFileSync(file, '');
  lockFolder(folder)();
});

it('needs a folder', () => {
  expect(() => lockFolder(path.join(folder, 'none'))).toThrow(NotFoundError);
});

it('waits for processes that run, and not for those that have ended', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300)']);
  const exit = once(child, 'exit');
  await waitForEnd([pid, child.pid!]);
  expect(fs.existsSync(`/proc/${child.pid}/exe`)).toBe(false);
  await exit;
  const start = Date.now();
  await waitForEnd([pid]);
  expect(Date.now() - start).toBeLessThan(500);
});
