import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDirectory } from './runDirectory';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'runs-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('runDirectory', () => {
  it('makes a new folder at every call', () => {
    const folders = [1, 2, 3].map(() => path.relative(parent, runDirectory(parent, 'mnist')));
    expect(folders).toEqual(['mnist-1', 'mnist-2', 'mnist-3']);
    expect(readdirSync(parent)).toEqual(folders);
  });

  it('makes the folder of all runs, too', () => {
    expect(existsSync(runDirectory(path.join(parent, 'a', 'b'), 'run'))).toBe(true);
  });

  it('gives the same folder without what the last run left there, where none is to be fresh', () => {
    const folder = runDirectory(parent, 'mnist', { fresh: false });
    const left = ['events.out.tfevents.1.host', 'checkpoint', 'model.ckpt-5.index', 'model.ckpt-5.meta'];
    for (const file of [...left, 'model.ckpt-5.data-00000-of-00001', 'notes.txt'])
      writeFileSync(path.join(folder, file), '');
    expect(runDirectory(parent, 'mnist', { fresh: false })).toBe(folder);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });

  it('refuses a name that leads elsewhere', () => {
    for (const name of ['', '.', '..', 'a/b'])
      expect(() => runDirectory(parent, name)).toThrow(`expected the name of a folder, got '${name}'`);
  });
});
