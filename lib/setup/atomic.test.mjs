import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  linkAtomic,
  processIsAlive,
  remove,
  sweep,
  temporaryName,
  withTemporaryFolder,
  writeFileAtomic,
} from './atomic.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'atomic-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The id of a process that has ended. */
const deadProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('writeFileAtomic', () => {
  it('writes a file, with its folders, and leaves nothing beside it', () => {
    const file = path.join(folder, 'a', 'b');
    writeFileAtomic(file, 'one');
    writeFileAtomic(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(path.dirname(file))).toEqual(['b']);
  });
});

describe('linkAtomic', () => {
  it('replaces a link, also one that leads nowhere', () => {
    const link = path.join(folder, 'link');
    linkAtomic('nowhere', link);
    linkAtomic('elsewhere', link);
    expect(readlinkSync(link)).toBe('elsewhere');
    expect(readdirSync(folder)).toEqual(['link']);
  });

  it('leaves a folder in its place alone', () => {
    const link = path.join(folder, 'link');
    mkdirSync(link);
    expect(() => linkAtomic('elsewhere', link)).toThrow();
    expect(readdirSync(folder)).toEqual(['link']);
  });
});

describe('withTemporaryFolder', () => {
  it('removes the folder when the work fails', async () => {
    const work = async (made) => {
      writeFileSync(path.join(made, 'half'), '');
      throw new Error('no');
    };
    await expect(withTemporaryFolder(path.join(folder, 'target'), work)).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('remove', () => {
  it('removes a folder with what is in it, and nothing where there is nothing', () => {
    writeFileAtomic(path.join(folder, 'a', 'b'), '');
    remove(path.join(folder, 'a'));
    remove(path.join(folder, 'a'));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('sweep', () => {
  it('removes what dead processes left, and nothing else', () => {
    const mine = temporaryName(path.join(folder, 'file'));
    const dead = mine.replace(`.${process.pid}.`, `.${deadProcess()}.`);
    const elsewhere = dead.replace(/file\.[\w-]+\./, 'file.another-machine.');
    const unrelated = path.join(folder, 'notes.tmp');
    for (const file of [mine, dead, elsewhere, unrelated]) writeFileSync(file, '');
    sweep(folder);
    expect([mine, dead, elsewhere, unrelated].map(existsSync)).toEqual([true, false, true, true]);
  });

  it('has nothing to do in a folder that is not there', () => {
    expect(() => sweep(path.join(folder, 'none'))).not.toThrow();
  });
});

describe('processIsAlive', () => {
  it('knows a process that runs and one that ended', () => {
    expect(processIsAlive(process.pid)).toBe(true);
    expect(processIsAlive(deadProcess())).toBe(false);
  });
});
