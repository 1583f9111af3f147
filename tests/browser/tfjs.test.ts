/** Networks that were exported to TensorFlow.js, run by it in a browser. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { furthest, started } from '../tfjs/exported';
import { networks } from '../tfjs/networks';
import { keepErrors, launchChromium, missingChromium } from './chromium';

const require = createRequire(__filename);

/** A file of a package of TensorFlow.js; undefined where that isn't installed. */
function fileOf(name: string, file: string): string | undefined {
  try {
    return path.join(path.dirname(require.resolve(`${name}/package.json`)), 'dist', file);
  } catch {
    return undefined;
  }
}

const library = fileOf('@tensorflow/tfjs', 'tf.min.js');
const wasm = fileOf('@tensorflow/tfjs-backend-wasm', 'tf-backend-wasm.min.js');
const missing = missingChromium() ?? (library ? undefined : '@tensorflow/tfjs is not installed');
if (missing) console.warn(`TensorFlow.js is not tested in a browser: ${missing}.`);
const backends = ['cpu', 'webgl', ...(wasm ? ['wasm'] : [])];

/** What a page has of TensorFlow.js. */
declare const page: {
  tf: typeof import('@tensorflow/tfjs') & { wasm: { setWasmPaths(folder: string): void } };
};

describe.skipIf(missing)('in a browser', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tfjs-page-'));
  const errors: string[] = [];
  let browser: Browser;
  let opened: Page;

  beforeAll(async () => {
    browser = await launchChromium({ webGL: true });
    opened = await browser.newPage();
    keepErrors(opened, errors);
    // A page and its files, of a server that isn't there.
    await opened.route('http://models.example/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/')
        return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>TF.js</title>' });
      const [, kind, ...names] = pathname.split('/');
      const file = path.join(kind === 'wasm' ? path.dirname(wasm!) : folder, ...names);
      await route.fulfill({
        body: readFileSync(file),
        contentType: file.endsWith('.wasm') ? 'application/wasm' : undefined,
      });
    });
    await opened.goto('http://models.example/');
    await opened.addScriptTag({ path: library! });
    if (wasm) await opened.addScriptTag({ path: wasm });
    await opened.evaluate(() => {
      const global = globalThis as unknown as { tf: typeof page.tf; page: typeof page };
      global.page = { tf: global.tf };
      global.tf.wasm?.setWasmPaths('http://models.example/wasm/');
    });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
    expect(errors).toEqual([]);
  });

  it.each([
    'the convolutional network',
    'convolutions with batch normalization',
    'dropout of every kind',
    'a loop',
    'several outputs, of one operation and of none',
  ])(`%s agrees with its session, on the backends ${backends.join(', ')}`, async (name) => {
    const { session, outputs, inputs, feeds, expected } = await started(networks[name]!);
    await tf.tfjs.exportGraphModel(session, outputs, path.join(folder, 'model'), { inputs, overwrite: true });
    const given = Object.entries(feeds).map(([key, { data, shape, dtype }]) => ({
      key,
      numbers: Array.from(data as ArrayLike<number | bigint>, Number),
      shape: [...shape],
      dtype: dtype === 'float32' ? ('float32' as const) : ('int32' as const),
    }));
    for (const backend of backends) {
      const answers = await opened.evaluate(
        async ({ backend, given, names }) => {
          const { tf } = page;
          if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`);
          const model = await tf.loadGraphModel('http://models.example/models/model/model.json');
          const feeds = Object.fromEntries(
            given.map(({ key, numbers, shape, dtype }) => [key, tf.tensor(numbers, shape, dtype)]),
          );
          const answered = await model.executeAsync(feeds, names);
          const tensors = Array.isArray(answered) ? answered : [answered];
          return await Promise.all(tensors.map(async (tensor) => Array.from(await tensor.data())));
        },
        { backend, given, names: Object.keys(outputs) },
      );
      const errorsOf = Object.keys(outputs).map((key, i) => furthest(answers[i]!, expected[key]!.data));
      expect(Math.max(...errorsOf), backend).toBeLessThan(1e-5);
    }
  });
});
