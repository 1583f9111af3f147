import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type KeptCheckpoint, Retention } from './retention';

const START = 1_000_000;
beforeEach(() => void vi.useFakeTimers({ now: START * 1000, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** The checkpoint of a step, which is also when it was written, in hours from the start. */
const saved = (step: number): KeptCheckpoint => ({ prefix: `run/c-${step}`, time: START + step * 3600, order: step });
const stepsOf = (prefixes: readonly string[]) => prefixes.map((prefix) => Number(prefix.split('-').at(-1)));
const rule = (maxToKeep: number, keepCheckpointEveryNHours = 10_000) => ({ maxToKeep, keepCheckpointEveryNHours });

describe('what is kept of checkpoints', () => {
  it('are the newest; the oldest goes', () => {
    const retention = new Retention(rule(2));
    expect(retention.add(saved(1))).toEqual({ isFull: false, removable: [] });
    expect(retention.add(saved(2))).toEqual({ isFull: false, removable: [] });
    expect(retention.add(saved(3))).toEqual({ isFull: true, removable: ['run/c-1'] });
    expect(retention.prefixes).toEqual(['run/c-2', 'run/c-3']);
  });

  it('is everything where maxToKeep is 0, of which the state file names the newest alone', () => {
    const retention = new Retention(rule(0));
    for (const step of [1, 2, 3]) expect(retention.add(saved(step))).toEqual({ isFull: false, removable: [] });
    expect(retention.prefixes).toEqual([]);
    expect(retention.listWith(saved(4))).toEqual([]);
  });

  it('is besides one of every so many hours', () => {
    const retention = new Retention(rule(1, 3));
    const removed = Array.from({ length: 12 }, (_, step) => retention.add(saved(step + 1)).removable);
    expect(stepsOf(removed.flat())).toEqual([1, 2, 3, 5, 6, 8, 9, 11]); // 4, 7 and 10 are kept for good
  });

  it('counts the hours from when the saver was made, whatever is older', () => {
    const retention = new Retention(rule(1, 3));
    retention.add(saved(-5));
    expect(retention.add(saved(3)).removable).toEqual(['run/c--5']);
    expect(retention.add(saved(4)).removable).toEqual(['run/c-3']); // not above 3
    expect(retention.add(saved(5))).toEqual({ isFull: true, removable: [] });
  });

  it('is one of two of the same name, however its folder is written, and the one begun later stands last', () => {
    const retention = new Retention(rule(5));
    for (const step of [1, 3, 2]) retention.add(saved(step));
    expect(stepsOf(retention.prefixes)).toEqual([1, 2, 3]);
    retention.add({ ...saved(4), prefix: path.resolve('run/c-1') });
    expect(retention.prefixes).toEqual(['run/c-2', 'run/c-3', path.resolve('run/c-1')]);
  });

  it('is listed before the surplus is removed, and changes nothing by that', () => {
    const retention = new Retention(rule(2));
    for (const step of [1, 2]) retention.add(saved(step));
    expect(stepsOf(retention.listWith(saved(3)))).toEqual([1, 2, 3]);
    expect(stepsOf(retention.prefixes)).toEqual([1, 2]);
    // Until it has taken the place of the one before, it has another name.
    expect(retention.listWith({ ...saved(3), prefix: 'run/pending-x/tensors' }, 'run/c-2')).toEqual([
      'run/c-1',
      'run/pending-x/tensors',
    ]);
  });
});

describe('what others have named', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'retention-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  it('is removed in the folder of the new checkpoint only', () => {
    const retention = new Retention(rule(1));
    retention.tell([path.join(folder, 'elsewhere', 'c-1'), path.join(folder, 'c-2')]);
    const added = retention.add({ prefix: path.join(folder, 'c-3'), time: START, order: 1 });
    expect(added).toEqual({ isFull: true, removable: [path.join(folder, 'c-2')] });
  });

  it('is as old as its files', () => {
    const old = path.join(folder, 'c-1');
    fs.writeFileSync(`${old}.index`, '');
    fs.utimesSync(`${old}.index`, START + 4 * 3600, START + 4 * 3600);
    const retention = new Retention(rule(1, 3));
    retention.tell([old]);
    expect(retention.add({ prefix: path.join(folder, 'c-2'), time: START, order: 1 }).removable).toEqual([]);
  });
});
