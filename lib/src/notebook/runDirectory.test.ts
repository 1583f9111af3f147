import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileWriter, readHParams } from '../tf/summary';
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

describe('runDirectory with a configuration', () => {
  const made = (config: object, options = {}) =>
    path.relative(parent, runDirectory(parent, 'mnist', { config, ...options }));

  it('calls a run by what differs from the runs of its name that are there', () => {
    const flags = { learningRate: 0.01, hidden1: 128, freshRun: true };
    expect(made(flags)).toBe('mnist-1');
    expect(made({ ...flags, learningRate: 0.1 })).toBe('mnist-2-lr=0.1');
    expect(made({ ...flags, hidden1: 512 })).toBe('mnist-3-lr=0.01,hidden1=512');
    expect(runDirectory(parent, 'other', { config: flags })).toBe(path.join(parent, 'other-1'));
    expect(runDirectory(parent, 'mnist')).toBe(path.join(parent, 'mnist-4'));
  });

  it('never gives a number again that a run had', () => {
    const folders = [0.1, 0.2, 0.3].map((lr) => made({ lr }));
    expect(folders).toEqual(['mnist-1', 'mnist-2-lr=0.2', 'mnist-3-lr=0.3']);
    rmSync(path.join(parent, 'mnist-2-lr=0.2'), { recursive: true });
    expect(made({ lr: 0.4 })).toBe('mnist-4-lr=0.4');
  });

  it('keeps the configuration beside the events, and writes it for the HParams page', async () => {
    const folder = path.join(
      parent,
      made({ learningRate: 0.1, layers: [128, 32], optimizer: { name: 'adam' }, big: 5n }),
    );
    expect(JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'))).toMatchObject({
      run: 'mnist',
      config: { learningRate: 0.1, layers: [128, 32], optimizer: { name: 'adam' }, big: '5' },
    });
    expect(await readHParams(folder)).toEqual({
      learningRate: 0.1,
      layers: '[128,32]',
      'optimizer.name': 'adam',
      big: '5',
    });
  });

  it('replaces a run with all that is of it, where none is to be fresh', async () => {
    const folder = path.join(parent, made({ lr: 0.1 }, { fresh: false }));
    for (const part of ['train', 'other/run']) {
      await new FileWriter(path.join(folder, part)).close();
      if (part !== 'train') writeFileSync(path.join(folder, part, 'config.json'), '{"config":{}}');
    }
    writeFileSync(path.join(folder, 'notes.txt'), '');
    expect(made({ lr: 0.2 }, { fresh: false })).toBe('mnist');
    expect(await readHParams(folder)).toEqual({ lr: 0.2 });
    const events = readdirSync(folder, { recursive: true }).filter((file) => String(file).includes('tfevents'));
    expect(events.map((file) => path.dirname(String(file))).sort()).toEqual(['.', 'other/run']);
    expect(existsSync(path.join(folder, 'notes.txt'))).toBe(true);
    runDirectory(parent, 'mnist', { fresh: false });
    expect(existsSync(path.join(folder, 'config.json'))).toBe(false);
  });

  it('refuses what is none, and makes no folder for it', () => {
    const circular: { self?: object } = {};
    circular.self = circular;
    expect(() => made(circular)).toThrow("kept as JSON, which can't say it");
    expect(() => made([1])).toThrow('the configuration of a run is an object, not [ 1 ]');
    expect(() => made(1 as never)).toThrow('the configuration of a run is an object, not 1');
    expect(readdirSync(parent)).toEqual([]);
  });
});
