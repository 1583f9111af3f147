// In a process of its own: it replaces the data that models read.
/** A run owns its folder, and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runDirectory } from '../notebook/runDirectory';
import { DataLossError, InvalidArgumentError, TensorFlowError } from '../runtime/errors';
import { FolderInUseError, lockFolder } from '../runtime/folderLock';
import { readBars } from '../testing/bars';
import { latestCheckpoint } from '../tf/train';
import { makeModel } from './registry';
import { checkpointOfStep, latestOfRun, readConfigFile } from './runFolder';

vi.mock('../data', async (original) => ({ ...(await original<object>()), readDataSets: readBars }));

let root: string;
const cwd = process.cwd();
beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'run-')));
});
afterEach(() => {
  process.chdir(cwd);
  fs.rmSync(root, { recursive: true });
});

const inRoot = (...names: string[]) => path.join(root, ...names);

/** Trains up to a step in a folder, saving after each; gives the lines that are printed. */
async function train(resultDir: string, maxIter: number, saveEvery = 1): Promise<string[]> {
  const lines: string[] = [];
  const agent = makeModel({ modelName: 'softmax_regression', batchSize: 5, randomSeed: 1, maxIter, resultDir });
  try {
    await agent.train({ saveEvery, evaluateOn: [], log: (line) => lines.push(line) });
  } finally {
    await agent.close();
  }
  return lines;
}

/** The names and contents of the files of a folder. */
const contents = (folder: string) =>
  fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'hex')]);

const lines = (...fields: [string, string][]) => fields.map(([name, value]) => `${name}: "${value}"\n`).join('');

describe('a run in a folder that runDirectory has made with a configuration', () => {
  it('trains there, and its record says what the run is called', async () => {
    const folder = runDirectory(root, 'softmax', { config: { lr: 0.5 } });
    await train(folder, 1);
    expect(JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8'))).toMatchObject({
      run: 'softmax',
      modelName: 'softmax_regression',
      config: { batchSize: 5 },
    });
    expect(await train(folder, 2)).toContain(`Going on from ${path.join(folder, 'model.ckpt-1')}`);
    expect(runDirectory(root, 'softmax', { config: { batchSize: 7 } })).toBe(inRoot('softmax-2-batch=7'));
  });
});

describe('a run that was copied', () => {
  it('goes on by itself, and leaves the original as it is', async () => {
    const [original, copy] = [inRoot('original'), inRoot('copy')];
    await train(original, 3);
    // As older versions and Python wrote it.
    const names = [1, 2, 3].map((step) => path.join(original, `model.ckpt-${step}`));
    const all = names.map((name): [string, string] => ['all_model_checkpoint_paths', name]);
    fs.writeFileSync(path.join(original, 'checkpoint'), lines(['model_checkpoint_path', names[2]!], ...all));
    fs.cpSync(original, copy, { recursive: true });
    const before = contents(original);
    expect(await train(copy, 60)).toContain(`Going on from ${path.join(copy, 'model.ckpt-3')}`);
    expect(contents(original)).toEqual(before);
    expect(fs.readdirSync(copy).filter((name) => name.endsWith('.index'))).toHaveLength(50);
  });

  it('goes on where it was moved to, and where the original is gone', async () => {
    await train(inRoot('first'), 2);
    fs.renameSync(inRoot('first'), inRoot('second'));
    expect(await train(inRoot('second'), 3)).toContain(`Going on from ${inRoot('second', 'model.ckpt-2')}`);
    expect(fs.readFileSync(inRoot('second', 'checkpoint'), 'utf8')).toBe(
      lines(
        ['model_checkpoint_path', 'model.ckpt-3'],
        ...[1, 2, 3].map((step): [string, string] => ['all_model_checkpoint_paths', `model.ckpt-${step}`]),
      ),
    );
  });
});

describe('a state file that names what is not in the folder', () => {
  it.each([
    ['relative', '../victim/model.ckpt-'],
    ['absolute', '/victim/model.ckpt-'],
  ])('makes no run go on from there, nor delete there (%s)', async (kind, begin) => {
    await train(inRoot('victim'), 9);
    await train(inRoot('own'), 2);
    const named = Array.from({ length: 9 }, (_, i): [string, string] => [
      'all_model_checkpoint_paths',
      `${kind === 'absolute' ? root : ''}${begin}${i + 1}`,
    ]);
    fs.writeFileSync(inRoot('own', 'checkpoint'), lines(['model_checkpoint_path', named[8]![1]], ...named));
    const before = contents(inRoot('victim'));
    expect(latestOfRun(inRoot('own'))).toBe(inRoot('own', 'model.ckpt-2'));
    expect(await train(inRoot('own'), 55)).toContain(`Going on from ${inRoot('own', 'model.ckpt-2')}`);
    expect(contents(inRoot('victim'))).toEqual(before);
  });
});

describe('a folder', () => {
  it('in which a training works is refused to others, and let go', async () => {
    const results = await Promise.allSettled([train(inRoot('run'), 40, 40), train(inRoot('run'), 40, 40)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { reason } = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(FolderInUseError);
    expect(reason.message).toContain(`${inRoot('run')} is in use by a training, in this process`);
    await train(inRoot('run'), 41);
    expect(fs.readdirSync(inRoot('run')).filter((name) => /lock|pending|tmp/.test(name))).toEqual([]);
  });

  it('of a trial is refused while its search runs, in another process', async () => {
    const trial = inRoot('search', 'trials', '0000');
    await train(trial, 1);
    fs.writeFileSync(inRoot('search', 'journal.jsonl'), '');
    const algorithm = path.join(__dirname, '..', '..', 'shared', 'folderLock.cjs');
    const program = `require('${algorithm}').take('${inRoot('search', 'lock')}'); console.log(); setInterval(() => {}, 1000)`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await expect(train(trial, 2)).rejects.toThrow(`in process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await train(trial, 2);
    const unlock = await lockFolder(inRoot('search'), 'a search'); // of this process, which runs its trials
    await train(trial, 3);
    unlock();
  });

  it('is a new one of its own where none is named, though all begin at once, and only when there is something to write', async () => {
    process.chdir(root);
    const agents = Array.from({ length: 3 }, () =>
      makeModel({ modelName: 'softmax_regression', batchSize: 5, maxIter: 1 }),
    );
    expect(fs.readdirSync(root)).toEqual([]);
    await Promise.all(agents.map((agent) => agent.train({ evaluateOn: [], log: () => {} })));
    await Promise.all(agents.map((agent) => agent.close()));
    expect(fs.readdirSync(inRoot('summaries'))).toHaveLength(3);
    const again = makeModel({ resultDir: agents[0]!.resultDir });
    await again.init();
    expect(latestCheckpoint(again.resultDir)).toMatch(/model\.ckpt-1$/);
    await again.close();
  });

  it.runIf(process.platform === 'linux').each(['/proc/x', '/dev/null/x', `/tmp/${'x'.repeat(256)}`])(
    'that can not be made, %s, is one error',
    async (folder) => {
      await expect(train(folder, 1)).rejects.toThrow(TensorFlowError);
      await expect(train(folder, 1)).rejects.toThrow(`could not make the folder '${folder}'`);
    },
  );

  it('is cleared of what a killed training has left', async () => {
    await train(inRoot('run'), 1);
    fs.writeFileSync(inRoot('run', 'config.json.123-0123abcd.tmp'), '{');
    fs.writeFileSync(inRoot('run', 'checkpoint.123-0123abcd.tmp'), '');
    fs.writeFileSync(inRoot('run', 'model.ckpt-9.data-00000-of-00001'), '');
    await train(inRoot('run'), 2);
    expect(fs.readdirSync(inRoot('run')).filter((name) => /tmp|-9/.test(name))).toEqual([]);
  });
});

it('a run is found by its configuration, and by a step, among those that are there', async () => {
  await train(inRoot('run'), 2);
  expect(readConfigFile(inRoot('run', 'config.json'))).toMatchObject({ modelName: 'softmax_regression', maxIter: 2 });
  fs.rmSync(inRoot('run', 'model.ckpt-1.index'));
  expect(checkpointOfStep(inRoot('run'), 2)).toBe(inRoot('run', 'model.ckpt-2'));
  expect(() => checkpointOfStep(inRoot('run'), 1)).toThrow('no checkpoint of step 1: it has those of 2');
});

describe('a configuration in a file', () => {
  it.each([
    ['{"modelName": 5}', "expected modelName to be a model's name, got 5"],
    ['{"modelName": 5, "config": {}}', "expected modelName to be a model's name, got 5"],
    ['{"modelName": "a", "config": {}, "from": 7}', "expected from to be a checkpoint's prefix, got 7"],
    ['[1]', 'expected a configuration, a JSON object'],
    ['{"modelName": ', 'expected JSON, found '],
  ])('that is %s is refused, naming the file and the field', (text, message) => {
    const file = inRoot('config.json');
    fs.writeFileSync(file, text);
    expect(() => readConfigFile(file)).toThrow(DataLossError);
    expect(() => readConfigFile(file)).toThrow(`${file}: ${message}`);
  });

  it('is a regular file of no more than a configuration can have', () => {
    expect(() => readConfigFile('/dev/zero')).toThrow('/dev/zero is no regular file');
    fs.writeFileSync(inRoot('big.json'), '');
    fs.truncateSync(inRoot('big.json'), 2 ** 32);
    expect(() => readConfigFile(inRoot('big.json'))).toThrow(InvalidArgumentError);
  });

  it.each([
    ['{"modelName": "softmax_regression", "config": {"lr": "fast"}}', 'expected lr to be a number above 0'],
    ['{"modelName": "softmax_regression", "config": {"lrr": 1}}', 'has no key lrr: did you mean lr?'],
    ['{"modelName": "softmx_regression", "config": {}}', 'did you mean softmax_regression?'],
  ])('of a run, edited by hand to %s, is refused, naming the file', (text, message) => {
    fs.writeFileSync(inRoot('config.json'), text);
    expect(() => makeModel({ resultDir: root })).toThrow(InvalidArgumentError);
    expect(() => makeModel({ resultDir: root })).toThrow(message);
    expect(() => makeModel({ resultDir: root })).toThrow(inRoot('config.json'));
  });
});
