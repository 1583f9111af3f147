// In a process of its own: it replaces the data that models read.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readBars } from '../testing/bars';
import { latestCheckpoint } from '../tf/train';
import './registry';
import { runTrial, type TrialOptions } from './trial';

vi.mock('../data', async (original) => ({ ...(await original<object>()), readDataSets: readBars }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trial-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const trial = (name: string, iterations: number, options: Partial<TrialOptions> = {}) =>
  runTrial({
    config: { modelName: 'softmax_regression', lr: 0.1, batchSize: 20, randomSeed: 1 },
    resultDir: path.join(folder, name),
    iterations,
    log: () => {},
    ...options,
  });

it('gives loss and precision on the validation set', async () => {
  const { metrics, iteration } = await trial('one', 60);
  expect(iteration).toBe(60);
  expect(Object.keys(metrics)).toEqual(['loss', 'precision']);
  expect(metrics.precision).toBeGreaterThan(0.9);
  expect(metrics.loss).toBeLessThan((await trial('two', 1)).metrics.loss!);
});

it('takes its seed where the configuration has none', async () => {
  const config = { modelName: 'softmax_regression', batchSize: 20 };
  const one = await trial('one', 5, { config, seed: 3 });
  expect(await trial('two', 5, { config, seed: 3 })).toEqual(one);
  expect(await trial('three', 5, { config, seed: 4 })).not.toEqual(one);
  expect(await trial('four', 5, { config: { ...config, randomSeed: 3 }, seed: 4 })).toEqual(one);
});

it('goes on where it was, trains no step twice, and comes to what it would have come to at once', async () => {
  const lines: string[] = [];
  await trial('parts', 10);
  const parts = await trial('parts', 30, { log: (line) => lines.push(line) });
  expect(parts).toEqual(await trial('whole', 30));
  expect(lines).toContain(`Going on from ${path.join(folder, 'parts', 'model.ckpt-10')}`);
});

it('measures again, and trains no more, when it has gone that far', async () => {
  const first = await trial('one', 10);
  expect(await trial('one', 10)).toEqual(first);
});

it('reports its loss and its result', async () => {
  const reports: [number, object][] = [];
  const { metrics } = await trial('one', 10, { report: (iteration, values) => reports.push([iteration, values]) });
  expect(reports.at(-1)).toEqual([10, metrics]);
  // How often it reports while it trains depends on the machine's load.
  for (const report of reports.slice(0, -1)) expect(report).toEqual([expect.any(Number), { loss: expect.any(Number) }]);
  expect(reports.length).toBeGreaterThan(1);
});

it('saves its state when it is stopped, and measures nothing', async () => {
  const controller = new AbortController();
  const log = (line: string) => line.startsWith('Step 100:') && controller.abort();
  expect(await trial('one', 1e6, { signal: controller.signal, log })).toEqual({ metrics: {}, iteration: 101 });
  expect(latestCheckpoint(path.join(folder, 'one'))).toBe(path.join(folder, 'one', 'model.ckpt-101'));
});
