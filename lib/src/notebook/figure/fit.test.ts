import { describe, expect, it } from 'vitest';
import * as plot from '../plot';
import { panelsFigure } from '../plot/panels';
import type { Figure } from './figure';
import { axisAt } from './figureData';
import { fitted } from './fit';
import { columnsIn } from './panelGrid';

type Domain = [start: number, end: number];

/** Pixels that an output has, from a narrow window to a wide one. */
const widths = [320, 600, 700, 1000, 1280, 1600];

describe('a figure in the width that there is', () => {
  it.each(widths)('is as wide as its output, where it says no width: %d px', (width) => {
    expect(fitted(plot.curves({ loss: [1, 2] }).layout, width).width).toBe(width);
    expect(fitted(plot.heatmap([[1]]).layout, width).width).toBe(width);
  });

  it.each(widths)('is no wider than that where it says one, and pictures keep their form: %d px', (width) => {
    const digits = Array(42).fill(Array(784).fill(0));
    const { layout } = plot.digits(digits, { labels: Array(42).fill(1), columns: 14, title: 'T' });
    expect(layout.width).toBeGreaterThan(860);
    const small = fitted(layout, width);
    expect(small.width).toBe(Math.min(width, layout.width!));
    const { l, r, t, b } = layout.margin as Record<string, number>;
    const form = ({ width, height }: typeof layout) => (width! - l! - r!) / (height! - t! - b!);
    expect(form(small) / form(layout)).toBeCloseTo(1, 1);
  });

  it('stays as it is where nobody knows yet', () => {
    const { layout } = plot.line([1, 2]);
    expect(fitted(layout, 0)).toBe(layout);
  });

  it('has its legend below where beside would be little room, unless it says where', () => {
    const { layout } = plot.curves({ a: [1, 2], b: [2, 1] });
    expect(fitted(layout, 1000).legend).toBeUndefined();
    expect(fitted({ ...layout, height: 360 }, 600)).toMatchObject({ legend: { orientation: 'h' }, height: 382 });
    expect(fitted({ ...layout, legend: { x: 0, y: 1 } }, 600).legend).toEqual({ x: 0, y: 1 });
  });
});

const points = Array.from({ length: 30 }, (_, i) => [i, i % 7]);
const everyKind: [kind: string, figure: Figure][] = [
  ['curves', plot.curves({ a: [1, 2], b: [2, 1] })],
  ['a heatmap', plot.heatmap([[1, 2]])],
  [
    'a confusion matrix',
    plot.confusionMatrix(
      points.map(([, label]) => label!),
      points.map(([, label]) => label!),
    ),
  ],
  ['a confusion matrix of many classes', plot.confusionMatrix([0, 99], [99, 0])],
  ['a histogram', plot.histogram([1, 2, 3])],
  ['an embedding', plot.embedding(points, { labels: points.map(([, label]) => label!) })],
  ['images', plot.images([[[1]]], { size: 2000 })],
  ['digits', plot.digits(Array(64).fill(Array(16).fill(1)), { labels: Array(64).fill(1), columns: 32 })],
  [
    'weights',
    plot.weights(Array(16).fill(Array(64).fill(1)), {
      count: 64,
      columns: 32,
      since: Array(16).fill(Array(64).fill(0)),
    }),
  ],
];

describe.each(everyKind)('%s', (_, { layout }) => {
  it.each(widths)('fits %d pixels, with room for what is drawn', (width) => {
    const fit = fitted(layout, width);
    expect(fit.width).toBeGreaterThan(250);
    expect(fit.width).toBeLessThanOrEqual(width);
    const { t = 44, b = 48 } = (fit.margin ?? {}) as Record<'t' | 'b', number | undefined>;
    expect((fit.height ?? 360) - t - b).toBeGreaterThan(5);
  });
});

describe('charts side by side', () => {
  const panels = (count: number, title?: string) =>
    panelsFigure(
      Array.from({ length: count }, (_, i) => ({ title: `${i}`, data: [{ y: [1] }] })),
      title,
    );

  it.each([
    [320, 1],
    [560, 1],
    [640, 2],
    [1000, 3],
    [1600, 3],
  ])('in %d pixels are %d in a row', (width, columns) => {
    expect(columnsIn(width, 10)).toBe(columns);
  });

  it('are never more in a row than there are', () => {
    expect(columnsIn(1600, 2)).toBe(2);
  });

  it.each(widths)('lie within the figure and beside each other, at %d px', (width) => {
    const { layout } = panels(7, 'T');
    const wide = fitted(layout, width);
    const domains = Array.from({ length: 7 }, (_, i) => {
      const suffix = i === 0 ? '' : `${i + 1}`;
      const [x, y] = ['xaxis', 'yaxis'].map((axis) => axisAt(wide, `${axis}${suffix}`).domain) as [Domain, Domain];
      return { x, y };
    });
    for (const [i, { x, y }] of domains.entries()) {
      for (const end of [...x, ...y]) expect(end).toBeGreaterThanOrEqual(0);
      expect(x[1]).toBeLessThanOrEqual(1);
      expect((x[1] - x[0]) * width).toBeGreaterThan(200);
      for (const other of domains.slice(0, i))
        expect(other.x[1] < x[0] || x[1] < other.x[0] || other.y[0] > y[1] || y[0] > other.y[1]).toBe(true);
    }
    const annotations = wide.annotations as { x: number; text: string }[];
    expect(annotations.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(annotations[0]!.x).toBeCloseTo((domains[0]!.x[0] + domains[0]!.x[1]) / 2);
  });
});
