/** TensorBoard in a browser, as `npm start` runs it, on a folder of runs. */
import type { Browser, Locator, Page } from 'playwright-core';
import { vi } from 'vitest';
import { pythonWith, skipped } from '../tensorboard/python';
import { TensorBoardServer } from '../tensorboard/server';
import { keepErrors, launchChromium, missingChromium, screenshot } from './chromium';

const python = pythonWith('tensorboard');

/** What keeps TensorBoard's pages from being tried here, if anything does. */
export function whatIsMissing(): string | undefined {
  return missingChromium() ?? (python ? undefined : skipped('tensorboard'));
}

/** Other tests run at the same time. */
export const patience = { timeout: 30_000, interval: 100 };

/** Pages by the names that addresses have for them, and the elements of their contents. The Projector is in a frame's frame. */
const elements = {
  timeseries: 'metrics-dashboard',
  scalars: 'tf-scalar-dashboard',
  images: 'tf-image-dashboard',
  audio: 'tf-audio-dashboard',
  graphs: 'tf-graph-dashboard',
  distributions: 'tf-distribution-dashboard',
  histograms: 'tf-histogram-dashboard',
  text: 'tf-text-dashboard',
  pr_curves: 'tf-pr-curve-dashboard',
  hparams: 'tf-hparams-dashboard',
  projector: 'body',
};
type PageName = keyof typeof elements;

export class TensorBoardPages {
  /** What went wrong in the pages. */
  readonly errors: string[] = [];
  readonly #server: TensorBoardServer;
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(server: TensorBoardServer, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
    page.setDefaultTimeout(patience.timeout);
    keepErrors(page, this.errors);
  }

  /** Starts TensorBoard, and waits until it has something for each of its pages. */
  static async start(logdir: string): Promise<TensorBoardPages> {
    const [server, browser] = await Promise.all([
      TensorBoardServer.start(python!, logdir),
      launchChromium({ webGL: true }),
    ]);
    const pages = new TensorBoardPages(
      server,
      browser,
      await browser.newPage({ viewport: { width: 1500, height: 1000 } }),
    );
    try {
      await vi.waitFor(() => pages.#haveData(), patience);
    } catch (error) {
      await pages.end();
      throw error;
    }
    return pages;
  }

  async #haveData(): Promise<void> {
    const plugins = await this.#server.json<Record<string, { enabled: boolean }>>('plugins_listing');
    const empty = Object.keys(elements).filter((name) => !plugins[name]?.enabled);
    if (empty.length > 0) throw new Error(`TensorBoard finds nothing for its pages ${empty}`);
  }

  /** Goes to a page and gives its contents. */
  async open(name: PageName): Promise<Locator> {
    await this.#page.mouse.move(0, 0); // away from a chart, which else would go on telling of its point
    await this.#page.goto(`${this.#server.url}#${name}`);
    const within = name === 'projector' ? this.#page.frameLocator('iframe').frameLocator('iframe') : this.#page;
    return within.locator(elements[name]);
  }

  /** What a chart of lines tells about the points under the mouse, at a part of its width: rows of cells. */
  async hover(chart: Locator, part: number): Promise<string[][]> {
    const { x, y, width, height } = (await chart.boundingBox())!;
    const rows = this.#page.locator('vz-line-chart-tooltip[style*="opacity: 1"] tbody tr');
    await vi.waitFor(async () => {
      for (const at of [part / 2, part]) await this.#page.mouse.move(x + at * width, y + height / 2);
      if ((await rows.count()) === 0) throw new Error('the chart tells nothing');
    }, patience);
    return rows.evaluateAll((rows) =>
      rows.map((row) => Array.from(row.querySelectorAll('td:not(:first-child)'), ({ textContent }) => textContent!)),
    );
  }

  async screenshot(name: string, options?: { always?: boolean }): Promise<void> {
    await screenshot(this.#page, `tensorboard-${name}`, options);
  }

  async end(): Promise<void> {
    await Promise.all([this.#browser.close(), this.#server.stop()]);
  }
}
