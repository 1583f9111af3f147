/**
 * What the page on which one draws a digit takes in Chromium, with the network of notebook 03: how long it takes to be written, how long after
 * its load the first answer is there to a drawing that was made at once, and how many frames a second there are while one draws.
 *
 * node tests/bench/pad.mjs [rounds]
 */
import { once } from 'node:events';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const { mnist, tf } = require('../../lib/dist');
const { writePage } = require('../../lib/dist/library.js')('models/pad/writePage');

const rounds = Number(process.argv[2] ?? 5);
/** How long one draws, in milliseconds; a pointer tells of itself some 125 times a second. */
const DRAWING = 3000;
const MOVES_PER_SECOND = 125;

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.log(JSON.stringify({ absent: `there is no Chromium at ${executablePath}` }));
  process.exit(0);
}

const folder = mkdtempSync(path.join(tmpdir(), 'bench-pad-'));
const results = { writtenInMs: [], firstAnswerInMs: [], framesPerSecond: [], longestFrameInMs: [] };
const server = createServer(({ url }, response) => {
  const file = url === '/' ? '/index.html' : url;
  if (file.endsWith('.html')) response.setHeader('Content-Type', 'text/html');
  createReadStream(path.join(folder, file))
    .on('error', () => response.writeHead(404).end())
    .pipe(response);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
try {
  await writePages();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  for (let round = 0; round < rounds; round++) await measure(browser);
  await browser.close();
} finally {
  server.close();
  rmSync(folder, { recursive: true });
}
console.log(JSON.stringify(results));

async function writePages() {
  const graph = new tf.Graph();
  const [images, logits, init] = graph.asDefault(() => {
    const [images, , keepProbability] = mnist.convnet.placeholderInputs(null);
    const logits = mnist.convnet.inference(images, keepProbability);
    return [images, logits, tf.globalVariablesInitializer()];
  });
  const session = new tf.Session({ graph });
  await session.run(init);
  for (let round = 0; round < rounds; round++) {
    rmSync(path.join(folder, 'model'), { recursive: true, force: true });
    const begin = performance.now();
    await writePage({ session, images, logits }, folder);
    results.writtenInMs.push(performance.now() - begin);
  }
  await session.close();
}

async function measure(browser) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  await page.addInitScript(drawWhenLoaded);
  await page.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: 'load' });
  results.firstAnswerInMs.push(await page.evaluate(() => globalThis.firstAnswer));
  const { frames, longest } = await page.evaluate(drawing, { DRAWING, MOVES_PER_SECOND });
  results.framesPerSecond.push((1000 * frames) / DRAWING);
  results.longestFrameInMs.push(longest);
  await page.close();
}

/** In the page, before it: draws a line in the moment of its load, and looks when the answer is there. */
function drawWhenLoaded() {
  const draw = () => {
    const paper = document.querySelector('.tf-mechanics-paper');
    const { left, top, width, height } = paper.getBoundingClientRect();
    const tell = (type, down) =>
      paper.dispatchEvent(
        new PointerEvent(type, {
          pointerId: 1,
          button: 0,
          buttons: 1,
          clientX: left + width / 2,
          clientY: top + down * height,
        }),
      );
    paper.setPointerCapture = () => {}; // which only pointers that there are may have
    tell('pointerdown', 0.2);
    for (let down = 0.25; down < 0.8; down += 0.05) tell('pointermove', down);
    tell('pointerup', 0.8);
  };
  globalThis.firstAnswer = new Promise((resolve) =>
    addEventListener('load', () => {
      const [{ loadEventStart }] = performance.getEntriesByType('navigation');
      draw();
      new MutationObserver(() => {
        if (document.querySelector('[data-state=read]')) resolve(performance.now() - loadEventStart);
      }).observe(document.querySelector('.tf-mechanics-pad'), { attributes: true });
    }),
  );
}

/** In the page: frames while a pointer goes in circles. */
async function drawing({ DRAWING, MOVES_PER_SECOND }) {
  const paper = document.querySelector('.tf-mechanics-paper');
  const { left, top, width, height } = paper.getBoundingClientRect();
  const tell = (type, turn) =>
    paper.dispatchEvent(
      new PointerEvent(type, {
        pointerId: 1,
        button: 0,
        buttons: 1,
        clientX: left + width * (0.5 + 0.3 * Math.cos(turn)),
        clientY: top + height * (0.5 + 0.3 * Math.sin(turn)),
      }),
    );
  paper.setPointerCapture = () => {};
  const begin = performance.now();
  tell('pointerdown', 0);
  const moves = setInterval(() => tell('pointermove', (performance.now() - begin) / 300), 1000 / MOVES_PER_SECOND);
  let [frames, longest, last] = [0, 0, begin];
  while (last - begin < DRAWING) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    frames++;
  }
  clearInterval(moves);
  tell('pointerup', 0);
  return { frames, longest };
}
