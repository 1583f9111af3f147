import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepErrors, launchChromium, missingChromium } from '../../../../tests/browser/chromium';
import * as mnist from '../../mnist';
import { jupyterDisplay, type NotebookHost, setNotebookHost } from '../../runtime/notebookHost';
import { Graph } from '../../tf/graph/graph';
import { device } from '../../tf/scopes';
import { type GraphViewOptions, graphView } from './graphView';

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
describe.skipIf(missingChromium())('a graph in a page', () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  const node = (id: string) => page.locator(`[data-id="${id}"]`);
  const details = (text: string) => page.getByText(text, { exact: true });

  beforeAll(async () => {
    const script = await pageScript();
    const html = output();
    const byDevice = output({ colorBy: 'device' });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    page.setDefaultTimeout(60_000); // other tests run at the same time
    keepErrors(page, errors);
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

  it('lights what a node depends on and what depends on it, and draws its edges to other parts', async () => {
    const opacity = (id: string) =>
      node(id)
        .locator('rect')
        .last()
        .evaluate((rect) => Number(getComputedStyle(rect).opacity));
    const fan = page.locator('.across[data-from="hidden2/"]').first();
    await node('hidden2/').press('Enter');
    await expect.poll(() => opacity('images')).toBe(1);
    await expect.poll(() => opacity('labels')).toBeLessThan(0.5);
    await node('hidden2/').press('Enter');
    expect(await fan.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => opacity('labels')).toBe(1);
    await node('images').hover();
    expect(await fan.isVisible()).toBe(false);
    await node('hidden2/').hover();
    expect(await fan.isVisible()).toBe(true);
  });

  it('leads from node to node by arrow keys, and the key Tab to the graph once', async () => {
    const focused = () => page.locator('[data-id]:focus').getAttribute('data-id');
    await node('hidden1/').focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('hidden2/');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('images');
    expect(await page.locator('[data-id][tabindex="0"]').count()).toBe(1);
  });

  it('shows an input or a consumer where it is, opening the scopes around it', async () => {
    await node('images').click();
    await page.locator('[data-show="hidden1/MatMul"]').click();
    await details('hidden1/weights/read:0').waitFor();
    const box = await node('hidden1/MatMul').boundingBox();
    expect(box?.x).toBeGreaterThan(0);
  });

  it('finds by name: opens what is found, lights it and tells which it is', async () => {
    const field = page.getByRole('searchbox');
    const open = await page.locator('[aria-expanded="true"]').count();
    await field.fill('hidden2/rel');
    await page.getByText('1 of 1: hidden2/Relu', { exact: true }).waitFor();
    expect(await node('hidden2/Relu').getAttribute('class')).toContain('selected');
    expect(await node('labels').getAttribute('class')).not.toContain('lit');
    await field.fill('biases');
    await page.getByText(/^1 of \d+: hidden1\/biases$/).waitFor();
    await field.press('Enter');
    await page.getByText(/^2 of \d+: hidden2\/biases$/).waitFor();
    const [box, view] = await Promise.all([node('hidden2/biases').boundingBox(), page.locator('.view').boundingBox()]);
    expect(box!.y).toBeGreaterThanOrEqual(view!.y);
    expect(box!.y + box!.height).toBeLessThanOrEqual(view!.y + view!.height);
    await field.fill('nowhere');
    await page.getByText('nothing has that name or type').waitFor();
    await field.press('Escape');
    await expect.poll(() => page.locator('[aria-expanded="true"]').count()).toBe(open);
  });

  it('closes all scopes', async () => {
    await page.getByRole('button', { name: 'Close all' }).click();
    expect(await page.locator('[aria-expanded="true"]').count()).toBe(0);
  });

  it('has an overview where it is larger than its window, which frames what is seen and moves it', async () => {
    const overview = page.getByLabel('Overview of the graph');
    expect(await overview.isVisible()).toBe(false);
    for (const id of ['hidden1/', 'hidden2/', 'softmax_linear/']) await node(id).press('Enter');
    await page.keyboard.press('Escape');
    await overview.waitFor();
    const top = async () => (await node('images').boundingBox())!.y;
    const frameTop = async () => (await overview.locator('.seen').boundingBox())!.y;
    await page.getByRole('button', { name: 'Show where the graph starts' }).click();
    const [before, frame] = [await top(), await frameTop()];
    const picture = (await overview.locator('svg').boundingBox())!;
    await page.mouse.click(picture.x + picture.width / 2, picture.y + picture.height - 2);
    expect(await top()).toBeLessThan(before - 100);
    expect(await frameTop()).toBeGreaterThan(frame);
    await overview.focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowUp');
    expect(await top()).toBeCloseTo(before);
  });

  it('moves where it is dragged, and opens nothing then', async () => {
    const before = await node('hidden1/').boundingBox();
    const { x, y } = before!;
    await page.mouse.move(x + 10, y + 5);
    await page.mouse.down();
    await page.mouse.move(x + 30, y - 25, { steps: 5 });
    await page.mouse.up();
    expect((await node('hidden1/').boundingBox())?.y).toBeCloseTo(y - 30);
    expect(await node('hidden1/').getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('button', { name: 'Close all' }).click();
  });

  it('zooms where the wheel turns with Ctrl, and never makes a text smaller than 11 pixels', async () => {
    const width = async () => (await node('hidden1/').boundingBox())!.width;
    const before = await width();
    await node('hidden1/').hover();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -150);
    await expect.poll(width).toBeGreaterThan(before * 1.2);
    await page.mouse.wheel(0, 3000);
    await page.keyboard.up('Control');
    await expect.poll(width).toBeCloseTo(before);
  });

  it.each([600, 1000, 1600])('has texts of 11 pixels and more in a page %i wide', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const sizes = await page.locator('.tf-mechanics-graph').evaluate((frame) =>
      [...frame.querySelectorAll<HTMLElement | SVGTextElement>('text, span, button, input, .told')].map((element) => {
        const scale = element instanceof SVGTextElement ? element.getScreenCTM()!.a : 1;
        return Number.parseFloat(getComputedStyle(element).fontSize) * scale;
      }),
    );
    expect(sizes.length).toBeGreaterThan(20);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
    const frame = (await page.locator('.tf-mechanics-graph').boundingBox())!;
    expect(frame.width).toBeLessThanOrEqual(width);
    await page.setViewportSize({ width: 1000, height: 800 });
  });

  it('is dark where the page is', async () => {
    const ground = () =>
      page.locator('.tf-mechanics-graph').evaluate((frame) => getComputedStyle(frame).backgroundColor);
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await page.evaluate(() => {
      document.body.style.background = '#111';
    });
    await expect.poll(ground).toBe('rgb(17, 20, 24)');
    await page.evaluate(() => {
      document.body.style.background = '';
    });
    await expect.poll(ground).toBe('rgb(255, 255, 255)');
  });

  it('has a box for each device, with what runs there', async () => {
    await page.goto('http://notebook.test/devices');
    const worker = node('on /job:worker/task:0: ');
    await worker.waitFor();
    expect(await worker.getAttribute('aria-expanded')).toBe('true');
    await node('on /job:worker/task:0: hidden1/').click();
    await node('hidden1/MatMul').waitFor();
    const [outer, inner] = [
      await worker.locator('rect').first().boundingBox(),
      await node('hidden1/MatMul').boundingBox(),
    ];
    expect(inner!.x).toBeGreaterThan(outer!.x);
    expect(inner!.x + inner!.width).toBeLessThan(outer!.x + outer!.width);
    expect(await page.getByText('− no device', { exact: true }).count()).toBe(1);
  });
});
