/** The first notebook in JupyterLab: what its reader sees and does. The screenshots of a soak lie in `.cache/screenshots`. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repetitions } from '../../../lib/src/testing/repetitions';
import { contrastsOf } from '../contrast';
import type { Lab } from './lab';
import type { LabNotebook } from './labNotebook';

/** Cells, by a text of their source. */
const cells = {
  flags: 'const flags',
  digits: 'plot.digits(',
  sketch: 'graphView(sketch',
  graph: 'const net = buildGraph',
  session: 'const session = new',
  training: 'liveChart({',
  scalars: 'plot.scalars(',
  tensorboard: 'tensorboard(',
  evaluation: "doEval('Training set",
  confusion: 'plot.confusionMatrix(',
  misclassified: 'plot.misclassified(',
  weights: 'plot.weights(',
  knobs: 'const knobs = controls(',
};
const figures = ['digits', 'training', 'scalars', 'confusion', 'misclassified', 'weights'] as const;

/** What Plotly draws of data: curves, heatmaps, pictures. */
const traces = '.scatterlayer .js-line, .heatmaplayer image, .imagelayer image';

/** Other tests run at the same time. */
const patience = { timeout: 30_000, interval: 100 };

/** One after the other, in one page: each goes on where the one before has left the notebook. */
export function tryNotebook(lab: () => Lab): void {
  let notebook: LabNotebook;
  let training: Promise<void>; // the one that the stop button ends

  beforeAll(async () => {
    notebook = await lab().open('01-mechanics-101.ipynb');
  });
  afterAll(() => lab().leave(notebook));

  const promptOf = (cell: Locator) => cell.locator('.jp-InputPrompt').innerText();

  /** The curves of a cell's chart, as paths of SVG. */
  const curvesOf = (cell: Locator) =>
    cell.locator('.scatterlayer .js-line').evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));

  /** Changes hyperparameters, and runs what the notebook says must be run then. */
  const change = async (flags: Record<string, number>) => {
    for (const [name, value] of Object.entries(flags))
      await notebook.edit(cells.flags, (source) => source.replace(RegExp(`\\b${name}: [\\d.]+`), `${name}: ${value}`));
    await notebook.run(cells.flags, cells.graph, cells.session);
  };

  it('shows still pictures as they are committed while it is not trusted', async () => {
    for (const name of [...figures, 'sketch', 'graph'] as const) {
      const cell = await notebook.cell(cells[name]);
      await cell.locator('.jp-OutputArea img').first().waitFor();
      expect((await cell.locator('.jp-OutputArea img').first().boundingBox())?.width, name).toBeGreaterThan(200);
      expect(await cell.locator(`${traces}, [data-id]`).count(), name).toBe(0);
    }
    await notebook.screenshotOfAll('untrusted');
  });

  it('runs all cells without an error or a word on stderr', async () => {
    await notebook.runAll();
    expect(await notebook.outputs('application/vnd.jupyter.error').allInnerTexts()).toEqual([]);
    expect(await notebook.outputs('application/vnd.jupyter.stderr').allInnerTexts()).toEqual([]);
    const prompts = await notebook.inPanel('.jp-CodeCell .jp-InputPrompt').allInnerTexts();
    expect(prompts).toEqual(prompts.map((_, i) => `[${i + 1}]:`));
  });

  it('draws all figures in the places of their still pictures, none wider than its cell', async () => {
    for (const name of figures) {
      const cell = await notebook.cell(cells[name]);
      await cell.locator('.js-plotly-plot .main-svg').first().waitFor();
      expect(await cell.locator('.jp-OutputArea img').count(), name).toBe(0);
      expect(await cell.locator(traces).count(), name).toBeGreaterThan(0);
      const widthOf = async (selector: string) => (await cell.locator(selector).first().boundingBox())?.width ?? 0;
      expect(await widthOf('.js-plotly-plot .main-svg'), name).toBeLessThanOrEqual(await widthOf('.jp-OutputArea'));
    }
  });

  it('shows the graph, and opens a scope where it is clicked', async () => {
    const cell = await notebook.cell(cells.graph);
    await cell.locator('[data-id="hidden1/"]').click();
    await cell.locator('[data-id="hidden1/weights"]').waitFor();
    await cell.scrollIntoViewIfNeeded();
    await notebook.screenshot('graph');
  });

  it('shows TensorBoard inline, with the run and its scalars', async () => {
    const cell = await notebook.cell(cells.tensorboard);
    await cell.scrollIntoViewIfNeeded();
    const tensorBoard = cell.frameLocator('iframe');
    await tensorBoard.getByText('Time Series').waitFor();
    await tensorBoard.getByText('mechanics-101-1').first().waitFor();
    await tensorBoard.locator('scalar-card').first().waitFor();
    await notebook.screenshot('tensorboard');
  });

  it.each(['Light', 'Dark'] as const)('is readable in the theme %s', async (theme) => {
    await notebook.setTheme(theme);
    await notebook.screenshotOfAll(theme.toLowerCase());
    const contrasts = () => contrastsOf(notebook.inPanel('.jp-OutputArea-output'));
    expect((await contrasts()).length).toBeGreaterThan(200);
    // Figures are drawn anew for the theme one after the other.
    await expect.poll(async () => (await contrasts()).filter(({ ratio }) => ratio < 4.5), patience).toEqual([]);
  });

  // As many steps as nobody waits for: the test says when it has seen enough, however fast the machine is.
  it('moves the live chart while training goes, and draws another curve for another learning rate', async () => {
    const before = await curvesOf(await notebook.cell(cells.training));
    await change({ learningRate: 0.1, maxSteps: 1_000_000 });
    const { cell, ended } = await notebook.start(cells.training);
    training = ended;
    await cell.locator('.scatterlayer .js-line').first().waitFor();
    await expect.poll(() => curvesOf(cell), patience).not.toEqual(before);
    const early = await curvesOf(cell);
    await expect.poll(() => curvesOf(cell), patience).not.toEqual(early);
    expect(await promptOf(cell)).toBe('[*]:');
    await cell.scrollIntoViewIfNeeded();
    await notebook.screenshot('training');
    await cell.getByText('Step 500: loss').waitFor(); // so that there is a curve of it
  });

  it('stops training when the stop button is pressed, and runs other cells after that', async () => {
    await notebook.interrupt();
    const since = Date.now();
    await training;
    expect(Date.now() - since).toBeLessThan(30_000);
    const cell = await notebook.cell(cells.training);
    await cell.scrollIntoViewIfNeeded();
    await notebook.screenshot('interrupted');
    await notebook.run(cells.evaluation);
    const evaluation = await notebook.cell(cells.evaluation);
    expect(await evaluation.locator('.jp-OutputArea').innerText()).toMatch(/Test set.*: \d+ of \d+ right/);
  });

  it('compares both runs', async () => {
    await notebook.run(cells.scalars);
    const cell = await notebook.cell(cells.scalars);
    await expect
      .poll(() => cell.locator('.legendtext').allTextContents(), patience)
      .toEqual([`lr=0.01, steps=${repetitions(200, 2000)}`, 'lr=0.1, steps=1000000']);
    expect(new Set(await curvesOf(cell)).size).toBe(4); // and the values themselves behind each, which is smoothed
    await cell.scrollIntoViewIfNeeded();
    await notebook.screenshot('scalars');
  });

  it('trains a network when a knob is turned, and lays its curve over the one before', async () => {
    const cell = await notebook.cell(cells.knobs);
    await cell.getByRole('slider', { name: 'maxSteps' }).fill('100');
    await expect.poll(async () => (await curvesOf(cell)).length, patience).toBe(1);
    await cell.getByRole('combobox', { name: 'hidden1' }).selectOption('8');
    await expect
      .poll(() => cell.locator('.legendtext').allTextContents(), patience)
      .toEqual(['maxSteps 100', 'maxSteps 100, hidden1 8']);
    expect(new Set(await curvesOf(cell)).size).toBe(2);
    await cell.scrollIntoViewIfNeeded();
    await notebook.screenshot('knobs');
  });

  it('completes names, and tells what they are', async () => {
    const { page } = notebook;
    const cell = await notebook.insertBelow(cells.weights);
    await page.keyboard.type('tf.train.');
    await page.keyboard.press('Tab');
    await page.locator('.jp-Completer-item', { hasText: 'AdamOptimizer' }).waitFor();
    await notebook.screenshot('completion');
    await page.keyboard.type('latestCh');
    await page.keyboard.press('Enter');
    await expect.poll(() => cell.locator('.cm-content').innerText(), patience).toBe('tf.train.latestCheckpoint');
    await page.keyboard.press('Shift+Tab');
    await page.locator('.jp-Tooltip', { hasText: 'checkpoint' }).waitFor();
    await notebook.screenshot('tooltip');
    await page.keyboard.press('Escape');
  });

  it('is as it was when it is saved and opened again, without running', async () => {
    await notebook.saveAndReload();
    for (const name of figures) await (await notebook.cell(cells[name])).locator(traces).first().waitFor();
    const graph = await notebook.cell(cells.graph);
    await graph.locator('[data-id="hidden1/"]').waitFor();
    await graph.scrollIntoViewIfNeeded();
    await notebook.screenshot('again');
  });

  it('says that TensorBoard has ended where the kernel that started it has', async () => {
    const cell = await notebook.cell(cells.tensorboard);
    await cell.locator('iframe').waitFor();
    const widgets = (await notebook.typesIn('')).filter((type) => type === 'application/vnd.jupyter.widget-view+json');
    await notebook.shutDownKernel();
    await notebook.saveAndReopen();
    const again = await notebook.cell(cells.tensorboard);
    await again.getByText('has ended').waitFor();
    await again.scrollIntoViewIfNeeded();
    await notebook.screenshot('tensorboard-ended');
    // What the page asks TensorBoard in vain; and controls, which have ended with their kernel, too, and say so.
    const notFound = notebook.inPanel('.jp-OutputArea-output').getByText('model not found');
    await expect.poll(() => notFound.count(), patience).toBe(widgets.length);
    const expected = /ERR_CONNECTION_REFUSED|widget model not found/;
    expect(
      lab()
        .errors.splice(0)
        .filter((error) => !expected.test(error)),
    ).toEqual([]);
  });
}
