import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as mnist from '../../mnist';
import { jupyterDisplay, type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { Graph } from '../../tf/graph/graph';
import { device } from '../../tf/scopes';
import { type GraphViewOptions, graphView } from './graphView';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** The page's script, which a Jupyter server would serve. */
async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(__dirname, '..', 'page', 'index.ts')],
    bundle: true,
    format: 'iife',
    globalName: 'tfMechanics',
    write: false,
  });
  return outputFiles[0]!.text;
}

/** The output of a cell that draws the article's training program. */
function output(options: GraphViewOptions = {}): string {
  const graph = new Graph();
  graph.asDefault(() => {
    const [images, labels] = mnist.placeholderInputs(100);
    const logits = device('/job:worker/task:0', () => mnist.inference(images, 128, 32));
    mnist.training(mnist.loss(logits, labels), 0.01);
  });
  setNotebookHost({ resources: 'page' } as NotebookHost);
  const html = graphView(graph, options)[jupyterDisplay]()['text/html'];
  setNotebookHost(undefined);
  return `<!doctype html><meta charset="utf-8"><body>${html}</body>`;
}

// Without a browser the page isn't tested; what it draws is, beside its source.
describe.skipIf(!existsSync(executablePath))('a graph in a page', () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  const node = (id: string) => page.locator(`[data-id="${id}"]`);
  const details = (text: string) => page.getByText(text, { exact: true });

  beforeAll(async () => {
    const script = await pageScript();
    const html = output();
    const byDevice = output({ colorBy: 'device' });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.route('**/*', (route) => {
      const url = route.request().url();
      const isScript = url.endsWith('/page/page.js');
      return route.fulfill({
        body: isScript ? script : url.endsWith('/devices') ? byDevice : html,
        contentType: isScript ? 'text/javascript' : 'text/html',
      });
    });
    await page.goto('http://notebook.test/');
    await node('hidden1/').waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    expect(errors).toEqual([]);
  });

  it('takes the place of the still picture', async () => {
    expect(await page.locator('img').count()).toBe(0);
    expect(await node('hidden1/weights').count()).toBe(0);
  });

  it('opens a scope where it is clicked, and closes it where it is clicked again', async () => {
    await node('hidden1/').click();
    await node('hidden1/weights').waitFor();
    expect(await node('hidden1/').getAttribute('aria-expanded')).toBe('true');
    await node('hidden1/').click({ position: { x: 10, y: 10 } });
    expect(await node('hidden1/weights').count()).toBe(0);
  });

  it('opens a scope by keyboard, and keeps the focus on it', async () => {
    await node('hidden2/').focus();
    await page.keyboard.press('Enter');
    await node('hidden2/Relu').waitFor();
    expect(await page.locator('[data-id]:focus').getAttribute('data-id')).toBe('hidden2/');
    await page.keyboard.press(' ');
    expect(await node('hidden2/Relu').count()).toBe(0);
  });

  it('tells about a node, and puts that away with Escape', async () => {
    await node('images').click();
    await details('Used by').waitFor();
    expect(await page.getByText(/graphPage\.test\.ts:\d+/).count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await details('Used by').count()).toBe(0);
  });

  it('fits the graph in again where the details take room or give it back, unless the reader has moved it', async () => {
    const end = async () => {
      const boxes = await page
        .locator('[data-id]')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
      return Math.max(...boxes);
    };
    await page.getByRole('button', { name: 'Fit' }).click();
    const alone = await end();
    await node('images').click();
    const panel = await details('Used by').boundingBox();
    expect(await end()).toBeLessThan(panel!.x);
    await page.keyboard.press('Escape');
    expect(await end()).toBeCloseTo(alone);

    await page.getByTitle('Zoom out').click();
    const zoomed = await end();
    await node('images').click();
    await details('Used by').waitFor();
    expect(await end()).toBeCloseTo(zoomed);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Fit' }).click();
  });

  it('shows an input or a consumer where it is, opening the scopes around it', async () => {
    await node('images').click();
    await page.locator('[data-show="hidden1/MatMul"]').click();
    await details('hidden1/weights/read:0').waitFor();
    const box = await node('hidden1/MatMul').boundingBox();
    expect(box?.x).toBeGreaterThan(0);
  });

  it('fits the graph in above the buttons', async () => {
    const fit = page.getByRole('button', { name: 'Fit' });
    await fit.click();
    for (const id of ['hidden2/', 'softmax_linear/']) await node(id).press('Enter');
    const { bottom } = await page.locator('svg').evaluate((svg) => svg.getBoundingClientRect());
    expect(bottom).toBeLessThan((await fit.boundingBox())!.y);
  });

  it('closes all scopes', async () => {
    await page.getByRole('button', { name: 'Close all' }).click();
    expect(await page.locator('[aria-expanded="true"]').count()).toBe(0);
  });

  it('moves where it is dragged, and opens nothing then', async () => {
    const before = await node('hidden1/').boundingBox();
    const { x, y } = before!;
    await page.mouse.move(x + 10, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 40, { steps: 5 });
    await page.mouse.up();
    const after = await node('hidden1/').boundingBox();
    expect(after?.x).toBeCloseTo(x + 50);
    expect(after?.y).toBeCloseTo(y + 30);
    expect(await node('hidden1/').getAttribute('aria-expanded')).toBe('false');
  });

  it('zooms where the wheel turns with Ctrl, and fits in again', async () => {
    const width = async () => (await node('hidden1/').boundingBox())!.width;
    const before = await width();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -150);
    await page.keyboard.up('Control');
    await expect.poll(width).toBeGreaterThan(before * 1.2);
    await page.getByRole('button', { name: 'Fit' }).click();
    await expect.poll(width).toBeLessThan(before * 1.01);
  });

  it('keeps the colours of devices, and says what they mean, when scopes open', async () => {
    await page.goto('http://notebook.test/devices');
    const fill = () => node('hidden1/').locator('rect').first().getAttribute('fill');
    await node('hidden1/').waitFor();
    const closed = await fill();
    await page.getByText('/job:worker/task:0', { exact: true }).waitFor();
    await node('hidden1/').click();
    await node('hidden1/MatMul').waitFor();
    expect(await node('hidden1/MatMul').locator('rect').getAttribute('fill')).toBe(closed);
    expect(await page.getByText('no device', { exact: true }).count()).toBe(1);
  });
});
