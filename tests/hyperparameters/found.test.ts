/** What a search is for: it finds a configuration that is better than the one somebody wrote down. In a soak: it trains some dozens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type * as Library from '../../lib/src';
import { repetitions } from '../../lib/src/testing/repetitions';

const root = path.join(__dirname, '..', '..');
// As it was compiled: its worker processes are plain Node's.
const { hyperparameters, models } = require(path.join(root, 'lib', 'dist')) as typeof Library;
const steps = 90;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'found-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.runIf(repetitions(0, 1) > 0)(
  "a configuration that Hyperband finds beats the article's on the validation set, trained for as many steps",
  async () => {
    const common = { modelName: 'fully_connected', dataDir: path.join(root, 'data'), randomSeed: 1 };
    const { best } = await hyperparameters.search({
      algorithm: 'hyperband',
      space: { ...models.FullyConnected.searchSpace, ...common },
      metric: 'precision',
      maxIterations: steps,
      minIterations: steps / 9,
      seed: 1,
      nbProcess: 2,
      resultDir: path.join(folder, 'search'),
      trial: models.trials,
    });
    const article = await models.runTrial({
      config: common,
      resultDir: path.join(folder, 'article'),
      iterations: steps,
      log: () => {},
    });
    expect(best?.iteration).toBe(steps);
    expect(best?.value).toBeGreaterThan((article.metrics.precision ?? 1) + 0.05);
  },
);
