/** Runs that one can tell apart, as their reader sees them in JupyterLab. The screenshots of a soak lie in `.cache/screenshots`. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { screenshot } from '../chromium';
import type { Lab } from './lab';
import type { LabNotebook } from './labNotebook';

const cells = [
  `import { plot, runDirectory, runs, tensorboard, tf } from 'tf-mechanics';
const flags = { learningRate: 0.01, hidden1: 128, batchSize: 100 };`,
  `for (const [i, changed] of [{}, { learningRate: 0.1 }, { learningRate: 1 }, { hidden1: 512 }].entries()) {
  const logdir = runDirectory('../digits', 'digits', { config: { ...flags, ...changed } });
  const writer = new tf.summary.FileWriter(logdir);
  for (let step = 0; step < 200; step++) {
    const noise = 0.1 * Math.abs(Math.sin(step * 17.3 + i));
    writer.scalar('loss', 2.3 * Math.exp((-step * (i + 1)) / 80) + 0.1 + noise, 10 * step);
    writer.scalar('accuracy', 1 - 0.9 * Math.exp((-step * (i + 1)) / 80) - noise / 4, 10 * step);
  }
  await writer.close();
}`,
  `await plot.scalars('../digits', { tags: 'loss', smoothing: 0.6, title: 'Loss of each training' })`,
  `const board = await tensorboard('../digits', { height: 300 });
board.url`,
  `runs('../digits')`,
  `const many = 20;
for (let i = 0; i < many; i++) {
  const writer = new tf.summary.FileWriter(runDirectory('../more', 'digits', { config: { ...flags, learningRate: (i + 1) / 100, hidden1: i % 2 ? 128 : 64 } }));
  for (let step = 0; step < 50; step++) writer.scalar('loss', 2.3 * Math.exp((-step * (i + 1)) / 200), 10 * step);
  await writer.close();
}
await plot.scalars('../more', { tags: 'loss' })`,
  `await runs('../digits').delete('digits-3-lr=1')`,
];

/** The run that differs from those before it in two hyperparameters, since they differ from its own in both. */
const last = 'digits-4-lr=0.01,hidden1=512';

/** Other tests run at the same time. */
const patience = { timeout: 30_000, interval: 50 };

export function tryRuns(lab: () => Lab): void {
  let notebook: LabNotebook;
  beforeAll(async () => {
    lab().write('runs.ipynb', cells);
    notebook = await lab().open('runs.ipynb');
    await notebook.hideFiles();
  }, 240_000);
  afterAll(() => lab().leave(notebook));

  const tableOf = async (text: string) => (await notebook.cell(text)).locator('table').last();
  const names = async () => (await tableOf("runs('../digits')")).locator('tbody td:first-child').allInnerTexts();

  it('are sorted by a click on the head of a column, either way', async () => {
    for (const cell of cells.slice(0, 5)) await notebook.run(cell.slice(0, 40));
    const table = await tableOf("runs('../digits')");
    await expect.poll(names).toEqual([last, 'digits-3-lr=1', 'digits-2-lr=0.1', 'digits-1']);
    const byRate = table.getByRole('button', { name: 'lr' });
    await byRate.click();
    expect((await names()).at(-1)).toBe('digits-3-lr=1');
    await byRate.click();
    expect((await names())[0]).toBe('digits-3-lr=1');
    expect(await byRate.locator('..').getAttribute('aria-sort')).toBe('descending');
  });

  it('are singled out by a click in the legend, and all are there again after a second one', async () => {
    const figure = (await notebook.cell('await plot.scalars')).locator('.jp-OutputArea-output').last();
    const hidden = () =>
      figure.locator('.js-plotly-plot').evaluate((plot) => {
        const { _fullData: traces } = plot as unknown as {
          _fullData: { visible: unknown; name: string; showlegend: boolean }[];
        };
        return traces.filter(({ visible, showlegend }) => showlegend && visible !== true).map(({ name }) => name);
      });
    const entry = figure.locator('.legendtoggle').nth(1);
    await entry.click();
    await expect.poll(hidden).toHaveLength(3);
    await entry.click();
    await expect.poll(hidden).toEqual([]);
  });

  it('are as many as there are colours, and those before them pale, in a narrow page, too', async () => {
    await notebook.run('const many');
    const figure = (await notebook.cell('const many')).locator('.jp-OutputArea-output').last();
    for (const theme of ['Light', 'Dark'] as const)
      for (const width of [700, 1000, 1500]) {
        await notebook.setTheme(theme);
        await notebook.page.setViewportSize({ width, height: 900 });
        const [plot, place] = [figure.locator('.main-svg').first(), figure.locator('.js-plotly-plot').first()];
        const widthOf = async (part: Locator) => Math.round((await part.boundingBox())?.width ?? 0);
        await expect.poll(async () => (await widthOf(plot)) - (await widthOf(place)), patience).toBe(0);
        await notebook.screenshot(`runs-${theme.toLowerCase()}-${width}`);
      }
    const strokes = await figure
      .locator('.scatterlayer .js-line')
      .evaluateAll((lines) => lines.map((line) => getComputedStyle(line).stroke));
    const older = strokes.filter((stroke) => stroke === strokes[0]);
    expect([older.length, new Set(strokes).size]).toEqual([12, 1 + 8]);
    expect(await figure.locator('.legendtext').allTextContents()).toEqual([
      '12 older runs',
      ...Array.from({ length: 8 }, (_, i) => `lr=${(13 + i) / 100}, hidden1=${i % 2 ? 128 : 64}`),
    ]);
    await notebook.setTheme('Light');
  });

  it('have their hyperparameters in TensorBoard’s HParams page, and a link each', async () => {
    const link = (await tableOf("runs('../digits')")).locator('a').first();
    const url = new URL((await link.getAttribute('href')) ?? '');
    expect(url.searchParams.get('runFilter')).toMatch(/^\^digits-\d/);
    const page = await notebook.page.context().browser()!.newPage();
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.goto(url.href);
    await expect
      .poll(
        () =>
          page
            .locator('runs-data-table')
            .innerText()
            .catch(() => ''),
        { timeout: 60_000 },
      )
      .toMatch(/digits-3-lr=1\s*$/);
    await page.goto(`${url.origin}/#hparams`);
    await page.reload();
    const hparams = page.locator('#sessionGroupsTable vaadin-grid-cell-content');
    await expect
      .poll(() => hparams.allInnerTexts(), { timeout: 60_000 })
      .toEqual(expect.arrayContaining([expect.stringContaining('learningRate'), expect.stringContaining('0.10000')]));
    await screenshot(page, 'runs-hparams');
    await page.close();
  });

  it('are gone once they are deleted, and the table says so', async () => {
    await notebook.run('.delete(');
    const table = await tableOf('.delete(');
    expect(await table.locator('tbody td:first-child').allInnerTexts()).toEqual([last, 'digits-2-lr=0.1', 'digits-1']);
    expect(lab().errors).toEqual([]);
  });
}
