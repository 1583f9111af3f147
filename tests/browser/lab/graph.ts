/** A graph in JupyterLab: what its reader reads and does. The screenshots of a soak lie in `.cache/screenshots`. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contrastsOf } from '../contrast';
import type { Lab } from './lab';
import type { LabNotebook } from './labNotebook';

const cells = {
  before: `import { graphView, mnist, tf } from 'tf-mechanics';`,
  graph: `const graph = new tf.Graph();
graph.asDefault(() => {
  const [images, labels] = mnist.placeholderInputs(100);
  const logits = mnist.inference(images, 128, 32);
  mnist.training(mnist.loss(logits, labels), 0.01);
  mnist.evaluation(logits, labels);
});
graphView(graph, { expand: ['hidden1', 'hidden2', 'softmax_linear'] })`,
  after: `'the end'`,
};

/** One after the other, in one page. */
export function tryGraph(lab: () => Lab): void {
  let notebook: LabNotebook;
  let cell: Locator;

  const node = (id: string) => cell.locator(`[data-id="${id}"]`);

  beforeAll(async () => {
    lab().write('graph.ipynb', Object.values(cells));
    notebook = await lab().open('graph.ipynb');
    await notebook.hideFiles();
    await notebook.runAll();
    cell = await notebook.cell('graphView(graph');
    await node('hidden1/').waitFor();
  });
  afterAll(() => lab().leave(notebook));

  it('is operated by keys, which are then not JupyterLab’s', async () => {
    const { page } = notebook;
    const cellsBefore = await notebook.inPanel('.jp-CodeCell').count();
    await node('hidden1/').focus();
    await page.keyboard.press('ArrowDown');
    const focused = cell.locator('[data-id]:focus');
    expect(await focused.getAttribute('data-id')).toMatch(/^hidden1\/./);
    await page.keyboard.press('Enter');
    await cell.getByText('Used by', { exact: true }).waitFor();
    expect(await focused.count()).toBe(1);
    await page.keyboard.press('Escape');
    await cell.getByRole('searchbox').fill('');
    await cell.getByRole('searchbox').pressSequentially('bias');
    await cell.getByText(/^1 of \d+: hidden1\/biases$/).waitFor();
    await page.keyboard.press('Escape');
    expect(await notebook.inPanel('.jp-CodeCell').count()).toBe(cellsBefore);
  });

  it.each(['Light', 'Dark'] as const)('can be read at any width in the theme %s', async (theme) => {
    const { page } = notebook;
    await notebook.setTheme(theme);
    const frame = cell.locator('.tf-mechanics-graph');
    for (const width of [700, 1000, 1500]) {
      await page.setViewportSize({ width, height: 900 });
      await cell.scrollIntoViewIfNeeded();
      const sizes = await cell
        .locator('svg.tfg text')
        .evaluateAll((texts) =>
          texts.map(
            (text) => Number.parseFloat(getComputedStyle(text).fontSize) * (text as SVGTextElement).getScreenCTM()!.a,
          ),
        );
      expect(sizes.length).toBeGreaterThan(20);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
      const [outer, inner] = [await cell.locator('.jp-OutputArea-output').boundingBox(), await frame.boundingBox()];
      expect(inner!.width).toBeLessThanOrEqual(outer!.width);
      await notebook.screenshot(`graph-${width}-${theme.toLowerCase()}`);
    }
    const isDark = await frame.evaluate((element) => getComputedStyle(element).colorScheme === 'dark');
    expect(isDark).toBe(theme === 'Dark');
    const contrasts = await contrastsOf(cell.locator('.jp-OutputArea-output'));
    expect(contrasts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });
}
