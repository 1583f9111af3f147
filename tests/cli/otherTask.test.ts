/** The command line with a model that has nothing to do with digits. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'other-task-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const cli = (...words: string[]) =>
  spawnSync(process.execPath, [path.join(__dirname, '../../lib/bin/tf-mechanics.js'), ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: `--require ${path.join(__dirname, 'line.cjs')}` },
  });

it('searches by the metric that the class names, and evaluates by it', () => {
  const few = ['--algorithm', 'random', '--trials', '6', '--nb-process', '1', '--random-seed', '1'];
  const { status, stdout } = cli('search', '--model', 'line', ...few, '--result-dir', 'search');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Best: trial \d, meanError 0\.\d{4} after 20 steps: \{"lr":0\.3\}$/m);
  const [header] = readFileSync(path.join(folder, 'search', 'results.csv'), 'utf8').split('\r\n');
  expect(header).toBe('trial,status,iteration,meanError,loss,modelName,lr,seconds,seed,error');

  const evaluated = cli('evaluate', '--result-dir', 'search/trials/0000', '--json');
  expect(JSON.parse(evaluated.stdout).test).toEqual({
    numExamples: 1,
    loss: expect.any(Number),
    meanError: expect.any(Number),
  });

  const asked = cli('infer', '--result-dir', 'search/trials/0000', 'three.png');
  expect([asked.status, asked.stderr]).toEqual([
    1,
    'error: line reads no files, such as three.png: its class has no readExamples\n',
  ]);
});

it('takes no flags of data sets for it', () => {
  const { status, stderr } = cli('train', '--model', 'line', '--batch-size', '3');
  expect(status).toBe(2);
  expect(stderr).toContain("option '--batch-size <number>' is for --model-name fully_connected or convnet or softmax");
});
