import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { take } from '../shared/folderLock.cjs';
import { withLock } from './lock.mjs';

let folder;
let lock;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
  lock = path.join(folder, 'lock');
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Leaves the lock as the holder of a name would, after a change of the name. */
function hold(change = (name) => name, content = '') {
  const { name } = take(lock);
  const file = path.join(lock, change(name));
  renameSync(path.join(lock, name), file);
  writeFileSync(file, content);
}

const deadProcess = () => spawnSync(process.execPath, ['-e', '']).pid;
const dead = (name) => name.replace(/^\d+/, deadProcess());
const elsewhere = (name) => name.replace(/\.[\w-]*$/, '.another-machine');

/** Whether the lock is got within 1.5 seconds. */
async function isFree() {
  const got = withLock(lock, async () => 'free');
  const answer = await Promise.race([got, sleep(1500, 'held')]);
  rmSync(lock, { recursive: true, force: true });
  await got;
  return answer === 'free';
}

describe('withLock', () => {
  it('gives what the work gives and is free afterwards, also when the work fails', async () => {
    expect(await withLock(lock, async () => 1)).toBe(1);
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });

  it('lets processes in one at a time, after one that was killed too', async () => {
    hold(dead);
    const log = path.join(folder, 'log');
    const script = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { withLock } from ${JSON.stringify(new URL('lock.mjs', import.meta.url).href)};
      await withLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, 'in ');
        await sleep(50);
        appendFileSync(${JSON.stringify(log)}, 'out ');
      });`;
    const children = Array.from({ length: 5 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(5));
  });

  it('waits while any process that the lock names lives', async () => {
    hold(dead, `-${deadProcess()} ${process.pid}`);
    expect(await isFree()).toBe(false);
  });

  it('waits for another machine, and says for what and what to delete', async () => {
    hold(elsewhere);
    expect(await isFree()).toBe(false);
    expect(console.error).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/another-machine.*delete .*lock$/));
  });

  it('takes a lock over that has shown no life for long', async () => {
    hold(elsewhere);
    utimesSync(path.join(lock, readdirSync(lock)[0]), 0, 0);
    expect(await isFree()).toBe(true);
  });

  it('takes the place of the file that older versions made', async () => {
    writeFileSync(lock, '');
    expect(await isFree()).toBe(true);
  });
});
