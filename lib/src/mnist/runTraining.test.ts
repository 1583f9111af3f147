import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as data from '../data';
import { HostArray } from '../runtime/hostArray';
import { readScalars } from '../summary';
import { runTraining, type TrainingOptions } from '.';

vi.mock('../data', async (original) => ({ ...(await original<typeof data>()), readDataSets }));

/** Sets of a few bars in noise, in the place of MNIST: each digit d has ink in its rows 2d and 2d + 1. */
async function readDataSets(_dir: string, { seed = 1 }: { seed?: number } = {}) {
  const random = new data.Random(1);
  const set = (count: number) => {
    const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => {
      const [digit, row] = [Math.floor(i / 784) % 10, Math.floor((i % 784) / 28)];
      return (Math.floor(row / 2) === digit ? 155 : 0) + random.below(100);
    });
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    return new data.DataSet(new HostArray('uint8', [count, 784], pixels), new HostArray('uint8', [count], labels), {
      seed,
    });
  };
  return { train: set(130), validation: set(150), test: set(30), source: 'fake data', description: 'bars' };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'training-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const NETWORKS = [
  { model: 'fullyConnected', learningRate: 0.1 },
  { model: 'convnet', learningRate: 0.01, inputDepth: 4, hidden1Depth: 6, hidden2Units: 16 },
] as const;

/** Trains in a folder of the test's own, with the same seed each time, and without a word. */
function train(network: (typeof NETWORKS)[number], name: string, options: Partial<TrainingOptions>) {
  const common = { dataDir: '', resultDir: path.join(folder, name), batchSize: 20, randomSeed: 1, log: () => {} };
  return runTraining({ ...common, ...network, ...options } as TrainingOptions);
}

const filesOf = (checkpoint: string) =>
  ['.index', '.data-00000-of-00001'].map((suffix) => readFileSync(`${checkpoint}${suffix}`).toString('hex'));

describe.each(NETWORKS)('training $model', (network) => {
  it('learns, and evaluates on the three sets', async () => {
    const { step, stopped, evaluations } = await train(network, 'run', { maxIter: 80 });
    expect([step, stopped]).toEqual([80, false]);
    expect(evaluations?.validation.precision).toBeGreaterThan(0.9);
    expect(evaluations?.test.precision).toBeGreaterThan(0.9);
  });

  it('comes to the same weights, to the bit, whether it is stopped on the way or not', async () => {
    const whole = await train(network, 'whole', { maxIter: 24 });
    await train(network, 'parts', { maxIter: 9, saveEvery: 4 });
    const parts = await train(network, 'parts', { maxIter: 24 });
    expect([whole.step, parts.step]).toEqual([24, 24]);
    expect(filesOf(parts.checkpoint)).toEqual(filesOf(whole.checkpoint));
  });

  it('saves the state when it is stopped, and goes on from there', async () => {
    const controller = new AbortController();
    const log = (line: string) => line.startsWith('Step 100:') && controller.abort();
    const stopped = await train(network, 'run', { maxIter: 1000, signal: controller.signal, log });
    expect(stopped).toMatchObject({ step: 101, stopped: true, evaluations: undefined });
    expect(stopped.checkpoint).toBe(path.join(folder, 'run', 'model.ckpt-101'));
    const lines: string[] = [];
    await train(network, 'run', { maxIter: 102, log: (line) => lines.push(line) });
    expect(lines).toContain(`Going on from ${stopped.checkpoint}`);
  });
});

describe('what is left behind', () => {
  const eventFilesIn = (...names: string[]) =>
    readdirSync(path.join(folder, 'run', ...names)).filter((name) => name.includes('tfevents'));

  it('by the fully connected network: its loss, in the result folder', async () => {
    await train(NETWORKS[0], 'run', { maxIter: 101 });
    expect(eventFilesIn()).toHaveLength(1);
    const scalars = await readScalars(path.join(folder, 'run'));
    expect([...scalars.keys()]).toEqual(['loss']);
    expect(scalars.get('loss')?.map(({ step }) => step)).toEqual([0, 100]);
  });

  it('by the convolutional network: its curves in training and in validation side by side', async () => {
    const { evaluations } = await train(NETWORKS[1], 'run', { maxIter: 101, keepProb: 1 });
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
    expect(validation?.get('accuracy')?.at(-1)?.value).toBeCloseTo(evaluations!.validation.precision, 6);
  });
});

it('drops units of the convolutional network in training', async () => {
  const losses = await Promise.all(
    [1, 0.5].map(async (keepProb) => (await train(NETWORKS[1], `${keepProb}`, { maxIter: 1, keepProb })).loss),
  );
  expect(losses[0]).not.toBe(losses[1]);
});

it('refuses parameters that can not be right before it makes a folder', async () => {
  await expect(train({ ...NETWORKS[1], keepProb: 0 } as never, 'run', {})).rejects.toThrow(
    'expected a keepProb above 0 and up to 1, got 0',
  );
  await expect(train({ model: 'perceptron' } as never, 'run', {})).rejects.toThrow(
    'expected a model, one of fullyConnected, convnet, got perceptron',
  );
  expect(readdirSync(folder)).toEqual([]);
});
