// In a process of its own: it replaces node:fs.
/** Whatever moment a program is killed at, the folder has a newest checkpoint, and that one is whole. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nameFor } from '../../../shared/folderLock.cjs';
import { ResourceExhaustedError } from '../../runtime/errors';
import { locateLibrary } from '../../runtime/locate';
import { compileLibrary } from '../../testing/compileLibrary';
import { repetitions } from '../../testing/repetitions';
import { Graph } from '../graph/graph';
import { group } from '../ops/control';
import { ones, zeros } from '../ops/creation';
import { assignAdd, Variable, variablesInitializer } from '../ops/variables';
import { Session } from '../session';
import { CheckpointReader } from './checkpointReader';
import { latestCheckpoint } from './checkpointState';
import { Saver } from './saver';

/** Called before each operation that changes a file or a folder, with its name and what it changes. */
const watcher = vi.hoisted(() => ({ before: (_name: string, _file: string) => {} }));

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  const watched = { ...original };
  for (const name of ['mkdirSync', 'writeFileSync', 'renameSync', 'linkSync', 'copyFileSync', 'rmSync'] as const) {
    const operation = original[name] as (...parameters: unknown[]) => unknown;
    Object.assign(watched, {
      [name]: (...parameters: unknown[]) => {
        watcher.before(name, String(parameters[0]));
        return operation(...parameters);
      },
    });
  }
  return watched;
});

let root: string;
let folder: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'saver-crash-'));
});
beforeEach(() => {
  watcher.before = () => {};
  folder = fs.mkdtempSync(path.join(root, 'run-'));
});
afterAll(() => {
  watcher.before = () => {};
  fs.rmSync(root, { recursive: true });
});

/** A variable that counts, and one whose every element has the same value. */
function build(sharded = false) {
  const graph = new Graph();
  return graph.asDefault(() => {
    const step = new Variable(0, { name: 'step', dtype: 'int64', trainable: false });
    const values = graph.device('/cpu:0', () => new Variable(zeros([1000]), { name: 'values' }));
    const next = group([assignAdd(step, 1), assignAdd(values, ones([1000]))]);
    const saver = new Saver([step, values], { maxToKeep: 2, saveRelativePaths: true, sharded });
    const session = new Session({ graph });
    session.runSync(variablesInitializer([step, values]));
    return { saver, session, step, next };
  });
}

/** The step of the newest checkpoint in a folder, all of which is checked. */
function newestStep(in_: string): number {
  const newest = latestCheckpoint(in_);
  if (newest === null) return 0;
  const reader = new CheckpointReader(newest);
  const step = Number(reader.getTensor('step').toArray());
  const values = reader.getTensor('values').data as Float32Array;
  expect(values.every((value) => value === step)).toBe(true);
  return step;
}

describe('at every operation on files', () => {
  it.each([
    ['with the step in its name', true, false],
    ['always under the same name', false, false],
    ['with the step in its name, in shards', true, true],
    ['always under the same name, in shards', false, true],
  ])('a checkpoint %s', (_, numbered, sharded) => {
    const { saver, session, step, next } = build(sharded);
    const target = path.join(folder, 'm');
    const moments: { name: string; snapshot: string; earliest: number; latest: number }[] = [];
    for (let i = 1; i <= 3; i++) {
      session.runSync(next);
      watcher.before = (name) => {
        const snapshot = path.join(root, `snapshot-${numbered}-${sharded}-${moments.length}`);
        fs.cpSync(folder, snapshot, { recursive: true });
        moments.push({ name, snapshot, earliest: i - 1, latest: i });
      };
      saver.saveSync(session, target, numbered ? { globalStep: step } : {});
      watcher.before = () => {};
    }
    expect(moments.length).toBeGreaterThan(numbered ? 8 : 20);
    expect(moments.map(({ name }) => name)).toContain(numbered ? 'rmSync' : 'linkSync');
    for (const { name, snapshot, earliest, latest } of moments) {
      const found = newestStep(snapshot);
      expect(found, name).toBeGreaterThanOrEqual(earliest);
      expect(found, name).toBeLessThanOrEqual(latest);
    }
    expect(fs.readdirSync(folder)).toHaveLength((numbered ? 7 : 4) + (sharded ? (numbered ? 2 : 1) : 0));
  });

  it('what a killed program left over is gone after the next save', () => {
    const { saver, session, next } = build();
    const target = path.join(folder, 'm');
    saver.saveSync(session, target);
    fs.writeFileSync(`${target}.index.tempstate123`, '');
    fs.writeFileSync(`${target}.data-00000-of-00001.tempstate456`, '');
    fs.writeFileSync(path.join(folder, 'checkpoint.123-0123abcd.tmp'), '');
    fs.writeFileSync(`${target}-8.data-00000-of-00001`, 'whose index was removed');
    const ended = nameFor(folder).replace(/^\d+/, String(spawnSync(process.execPath, ['-e', '']).pid));
    const begin = (name: string, owner: string) => {
      const pending = path.join(folder, `pending-${owner}`);
      fs.mkdirSync(pending);
      fs.writeFileSync(path.join(pending, 'target'), name);
      for (const file of [`${pending}/tensors`, path.join(folder, name)]) fs.writeFileSync(`${file}.index`, '');
    };
    begin('m-7', ended);
    begin('other-7', ended.replace(/[0-9a-f]{12}/, '0123456789ab'));
    begin('m-9', nameFor(folder));
    session.runSync(next);
    saver.saveSync(session, target);
    const others = /^pending-|^other|^m-9/; // those of another saver, and of one at work
    const names = fs.readdirSync(folder).sort();
    expect(names.filter((name) => others.test(name))).toEqual([
      'm-9.index',
      'other-7.index',
      expect.stringMatching(/^pending-/),
      expect.stringMatching(/^pending-/),
    ]);
    expect(names.filter((name) => !others.test(name))).toEqual([
      'checkpoint',
      'm.data-00000-of-00001',
      'm.index',
      'm.meta',
    ]);
    expect(newestStep(folder)).toBe(1);
  });
});

describe('when there is no room left', () => {
  it.each([true, false])('everything is as it was (another name: %s)', (numbered) => {
    const { saver, session, step, next } = build();
    const target = path.join(folder, 'm');
    saver.saveSync(session, target, numbered ? { globalStep: step } : {});
    const contents = () =>
      fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'hex')]);
    const before = contents();
    session.runSync(next);
    for (const full of [/\/target$/, /\/tensors\.meta\.[^/]*\.tmp$/, /\/checkpoint\.[^/]*\.tmp$/]) {
      watcher.before = (name, file) => {
        if (name !== 'writeFileSync' || !full.test(file)) return;
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      };
      const save = () => saver.saveSync(session, target, numbered ? { globalStep: step } : {});
      expect(save).toThrow(ResourceExhaustedError);
      expect(save).toThrow(/no space left/);
      expect(contents()).toEqual(before);
    }
    watcher.before = () => {};
    saver.saveSync(session, target, numbered ? { globalStep: step } : {});
    expect(newestStep(folder)).toBe(1);
  });
});

describe('at any moment', () => {
  /** The library as JavaScript, for a process of its own. */
  let library: string;
  beforeAll(() => {
    library = compileLibrary(root, ['runtime', 'protos', 'tf']);
  });

  it('with the same name in two programs at once, of which a third sees whole ones only', {
    timeout: 120_000,
  }, async () => {
    const program = (name: string) =>
      spawn(process.execPath, ['-e', PROGRAM, library, folder, name], {
        env: environment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const programs = [program('same'), program('same')];
    await Promise.all(programs.map((child) => once(child.stdout, 'data')));
    const graph = new Graph();
    graph.asDefault(() => {
      const step = new Variable(0, { name: 'step', dtype: 'int64' });
      const values = new Variable(zeros([100_000]), { name: 'values' });
      const saver = new Saver([step, values]);
      const session = new Session({ graph });
      for (let i = 0; i < repetitions(10, 300); i++) {
        saver.restoreSync(session, path.join(folder, 'm'));
        const [is, all] = session.runSync([step, values]);
        expect(all.data.every((value) => value === Number(is))).toBe(true);
      }
    });
    for (const child of programs) child.kill('SIGKILL');
    await Promise.all(programs.map((child) => once(child, 'exit')));
    const last = program('same');
    await once(last.stdout, 'data');
    last.kill('SIGKILL');
    await once(last, 'exit');
    expect(fs.readdirSync(folder).filter((name) => /^pending-/.test(name)).length).toBeLessThan(2);
    expect(newestStep(folder)).toBeGreaterThan(0);
  });

  it.each(['numbered', 'same'])('with %s names', { timeout: 120_000 }, async (names) => {
    const env = environment();
    let step = 0;
    for (let round = 0; round < repetitions(2, 20); round++) {
      const child = spawn(process.execPath, ['-e', PROGRAM, library, folder, names], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exit = once(child, 'exit');
      const [first] = await Promise.race([once(child.stdout, 'data'), exit]);
      expect(String(first)).toBe(`${step}\n`); // what it restored
      await new Promise((resolve) => setTimeout(resolve, 150 * Math.random()));
      child.kill('SIGKILL');
      expect(await exit).toEqual([null, 'SIGKILL']);
      const newest = newestStep(folder);
      expect(newest).toBeGreaterThan(step);
      step = newest;
    }
  });
});

/** What programs of the library as JavaScript need to know. */
const environment = () => ({
  ...process.env,
  TF_MECHANICS_LIBTENSORFLOW: path.dirname(locateLibrary().main),
});

/** Goes on from the newest checkpoint, and saves after every step, one way and the other; says so after the first time. */
const PROGRAM = `
  const [library, folder, names] = process.argv.slice(1);
  const { Graph } = require(library + '/tf/graph/graph');
  const { group } = require(library + '/tf/ops/control');
  const { ones, zeros } = require(library + '/tf/ops/creation');
  const { assignAdd, Variable, variablesInitializer } = require(library + '/tf/ops/variables');
  const { Session } = require(library + '/tf/session');
  const { latestCheckpoint } = require(library + '/tf/train/checkpointState');
  const { Saver } = require(library + '/tf/train/saver');
  const graph = new Graph();
  const { step, next, saver, init } = graph.asDefault(() => {
    const step = new Variable(0, { name: 'step', dtype: 'int64', trainable: false });
    const values = new Variable(zeros([100000]), { name: 'values' });
    const next = group([assignAdd(step, 1), assignAdd(values, ones([100000]))]);
    return { step, next, saver: new Saver([step, values], { maxToKeep: 2 }), init: variablesInitializer([step, values]) };
  });
  const session = new Session({ graph });
  const newest = latestCheckpoint(folder);
  if (newest) saver.restoreSync(session, newest);
  else session.runSync(init);
  const restored = session.runSync(step);
  const options = names === 'numbered' ? { globalStep: step } : {};
  (async () => {
    for (let i = 0; ; i++) {
      session.runSync(next);
      if (i % 2) await saver.save(session, folder + '/m', options);
      else saver.saveSync(session, folder + '/m', options);
      if (i === 0) process.stdout.write(restored + '\\n');
    }
  })();
`;
