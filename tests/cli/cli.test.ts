import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';

const main = path.join(__dirname, '..', '..', 'lib', 'dist', 'cli', 'main.js');

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line; `interruptAt` sends Ctrl-C's signal when that text has been printed. */
function run(parameters: string[], interruptAt?: string): Promise<Outcome> {
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
    const { code, stdout, stderr } = await run(train('--max-iter', '250', '--random-seed', '1'));
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

  it('stops at the end of a step on Ctrl-C, saves, says how to go on, and exits with 130', async () => {
    const { code, stdout } = await run(train('--max-iter', '1000000', '--hidden1', '64'), 'Step 300:');
    expect(code).toBe(130);
    expect(stdout).toMatch(
      /^Go on with: npm run train -- --fake-data --result-dir \S+ --max-iter 1000000 --hidden1 64$/m,
    );
    const step = Number(/Stopped after step (\d+)/.exec(stdout)?.[1]);
    expect(step).toBeGreaterThan(300);
    expect(tf.train.latestCheckpoint(folder)).toBe(path.join(folder, `model.ckpt-${step}`));
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

  it('trains the convolutional network, with the curves of training and validation side by side', async () => {
    const sizes = ['--input-depth', '2', '--hidden1-depth', '2', '--hidden2-units', '16', '--random-seed', '1'];
    const { code, stdout, stderr } = await run(
      train('--model', 'convnet', '--max-iter', '101', '--lr', '0.01', ...sizes),
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Test Data Eval:\n  Num examples: 10000  Num correct: 10000  Precision @ 1: 1.00\n');
    expect(tf.train.latestCheckpoint(folder)).toBe(path.join(folder, 'model.ckpt-101'));
    for (const set of ['train', 'validation']) {
      const scalars = await tf.summary.readScalars(path.join(folder, set));
      expect(scalars.get('accuracy')?.map(({ step }) => step)).toEqual([0, 100]);
    }
  });

  it('says so when the model diverges', async () => {
    const { code, stderr } = await run(train('--lr', '1e38', '--max-iter', '200'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the loss at step \d+ is not a number: the model has diverged\. [^\n]*\n$/);
  });
});

describe('the command line', () => {
  it('explains itself', async () => {
    const { code, stdout } = await run(['train', '--help']);
    expect(code).toBe(0);
    for (const flag of [
      'model',
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
      'hidden2-units',
      'downsampling',
    ])
      expect(stdout).toContain(`--${flag}`);
  });

  it.each([
    [
      ['train', '--max-iter', 'many'],
      /^error: option '--max-iter <steps>' argument 'many' is invalid\. It must be a whole number of 0 or more\. /,
    ],
    [['train', '--lr', '-1'], /argument '-1' is invalid\. It must be a number greater than 0\. /],
    [['train', '--lr'], /^error: option '--lr <rate>' argument missing /],
    [['train', '--batch-size', '0'], /It must be a whole number of 1 or more/],
    [['train', '--model', 'perceptron'], /Allowed choices are fully_connected, convnet\./],
    [
      ['train', '--model', 'convnet', '--optimizer', 'newton'],
      /Allowed choices are gradientDescent, momentum, adagrad, rmsProp, adam\./,
    ],
    [
      ['train', '--model', 'convnet', '--keep-prob', '1.5'],
      /'1\.5' is invalid\. It must be a number above 0 and up to 1\./,
    ],
    [
      ['train', '--model', 'convnet', '--hidden1', '64'],
      /^error: option '--hidden1 <units>' is for --model fully_connected, not convnet /,
    ],
    [
      ['train', '--optimizer', 'adam'],
      /^error: option '--optimizer <name>' is for --model convnet, not fully_connected /,
    ],
    [['train', '--learning-rate', '1'], /^error: unknown option '--learning-rate' /],
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

  it('names a data folder that has damaged files', async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path.join(folder, 'train-images-idx3-ubyte.gz'), 'not gzip');
    const { code, stderr } = await run(['train', '--data-dir', folder, '--result-dir', path.join(folder, 'run')]);
    expect(code).toBe(1);
    expect(stderr).toContain('train-images-idx3-ubyte.gz');
    expect(existsSync(path.join(folder, 'run'))).toBe(false);
  });
});
