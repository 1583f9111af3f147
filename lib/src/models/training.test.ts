// In a process of its own: it replaces the data that models read.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBars } from '../testing/bars';
import { readScalars } from '../tf/summary';
import type { DigitClassifier } from './digitClassifier';
import { type ModelConfig, makeModel } from './registry';
import type { TrainOptions } from './task';

vi.mock('../data', async (original) => ({ ...(await original<object>()), readDataSets: readBars }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'models-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const MODELS = [
  { modelName: 'softmax_regression', lr: 0.1 },
  { modelName: 'fully_connected', lr: 0.1 },
  { modelName: 'convnet', lr: 0.01, inputDepth: 4, hidden1Depth: 6, nbUnits: 16 },
] as const satisfies ModelConfig[];

const [, FULLY_CONNECTED, CONVNET] = MODELS;

/** A model in a folder of the test's own, with the same seed each time. */
const make = (config: ModelConfig, name: string, more: ModelConfig = {}) =>
  makeModel({ batchSize: 20, randomSeed: 1, ...config, ...more, resultDir: path.join(folder, name) });

/** Trains a model without a word, and closes it. */
async function train(config: ModelConfig, name: string, more: ModelConfig = {}, options: TrainOptions = {}) {
  const agent = make(config, name, more);
  try {
    return await agent.train({ log: () => {}, ...options });
  } finally {
    await agent.close();
  }
}

const filesOf = (checkpoint: string) =>
  ['.index', '.data-00000-of-00001'].map((suffix) => readFileSync(`${checkpoint}${suffix}`).toString('hex'));

const config = (name: string) => JSON.parse(readFileSync(path.join(folder, name, 'config.json'), 'utf8'));

describe.each(MODELS)('training $modelName', (model) => {
  it('learns, evaluates on the three sets, and tells digits apart', async () => {
    const agent = make(model, 'run', { maxIter: 80 }) as DigitClassifier;
    const { step, stopped, evaluations } = await agent.train({ log: () => {} });
    expect([step, stopped]).toEqual([80, false]);
    expect(evaluations?.train).toMatchObject({ numExamples: 130 });
    expect(evaluations?.validation.precision).toBeGreaterThan(0.9);
    expect(evaluations?.test.precision).toBeGreaterThan(0.9);
    expect(evaluations?.test.loss).toBeLessThan(Math.log(10) / 2);
    const { test } = await readBars('');
    const predictions = await agent.infer(test.images);
    await agent.close();
    const digits = predictions.map(({ digit }) => digit);
    expect(digits.filter((digit, i) => digit === i % 10).length).toBeGreaterThan(27);
    for (const { digit, probability, probabilities } of predictions) {
      expect(probabilities.reduce((sum, one) => sum + one)).toBeCloseTo(1, 5);
      expect([probabilities[digit], Math.max(...probabilities)]).toEqual([probability, probability]);
    }
  });

  it('comes to the same weights, to the bit, whether it is stopped on the way or not', async () => {
    const whole = await train(model, 'whole', { maxIter: 24 });
    await train(model, 'parts', { maxIter: 9 }, { saveEvery: 4 });
    const parts = await train(model, 'parts', { maxIter: 24 });
    expect([whole.step, parts.step]).toEqual([24, 24]);
    expect(filesOf(parts.checkpoint)).toEqual(filesOf(whole.checkpoint));
  });

  it('saves the state when it is stopped, and goes on from there', async () => {
    const controller = new AbortController();
    const at = model.modelName === 'convnet' ? 0 : 100; // its steps take long
    const log = (line: string) => line.startsWith(`Step ${at}:`) && controller.abort();
    const stopped = await train(model, 'run', { maxIter: 1000 }, { signal: controller.signal, log });
    expect(stopped).toMatchObject({ step: at + 1, stopped: true, evaluations: undefined });
    expect(stopped.checkpoint).toBe(path.join(folder, 'run', `model.ckpt-${at + 1}`));
    const lines: string[] = [];
    await train(model, 'run', { maxIter: at + 2 }, { log: (line) => lines.push(line) });
    expect(lines).toContain(`Going on from ${stopped.checkpoint}`);
  });
});

describe('jumping back', () => {
  it('to a checkpoint of another folder comes to the same weights in its own', async () => {
    const whole = await train(FULLY_CONNECTED, 'whole', { maxIter: 24 }, { saveEvery: 10 });
    const agent = make(FULLY_CONNECTED, 'again', { maxIter: 24 });
    await agent.init({ checkpoint: path.join(folder, 'whole', 'model.ckpt-10') });
    const again = await agent.train({ log: () => {} });
    await agent.close();
    expect(again.checkpoint).toBe(path.join(folder, 'again', 'model.ckpt-24'));
    expect(filesOf(again.checkpoint)).toEqual(filesOf(whole.checkpoint));
    expect(config('again').from).toBe(path.join(folder, 'whole', 'model.ckpt-10'));
  });

  it('works with a model that has gone on meanwhile', async () => {
    const agent = make(FULLY_CONNECTED, 'run', { maxIter: 24 });
    const first = await agent.train({ log: () => {}, saveEvery: 10 });
    const weights = filesOf(first.checkpoint);
    await agent.init({ checkpoint: path.join(folder, 'run', 'model.ckpt-10') });
    const second = await agent.train({ log: () => {} });
    await agent.close();
    expect(second).toMatchObject({ step: 24, loss: first.loss });
    expect(filesOf(second.checkpoint)).toEqual(weights);
  });

  it('is remembered when the run goes on', async () => {
    await train(FULLY_CONNECTED, 'old', { maxIter: 2 });
    const agent = make(FULLY_CONNECTED, 'new', { maxIter: 4 });
    await agent.init({ checkpoint: path.join(folder, 'old', 'model.ckpt-2') });
    await agent.train({ log: () => {} });
    await agent.close();
    await train(FULLY_CONNECTED, 'new', { maxIter: 6 });
    expect(config('new').from).toBe(path.join(folder, 'old', 'model.ckpt-2'));
  });
});

describe('what is left behind', () => {
  const eventFilesIn = (...names: string[]) =>
    readdirSync(path.join(folder, 'run', ...names)).filter((name) => name.includes('tfevents'));

  it('by the fully connected network: its loss, in the result folder', async () => {
    await train(FULLY_CONNECTED, 'run', { maxIter: 101 });
    expect(eventFilesIn()).toHaveLength(1);
    const scalars = await readScalars(path.join(folder, 'run'));
    expect([...scalars.keys()]).toEqual(['loss']);
    expect(scalars.get('loss')?.map(({ step }) => step)).toEqual([0, 100]);
  });

  it('by the convolutional network: its curves in training and in validation side by side', async () => {
    const { evaluations } = await train(CONVNET, 'run', { maxIter: 101, keepProb: 1 });
    expect(eventFilesIn()).toEqual([]);
    const [training, validation] = await Promise.all(
      ['train', 'validation'].map((name) => readScalars(path.join(folder, 'run', name))),
    );
    for (const scalars of [training, validation])
      for (const tag of ['loss', 'accuracy']) expect(scalars?.get(tag)?.map(({ step }) => step)).toEqual([0, 100]);
    const rates = training?.get('learning_rate')?.map(({ value }) => value) ?? [];
    expect(rates[1]).toBeLessThan(rates[0]!);
    // One step after 10 equal guesses, of which the loss is ln 10.
    expect(validation?.get('loss')?.[0]?.value).toBeCloseTo(Math.log(10), 0);
    // The last summary comes after the last step, so it has seen the weights of the evaluation.
    expect(validation?.get('accuracy')?.at(-1)?.value).toBeCloseTo(evaluations!.validation.precision!, 6);
  });

  it('config.json: all that the run depended on, but for its folder', async () => {
    await train(FULLY_CONNECTED, 'run', { maxIter: 2, hidden1: 16 });
    expect(config('run')).toMatchObject({
      modelName: 'fully_connected',
      config: { maxIter: 2, hidden1: 16, hidden2: 32, lr: 0.1, randomSeed: 1, batchSize: 20, deterministic: false },
      data: { source: 'fake data', examples: { train: 130 }, order: { seed: 1, batchSize: 20 } },
      versions: { node: process.versions.node, libtensorflow: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      threads: { intraOp: 1, interOp: -1 },
    });
    expect(config('run').config).not.toHaveProperty('resultDir');
  });

  it('the last 50 checkpoints', async () => {
    await train(FULLY_CONNECTED, 'run', { maxIter: 53, hidden1: 4, hidden2: 4 }, { saveEvery: 1, evaluateOn: [] });
    const checkpoints = readdirSync(path.join(folder, 'run')).filter((name) => name.endsWith('.index'));
    expect(checkpoints).toHaveLength(50);
    expect(checkpoints).not.toContain('model.ckpt-3.index');
    expect(checkpoints).toContain('model.ckpt-4.index');
  });

  it('nothing by a model that only answers', async () => {
    await train(FULLY_CONNECTED, 'run', { maxIter: 2 });
    const before = readdirSync(path.join(folder, 'run'));
    const agent = makeModel({ resultDir: path.join(folder, 'run') });
    await agent.evaluate(['test']);
    await agent.infer(new Uint8Array(784).fill(255) && [Array(784).fill(0)]);
    await agent.close();
    expect(readdirSync(path.join(folder, 'run'))).toEqual(before);
  });
});

it('drops units of the convolutional network in training', async () => {
  const losses = await Promise.all(
    [1, 0.5].map(async (keepProb) => (await train(CONVNET, `${keepProb}`, { maxIter: 1, keepProb })).loss),
  );
  expect(losses[0]).not.toBe(losses[1]);
});

it('draws initial weights as it is told', async () => {
  const agent = make(FULLY_CONNECTED, 'run', { initialMean: 5, initialStddev: 0.01 });
  await agent.init();
  const weights = await agent.session.run('hidden1/weights:0');
  await agent.close();
  expect(weights).toMatchObject({ shape: [784, 128] });
  for (const weight of (weights as { data: Float32Array }).data.subarray(0, 1000))
    expect(Math.abs(weight - 5)).toBeLessThan(0.021);
});

it('runs in one thread when it shall be deterministic', () => {
  expect(make(CONVNET, 'run', { deterministic: true }).session.threads).toMatchObject({ intraOp: 1, interOp: -1 });
});

it('says so when it diverges, and keeps what was saved before', async () => {
  await train(FULLY_CONNECTED, 'run', { maxIter: 2 });
  await expect(train(FULLY_CONNECTED, 'run', { lr: 1e38, maxIter: 50 })).rejects.toThrow(
    /^the loss at step \d+ is not a number: the model has diverged\./,
  );
  const agent = make(FULLY_CONNECTED, 'run');
  await agent.init();
  await agent.close();
});

it('refuses images of another size', async () => {
  const agent = make(FULLY_CONNECTED, 'run');
  await expect(agent.infer([[1, 2, 3]])).rejects.toThrow(
    'expected images of float32 or uint8, [n, 784] or [n, 28, 28], got float32 [1, 3]',
  );
  await agent.close();
});
