import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { loadData } from '../src/data';
import { IrisClassifier, makeModel } from '../src/models';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'iris-'));
});
after(() => rmSync(folder, { recursive: true }));

const train = async (config: { lr?: number; maxIter?: number }, name: string) => {
  const agent = new IrisClassifier({ randomSeed: 1, resultDir: path.join(folder, name), ...config });
  const result = await agent.train({ log: () => {} });
  await agent.close();
  return result;
};

test('the three sets have every flower once', async () => {
  const sets = Object.values(await loadData('data', 1));
  assert.equal(
    sets.reduce((sum, { numExamples }) => sum + numExamples, 0),
    150,
  );
});

test('the model learns to tell the species apart', async () => {
  const { evaluations } = await train({}, 'whole');
  assert.ok(evaluations!.validation.precision > 0.8);
});

test('the same seed gives the same losses', async () => {
  const losses = [];
  for (const name of ['first', 'second']) losses.push((await train({ maxIter: 20 }, name)).loss);
  assert.equal(losses[0], losses[1]);
});

test('a trained model is asked about flowers, by the folder that it was trained in', async () => {
  const agent = makeModel({ modelName: 'iris', resultDir: path.join(folder, 'whole') });
  const [flower] = await agent.infer({ features: [[5.1, 3.5, 1.4, 0.2]] });
  await agent.close();
  assert.equal(flower?.name, 'setosa');
});
