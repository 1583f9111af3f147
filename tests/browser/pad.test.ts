/** The page on which one draws a digit, and a network reads it: drawn on by mouse, finger and keys, wide and narrow, light and dark. */
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { data, mnist, tf } from '../../lib/src';
import { writePage } from '../../lib/src/models/pad/writePage';
import { keepErrors, launchChromium, missingChromium, screenshot } from './chromium';
import { contrastsOf } from './contrast';
import { handMade } from './pad/handMade';

/** Digits by the skeletons of MNIST's test set. */
const skeletons: typeof handMade = JSON.parse(readFileSync(path.join(__dirname, 'pad', 'skeletons.json'), 'utf8'));

const types: Record<string, string> = { '.html': 'text/html', '.json': 'application/json' };

/** Teaches a small convolutional network for some seconds, and makes a page of it. */
async function makePage(folder: string): Promise<void> {
  const { train } = await data.readDataSets(path.join(folder, 'no data'), { seed: 1 });
  await using session = new tf.Session({ graph: new tf.Graph() });
  const { images, labels, logits, trainOp } = session.graph.asDefault(() => {
    tf.setRandomSeed(1);
    const [images, labels, keepProb] = mnist.convnet.placeholderInputs(null);
    const sizes = { inputDepth: 8, hidden1Depth: 16, hidden2Units: 64 };
    const logits = mnist.convnet.inference(images, keepProb, sizes);
    const trainOp = mnist.convnet.training(mnist.loss(logits, labels), { learningRate: 0.003 });
    return { images, labels, logits, trainOp };
  });
  session.runSync(session.graph.asDefault(() => tf.globalVariablesInitializer()));
  for (let step = 0; step < 400; step++)
    session.runSync(trainOp, mnist.fillFeedDict(train, images, labels, { batchSize: 64 }));
  await writePage({ session, images, logits }, folder);
}

const missing = missingChromium();
if (missing) console.warn(`The pad is not tested in a browser: ${missing}.`);

describe.skipIf(missing)('a page with a pad', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pad-'));
  let server: Server;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    await makePage(folder);
    server = createServer((request, response) => {
      const file = request.url === '/' ? '/index.html' : request.url!;
      response.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream');
      createReadStream(path.join(folder, file))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    page.setDefaultTimeout(120_000);
    keepErrors(page, errors);
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true });
  });

  const pad = () => page.locator('.tf-mechanics-pad');
  const paper = () => page.locator('.tf-mechanics-paper');

  async function draw(strokes: readonly (readonly (readonly number[])[])[]): Promise<void> {
    await page.getByRole('button', { name: 'Clear' }).click();
    const { x, y, width, height } = (await paper().boundingBox())!;
    const at = ([across, down]: readonly number[]) => [x + across! * width, y + down! * height] as const;
    for (const stroke of strokes) {
      await page.mouse.move(...at(stroke[0]!));
      await page.mouse.down();
      // A hand is seen at fewer places than a line has.
      for (const [i, point] of stroke.entries())
        if (i % 3 === 2 || i === stroke.length - 1) await page.mouse.move(...at(point));
      await page.mouse.up();
    }
    await page.locator('[data-state=read]').waitFor();
  }

  const read = async () => Number(await page.locator('.tf-mechanics-best b').innerText());

  it('reads at least eleven of twelve digits right, by what it loads of its own server alone', async () => {
    const wrong: string[] = [];
    for (const { digit, strokes } of [...skeletons, ...handMade]) {
      await draw(strokes);
      const said = await read();
      if (said !== digit) wrong.push(`${digit} as ${said}`);
    }
    expect(skeletons.length + handMade.length).toBe(12);
    expect(wrong.length, wrong.join()).toBeLessThanOrEqual(1);
    const { origin } = new URL(page.url());
    expect(asked.filter((url) => !url.startsWith(origin) && !/^(data|blob):/.test(url))).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('says what it reads, shows the digit in 28 × 28, and two layers of feature maps', async () => {
    await draw(skeletons[0]!.strokes);
    await page
      .getByRole('status')
      .filter({ hasText: /^The network reads 0, [\d.]+ % sure\./ })
      .waitFor();
    expect(await page.getByRole('listitem').count()).toBe(10);
    expect(await page.locator('.tf-mechanics-layers figcaption').allInnerTexts()).toEqual([
      'layer 1: 8 feature maps, 14×14',
      'layer 2: 16 feature maps, 7×7',
    ]);
    const painted = page.locator('canvas').evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return [canvas.width, canvas.height, data.some((value) => value > 200)];
      }),
    );
    expect(await painted).toEqual([
      [28, 28, true],
      [179, 14, true],
      [95, 15, true],
    ]);
  });

  it('is drawn on by keys, and told of by words', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('status').filter({ hasText: 'Draw a digit.' }).waitFor();
    await page.getByRole('application', { name: /Drawing pad/ }).focus();
    await page.keyboard.press(' ');
    await page.getByRole('status').filter({ hasText: 'Pen down.' }).waitFor();
    for (let i = 0; i < 14; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
    await page.getByRole('status').filter({ hasText: 'The network reads 1' }).waitFor();
    await page.keyboard.press('Backspace');
    await page.getByRole('status').filter({ hasText: 'Draw a digit.' }).waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'fits and can be read in %s, on a desktop and on a phone',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      for (const width of [1000, 400]) {
        await page.setViewportSize({ width, height: 900 });
        await draw(skeletons[2]!.strokes);
        await screenshot(page, `pad-${colorScheme}-${width}`, { fullPage: true });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        const contrasts = await contrastsOf(pad());
        expect(contrasts.length).toBeGreaterThan(20);
        expect(contrasts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
      }
    },
  );

  it('is drawn on by a finger without scrolling', async () => {
    const phone = await browser.newPage({ viewport: { width: 400, height: 700 }, hasTouch: true, isMobile: true });
    phone.setDefaultTimeout(120_000);
    await phone.goto(page.url());
    const { x, y, width } = (await phone.locator('.tf-mechanics-paper').boundingBox())!;
    const session = await phone.context().newCDPSession(phone);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', down: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: x + width / 2, y: y + width * down }],
      });
    await touch('touchStart', 0.2);
    for (let down = 0.2; down < 0.8; down += 0.05) await touch('touchMove', down);
    await touch('touchEnd', 0.8);
    await phone.locator('[data-state=read]').waitFor();
    expect(await phone.locator('.tf-mechanics-best b').innerText()).toBe('1');
    expect(await phone.evaluate(() => window.scrollY)).toBe(0);
    await phone.close();
  });
});
