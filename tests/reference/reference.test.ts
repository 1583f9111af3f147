/** The reference that `npm run docs` makes, and the book beside it: complete, their links whole, searchable in a browser without a network. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../../lib/src/testing/repetitions';
import { makeDocs } from '../../scripts/docs.mjs';
import { keepErrors, launchChromium, missingChromium, screenshot } from '../browser/chromium';
import { followLinks } from './links';

let folder: string;
beforeAll(() => {
  const cache = path.join(__dirname, '../../.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(path.join(cache, 'reference-'));
  // Throws where typedoc warns: of a broken link in a comment, of a public name without one, of a language that it doesn't know.
  makeDocs(folder, { colorsTypeScript: repetitions(0, 1) > 0 });
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true }));

const firstNotebook = path.join('documents', 'TensorFlow_Mechanics_101.html');
const textOf = (page: string) => readFileSync(path.join(folder, page), 'utf8');

describe('the reference', () => {
  it('has a page for every kind of thing, the table of names and the notebooks', () => {
    const pages = readdirSync(folder, { recursive: true }).map(String);
    expect(pages.filter((page) => page.endsWith('.html')).length).toBeGreaterThan(500);
    for (const page of ['functions/tf-mechanics.plot.curves', 'classes/tf-mechanics.tf.Session', 'documents/names'])
      expect(pages).toContain(`${page}.html`);
    const notebooks = readdirSync(path.join(__dirname, '../../notebooks')).filter((file) => file.endsWith('.ipynb'));
    const documents = pages.filter((page) => path.dirname(page) === 'documents');
    expect(documents).toContain(firstNotebook);
    expect(documents.length).toBeGreaterThanOrEqual(notebooks.length + 3); // and names, contributing, changes
  });

  it('shows signatures with their examples, and what notebooks draw', () => {
    expect(textOf('functions/tf-mechanics.data.readIdx.html')).toContain('Example');
    expect(textOf(firstNotebook)).toMatch(/<img src="[^"]+\.png"/);
  });

  it('leads to the book, and the book to it', () => {
    expect(textOf('index.html')).toContain('href="book/index.html"');
    expect(textOf('classes/tf-mechanics.tf.Session.html')).toContain('href="../book/index.html"');
    expect(textOf('book/index.html')).toContain('href="../index.html"');
  });

  it('has no link inside of it that leads nowhere, to a page or to a place on one', () => {
    const { followed, broken } = followLinks(folder);
    expect(followed).toBeGreaterThan(5000);
    expect(broken).toEqual([]);
  });

  const missing = missingChromium();
  if (missing) console.warn(`The reference is not tried in a browser: ${missing}.`);

  it.skipIf(missing)('opens from the disk, and finds a function, a notebook and a name of Python’s', async () => {
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      await context.setOffline(true);
      const page = await context.newPage();
      const errors: string[] = [];
      keepErrors(page, errors);
      await page.goto(pathToFileURL(path.join(folder, 'index.html')).href);
      for (const [words, found] of [
        ['softplus', 'softplus.html'],
        ['mechanics 101', 'TensorFlow_Mechanics_101.html'],
        ['reduce_logsumexp', 'names.html'],
      ] as const) {
        await page.locator('#tsd-search-trigger').click();
        await page.locator('#tsd-search-input').fill(words);
        await page.locator(`#tsd-search-results a[href*="${found}"]`).first().waitFor();
        await page.keyboard.press('Escape');
      }
      await page.goto(pathToFileURL(path.join(folder, 'functions', 'tf-mechanics.plot.curves.html')).href);
      await screenshot(page, 'reference');
      expect(await page.locator('h1').innerText()).toContain('curves');
      // From the disk Chromium loads no part of another SVG file, and says so; the pages then take the icons from a script.
      expect(errors.filter((error) => !error.includes('icons.svg#'))).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
