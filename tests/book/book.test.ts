/** The book that `npm run docs` makes of the notebooks: whole, and alive in a browser that opens it from the disk. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBook } from '../../docs/book/book.mjs';
import { repetitions } from '../../lib/src/testing/repetitions';
import { keepErrors, launchChromium, missingChromium, screenshot } from '../browser/chromium';
import { contrastsOf } from '../browser/contrast';
import { followLinks } from '../reference/links';

const notebooks = path.join(__dirname, '../../notebooks');
const chaptersIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ipynb'))
    .map((file) => file.replace('.ipynb', '.html'));
const chapters = chaptersIn(notebooks);
const others = ['index.html', 'python-beside-typescript.html', 'what-to-read-next.html'];
const chinese = [...chaptersIn(path.join(notebooks, 'zh')), ...others].map((file) => `zh/${file}`);
/** Not followed: what leads out of the book; `tests/reference` follows what leads to the reference. */
const outside = /^([a-z]+:|(\.\.\/)+(index\.html|documents\/))/;

let temporary: string;
let folder: string;
beforeAll(() => {
  temporary = mkdtempSync(path.join(tmpdir(), 'book-'));
  folder = path.join(temporary, 'book');
  makeBook(folder);
});
afterAll(() => rmSync(temporary, { recursive: true }));

const pageOf = (file: string) => readFileSync(path.join(folder, file), 'utf8');

describe('the book', () => {
  it('has a chapter for each notebook, Python beside TypeScript, and what to read next', () => {
    const pages = readdirSync(folder).filter((file) => file.endsWith('.html'));
    expect(pages.sort()).toEqual([...chapters, ...others].sort());
    const inChinese = readdirSync(path.join(folder, 'zh')).map((file) => `zh/${file}`);
    expect(inChinese.sort()).toEqual([...chinese].sort());
  });

  it('has contents with chapters and their sections, which lead there', () => {
    const contents = pageOf('index.html');
    for (const chapter of chapters) {
      expect(contents).toContain(`href="${chapter}"`);
      expect(contents).toMatch(new RegExp(`href="${chapter}#[^"]+"`));
    }
  });

  it('leads from each page to the one before and the one after', () => {
    const order = ['index.html', ...chapters, 'python-beside-typescript.html', 'what-to-read-next.html'];
    for (const [i, file] of order.entries()) {
      const page = pageOf(file);
      expect(/rel="prev" href="([^"]*)"/.exec(page)?.[1]).toBe(order[i - 1]);
      expect(/rel="next" href="([^"]*)"/.exec(page)?.[1]).toBe(order[i + 1]);
    }
  });

  it('has no link that leads nowhere', () => {
    const { followed, broken } = followLinks(folder, outside);
    expect(followed).toBeGreaterThan(150);
    expect(broken).toEqual([]);
  });

  it('is in Chinese too where there are Chinese notebooks, each page with a link to the other language', () => {
    const source = path.join(temporary, 'notebooks');
    mkdirSync(path.join(source, 'zh'), { recursive: true });
    const notebook = (words: string) => JSON.stringify({ cells: [{ cell_type: 'markdown', source: words }] });
    writeFileSync(path.join(source, '01-one.ipynb'), notebook('# One\n\n[two](02-two.ipynb#Part-one)'));
    writeFileSync(path.join(source, '02-two.ipynb'), notebook('# Two\n\n## Part one\n\n[scaling](../docs/scaling.md)'));
    writeFileSync(path.join(source, 'zh', '01-one.ipynb'), notebook('# 一\n\n[scaling](../../docs/scaling.md)'));
    const made = path.join(temporary, 'both');
    makeBook(made, { notebooks: source });
    const read = (file: string) => readFileSync(path.join(made, file), 'utf8');
    expect(read('01-one.html')).toContain('<a href="zh/01-one.html" hreflang="zh"');
    expect(read('01-one.html')).toContain('href="02-two.html#Part-one"');
    expect(read('02-two.html')).not.toContain('zh/02-two.html');
    expect(read('02-two.html')).toContain('href="../documents/scaling.html"');
    expect(read('zh/01-one.html')).toContain('<html lang="zh-Hans">');
    expect(read('zh/01-one.html')).toContain('<a href="../01-one.html" hreflang="en"');
    expect(read('zh/01-one.html')).toContain('href="../../documents/scaling.html"');
    expect(existsSync(path.join(made, 'zh', 'what-to-read-next.html'))).toBe(true);
    expect(followLinks(made, outside).broken).toEqual([]);
  });

  it('is in one language only where all notebooks are', () => {
    const source = path.join(temporary, 'english');
    mkdirSync(source);
    writeFileSync(
      path.join(source, '01-one.ipynb'),
      JSON.stringify({ cells: [{ cell_type: 'markdown', source: '# One' }] }),
    );
    const made = path.join(temporary, 'one');
    makeBook(made, { notebooks: source });
    expect(existsSync(path.join(made, 'zh'))).toBe(false);
    expect(readFileSync(path.join(made, '01-one.html'), 'utf8')).not.toContain('hreflang');
  });
});

const missing = missingChromium();
if (missing) console.warn(`The book is not tried in a browser: ${missing}.`);

describe.skipIf(missing)('in a browser, from the disk and without a network,', () => {
  let browser: Browser;
  const errors: string[] = [];
  /** The pages that stay open, by their files: to open a chapter and draw its figures takes three seconds of a processor. */
  const shown = new Map<string, Page>();
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(file: string, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, offline: true });
    const page = await context.newPage();
    keepErrors(page, errors);
    await page.goto(pathToFileURL(path.join(folder, file)).href);
    return page;
  }

  /** A page that is looked at by several tests, one after the other. */
  async function show(file: string): Promise<Page> {
    const page = shown.get(file) ?? (await open(file, 1000, 'light'));
    shown.set(file, page);
    return page;
  }
  const lookedAt = [chapters[0]!, 'python-beside-typescript.html', 'what-to-read-next.html'];

  // A chapter's figures are the same in both languages but for their words: of the Chinese ones a soak opens more than the first.
  const chineseChapters = chinese.filter((file) => chapters.includes(path.basename(file)));
  const later = chineseChapters.slice(repetitions(1, chineseChapters.length));
  it.each([...chapters, ...others, ...chinese].filter((file) => !later.includes(file)))(
    '%s opens without an error, and draws its figures and graphs',
    async (file) => {
      errors.length = 0;
      const page = await (lookedAt.includes(file) ? show(file) : open(file, 1000, 'light'));
      const ids = [...pageOf(file).matchAll(/<div id="((?:figure|chart|graph)-[^"]*)"/g)].map(([, id]) => id!);
      // Parallel coordinates take WebGL, which this browser is without: their still stays.
      const isStill = (id: string) =>
        pageOf(file).split(`"${id}")`)[0]!.split('.mount(').at(-1)!.includes('"parcoords"');
      for (const id of ids)
        await page
          .locator(`[id="${id}"] ${isStill(id) ? 'img' : 'svg'}`)
          .first()
          .waitFor({ state: 'attached' });
      if (chapters.includes(path.basename(file))) expect(ids.length).toBeGreaterThan(2);
      await screenshot(page, `book-${file.replace('/', '-')}`);
      if (!lookedAt.includes(file)) await page.context().close();
      expect(errors).toEqual([]);
    },
  );

  it('the network reads what is drawn on the pad', async () => {
    const page = await show(chapters[0]!);
    const paper = page.locator('.tf-mechanics-paper');
    await paper.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await paper.boundingBox())!;
    await page.mouse.move(x + 0.55 * width, y + 0.15 * height);
    await page.mouse.down();
    await page.mouse.move(x + 0.5 * width, y + 0.85 * height, { steps: 8 });
    await page.mouse.up();
    const says = page.getByRole('status').filter({ hasText: /^The network reads \d, [\d.]+ % sure\./ });
    await says.waitFor({ timeout: 100_000 });
  });

  describe.each(lookedAt)('%s', (file) => {
    let page: Page;
    beforeAll(async () => {
      page = await show(file);
      await page.setViewportSize({ width: 1500, height: 900 });
    });
    afterAll(() => page?.context().close());

    it.each(['dark', 'light'] as const)(
      'has texts that stand out from the page where it is %s',
      async (colorScheme) => {
        await page.emulateMedia({ colorScheme });
        for (const place of ['header', 'nav', 'main > :not(.cell)', 'pre.code']) {
          const faint = (await contrastsOf(page.locator(place))).filter(({ ratio }) => ratio < 4.5);
          expect(faint, place).toEqual([]);
        }
      },
    );

    it.each([1500, 1000, 700, 360])('is not wider than a window of %d pixels', async (width) => {
      await page.setViewportSize({ width, height: 900 });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond).toBeLessThanOrEqual(0);
    });
  });

  it('keeps the theme that the reader chose', async () => {
    const page = await open('index.html', 700, 'light');
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await background()).toBe(dark);
    await page.context().close();
  });

  it('folds its contents where there is little room, and has them beside the text where there is more', async () => {
    const narrow = await open(others[1]!, 700, 'light');
    expect(await narrow.locator('.contents').getAttribute('open')).toBeNull();
    await narrow.context().close();
    const wide = await open(others[1]!, 1500, 'light');
    expect(await wide.locator('.contents').getAttribute('open')).toBe('');
    const [contents, text] = await Promise.all([wide.locator('nav').boundingBox(), wide.locator('main').boundingBox()]);
    expect(contents!.x + contents!.width).toBeLessThanOrEqual(text!.x);
    await wide.context().close();
  });
});
