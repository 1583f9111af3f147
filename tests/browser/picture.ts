/**
 * Takes the README's pictures: the first notebook in JupyterLab, with the chart that grew while its network trained, and with its graph.
 * Not a test: `npm run pictures` writes them into docs/pictures.
 */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, it } from 'vitest';
import { Lab } from './lab/lab';

const folder = path.join(__dirname, '../../docs/pictures');
/** What both pictures may have together. */
const MOST_BYTES = 150_000;

it('takes the pictures of the README', async () => {
  const lab = await Lab.start({ whole: true });
  try {
    const notebook = await lab.open('01-mechanics-101.ipynb');
    const { page } = notebook;
    await page.setViewportSize({ width: 1120, height: 860 });
    await page.locator('.jp-SideBar.jp-mod-left .lm-TabBar-tab.lm-mod-current').click(); // the list of files goes
    await notebook.runAll();
    expect(await notebook.outputs('application/vnd.jupyter.error').allInnerTexts()).toEqual([]);
    mkdirSync(folder, { recursive: true });
    let bytes = 0;
    for (const [name, text, drawn] of [
      ['training', 'liveChart({', '.js-plotly-plot'],
      ['graph', 'const net = buildGraph', '.jp-OutputArea-output svg:has([data-id])'],
    ] as const) {
      const cell = await notebook.cell(text);
      if (name === 'graph') {
        await cell.locator('[data-id="hidden1/"]').click();
        await cell.locator('[data-id="hidden1/weights"]').waitFor();
      }
      await cell
        .locator(drawn)
        .first()
        .evaluate((element) => element.scrollIntoView({ block: 'end' }));
      await page.mouse.move(0, 0);
      await page.waitForTimeout(1000); // until what is drawn moves no more
      const picture = await loadImage(await page.screenshot());
      const canvas = createCanvas(picture.width, picture.height);
      canvas.getContext('2d').drawImage(picture, 0, 0);
      const file = path.join(folder, `${name}.webp`);
      writeFileSync(file, await canvas.encode('webp', 80));
      bytes += statSync(file).size;
    }
    expect(bytes).toBeLessThan(MOST_BYTES);
  } finally {
    await lab.end();
  }
}, 300_000);
