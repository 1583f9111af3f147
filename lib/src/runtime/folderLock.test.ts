import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holderOf, nameFor, ownerOf, release, take } from '../../shared/folderLock.cjs';
import { repetitions } from '../testing/repetitions';
import { NotFoundError, PermissionDeniedError } from './errors';
import { checkFolderIsFree, FolderInUseError, lockFolder } from './folderLock';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lock-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const algorithm = path.join(__dirname, '..', '..', 'shared', 'folderLock.cjs');

/** Leaves the lock as if the holder's name had been another one; gives that. */
function hold(change: (name: string) => string, of = folder): string {
  const own = take(path.join(of, 'lock')).name!;
  const name = change(own);
  fs.renameSync(path.join(of, 'lock', own), path.join(of, 'lock', name));
  return name;
}

const ofProcess = (pid: number) => (name: string) => name.replace(/^\d+\.\d*/, `${pid}.`);
const ended = () => ofProcess(spawnSync(process.execPath, ['-e', '']).pid);
const elsewhere = (name: string) => name.replace(/\.[\w-]*$/, '.another-machine');

/** Takes the folder and lets it go. */
async function isFree(of = folder): Promise<boolean> {
  (await lockFolder(of, 'a test'))();
  return true;
}

describe('the lock of a folder', () => {
  it('is held once, until it is let go', async () => {
    const unlock = await lockFolder(folder, 'a training');
    await expect(lockFolder(folder, 'a training')).rejects.toThrow(FolderInUseError);
    await expect(lockFolder(folder, 'a search')).rejects.toThrow(
      `${folder} is in use by a training, in this process; if that is not so, remove ${lock}`,
    );
    expect(() => checkFolderIsFree(folder, [])).toThrow(FolderInUseError);
    checkFolderIsFree(folder, [process.pid]);
    unlock();
    checkFolderIsFree(folder, []);
    expect(await isFree()).toBe(true);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('holds as long as the process does, whichever way that ends', async () => {
    const child = spawn(process.execPath, [
      '-e',
      `require('${algorithm}').take('${lock}'); setInterval(() => {}, 1000)`,
    ]);
    while (!holderOf(lock)) await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(isFree()).rejects.toThrow(`in process ${child.pid};`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isFree()).toBe(true);
  });

  it('does not hold for an earlier process with the number of one that runs', async () => {
    hold((name) => name.replace(/^(\d+)\.\d*/, '$1.1'));
    expect(await isFree()).toBe(true);
  });

  it('does not hold in a copy of the folder, and holds where the folder is moved to', async () => {
    const unlock = await lockFolder(folder, 'a training');
    const copy = `${folder}-copy`;
    fs.cpSync(folder, copy, { recursive: true });
    (await lockFolder(copy, 'a training'))();
    fs.rmSync(copy, { recursive: true });
    const moved = `${folder}-moved`;
    fs.renameSync(folder, moved);
    await expect(lockFolder(moved, 'a training')).rejects.toThrow(FolderInUseError);
    fs.renameSync(moved, folder);
    unlock();
  });

  it('holds for a process of another machine as long as that shows that it lives, whatever the clocks say', async () => {
    const silent = path.join(folder, 'silent');
    fs.mkdirSync(silent);
    for (const one of [folder, silent]) {
      const name = hold(elsewhere, one);
      if (one === folder) await expect(isFree()).rejects.toThrow(`in process ${process.pid} of another-machine;`);
      fs.utimesSync(path.join(one, 'lock', name), 0, 0);
    }
    const beats = setInterval(() => fs.writeFileSync(path.join(lock, fs.readdirSync(lock)[0]!), ''), 1000);
    const [held, free] = await Promise.allSettled([isFree(), isFree(silent)]);
    clearInterval(beats);
    expect(held).toMatchObject({ status: 'rejected', reason: expect.any(FolderInUseError) });
    expect(free).toEqual({ status: 'fulfilled', value: true });
  }, 60_000);

  it('leaves what it does not know alone', async () => {
    fs.mkdirSync(lock);
    fs.writeFileSync(path.join(lock, 'mine'), 'precious');
    await expect(isFree()).rejects.toThrow(`${folder} can't be taken: ${lock} is in the way`);
    expect(fs.readFileSync(path.join(lock, 'mine'), 'utf8')).toBe('precious');
  });

  it('needs a folder in which it can be made', async () => {
    await expect(lockFolder(path.join(folder, 'none'), 'a test')).rejects.toThrow(NotFoundError);
    if (process.getuid?.() === 0) return; // root may write everywhere
    fs.chmodSync(folder, 0o500);
    await expect(isFree()).rejects.toThrow(PermissionDeniedError);
  });

  it('clears what killed processes left on the way to it', () => {
    fs.mkdirSync(`${lock}.${ended()(nameFor(folder))}`);
    fs.mkdirSync(`${lock}.${nameFor(folder)}`);
    release(lock, take(lock).name!);
    expect(fs.readdirSync(folder).map((name) => ownerOf(name.slice('lock.'.length), folder)?.state)).toEqual(['lives']);
  });

  it('of a killed process goes to one of many that want it at once', async () => {
    const contender = `
      const fs = require('node:fs');
      const { take, release } = require(process.argv[1]);
      const [lock, inside, log] = process.argv.slice(2);
      const { name } = take(lock);
      if (name) {
        let alone = 'alone';
        try { fs.mkdirSync(inside); } catch { alone = 'together'; }
        fs.appendFileSync(log, alone + ' ');
        for (const end = Date.now() + 20; Date.now() < end; );
        fs.rmdirSync(inside);
        release(lock, name);
      }`;
    const log = path.join(folder, 'log');
    const rounds = repetitions(1, 25);
    for (let round = 0; round < rounds; round++) {
      hold(ended());
      const children = Array.from({ length: repetitions(16, 40) }, () =>
        spawn(process.execPath, ['-e', contender, algorithm, lock, path.join(folder, 'inside'), log]),
      );
      await Promise.all(children.map((child) => once(child, 'exit')));
    }
    const entries = fs.readFileSync(log, 'utf8').trim().split(' ');
    expect(entries.length).toBeGreaterThanOrEqual(rounds);
    expect(new Set(entries)).toEqual(new Set(['alone']));
    expect(fs.readdirSync(folder)).toEqual(['log']);
  }, 1_800_000);
});
