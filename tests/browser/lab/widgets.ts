/** Widgets in JupyterLab: what a reader moves, a program sees, and what a program sets, the reader sees. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contrastsOf } from '../contrast';
import type { Lab } from './lab';
import type { LabNotebook } from './labNotebook';

const cells = {
  panel: `import readline from 'node:readline/promises';
import { button, checkbox, choice, controls, drawDigit, liveChart, output, plot, slider, text, tf, widget } from 'tf-mechanics';
const panel = controls({
  learningRate: slider(0.001, 1, { log: true, value: 0.001, label: 'learning rate' }),
  hidden: choice([4, 8, 16], { label: 'hidden units' }),
  name: text('xor'),
  fast: checkbox(true),
  run: button('Train'),
  fail: button('Fail'),
});
panel`,
  region: `const result = output();
result`,
  network: `/** Learns XOR, and says how well. */
async function learn(signal: AbortSignal, steps: number) {
  const graph = new tf.Graph();
  const { train, loss, rate, init } = graph.asDefault(() => {
    tf.setRandomSeed(3);
    const x = tf.constant([[0, 0], [0, 1], [1, 0], [1, 1]]);
    const y = tf.constant([[0], [1], [1], [0]]);
    const rate = tf.placeholder('float32', []);
    const w = new tf.Variable(tf.truncatedNormal([2, panel.hidden]));
    const v = new tf.Variable(tf.truncatedNormal([panel.hidden, 1]));
    const loss = tf.reduceMean(tf.square(tf.sub(tf.matmul(tf.tanh(tf.matmul(x, w)), v), y)));
    return { train: new tf.train.GradientDescentOptimizer(rate).minimize(loss), loss, rate, init: tf.globalVariablesInitializer() };
  });
  const session = new tf.Session({ graph });
  session.runSync(init);
  let last = 0;
  for (let step = 1; step <= steps && !signal.aborted; step++) {
    [, last] = session.runSync([train, loss], [[rate, panel.learningRate]]);
    if (step % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  session.close();
  return last;
}`,
  callbacks: `panel.onChange(async ({ learningRate, hidden }, changed, signal) => {
  console.log(\`\${changed.join()}: loss \${(await learn(signal, 300)).toFixed(4)} at rate \${learningRate} with \${hidden} units\`);
}, { output: result });
panel.run.onClick(async () => { console.log('working'); for (;;) { await new Promise((resolve) => setTimeout(resolve, 5)); } }, { output: result });
panel.fail.onClick(() => { throw new RangeError('no data') }, { output: result });`,
  live: `panel.name = 'waiting';
while (panel.learningRate !== 1) {
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (panel.learningRate > 0.5) panel.name = \`saw \${panel.learningRate}\`;
}
panel.name = 'over';`,
  own: `const dots = widget({
  esm: \`export default { render({ model, el }) {
    const show = () => { el.textContent = 'sum ' + new Float32Array(model.get('dots').buffer.slice(0)).reduce((a, b) => a + b, 0); };
    el.onclick = () => { model.set('dots', new DataView(new Float32Array([10, 20]).buffer)); model.save_changes(); };
    model.on('change:dots', show);
    show();
  } }\`,
  state: { dots: new Float32Array([1, 2, 3.5]) },
});
dots.onChange(({ dots }) => { panel.name = 'dots ' + dots.join(); });
dots`,
  chart: `const chart = liveChart({ yLabel: 'loss' });
for (let step = 0; !(step > 500 && panel.fast); step++) {
  await chart.add(step, { loss: Math.exp(-step / 1000) + Math.random() / 10 });
  await new Promise((resolve) => setTimeout(resolve, 1));
}`,
  reader: `const reader = new tf.Graph().asDefault(() => {
  const images = tf.placeholder('float32', [null, 784]);
  const likes7 = new tf.Variable(tf.zeros([10]));
  const logits = tf.add(tf.matmul(images, tf.zeros([784, 10])), likes7);
  const session = new tf.Session({ graph: images.graph });
  session.runSync(likes7.initializer);
  const learn = tf.assign(likes7, [0, 0, 0, 0, 0, 0, 0, 5, 0, 0]);
  return { session, images, logits, learn };
});
drawDigit(reader, { via: 'session' })`,
  asks: `const asked = prompt('Name', 'Ada');
const lines = readline.createInterface({ input: process.stdin, output: process.stdout });
const age = await lines.question('Age? ');
lines.close();
[asked, age]`,
  figure: `plot.line([1, 3, 2], { title: 'Later a still' })`,
  learned: `reader.session.runSync(reader.learn);
drawDigit(reader)`,
};

/** Other tests run at the same time. */
const patience = { timeout: 120_000, interval: 100 };

/** One after the other, in one page: each goes on where the one before has left the notebook. */
export function tryWidgets(lab: () => Lab): void {
  let notebook: LabNotebook;
  let panel: Locator;
  let region: Locator;

  beforeAll(async () => {
    lab().write('widgets.ipynb', Object.values(cells));
    notebook = await lab().open('widgets.ipynb');
    panel = await notebook.cell(cells.panel);
    region = await notebook.cell(cells.region);
  }, 300_000);
  afterAll(() => lab().leave(notebook));

  const rate = () => panel.getByRole('slider', { name: 'learning rate' });
  const name = () => panel.getByRole('textbox', { name: 'name' });

  it('show, with names for those who do not see them', async () => {
    await notebook.run(cells.panel, cells.region, cells.network, cells.callbacks);
    await rate().waitFor();
    expect(await rate().getAttribute('aria-valuetext')).toBe('0.001');
    expect(await panel.getByRole('spinbutton', { name: 'learning rate as a number' }).inputValue()).toBe('0.001');
    expect(await panel.getByRole('combobox', { name: 'hidden units' }).inputValue()).toBe('4');
    expect(await panel.getByRole('checkbox', { name: 'fast' }).isChecked()).toBe(true);
    expect(await name().inputValue()).toBe('xor');
  });

  it('retrain a network when a slider moves, by keys too, and show its result in a region', async () => {
    await rate().fill('800');
    await expect
      .poll(() => region.innerText(), patience)
      .toMatch(/learningRate: loss 0\.\d+ at rate 0\.251 with 4 units/);
    await rate().press('ArrowRight');
    await expect.poll(() => region.innerText(), patience).toMatch(/at rate 0\.253 with 4 units/);
    await panel.getByRole('combobox').selectOption('16');
    await expect.poll(() => region.innerText(), patience).toMatch(/hidden: loss 0\.\d+ at rate 0\.253 with 16 units/);
    expect(await region.innerText()).not.toContain('learningRate:');
  });

  it('tell the errors of callbacks in the region, and stop one when the stop button is pressed', async () => {
    await panel.getByRole('button', { name: 'Fail' }).click();
    await expect.poll(() => region.innerText(), patience).toContain('The callback of fail has failed:');
    expect(await region.innerText()).toContain('RangeError: no data');
    await notebook.screenshot('widgets-error');
    await panel.getByRole('button', { name: 'Train' }).click();
    await expect.poll(() => region.innerText(), patience).toContain('working');
    await notebook.interrupt();
    await expect.poll(() => region.innerText(), patience).toContain('The callback of run was interrupted.');
  });

  it('are live while a cell awaits something: it sees the page, and the page sees it', async () => {
    const { ended } = await notebook.start(cells.live);
    await expect.poll(() => name().inputValue(), patience).toBe('waiting');
    await rate().fill('950');
    await expect.poll(() => name().inputValue(), patience).toBe('saw 0.708');
    await rate().fill('1000');
    await ended;
    await expect.poll(() => name().inputValue(), patience).toBe('over');
  });

  it('of one’s own share arrays with the program', async () => {
    await notebook.run(cells.own);
    const own = await notebook.cell(cells.own);
    await own.getByText('sum 6.5').click();
    await own.getByText('sum 30').waitFor();
    await expect.poll(() => name().inputValue(), patience).toBe('dots 10,20');
  });

  it('draw a live chart of its points while it grows, and leave its picture', async () => {
    await panel.getByRole('checkbox', { name: 'fast' }).uncheck();
    const { cell, ended } = await notebook.start(cells.chart);
    const drawn = cell.locator('.jp-OutputArea-output:not(.jp-RenderedHTMLCommon) .js-line').first();
    await drawn.waitFor();
    const early = await drawn.getAttribute('d');
    await expect.poll(() => drawn.getAttribute('d'), patience).not.toBe(early);
    // Nothing here waits for the page to be at rest, which it isn't.
    await cell.evaluate((element) => element.scrollIntoView());
    await notebook.screenshot('widgets-chart');
    await panel.getByRole('checkbox', { name: 'fast' }).evaluate((box: HTMLElement) => box.click());
    await ended;
    await cell.locator('.jp-RenderedHTMLCommon .js-line').first().waitFor();
    expect(await cell.locator('.js-plotly-plot').count()).toBe(1);
  });

  /** Draws a line on the pad below a cell. */
  const drawOn = async (cell: Locator) => {
    const paper = cell.locator('.tf-mechanics-paper');
    await paper.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const { x, y, width, height } = (await paper.boundingBox())!;
    await notebook.page.mouse.move(x + 0.6 * width, y + 0.2 * height);
    await notebook.page.mouse.down();
    await notebook.page.mouse.move(x + 0.4 * width, y + 0.8 * height);
    await notebook.page.mouse.up();
  };

  it('have a pad, whose digit the session reads better when it has learned, and the page as it was then', async () => {
    await notebook.run(cells.reader);
    const asking = await notebook.cell(cells.reader);
    await drawOn(asking);
    await asking.getByRole('status').filter({ hasText: 'The network reads 0, 10 % sure.' }).waitFor();
    await notebook.run(cells.learned);
    await asking.getByRole('status').filter({ hasText: 'The network reads 7, 94 % sure.' }).waitFor();
    const inPage = await notebook.cell(cells.learned);
    await drawOn(inPage);
    await inPage.getByRole('status').filter({ hasText: 'The network reads 7, 94 % sure.' }).waitFor();
    await notebook.screenshot('widgets-pad');
    const paper = inPage.getByRole('application');
    await paper.focus();
    await notebook.page.keyboard.press('Delete'); // which is JupyterLab's key for a cell, twice
    await notebook.page.keyboard.press('Delete');
    await inPage.getByRole('status').filter({ hasText: 'Draw a digit.' }).waitFor();
  });

  it('have beside them fields in which a cell asks, and goes on with what is typed there', async () => {
    const { cell, ended } = await notebook.start(cells.asks);
    for (const [question, answer] of [
      ['Name [Ada]', 'Grace'],
      ['Age?', '36'],
    ] as const) {
      await cell.locator('.jp-Stdin-prompt', { hasText: question }).last().waitFor();
      const field = cell.locator('.jp-Stdin-input').last();
      await field.fill(answer);
      await notebook.screenshot(`widgets-asks-${answer}`);
      await field.press('Enter');
    }
    await ended;
    await expect.poll(() => cell.innerText(), patience).toContain("[ 'Grace', '36' ]");
  });

  it('have beside them figures, which get their still in the document after the cell', async () => {
    await notebook.run(cells.figure);
    const cell = await notebook.cell(cells.figure);
    await cell.locator('.js-plotly-plot .js-line').first().waitFor();
    await expect.poll(() => notebook.typesIn(cells.figure), patience).toContain('image/png');
    await cell.locator('.js-plotly-plot .js-line').first().waitFor();
    expect(await cell.locator('.jp-OutputArea img').count()).toBe(0);
  });

  it.each(['Light', 'Dark'] as const)('are readable in the theme %s, wide and narrow', async (theme) => {
    await notebook.setTheme(theme);
    const { page } = notebook;
    await notebook.hideFiles();
    for (const width of [1000, 400]) {
      await page.setViewportSize({ width, height: 900 });
      await panel.scrollIntoViewIfNeeded();
      await notebook.screenshot(`widgets-${theme.toLowerCase()}-${width}`);
      const form = panel.locator('form');
      const [inside, outside] = [await form.boundingBox(), await panel.locator('.jp-OutputArea-output').boundingBox()];
      expect(inside!.width).toBeLessThanOrEqual(outside!.width);
      expect(await form.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1400, height: 1000 });
    const contrasts = await contrastsOf(panel.locator('form'));
    expect(contrasts.length).toBeGreaterThan(5);
    expect(contrasts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });

  it('control still, and show how they stood, when the page has been loaded anew', async () => {
    await notebook.saveAndReload();
    await rate().waitFor();
    expect(await rate().inputValue()).toBe('1000');
    expect(await panel.getByRole('combobox').inputValue()).toBe('16');
    await region.getByText('units').waitFor();
    await (await notebook.cell(cells.own)).getByText('sum 30').waitFor();
    await rate().fill('500');
    await expect.poll(() => region.innerText(), patience).toMatch(/at rate 0\.0316 with 16 units/);
    await notebook.screenshot('widgets-again');
  });
}
