import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { createCanvas } from '@napi-rs/canvas';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { data, tf } from '../../lib/src';
import type { cli as Cli } from '../../lib/src/cli/cli';
import { pngFile } from '../../lib/src/runtime/png';
import { repetitions } from '../../lib/src/testing/repetitions';

const compiled = path.join(__dirname, '..', '..', 'lib', 'dist', 'cli');
const main = path.relative('', path.join(compiled, 'main.js')); // as messages name what was started
const { cli } = require(path.join(compiled, 'cli.js')) as { cli: typeof Cli };
require(path.join(compiled, '..', 'library.js'))('models/registry'); // as main.js has it

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line as `… | head -1` does: its output is closed when there is a line of it. */
function head(parameters: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (stdout.includes('\n')) child.stdout.destroy();
    });
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs the command line in this process, which saves the second that a process takes to start. */
async function run(parameters: string[]): Promise<Outcome> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => stdout.push(String(text)) > 0),
    vi.spyOn(console, 'log').mockImplementation((...values) => stdout.push(format(...values), '\n')),
    ...(['warn', 'error'] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((...values) => stderr.push(format(...values), '\n')),
    ),
  ];
  try {
    const code = await cli({ name: 'tf-mechanics' }, parameters);
    return { code, stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs the command line in a process of its own; `interruptAt` sends Ctrl-C's signal when that text has been printed. */
function runProcess(parameters: string[], interruptAt?: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (interruptAt && stdout.includes(interruptAt)) {
        interruptAt = undefined;
        child.kill('SIGINT');
      }
    });
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const train = (...flags: string[]) => ['train', '--fake-data', '--result-dir', folder, ...flags];

describe('tf-mechanics train', () => {
  it('prints what the article prints, and leaves event files and checkpoints', async () => {
    const { code, stdout, stderr } = await runProcess(train('--max-iter', '250', '--random-seed', '1'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Step 0: loss = \d\.\d\d \(\d\.\d{3} sec\)$/m);
    expect(stdout).toMatch(/^Step 200: loss = 0\.\d\d \(\d\.\d{3} sec\)$/m);
    for (const set of ['Training', 'Validation', 'Test'])
      expect(stdout).toContain(`${set} Data Eval:\n  Num examples: 10000  Num correct: 10000  Precision @ 1: 1.00\n`);
    expect(tf.train.latestCheckpoint(folder)).toBe(path.join(folder, 'model.ckpt-250'));
    const scalars = await tf.summary.readScalars(folder);
    expect(scalars.get('loss')?.map(({ step }) => step)).toEqual([0, 100, 200]);
  });

  it('goes on from the latest checkpoint of its folder', async () => {
    await run(train('--max-iter', '120', '--save-every', '50'));
    expect(
      readdirSync(folder)
        .filter((file) => file.endsWith('.index'))
        .sort(),
    ).toEqual(['model.ckpt-100.index', 'model.ckpt-120.index', 'model.ckpt-50.index']);
    const { code, stdout } = await run(train('--max-iter', '220'));
    expect(code).toBe(0);
    expect(stdout).toContain(`Going on from ${path.join(folder, 'model.ckpt-120')}`);
    expect(stdout).not.toContain('Step 100:');
    expect(stdout).toContain('Step 200:');
    expect(tf.train.latestCheckpoint(folder)).toBe(path.join(folder, 'model.ckpt-220'));
  });

  it('stops quietly when nobody reads its output any longer, with a checkpoint to go on from', async () => {
    const { code, stderr } = await head(train('--max-iter', '1000000', '--hidden1', '64'));
    expect([code, stderr]).toEqual([141, '']);
    const checkpoint = tf.train.latestCheckpoint(folder)!;
    expect(tf.train.listVariables(checkpoint).length).toBeGreaterThan(6);
    expect((await head(['--help'])).stderr).toBe('');
  });

  it.runIf(existsSync('/dev/full'))('says when its output has no room, and stops', async () => {
    const out = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [main, ...train('--max-iter', '1000000')], {
      stdio: ['ignore', out, 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk) => (stderr += chunk));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr]).toEqual([1, "error: the output can't be written: ENOSPC: no space left on device, write\n"]);
  });

  it('stops at the end of a step on Ctrl-C, saves, says how to go on, and exits with 130', async () => {
    const { code, stdout } = await runProcess(train('--max-iter', '1000000', '--hidden1', '64'), 'Step 300:');
    expect(code).toBe(130);
    expect(stdout).toContain(`Go on with: node ${main} train --result-dir ${folder}\n`);
    const step = Number(/Stopped after step (\d+)/.exec(stdout)?.[1]);
    expect(step).toBeGreaterThan(300);
    expect(tf.train.latestCheckpoint(folder)).toBe(path.join(folder, `model.ckpt-${step}`));
    const further = await run(['train', '--result-dir', folder, '--max-iter', `${step + 1}`]);
    expect(further.stdout).toContain(`Going on from ${path.join(folder, `model.ckpt-${step}`)}`);
    expect(JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'))).toMatchObject({
      modelName: 'fully_connected',
      config: { hidden1: 64, fakeData: true, maxIter: step + 1 },
    });
  });

  it('is the same from run to run with a random seed', async () => {
    const losses = async (name: string) => {
      const resultDir = path.join(folder, name);
      await run(['train', '--fake-data', '--max-iter', '201', '--random-seed', '7', '--result-dir', resultDir]);
      return (await tf.summary.readScalars(resultDir)).get('loss')?.map(({ value }) => value);
    };
    const first = await losses('a');
    expect(first).toHaveLength(3);
    expect(await losses('b')).toEqual(first);
  });

  const sizes = ['--input-depth', '2', '--hidden1-depth', '2', '--nb-units', '16', '--random-seed', '1'];

  it('takes another model by its name, with its flags', async () => {
    const { code, stdout } = await run(train('--model', 'convnet', ...sizes, '--dry-run'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ modelName: 'convnet', inputDepth: 2, hidden1Depth: 2, nbUnits: 16 });
  });

  // In a soak: its three evaluations take seconds. Its curves are looked at every day in lib/src/models/training.test.ts.
  it.runIf(repetitions(0, 1) > 0)(
    'trains the convolutional network, with the curves of training and validation side by side',
    async () => {
      const { code, stdout, stderr } = await run(
        train('--model', 'convnet', '--max-iter', '9', '--lr', '0.01', ...sizes),
      );
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(
        /Test Data Eval:\n {2}Num examples: 10000 {2}Num correct: \d+ {2}Precision @ 1: \d\.\d\d\n/,
      );
      expect(tf.train.latestCheckpoint(folder)).toBe(path.join(folder, 'model.ckpt-9'));
      for (const set of ['train', 'validation']) {
        const scalars = await tf.summary.readScalars(path.join(folder, set));
        expect(scalars.get('accuracy')?.map(({ step }) => step)).toEqual([0]);
      }
    },
  );

  it('says so when the model diverges', async () => {
    const { code, stderr } = await run(train('--lr', '1e38', '--max-iter', '200'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the loss at step \d+ is not a number: the model has diverged\. [^\n]*\n$/);
  });
});

describe('tf-mechanics train', () => {
  it('is what flags alone mean', async () => {
    const { code, stdout } = await run(['--fake-data', '--max-iter', '1', '--result-dir', folder]);
    expect(code).toBe(0);
    expect(stdout).toContain('Step 0: loss = ');
  });

  it('takes its configuration from a file, and flags before that', async () => {
    const file = path.join(folder, 'mine.json');
    writeFileSync(file, JSON.stringify({ modelName: 'softmax_regression', lr: 0.2, batchSize: 50, fakeData: true }));
    const { code, stdout } = await run(['train', '--config', file, '--lr', '0.3', '--dry-run']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      modelName: 'softmax_regression',
      lr: 0.3,
      batchSize: 50,
      fakeData: true,
    });
  });

  it('does a run again, to the bit, from its config.json', async () => {
    const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
    await run(['train', '--fake-data', '--max-iter', '3', '--nb-units', '8', '--result-dir', first]);
    const { stdout } = await run(['train', '--config', path.join(first, 'config.json'), '--result-dir', second]);
    expect(stdout).not.toContain('Going on');
    const weights = (run: string) => readFileSync(path.join(run, 'model.ckpt-3.data-00000-of-00001'));
    expect(weights(second)).toEqual(weights(first));
    const config = (run: string) => JSON.parse(readFileSync(path.join(run, 'config.json'), 'utf8'));
    expect(config(second)).toEqual(config(first));
  });

  it('jumps back to a checkpoint of another run, and goes on in a folder of its own', async () => {
    const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
    const flags = ['--model-name', 'softmax_regression', '--max-iter', '6', '--save-every', '2'];
    await run(['train', '--fake-data', ...flags, '--result-dir', first]);
    const { code, stdout } = await run(['train', '--from', first, '--step', '4', '--result-dir', second]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Going on from ${path.join(first, 'model.ckpt-4')}\n`);
    const files = (run: string) => readFileSync(path.join(run, 'model.ckpt-6.data-00000-of-00001'));
    expect(files(second)).toEqual(files(first));
    const missing = await run(['train', '--from', first, '--step', '5', '--result-dir', second]);
    expect(missing.stderr).toBe(`error: ${first} has no checkpoint of step 5: it has those of 2, 4, 6\n`);
  });

  it('shows with --dry-run what it would do, and does nothing', async () => {
    const resultDir = path.join(folder, 'run');
    const { code, stdout } = await run(['train', '--best', '--dry-run', '--result-dir', resultDir]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ modelName: 'fully_connected', best: true, resultDir });
    expect(existsSync(resultDir)).toBe(false);
  });

  it.each([
    ['{ "lr": "fast" }', /^error: .*mine\.json: expected lr to be a number above 0, got 'fast'\n$/],
    ['{ "learningrate": 1, "hidden1": 2 }', /has no key learningrate: its keys are best, /],
    [
      '{ "modelName": "convnt" }',
      /^error: .*mine\.json: expected a model, one of .*, got 'convnt': did you mean convnet\?\n$/,
    ],
    ['lr = 1', /mine\.json: expected JSON, found /],
  ])('answers a configuration of %s with one line', async (contents, message) => {
    const file = path.join(folder, 'mine.json');
    writeFileSync(file, contents);
    const { code, stdout, stderr } = await run(['train', '--config', file]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('a trained model', () => {
  const trained = async () => {
    const flags = ['--model-name', 'softmax_regression', '--max-iter', '60', '--save-every', '50', '--lr', '1e-5'];
    await run(['train', '--fake-data', ...flags, '--result-dir', folder]);
  };

  /** Two images of ones, which fake data says are zeros. */
  const images = async () => {
    const file = path.join(folder, 'two.idx');
    await data.writeIdx(file, new tf.HostArray('uint8', [2, 28, 28], new Uint8Array(2 * 784).fill(255)));
    return file;
  };

  it('tells which digits images show, in a table', async () => {
    await trained();
    const file = await images();
    const { code, stdout, stderr } = await run(['infer', file, '--result-dir', folder]);
    expect([code, stderr]).toEqual([0, '']);
    const [head, first, second] = stdout.split('\n');
    expect(head).toMatch(/^example +digit {2}probability$/);
    expect(first).toMatch(/two\.idx\[0\] {2}0 {6}\d+\.\d %$/);
    expect(second).toContain('two.idx[1]');
  });

  it('tells it of the files that can be read, before it says which can not', async () => {
    await trained();
    const file = await images();
    const cut = path.join(folder, 'cut.png');
    writeFileSync(cut, pngFile({ width: 28, height: 28, channels: 1, samples: new Uint8Array(784) }).subarray(0, -20));
    const answered = await run(['infer', 'missing.png', file, cut, '--result-dir', folder]);
    expect(answered.code).toBe(1);
    expect(answered.stdout).toContain('two.idx[1]');
    expect(answered.stderr).toMatch(
      /^error: could not read missing\.png: ENOENT.*\nerror: .*cut\.png: the PNG file is damaged: /,
    );
    const nothing = await run(['infer', cut, '--result-dir', folder]);
    expect([nothing.code, nothing.stdout]).toEqual([1, '']);
  });

  it('tells it in JSON, of an earlier checkpoint too', async () => {
    await trained();
    const file = await images();
    const answer = async (...flags: string[]) =>
      JSON.parse((await run(['infer', file, '--json', '--result-dir', folder, ...flags])).stdout);
    const latest = await answer();
    expect(latest).toHaveLength(2);
    expect(latest[1]).toMatchObject({ file, index: 1, digit: 0 });
    expect(latest[0].probabilities).toHaveLength(10);
    expect((await answer('--step', '50'))[0].probability).toBeLessThan(latest[0].probability);
  });

  it('shows what it sees of pictures, and answers for those that can be read', async () => {
    await trained();
    const canvas = createCanvas(100, 100);
    const context = canvas.getContext('2d');
    const file = (name: string) => {
      writeFileSync(path.join(folder, name), canvas.toBuffer('image/png'));
      return path.join(folder, name);
    };
    context.fillStyle = 'white';
    context.fillRect(0, 0, 100, 100);
    const blank = file('blank.png');
    context.fillStyle = 'black';
    context.fillRect(60, 10, 10, 40);
    const one = file('one.png');
    const { code, stdout, stderr } = await run(['infer', blank, one, '--show', '--result-dir', folder]);
    expect([code, stderr]).toEqual([
      1,
      `error: ${blank}: found no ink: the picture has one shade all over, or nearly so\n`,
    ]);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /one\.png\[0\]: dark ink on light ground, cropped to 1\d×4\d at \d+, \d+, scaled to 5×20, centred$/,
    );
    expect(lines.slice(1, 31).every((line) => line.length === 58)).toBe(true);
    expect(lines[15]).toMatch(/^│ +[░▒▓]*█+[░▒▓]* +│$/);
    expect(lines.at(-2)).toMatch(/one\.png\[0\] {2}\d/);
    const json = JSON.parse((await run(['infer', one, '--json', '--result-dir', folder])).stdout);
    expect(json[0].preparation).toMatch(/^dark ink on light ground/);
  });

  it('is evaluated on the three sets', async () => {
    await trained();
    const { code, stdout } = await run(['evaluate', '--result-dir', folder]);
    expect(code).toBe(0);
    expect(stdout).toContain('Test Data Eval:\n  Num examples: 10000  Num correct: 10000  Precision @ 1: 1.00\n');
    const json = await run(['evaluate', '--result-dir', folder, '--json']);
    expect(JSON.parse(json.stdout).validation).toMatchObject({ numExamples: 10000, precision: 1 });
  });

  it('is exported to a folder, for each who may have it, and replaces another only when told to', async () => {
    await trained();
    const out = path.join(folder, 'exported');
    const exported = (...words: string[]) => run(['export', '--result-dir', folder, '--out', out, ...words]);
    expect(await exported('--format', 'saved-model')).toEqual({ code: 0, stdout: `Wrote ${out}\n`, stderr: '' });
    const inspected = readdirSync(out).sort();
    expect(inspected).toEqual(['saved_model.pb', 'variables']);
    const again = await exported('--format', 'tfjs');
    expect(again).toMatchObject({
      code: 1,
      stderr: `error: ${out} has saved_model.pb in it: choose another folder, or overwrite it\n`,
    });
    const json = await exported('--format', 'tfjs', '--overwrite', '--quantization', 'float16', '--json');
    expect(JSON.parse(json.stdout)).toEqual({ format: 'tfjs', exported: path.join(out, 'model.json') });
    expect(readdirSync(out).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
    expect((await exported('--format', 'frozen', '--overwrite')).code).toBe(0);
    expect(readdirSync(out)).toEqual(['frozen_graph.pb']);
  });

  it.each([
    [
      ['--format', 'onnx'],
      "option '--format <format>' argument 'onnx' is invalid. Allowed choices are saved-model, frozen, tfjs, page.",
    ],
    [[], "required option '--format <format>' not specified"],
    [
      ['--format', 'frozen', '--quantization', 'uint8'],
      "option '--quantization <dtype>' is for --format tfjs, not frozen",
    ],
  ])('is not exported with %j', async (words, message) => {
    const { code, stderr } = await run(['export', '--result-dir', folder, '--out', 'x', ...words]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `error: ${message} (see --help)\n` });
  });

  it('is missed where there is none', async () => {
    const { code, stderr } = await run(['infer', 'x.png', '--result-dir', folder]);
    expect(code).toBe(1);
    expect(stderr).toBe(`error: ${folder} has no checkpoint; train one: tf-mechanics train --result-dir ${folder}\n`);
  });
});

describe('tf-mechanics search', () => {
  const softmax = ['--model-name', 'softmax_regression', '--fake-data', '--random-seed', '1'];
  const search = (...flags: string[]) =>
    run(['search', ...softmax, '--result-dir', path.join(folder, 'search'), ...flags]);
  const results = () => JSON.parse(readFileSync(path.join(folder, 'search', 'results.json'), 'utf8'));

  it('tries configurations, and leaves the best for train', async () => {
    const { code, stdout, stderr } = await search(
      '--full-search',
      '--trials',
      '3',
      '--max-iter',
      '5',
      '--nb-process',
      '2',
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^3 trials, seed 1\n/);
    expect(stdout).toMatch(/^Best: trial \d, precision 1\.0000 after 5 steps: \{"lr":\d/m);
    expect(results().trials).toHaveLength(3);
    const best = path.join(folder, 'search', 'best.json');
    expect(stdout).toContain(`Train it with: tf-mechanics train --config ${best}\n`);
    const { config } = results().best;
    const trained = JSON.parse((await run(['train', '--config', best, '--dry-run'])).stdout);
    expect(trained).toMatchObject({ ...config, maxIter: 5 });
  });

  it('fails where all trials do, and says why the first did', async () => {
    const { code, stderr } = await run([
      ...['search', '--model', 'softmax_regression', '--fake-data', '--fixed-params', '{"lr":1e39}'],
      ...['--algorithm', 'random', '--trials', '2', '--max-iter', '3', '--nb-process', '1', '--result-dir', folder],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: all 2 trials failed; the first, trial 0: the loss .* the model has diverged.*\n$/);
    expect(existsSync(path.join(folder, 'best.json'))).toBe(false);
    expect(readFileSync(path.join(folder, 'results.csv'), 'utf8')).toMatch(/^0,failed,.*the model has diverged/m);
  });

  it.runIf(process.env.TF_MECHANICS_SOAK)(
    'goes on to the same results after the disk was full',
    async (context) => {
      const disk = path.join(folder, 'disk');
      mkdirSync(disk);
      const mount = (...words: string[]) => spawnSync('mount', ['-t', 'tmpfs', ...words, 'tmpfs', disk]).status === 0;
      const search = [
        'search',
        '--model',
        'softmax_regression',
        '--fake-data',
        '--algorithm',
        'random',
        '--trials',
        '6',
      ];
      const often = ['--max-iter', '6', '--nb-process', '2', '--random-seed', '1', '--result-dir'];
      const outcome = (in_: string) => {
        const rows = readFileSync(path.join(in_, 'results.csv'), 'utf8').split('\n');
        return rows.map((row) => row.split(',').slice(0, 6));
      };
      await run([...search, ...often, path.join(folder, 'whole')]);
      for (const size of ['68k', '130k', '200k', '320k', '440k']) {
        if (!mount('-o', `size=${size}`)) return context.skip('only root may make a small disk');
        try {
          const resultDir = path.join(disk, 'search');
          const full = await runProcess([...search, ...often, resultDir]);
          expect(full.code).toBe(1);
          expect(full.stdout).toContain(`Go on with: node ${main} search --resume --result-dir ${resultDir}`);
          mount('-o', 'remount,size=64m');
          expect((await run(['search', '--resume', '--result-dir', resultDir])).code).toBe(0);
          expect(outcome(resultDir)).toEqual(outcome(path.join(folder, 'whole')));
        } finally {
          spawnSync('umount', [disk]);
        }
      }
    },
    600_000,
  );

  it('shows with --dry-run what it would try: with one seed the same, and what is fixed everywhere', async () => {
    const flags = ['--full-search', '--trials', '4', '--dry-run', '--fixed-params', '{"batchSize":7}'];
    const { stdout } = await search(...flags);
    const configs: { lr: number }[] = JSON.parse(stdout);
    expect(configs.map((config) => ({ ...config, lr: 0, randomSeed: 0 }))).toEqual(
      Array(4).fill({ modelName: 'softmax_regression', fakeData: true, batchSize: 7, lr: 0, randomSeed: 0 }),
    );
    expect(new Set(configs.map(({ lr }) => lr)).size).toBe(4);
    expect((await search(...flags)).stdout).toBe(stdout);
    expect(existsSync(path.join(folder, 'search'))).toBe(false);
  });

  it('takes flags as the article spells them', async () => {
    const { stdout, stderr } = await run([
      '--model_name=softmax_regression',
      '--fullsearch',
      '--dry_run',
      '--nb_process',
      '1',
      '--fixed_params={"lr":0.25}',
      '--random_seed',
      '3',
    ]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)[0]).toMatchObject({ modelName: 'softmax_regression', lr: 0.25 });
    const training = await run(['--max_iter', '7', '--nb_units', '20', '--initial_stddev', '0.01', '--dry_run']);
    expect(JSON.parse(training.stdout)).toMatchObject({ maxIter: 7, nbUnits: 20, initialStddev: 0.01 });
    const answers = await run(['--infer', '--result_dir', folder, 'nothing.png']);
    expect(answers.stderr).toContain(`${folder} has no checkpoint`);
  });

  it('is what --full-search alone means', async () => {
    const { stdout } = await run([...softmax, '--full-search', '--trials', '2', '--dry-run']);
    expect(JSON.parse(stdout)).toHaveLength(2);
  });

  it('stops on Ctrl-C, says how to go on, and does so', async () => {
    const flags = [...softmax, '--full-search', '--trials', '2', '--max-iter', '1500', '--nb-process', '1'];
    const resultDir = path.join(folder, 'search');
    const { code, stdout } = await runProcess(['search', ...flags, '--result-dir', resultDir], 'Trial 1: up to');
    expect(code).toBe(130);
    expect(stdout).toContain(`Go on with: node ${main} search --resume --result-dir ${resultDir}\n`);
    const further = await run(['search', '--resume', '--result-dir', resultDir]);
    expect(further.code).toBe(0);
    expect(further.stdout).toMatch(/^2 trials, seed 1; going on after 1 trainings\n/);
    expect(results().trials.map(({ status }: { status: string }) => status)).toEqual(['finished', 'finished']);
  });

  it.each([
    [
      ['--fixed-params', '{"lrr":1}'],
      /^error: a configuration of softmax_regression has no key lrr: did you mean lr\?\n$/,
    ],
    [['--fixed-params', '{"lr":0}'], /^error: expected lr to be a number above 0, got 0\n$/],
    [['--fixed-params', 'lr=1'], /'lr=1' is invalid\. It must be an object in JSON, such as '\{"lr":0\.01\}'\. /],
    [['--resume'], /^error: there is no search in /],
  ])('answers %j with one line', async (flags, message) => {
    const { code, stdout, stderr } = await search(...flags);
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the command line', () => {
  it('explains itself', async () => {
    const { code, stdout } = await run(['train', '--help']);
    expect(code).toBe(0);
    for (const flag of [
      'model-name',
      'best',
      'debug',
      'deterministic',
      'config',
      'nb-units',
      'initial-mean',
      'initial-stddev',
      'max-iter',
      'lr',
      'batch-size',
      'hidden1',
      'hidden2',
      'result-dir',
      'data-dir',
      'fake-data',
      'random-seed',
      'save-every',
      'optimizer',
      'decay-rate',
      'decay-steps',
      'keep-prob',
      'patch-size',
      'input-depth',
      'hidden1-depth',
      'downsampling',
    ])
      expect(stdout).toContain(`--${flag}`);
  });

  it.each([
    [
      ['train', '--max-iter', 'many'],
      /^error: option '--max-iter <number>' argument 'many' is invalid\. It must be a whole number of 0 or more\. /,
    ],
    [['train', '--lr', '-1'], /argument '-1' is invalid\. It must be a number above 0\. /],
    [['train', '--lr'], /^error: option '--lr <number>' argument missing /],
    [['train', '--batch-size', '0'], /It must be a whole number of 1 or more/],
    [['train', '--model', 'perceptron'], /Allowed choices are fully_connected, convnet, softmax_regression\./],
    [
      ['train', '--model', 'convnet', '--optimizer', 'newton'],
      /It must be one of gradientDescent, momentum, adagrad, rmsProp, adam\./,
    ],
    [
      ['train', '--model', 'convnet', '--keep-prob', '1.5'],
      /'1\.5' is invalid\. It must be a number above 0 and up to 1\./,
    ],
    [
      ['train', '--model', 'convnet', '--hidden1', '64'],
      /^error: option '--hidden1 <number>' is for --model-name fully_connected, not convnet /,
    ],
    [
      ['train', '--optimizer', 'adam'],
      /^error: option '--optimizer <name>' is for --model-name convnet, not fully_connected /,
    ],
    [['train', '--learning-rate', '1'], /^error: unknown option '--learning-rate' \(Did you mean --lr\?\) /],
    [['train', '--seed', '1'], /^error: unknown option '--seed'.*--random-seed\?\) /],
    [['train', '--step', '3'], /^error: option '--step <step>' needs --from <folder> /],
    [['infer', 'x.png'], /^error: required option '--result-dir <folder>' not specified /],
    [['infer', '--result-dir', 'x'], /^error: missing required argument 'files' /],
    [['train', 'now'], /^error: too many arguments/],
    [['learn'], /^error: unknown command 'learn' /],
    [[], /^error: a command is missing /],
  ])('answers %j with one line and exit code 2', async (parameters, message) => {
    const { code, stdout, stderr } = await run(parameters);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('says as much in a process of its own', async () => {
    for (const words of [['learn'], ['train', '--help']]) {
      const { stderr, ...others } = await runProcess(words);
      const here = await run(words);
      expect({ ...others, stderr: stderr.replace(`node ${main}`, 'tf-mechanics') }).toEqual(here);
    }
  });

  it.each([
    [['train', '--fake-data', '--result-dir', '/proc/x'], "could not make the folder '/proc/x': "],
    [['train', '--config', '/dev/zero'], '/dev/zero is no regular file'],
    [['tensorboard', '--logdir', 'missing'], 'there is no folder missing: '],
  ])('answers %j with one line', async (parameters, message) => {
    const { code, stderr } = await run(parameters);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toContain(message);
  });

  it('says its version', async () => {
    expect(await runProcess(['--version'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
  });

  it.each(['--version', 'new --help', 'kernel list', 'setup --help'])(
    'loads neither models nor graphs for %s',
    (words) => {
      const tells = `process.on('exit', () => console.log(Object.keys(require.cache).filter((file) => /dist.(tf|models)/.test(file))));`;
      const started = JSON.stringify(path.resolve(main));
      const program = `process.argv.splice(1, 0, ${started}); ${tells} require(${started});`;
      const parameters = ['-e', program, '--', ...words.split(' ')];
      const { stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
      expect([stderr, stdout.trimEnd().split('\n').at(-1)]).toEqual(['', '[]']);
    },
  );

  it('names a data folder that has damaged files', async () => {
    writeFileSync(path.join(folder, 'train-images-idx3-ubyte.gz'), 'not gzip');
    const { code, stderr } = await run(['train', '--data-dir', folder, '--result-dir', path.join(folder, 'run')]);
    expect(code).toBe(1);
    expect(stderr).toContain('train-images-idx3-ubyte.gz');
    expect(existsSync(path.join(folder, 'run'))).toBe(false);
  });
});
