import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeModel } from './registry';
import { checkpointOfStep, readConfigFile } from './runFolder';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a run is found by its step and by its configuration', async () => {
  const agent = makeModel({ modelName: 'softmax_regression', fakeData: true, maxIter: 2, resultDir: folder });
  await agent.train({ saveEvery: 1, evaluateOn: [], log: () => {} });
  await agent.close();
  expect(checkpointOfStep(folder, 1)).toBe(path.join(folder, 'model.ckpt-1'));
  expect(() => checkpointOfStep(folder, 7)).toThrow(/step 7/);
  expect(readConfigFile(path.join(folder, 'config.json'))).toMatchObject({
    modelName: 'softmax_regression',
    maxIter: 2,
  });
});

it('a configuration that is none is told by its file', () => {
  const file = path.join(folder, 'config.json');
  writeFileSync(file, '[1');
  expect(() => readConfigFile(file)).toThrow(file);
});
