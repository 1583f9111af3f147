import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Graph } from '../graph/graph';
import { globalVariablesInitializer, Variable } from '../ops/variables';
import { Session } from '../session';
import { checkpointExists, getCheckpointMtimes, PendingCheckpoint, removeCheckpoint } from './checkpointFiles';
import { Saver } from './saver';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'checkpoints-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a checkpoint is there with the time of its writing, until it is removed with all its files', () => {
  const prefix = path.join(folder, 'model.ckpt');
  new Graph().asDefault(() => {
    new Variable([1, 2]);
    const session = new Session();
    session.runSync(globalVariablesInitializer());
    expect(checkpointExists(prefix)).toBe(false);
    new Saver().saveSync(session, prefix);
  });
  expect(checkpointExists(prefix)).toBe(true);
  const [time] = getCheckpointMtimes([prefix, path.join(folder, 'nothing')]);
  expect(Math.abs(Date.now() / 1000 - time!)).toBeLessThan(60);
  removeCheckpoint(prefix);
  expect([checkpointExists(prefix), existsSync(`${prefix}.index`)]).toEqual([false, false]);
  expect(readdirSync(folder)).toEqual(['checkpoint']);
});

it('a checkpoint that another machine has written to a disk of its own is missed, in a word', async () => {
  const pending = new PendingCheckpoint(path.join(folder, 'model.ckpt'));
  const message = `not on this machine, where '${folder}' lies: the tasks of a cluster need a folder that all of them share`;
  await expect(pending.flush()).rejects.toThrow(message);
  expect(() => pending.flushSync()).toThrow(message);
  pending.clear();
});
