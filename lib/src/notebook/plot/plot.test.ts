import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HostArray } from '../../runtime/hostArray';
import { FileWriter } from '../../tf/summary';
import { Figure } from '../figure/figure';
import type { FigureData } from '../figure/figureData';
import { pageJson } from '../figure/json';
import { themed } from '../figure/theme';
import * as plot from '.';

/** The picture that a figure of images has, as rows of `#rrggbb`, and nothing where one sees through. */
async function pictureOf(figure: Figure): Promise<string[][]> {
  const image = await loadImage(figure.data[0]!.source as string);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return Array.from({ length: image.height }, (_, row) =>
    Array.from({ length: image.width }, (_, column) => {
      const [r, g, b, opacity] = context.getImageData(column, row, 1, 1).data;
      if (opacity === 0) return '';
      return `#${Buffer.from([r!, g!, b!]).toString('hex')}`;
    }),
  );
}

describe('curves', () => {
  it('are lines over steps, with a legend for several', () => {
    const { data, layout } = plot.curves({ a: [3, 2], b: new Float32Array([1, 0]) }, { title: 'T', yLabel: 'loss' });
    expect(data).toMatchObject([
      { name: 'a', mode: 'lines', x: [0, 1], y: [3, 2] },
      { name: 'b', mode: 'lines', x: [0, 1], y: [1, 0] },
    ]);
    expect(layout).toMatchObject({
      title: { text: 'T' },
      xaxis: { title: { text: 'step' } },
      yaxis: { title: { text: 'loss' } },
      showlegend: true,
    });
  });

  it('have the name of a single one on the y axis, unless that says something else', () => {
    const { layout } = plot.curves({ loss: [3, 2] });
    expect(layout).toEqual({ xaxis: { title: { text: 'step' } }, yaxis: { title: { text: 'loss' } } });
    expect(plot.curves({ loss: [3, 2] }, { yLabel: 'nats' }).layout).toMatchObject({
      yaxis: { title: { text: 'nats' } },
    });
  });

  it('take places on the x axis, common or their own', () => {
    const { data } = plot.curves({ a: [1, 2], b: { x: [5, 6, 7], y: [1, 2, 3] } }, { x: [10, 20] });
    expect(data).toMatchObject([{ x: [10, 20] }, { x: [5, 6, 7] }]);
  });

  it('keep steps and times exact', () => {
    expect(plot.line([16_777_217, 1_700_000_000.25], [1, 2]).data[0]!.x).toEqual([16_777_217, 1_700_000_000.25]);
  });

  it('have gaps where values are no numbers', () => {
    expect(plot.line([1, Number.NaN, 2]).data[0]!.y).toEqual([1, null, 2]);
  });

  it('stay small however long they are', () => {
    const figure = plot.curves({ loss: new Float32Array(1_000_000).map((_, i) => Math.sin(i)) });
    expect(pageJson(figure.data).length).toBeLessThan(30_000);
  });

  it.each([
    [() => plot.curves({}), 'expected at least one curve, got none'],
    [() => plot.curves({ a: [1, 2, 3] }, { x: [1, 2] }), 'expected as many values of a as x, got 3 for 2'],
    [() => plot.curves({ a: [[1], [2]] }), 'expected a of shape [n], got [2, 1]'],
    [() => plot.line(['a'] as never), 'expected numbers for y, got strings'],
  ])('refuse what makes no curve: %s', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('images', () => {
  const black = '#000000';
  const white = '#ffffff';

  it('are one picture, between whose parts one sees the page', async () => {
    const figure = plot.images([[[0, 1]], [[0.5, 0]]], { columns: 1 });
    const picture = await pictureOf(figure);
    expect(picture).toHaveLength(3 + 1 + 3 + 1 + 3);
    expect(picture[3]).toEqual(['', '', '', black, white, '', '', '']);
    expect(picture[7]!.slice(3, 5)).toEqual(['#808080', black]);
    expect(figure.data).toHaveLength(1);
  });

  it.each([
    ['bytes', new HostArray('uint8', [1, 1, 3], new Uint8Array([0, 51, 255])), [black, '#333333', white]],
    ['less than zero', [[[-1, 0, 1]]], [black, '#808080', white]],
    ['colours', [[[[1, 0, 0]]]], ['#ff0000']],
    ['rows of squares', [[0, 1, 1, 0]], [black, white]],
    ['what is no number', [[[Number.NaN, 1]]], [black, white]],
  ])('are scaled: %s', async (_, values, row) => {
    const picture = await pictureOf(plot.images(values));
    expect(picture[3]!.slice(3, 3 + row.length)).toEqual(row);
  });

  it('are refused in other shapes', () => {
    expect(() => plot.images([[1, 2, 3]])).toThrow('[n, pixels of a square], got [1, 3]');
    expect(() => plot.images([[[1]], [[1]]], { captions: ['one'] })).toThrow(
      'expected as many captions as images, got 1 for 2',
    );
  });
});

describe('digits', () => {
  const images = new HostArray('float32', [3, 4], new Float32Array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
  const logits = [
    [0, 9, 0],
    [0, 0, 9],
    [9, 0, 0],
  ];

  it('are ink on paper', async () => {
    expect((await pictureOf(plot.digits(images)))[3]!.slice(3, 5)).toEqual(['#000000', '#000000']);
  });

  it('have their labels below, and both where a prediction is wrong, in red and framed', async () => {
    const figure = plot.digits(images, { labels: new Int32Array([1, 2, 2]), predictions: logits });
    expect(figure.data[1]).toMatchObject({
      text: ['1', '2', '0, is 2'],
      textfont: { color: ['#24292f', '#24292f', '#d00000'] },
    });
    const picture = await pictureOf(figure);
    const left = 3 + 2 * (2 + 3);
    expect(picture[2]!.slice(left - 2, left + 4)).toEqual(['', ...Array(4).fill('#d00000'), '']);
    expect(picture[2]!.slice(0, left - 2)).not.toContain('#d00000');
  });

  it('are light ink on dark paper in dark pages, however many shades they have, and framed red where they are wrong', async () => {
    const shades = [Array.from({ length: 256 }, (_, i) => i / 255)];
    const { data, layout } = themed(plot.digits(shades, { labels: [1], predictions: [2] }), 'dark');
    const picture = await pictureOf(new Figure(data, layout));
    expect([picture[3]![3], picture[18]![18], picture[2]![2]]).toEqual(['#22272d', '#f3f5f7', '#ff7b72']);
  });

  it('have labels in stills that are read where these are as narrow as a window of 700 pixels', () => {
    const row = plot.digits(
      Array.from({ length: 14 }, () => Array(784).fill(0)),
      { labels: Array(14).fill(7), columns: 14 },
    );
    const sizeOf = (figure: FigureData) => (figure.data[1]!.textfont as { size: number }).size;
    const narrow = 520 / row.layout.width!;
    expect(sizeOf(themed(row, 'any')) * narrow).toBeGreaterThanOrEqual(11);
    expect(['light', 'dark', 'paper'].map((background) => sizeOf(themed(row, background as 'light')))).toEqual([
      11, 11, 11,
    ]);
  });

  it('have labels in stills that stay beside each other', () => {
    const classes = ['ankle boots', 'trousers'];
    const row = plot.digits(
      Array.from({ length: 14 }, () => Array(784).fill(0)),
      { labels: Array(14).fill(0), classes, columns: 14 },
    );
    expect(themed(row, 'any').data[1]!.textfont).toMatchObject({ size: 11 });
  });

  it('that are misclassified are picked out and counted', async () => {
    const figure = plot.misclassified(images, [0, 1, 0], logits, { count: 1, classes: ['shirt', 'shoe', 'bag'] });
    expect(figure.layout.title?.text).toBe('2 of 3 are wrong; the first 1');
    expect(figure.data[1]).toMatchObject({ text: ['shoe, is shirt'] });
    expect((await pictureOf(figure))[3]![3]).toBe('#000000');
    expect(plot.misclassified(images, [1, 2, 0], logits).layout.title?.text).toBe('0 of 3 are wrong');
  });

  it('need a label and a prediction each', () => {
    expect(() => plot.digits(images, { labels: [1, 2] })).toThrow('expected as many labels as images, got 2 for 3');
    expect(() => plot.misclassified(images, [1, 2, 3], [1])).toThrow(
      'expected as many predictions as images, got 1 for 3',
    );
  });
});

describe('weights', () => {
  it('are an image a unit, zero nearly white, with a colour bar as far as the greatest', async () => {
    const values = [
      [0, 0.5],
      [0, -2],
      [0, 2],
      [0, 0],
    ];
    const figure = plot.weights(values, { columns: 2 });
    const picture = await pictureOf(figure);
    expect(picture[3]!.slice(3, 5)).toEqual(['#f7f7f7', '#f7f7f7']);
    expect(picture[3]![9]).toBe('#004c7a');
    expect(picture[4]!.slice(8, 10)).toEqual(['#9c3f00', '#f7f7f7']);
    expect(figure.data[1]).toMatchObject({ marker: { cmin: -2, cmax: 2 } });
  });

  it('show what has changed since they were others', async () => {
    const before = [[7], [5], [5], [5]];
    const figure = plot.weights([[7], [6], [3], [5]], { since: before });
    expect(figure.data[1]).toMatchObject({ marker: { cmin: -2, cmax: 2, colorbar: { title: { text: 'change' } } } });
    const picture = await pictureOf(figure);
    expect([...picture[3]!.slice(3, 5), ...picture[4]!.slice(3, 5)]).toEqual([
      '#f7f7f7',
      '#e98f5a',
      '#004c7a',
      '#f7f7f7',
    ]);
    expect(() => plot.weights([[1], [2], [3], [4]], { since: [[1]] })).toThrow(
      'expected weights from before of shape [4, 1], got [1, 1]',
    );
  });

  it('of a convolution have its height and width', () => {
    const filters = new HostArray('float32', [2, 3, 1, 4], new Float32Array(24));
    expect(() => plot.weights(filters)).not.toThrow();
    expect(() => plot.weights(filters.reshape([2, 3, 2, 2]))).toThrow('got [2, 3, 2, 2]');
  });
});

describe('a confusion matrix', () => {
  it('counts what is taken for what', () => {
    const { data, layout } = plot.confusionMatrix([0, 0, 1, 2], [0, 1, 1, 0]);
    expect(data[0]).toMatchObject({
      z: [
        [0.5, 0.5, 0],
        [0, 1, 0],
        [1, 0, 0],
      ],
      text: [
        ['1', '1', ''],
        ['', '1', ''],
        ['1', '', ''],
      ],
      y: ['0', '1', '2'],
    });
    expect(layout).toMatchObject({
      title: { text: '50.0 % are right' },
      xaxis: { title: { text: 'predicted class' } },
      yaxis: { title: { text: 'true class' } },
    });
  });

  it('refuses what is no class', () => {
    expect(() => plot.confusionMatrix([0, 3], [0, 1], { classes: 3 })).toThrow(
      'expected classes from 0 to 2, got 3 for example 1',
    );
    expect(() => plot.confusionMatrix([0], [])).toThrow('expected as many predictions as labels, got 0 for 1');
  });
});

describe('a histogram', () => {
  it('counts values in bins of equal width', () => {
    const { data } = plot.histogram([0, 1, 1, 2, 4, Number.NaN], { bins: 4 });
    expect(data[0]).toMatchObject({ x: [0.5, 1.5, 2.5, 3.5], y: [1, 2, 1, 1], width: 1 });
  });

  it('of one value has one bar', () => {
    const { y } = plot.histogram([7, 7]).data[0] as unknown as { y: number[] };
    expect(y.filter(Boolean)).toEqual([2]);
  });

  it('needs a number', () => {
    expect(() => plot.histogram([Number.NaN])).toThrow('expected finite numbers, got none in 1 values');
  });
});

describe('figures from event files', () => {
  const logdir = fs.mkdtempSync(path.join(os.tmpdir(), 'plot-'));
  afterAll(() => fs.rmSync(logdir, { recursive: true }));

  beforeAll(async () => {
    for (const [run, losses] of Object.entries({ slow: [4, 3, 2], 'deep/fast': [4, 2, 1] })) {
      const writer = new FileWriter(path.join(logdir, run));
      for (const [i, loss] of losses.entries()) {
        const histo = { min: -1, max: i, num: 4, bucketLimit: [0, 1e300], bucket: [1, 3] };
        const value = [
          { tag: 'loss', simpleValue: loss },
          { tag: 'weights', histo },
        ];
        if (run === 'slow') value.push({ tag: 'accuracy', simpleValue: i / 2 });
        writer.addEvent({ wallTime: 1000 + 2 * i, step: 10 * i, summary: { value } as never });
      }
      await writer.close();
    }
  });

  it('show the runs that can be read, and warn of those that can not', async () => {
    const root = path.join(logdir, '..', `${path.basename(logdir)}-unreadable`);
    for (const run of ['a', 'b']) {
      const writer = new FileWriter(path.join(root, run));
      writer.scalar('loss', 1, 1);
      await writer.close();
    }
    fs.mkdirSync(path.join(root, 'c', 'events.out.tfevents.1.folder'), { recursive: true });
    fs.symlinkSync(path.join(root, 'none'), path.join(root, 'link'));
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    try {
      expect((await plot.scalars(root)).data.map(({ name }) => name)).toEqual(['a', 'b']);
      expect(warn.mock.calls).toEqual([[expect.stringMatching(/^cannot read events from .*1\.folder: EISDIR/)]]);
      await expect(plot.scalars(path.join(root, 'c'))).rejects.toThrow(/^cannot read events from .*1\.folder: EISDIR/);
    } finally {
      warn.mockRestore();
      fs.rmSync(root, { recursive: true });
    }
  });

  it('of a run that went on from a checkpoint show what it has written again, and no line folds back', async () => {
    const run = path.join(logdir, '..', `${path.basename(logdir)}-restarted`);
    for (const [from, to] of [
      [0, 150],
      [100, 190],
    ] as const) {
      const writer = new FileWriter(run);
      for (let step = from; step <= to; step += 10) {
        writer.scalar('loss', from, step);
        writer.histogram('weights', [from, from + step], step);
      }
      await writer.close();
    }
    const [line] = (await plot.scalars(run)).data;
    const steps = Array.from({ length: 20 }, (_, i) => 10 * i);
    expect(line!.x).toEqual(steps);
    expect(line!.y).toEqual(steps.map((step) => (step < 100 ? 0 : 100)));
    expect((await plot.histograms(run)).data[0]!.x).toEqual(steps);
    fs.rmSync(run, { recursive: true });
  });

  it('have a chart a tag and a curve a run, found at any depth', async () => {
    const { data, layout } = await plot.scalars(logdir);
    expect(data).toMatchObject([
      { name: 'slow', y: [0, 0.5, 1], xaxis: 'x', showlegend: true },
      { name: 'deep/fast', x: [0, 10, 20], y: [4, 2, 1], xaxis: 'x2', showlegend: true },
      { name: 'slow', y: [4, 3, 2], xaxis: 'x2', showlegend: false },
    ]);
    expect(layout.annotations).toMatchObject([{ text: 'accuracy' }, { text: 'loss' }]);
  });

  it('compare runs by names of one’s own, over time', async () => {
    const runs = { a: path.join(logdir, 'slow'), b: path.join(logdir, 'deep') };
    const { data, layout } = await plot.scalars(runs, { tags: 'loss', x: 'relative' });
    expect(data).toMatchObject([
      { name: 'a', x: [0, 2, 4] },
      { name: 'b/fast', x: [0, 2, 4] },
    ]);
    expect(layout).toMatchObject({ title: { text: 'loss' }, xaxis: { title: { text: 'seconds' } } });
  });

  it('smooth as TensorBoard does, with the values themselves behind', async () => {
    const { data } = await plot.scalars(path.join(logdir, 'slow'), { tags: ['loss'], smoothing: 0.5 });
    expect(data).toMatchObject([
      { y: [4, 3, 2], opacity: 0.25 },
      { y: [4, expect.closeTo(10 / 3, 12), expect.closeTo(18 / 7, 12)], name: 'slow', showlegend: false },
    ]);
  });

  it('show histograms as a column a step', async () => {
    const { data } = await plot.histograms(path.join(logdir, 'slow'));
    const { x, y, z } = data[0] as unknown as { x: number[]; y: number[]; z: number[][] };
    expect(x).toEqual([0, 10, 20]);
    const shares = (step: number, from: number, to: number) =>
      z.reduce((sum, row, bin) => sum + (y[bin]! > from && y[bin]! < to ? row[step]! : 0), 0);
    expect(shares(2, -1, 0)).toBeCloseTo(0.25, 1);
    expect(shares(2, 0, 2)).toBeCloseTo(0.75, 1);
    expect(shares(1, 1.1, 2)).toBe(0);
  });

  it('show histograms of values, too', async () => {
    const steps = [
      { step: 0, values: [0, 0, 0] },
      { step: 5, values: new Float32Array([0, 10, 10, 10]) },
    ];
    const { z } = (await plot.histograms(steps)).data[0] as unknown as { z: number[][] };
    expect([z[0], z.at(-1)]).toEqual([
      [1, 0.25],
      [0, 0.75],
    ]);
  });

  it('say what is missing', async () => {
    const empty = path.join(logdir, 'empty');
    fs.mkdirSync(empty);
    await expect(plot.scalars(empty)).rejects.toThrow(`there is no event file in or below ${empty}`);
    await expect(plot.scalars(path.join(logdir, 'none'))).rejects.toThrow('cannot read runs from');
    await expect(plot.scalars(logdir, { tags: 'los' })).rejects.toThrow(
      "no run has scalars of the tag 'los', but of 'accuracy', 'loss'",
    );
    await expect(plot.histograms(logdir, { tags: 'loss' })).rejects.toThrow(
      "no run has histograms of the tag 'loss', but of 'weights'",
    );
    await expect(plot.scalars(logdir, { smoothing: 1 })).rejects.toThrow('from 0 to below 1, got 1');
  });
});
