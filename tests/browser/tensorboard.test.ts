/** What we write, as TensorBoard's pages show it in a browser. The screenshots of a soak lie in `.cache/screenshots`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodePng } from '../../lib/src/testing/decodePng';
import { patience, TensorBoardPages, whatIsMissing } from './tensorboardPages';
import { hiddenUnits, hparams, points, settings, steps, tracedTag, type Written, writeRuns } from './tensorboardRuns';

const missing = whatIsMissing();
if (missing) console.warn(`TensorBoard's pages are not tested: ${missing}.`);

describe.skipIf(missing)('TensorBoard in a browser', () => {
  const lastStep = String(steps - 1);
  const writtenSteps = steps / 10;
  let logdir: string;
  let written: Written;
  let pages: TensorBoardPages;

  beforeAll(async () => {
    logdir = mkdtempSync(path.join(tmpdir(), 'tensorboard-pages-'));
    written = await writeRuns(logdir);
    pages = await TensorBoardPages.start(logdir);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await pages.screenshot('failed', { always: true });
    expect(pages.errors.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await pages?.end();
    rmSync(logdir, { recursive: true, force: true });
  });

  /** Tag and run of each card of a page. */
  const cardsOf = (page: Locator) =>
    page
      .locator('tf-card-heading')
      .evaluateAll((headings) =>
        headings.map(({ shadowRoot }) =>
          ['.name', '.run'].map((part) => shadowRoot!.querySelector(part)!.textContent!.trim()),
        ),
      );
  const ofBothRuns = (tag: string) => ['train', 'validation'].map((run) => [tag, run]);
  /** Those that are unfolded at first. */
  const histograms = ['hidden1_act/activations', 'hidden1_bias/summaries/histogram'].flatMap(ofBothRuns);
  /** What can be read in elements that have a text. */
  const cells = (locator: Locator) => async () =>
    (await locator.allInnerTexts()).map((text) => text.trim()).filter((text) => text !== '');
  /** How many pixels of a PNG file are not grey, or nearly so. */
  const colouredPixels = (png: Uint8Array) => {
    const bytes = decodePng(png, 3);
    const pixels = Array.from({ length: bytes.length / 3 }, (_, i) => bytes.subarray(3 * i, 3 * i + 3));
    return pixels.filter((pixel) => Math.max(...pixel) - Math.min(...pixel) > 60).length;
  };

  it('shows the runs in one chart of Time Series, and their histograms and images beside it', async () => {
    const page = await pages.open('timeseries');
    const accuracy = page.locator('card-view').filter({ hasText: 'accuracy' });
    const rowOf = (run: string, value: string) => RegExp(`${run}\\s+[\\d.]+\\s+${value}\\s+${lastStep}\\s`);
    await expect
      .poll(() => accuracy.innerText(), patience)
      .toMatch(rowOf('validation', String(Number(written.accuracy.toPrecision(4)))));
    expect(await accuracy.innerText()).toMatch(rowOf('train', '[\\d.]+'));
    // The curves are drawn by WebGL, and there is nothing in the page but the pixels.
    const curves = accuracy.locator('line-chart .series-view');
    await expect.poll(async () => colouredPixels(await curves.screenshot()), patience).toBeGreaterThan(100);
    await pages.screenshot('timeseries');

    await page.locator('.group-toolbar', { hasText: 'hidden1_act' }).click();
    await expect.poll(() => page.locator('histogram-card .histogram').count(), patience).toBe(2 * writtenSteps);
    await expect.poll(() => page.locator('image-card img').count(), patience).toBeGreaterThan(0);
    await pages.screenshot('timeseries-histograms');
  });

  it('draws a curve of each run in Scalars', async () => {
    const page = await pages.open('scalars');
    const chart = page.locator('tf-scalar-card').filter({ hasText: 'tag: accuracy' }).locator('.main');
    const told = await pages.hover(chart, 0.95);
    expect(told.map(([run, , , step]) => [run, step])).toEqual([
      ['train', lastStep],
      ['validation', lastStep],
    ]);
    expect(Number(told[1]![2])).toBeCloseTo(written.accuracy, 4);
    await pages.screenshot('scalars');
  });

  it('shows digits and figures in Images', async () => {
    const page = await pages.open('images');
    const sizes = () =>
      page
        .locator('tf-image-loader img')
        .evaluateAll((images) =>
          (images as HTMLImageElement[]).map((image) => [image.naturalWidth, image.naturalHeight]),
        );
    await expect.poll(sizes, patience).toEqual([[580, 500], ...Array(6).fill([28, 28])]);
    expect(await cardsOf(page)).toEqual([
      ['confusion', 'validation'],
      ...[0, 1, 2].flatMap((i) => ofBothRuns(`input_images/digits/image/${i}`)),
    ]);
    await pages.screenshot('images');
  });

  it('plays a sound in Audio', async () => {
    const page = await pages.open('audio');
    const seconds = () =>
      page.locator('audio').evaluateAll((players) => (players as HTMLAudioElement[]).map(({ duration }) => duration));
    await expect.poll(seconds, patience).toEqual([1]);
    expect(await cardsOf(page)).toEqual([['concert pitch', 'validation']]);
    await pages.screenshot('audio');
  });

  it('draws the network by its scopes in Graphs, and the time and memory of the traced step', async () => {
    const page = await pages.open('graphs');
    const node = (name: string) => page.locator(`g.node[data-name="${name}"]`);
    const scopes = ['input_images', 'input_cnn_filter', 'hidden1_act', 'hidden2_drop', 'output_bias', 'loss', 'train'];
    for (const name of scopes) await node(name).waitFor();
    await pages.screenshot('graphs');

    await page.locator('.tags-row paper-dropdown-menu').click();
    await page.locator('.tags-row paper-item', { hasText: tracedTag }).click();
    const legend = page.locator('tf-graph-controls .legend-holder');
    for (const [color, unit] of [
      ['Memory', /\d [KM]B/],
      ['Compute time', /\d [µm]s/],
    ] as const) {
      await page.locator('paper-radio-button', { hasText: color }).click();
      await expect.poll(() => legend.innerText(), patience).toMatch(unit);
      await pages.screenshot(`graphs-${color.toLowerCase().replace(' ', '-')}`);
    }
    await page.getByText('Fit to screen').click();
    await node('hidden1_cnn_filter').click();
    await expect
      .poll(cells(page.locator('tf-node-info .sub-list-table-cell')), patience)
      .toEqual([
        'Memory',
        expect.stringMatching(/^[\d.]+ [KM]B$/),
        'Compute Time',
        expect.stringMatching(/^[\d.]+ [µm]s$/),
      ]);
    await pages.screenshot('graphs-node');
  });

  it('draws Distributions of activations and biases', async () => {
    const page = await pages.open('distributions');
    const bands = page.locator('tf-distribution-loader').first().locator('.plot path');
    await expect.poll(() => bands.count(), patience).toBeGreaterThan(6); // of percentiles, and their edges
    expect(await cardsOf(page)).toEqual(histograms);
    await pages.screenshot('distributions');
  });

  it('draws Histograms of activations and biases, one a step', async () => {
    const page = await pages.open('histograms');
    const chart = page.locator('tf-histogram-loader').first().locator('.histogram');
    await expect.poll(() => chart.count(), patience).toBe(writtenSteps);
    expect(await cardsOf(page)).toEqual(histograms);
    await pages.screenshot('histograms');
  });

  it('makes a table with Markdown of Text', async () => {
    const page = await pages.open('text');
    await expect
      .poll(cells(page.locator('td')), patience)
      .toEqual(settings.flat().map((text) => text.replaceAll('*', '')));
    expect(await page.locator('td strong').innerText()).toBe(String(hparams.learningRate));
    await pages.screenshot('text');
  });

  it('draws PR Curves', async () => {
    const page = await pages.open('pr_curves');
    const card = page.locator('tf-pr-curve-card');
    await card.getByText(`step ${lastStep}`).waitFor();
    const [told] = await pages.hover(card.locator('.main'), 0.6);
    const [run, threshold, precision, recall, ...counts] = told!;
    expect(run).toBe('validation');
    const { labels, predictions } = written.nines;
    const count = (label: boolean, chosen: boolean) =>
      labels.filter((each, i) => each === label && predictions[i]! >= Number(threshold) === chosen).length;
    const [tp, fp, tn, fn] = [count(true, true), count(false, true), count(false, false), count(true, false)];
    expect(counts.map(Number)).toEqual([tp, fp, tn, fn]);
    expect(Number(precision)).toBeCloseTo(tp / (tp + fp), 4);
    expect(Number(recall)).toBeCloseTo(tp / (tp + fn), 4);
    await pages.screenshot('pr-curves');
  });

  it('has hyperparameters with their metrics in HParams', async () => {
    const page = await pages.open('hparams');
    await expect
      .poll(cells(page.locator('#sessionGroupsTable vaadin-grid-cell-content')), patience)
      .toEqual(
        expect.arrayContaining([
          ...['Trial ID', 'Show Metrics', 'dropout', 'learningRate', 'optimizer', 'accuracy'],
          ...['validation', 'true', '0.010000', hparams.optimizer, written.accuracy.toPrecision(5)],
        ]),
      );
    await pages.screenshot('hparams');
  });

  it('has the points of the Projector, and what they are', async () => {
    const page = await pages.open('projector');
    await expect
      .poll(cells(page.locator('.status-bar-entry')), patience)
      .toEqual([`Points: ${points}`, `Dimension: ${hiddenUnits}`, 'Selected 0 points']);
    await page.locator('#search-box input').fill('example 42');
    await expect
      .poll(cells(page.locator('#metadata-card .metadata-row')), patience)
      .toEqual([`digit\t${written.digits[42]}`, 'number\texample 42']);
    await expect.poll(() => page.locator('iron-overlay-backdrop.opened').count(), patience).toBe(0);
    await pages.screenshot('projector');
  });
});
