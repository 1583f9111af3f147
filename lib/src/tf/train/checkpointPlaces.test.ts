/** Wherever a checkpoint is saved, every function finds it there, and nothing is touched anywhere else. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InvalidArgumentError, TensorFlowError } from '../../runtime/errors';
import { repetitions } from '../../testing/repetitions';
import { Graph } from '../graph/graph';
import { assign, Variable, variablesInitializer } from '../ops/variables';
import { Session } from '../session';
import { checkpointExists } from './checkpointFiles';
import { CheckpointReader, listVariables, loadVariable } from './checkpointReader';
import { getCheckpointState, latestCheckpoint, updateCheckpointState } from './checkpointState';
import { Saver, type SaverOptions } from './saver';

let root: string;
const cwd = process.cwd();
beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'places-')));
});
afterEach(() => {
  process.chdir(cwd);
  fs.rmSync(root, { recursive: true });
});

/** A variable of one number, in a session. */
function build(options?: SaverOptions) {
  const graph = new Graph();
  return graph.asDefault(() => {
    const variable = new Variable(0, { name: 'v' });
    const saver = new Saver([variable], options);
    const session = new Session({ graph });
    session.runSync(variablesInitializer([variable]));
    const set = (value: number) => void session.runSync(graph.asDefault(() => assign(variable, value)));
    return { saver, session, set, get: () => session.runSync(variable) };
  });
}

let kit: ReturnType<typeof build>;
beforeAll(() => {
  kit = build();
});
afterAll(() => kit.session.close());

/** Saves a number, and has every function say that it is there. */
async function check(folder: string, name: string, value: number, isSync: boolean): Promise<void> {
  const { saver, session, set, get } = kit;
  saver.setLastCheckpoints([]);
  set(value);
  const prefix = path.join(folder, name);
  const saved = isSync
    ? saver.saveSync(session, prefix, { globalStep: 7 })
    : await saver.save(session, prefix, { globalStep: 7 });
  expect(saved).toBe(`${prefix}-7`);
  expect(latestCheckpoint(`${folder}/`)).toBe(saved);
  expect(getCheckpointState(folder)?.allModelCheckpointPaths).toEqual([saved]);
  expect(checkpointExists(saved)).toBe(true);
  expect(listVariables(saved)).toEqual([['v', []]]);
  expect(listVariables(folder)).toEqual([['v', []]]);
  expect(loadVariable(folder, 'v').data[0]).toBe(value);
  expect(new CheckpointReader(saved).getTensor('v').data[0]).toBe(value);
  set(-1);
  if (isSync) saver.restoreSync(session, saved);
  else await saver.restore(session, saved);
  expect(get()).toBe(value);
  saver.recoverLastCheckpoints([saved]);
  expect(saver.lastCheckpoints).toEqual([saved]);
  updateCheckpointState(folder, saved);
  expect(latestCheckpoint(folder)).toBe(saved);
  expect(fs.readdirSync(folder).sort()).toEqual(
    ['checkpoint', ...['.data-00000-of-00001', '.index', '.meta'].map((suffix) => `${name}-7${suffix}`)].sort(),
  );
}

const pieces = [
  '[wide]',
  '[',
  ']',
  '*',
  '?',
  '{a,b}',
  '{',
  ' ',
  "'",
  '"',
  '\\',
  '\n',
  '#',
  '%',
  '$HOME',
  '~',
  '`',
  ':',
  '|',
];
const letters = ['a', 'lr=0.1', 'é', 'e\u0301', '数字', '🙂', '.', '-', 'm.ckpt'];
const names = fc
  .array(fc.constantFrom(...pieces, ...letters), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''))
  .filter((name) => name !== '.' && name !== '..' && !/[\\]$/.test(name));

describe('a checkpoint is found where it was saved', () => {
  it('in folders and under names of any characters, absolute and relative', async () => {
    let value = 0;
    await fc.assert(
      fc.asyncProperty(names, names, fc.boolean(), fc.boolean(), async (folder, name, isRelative, isSync) => {
        const own = fs.mkdtempSync(path.join(root, 'one-'));
        process.chdir(own);
        await check(isRelative ? folder : path.join(own, folder), name, ++value, isSync);
      }),
      { numRuns: repetitions(15, 1000) },
    );
  });

  it('also beside what the name, taken for a pattern, would be', async () => {
    const { saver, session, set, get } = kit;
    for (const [folder, value] of [
      ['ab', 1],
      ['a[b]', 2],
      ['a?', 3],
    ] as const) {
      set(value);
      saver.saveSync(session, path.join(root, folder, 'm'));
    }
    saver.restoreSync(session, path.join(root, 'a[b]', 'm'));
    expect(get()).toBe(2);
    saver.restoreSync(session, path.join(root, 'a?', 'm'));
    expect(get()).toBe(3);
  });

  it('behind a link, in the place itself, and where the folder was moved or copied to', async () => {
    const { saver, session, get } = kit;
    fs.mkdirSync(path.join(root, 'real'));
    fs.symlinkSync('real', path.join(root, 'link'));
    await check(path.join(root, 'link'), 'm', 5, true);
    expect(latestCheckpoint(path.join(root, 'real'))).toBe(path.join(root, 'real', 'm-7'));
    fs.cpSync(path.join(root, 'real'), path.join(root, 'copy'), { recursive: true });
    fs.renameSync(path.join(root, 'real'), path.join(root, 'moved'));
    for (const folder of ['copy', 'moved']) {
      const newest = latestCheckpoint(path.join(root, folder));
      expect(newest).toBe(path.join(root, folder, 'm-7'));
      saver.restoreSync(session, newest!);
      expect(get()).toBe(5);
    }
  });

  it('where its state file names another place, from which the folder was moved or copied', () => {
    const { saver, session } = build({ saveRelativePaths: false });
    const [first, second] = [path.join(root, 'first'), path.join(root, 'second')];
    saver.saveSync(session, path.join(first, 'm'), { globalStep: 1 });
    fs.cpSync(first, second, { recursive: true });
    expect(fs.readFileSync(path.join(second, 'checkpoint'), 'utf8')).toContain(`"${first}/m-1"`);
    expect(latestCheckpoint(second)).toBe(path.join(second, 'm-1'));
    expect(getCheckpointState(second)?.allModelCheckpointPaths).toEqual([path.join(second, 'm-1')]);
  });

  it('of the longest names, or is refused before anything is written', async () => {
    await check(path.join(root, 'x'.repeat(255)), 'm', 6, true);
    await check(path.join(root, 'long'), 'm'.repeat(255 - '-7.data-00000-of-00001'.length), 7, false);
    const { saver, session } = kit;
    const tooLong = path.join(root, 'too', 'm'.repeat(240));
    expect(() => saver.saveSync(session, tooLong)).toThrow(InvalidArgumentError);
    await expect(saver.save(session, tooLong)).rejects.toThrow(/ENAMETOOLONG.*\n.*saving to/);
    expect(fs.readdirSync(path.join(root, 'too'))).toEqual([]);
  });

  it('of the name of a folder that stands beside it', async () => {
    const { saver, session } = kit;
    const folder = path.join(root, 'data');
    fs.mkdirSync(folder);
    expect(saver.saveSync(session, folder)).toBe(folder);
    expect(latestCheckpoint(root)).toBe(folder);
    expect(listVariables(folder)).toEqual([['v', []]]);
    await saver.restore(session, folder);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a NUL', 'a\0b', InvalidArgumentError],
    ['half a character', 'a\ud800', InvalidArgumentError],
    ['no name', 'a/', InvalidArgumentError],
    ['a link that leads nowhere', 'dangling/m', TensorFlowError],
  ])('except with %s, which is refused', async (_, name, error) => {
    const { saver, session } = kit;
    fs.symlinkSync('nowhere', path.join(root, 'dangling'));
    expect(() => saver.saveSync(session, `${root}/${name}`)).toThrow(error);
    await expect(saver.save(session, `${root}/${name}`)).rejects.toThrow(error);
    expect(fs.readdirSync(root)).toEqual(['dangling']);
  });
});

describe('a saver removes nothing that is not its own', () => {
  it('whatever the state file of its folder names', () => {
    const { saver, session } = build({ maxToKeep: 1 });
    const [victim, own] = [path.join(root, 'victim'), path.join(root, 'own')];
    const their = build();
    for (let step = 1; step <= 3; step++)
      their.saver.saveSync(their.session, path.join(victim, 'm'), { globalStep: step });
    const before = fs.readdirSync(victim);
    saver.saveSync(session, path.join(own, 'm'), { globalStep: 1 });
    const others = [1, 2, 3].flatMap((step) => [`../victim/m-${step}`, path.join(victim, `m-${step}`)]);
    const lines = [...others, 'm-1'].map((name) => `all_model_checkpoint_paths: "${name}"\n`);
    fs.writeFileSync(path.join(own, 'checkpoint'), `model_checkpoint_path: "m-1"\n${lines.join('')}`);
    const next = build({ maxToKeep: 1 });
    next.saver.recoverLastCheckpoints(getCheckpointState(own)!.allModelCheckpointPaths);
    next.saver.saveSync(next.session, path.join(own, 'm'), { globalStep: 2 });
    expect(fs.readdirSync(victim)).toEqual(before);
    expect(fs.readdirSync(own)).not.toContain('m-1.index');
    expect(getCheckpointState(own)?.allModelCheckpointPaths).toEqual([path.join(own, 'm-2')]);
  });
});

describe('savers at work at the same time', () => {
  it.each([true, false])('lose nothing that was reported as saved (numbered: %s)', async (numbered) => {
    const { saver, session, set } = build({ maxToKeep: 3 });
    const other = build({ maxToKeep: 3 });
    const prefix = path.join(root, 'm');
    for (let round = 1; round <= repetitions(5, 100); round++) {
      const options = (step: number) => (numbered ? { globalStep: 10 * round + step } : {});
      set(round);
      const slow = saver.save(session, prefix, options(1));
      if (round % 2) await Promise.resolve();
      other.set(1000 + round);
      const elsewhere = other.saver.save(other.session, path.join(root, 'other'), options(1));
      set(round + 0.5);
      const quick = saver.saveSync(session, prefix, options(2));
      expect(loadVariable(quick, 'v').data[0]).toBe(round + 0.5);
      const saved = await slow;
      if (numbered) expect(loadVariable(saved, 'v').data[0]).toBeGreaterThanOrEqual(round);
      expect(loadVariable(quick, 'v').data[0]).toBe(round + 0.5);
      expect(loadVariable(await elsewhere, 'v').data[0]).toBe(1000 + round);
      expect(saver.lastCheckpoints).toContain(quick);
    }
    const own = fs.readdirSync(root).filter((name) => /^m.*\.index$/.test(name));
    expect(own).toHaveLength(numbered ? 3 : 1);
    expect(fs.readdirSync(root).filter((name) => /pending|lock|temp|tmp/.test(name))).toEqual([]);
  });
});
