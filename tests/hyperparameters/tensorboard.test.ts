/** TensorBoard's HParams page shows the trials of a search. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as hyperparameters from '../../lib/src/hyperparameters';
import { launchChromium, missingChromium, screenshot } from '../browser/chromium';
import { pythonWith, skipped } from '../tensorboard/python';
import { TensorBoardServer } from '../tensorboard/server';
import { compileSearch, temporaryFolder, trialsModule } from './library';

const python = pythonWith('tensorboard');
const missing = missingChromium() ?? (python ? undefined : skipped('tensorboard'));
if (missing) console.warn(`TensorBoard's HParams page is not tested: ${missing}.`);

describe.skipIf(missing)("TensorBoard's HParams page", () => {
  let root: string;
  let results: hyperparameters.SearchResults;
  let server: TensorBoardServer;
  let browser: Browser;
  beforeAll(async () => {
    root = temporaryFolder();
    const { search, space } = createRequire(__filename)(await compileSearch(root)) as typeof hyperparameters;
    const resultDir = path.join(root, 'search');
    results = await search({
      algorithm: 'hyperband',
      space: {
        x: space.uniform(0, 1),
        how: space.choice(['well', 'throws']),
        optimizer: space.choice([{ name: 'adam' }, { name: 'momentum', momentum: space.uniform(0.5, 1) }]),
      },
      metric: 'score',
      maxIterations: 9,
      seed: 1,
      resultDir,
      trial: { module: trialsModule, name: 'fails' },
    });
    [server, browser] = await Promise.all([TensorBoardServer.start(python!, resultDir), launchChromium()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
    fs.rmSync(root, { recursive: true, force: true });
  });

  it('has a row a trial, with its hyperparameters and its last value', async () => {
    const page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
    await page.goto(`${server.url}#hparams`);
    const cells = page.locator('#sessionGroupsTable vaadin-grid-cell-content');
    const texts = async () => (await cells.allInnerTexts()).map((text) => text.trim()).filter((text) => text !== '');
    await expect.poll(texts, { timeout: 30_000 }).toContain(results.best!.value!.toPrecision(5));
    const shown = await texts();
    for (const name of ['x', 'how', 'optimizer.name', 'optimizer.momentum', 'score']) expect(shown).toContain(name);
    for (const { id } of results.trials.slice(0, 5)) expect(shown).toContain(`trial 000${id}`);
    await screenshot(page, 'tensorboard-search');
  });
});
