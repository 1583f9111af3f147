import { describe, expect, it } from 'vitest';
import { figureBundle } from '../figure/figureBundle';
import { pageJson } from '../figure/json';
import { embedding } from './embedding';

const points = [
  [0, 1],
  [2, 3],
  [4, 5],
];

describe('an embedding', () => {
  it('is a point an example, with a colour a class', () => {
    const { data, layout } = embedding(points, { labels: [7, 2, 7], title: 'Digits' });
    expect(data).toMatchObject([
      { type: 'scatter', name: '2', x: [2], y: [3], customdata: [1] },
      { type: 'scatter', name: '7', x: [0, 4], y: [1, 5], customdata: [0, 2] },
    ]);
    const colors = data.map(({ marker }) => (marker as { color: string }).color);
    expect(new Set(colors).size).toBe(2);
    expect(layout).toMatchObject({ title: { text: 'Digits' }, showlegend: true, yaxis: { scaleanchor: 'x' } });
  });

  it('has ten colours, and the same ones whichever classes there are', () => {
    const colorsOf = (labels: number[]) =>
      embedding(
        labels.map((label) => [label, 0]),
        { labels },
      ).data.map(({ marker }) => (marker as { color: string }).color);
    const all = colorsOf([...Array(10).keys()]);
    expect(new Set(all).size).toBe(10);
    expect(colorsOf([9, 3])).toEqual([all[3], all[9]]);
  });

  it('takes one-hot labels, names of classes and of axes', () => {
    const labels = [
      [1, 0],
      [0, 1],
      [1, 0],
    ];
    const { data, layout } = embedding(points, { labels, classes: ['shoe', 'bag'], axes: ['first', 'second'] });
    expect(data.map(({ name }) => name)).toEqual(['shoe', 'bag']);
    expect(layout).toMatchObject({ xaxis: { title: { text: 'first' } }, yaxis: { title: { text: 'second' } } });
  });

  it('needs no labels, and leaves out what is no number', () => {
    const { data, layout } = embedding([
      [0, 1],
      [Number.NaN, 2],
    ]);
    expect(data).toMatchObject([{ x: [0, null], y: [1, 2], hovertemplate: 'example %{customdata}<extra></extra>' }]);
    expect(layout.showlegend).toBe(false);
  });

  it('in three dimensions has a still picture of the first two', async () => {
    const figure = embedding(
      [
        [1, 2, 3],
        [4, 5, 7],
      ],
      { labels: [0, 1], title: 'Space' },
    );
    expect(figure.data).toMatchObject([{ type: 'scatter3d', x: [1], y: [2], z: [3] }, { z: [7] }]);
    expect(figure.layout.scene).toMatchObject({ zaxis: { title: { text: '3' } } });
    const flat = embedding(
      [
        [1, 2],
        [4, 5],
      ],
      { labels: [0, 1], title: 'Space' },
    );
    const bundle = await figureBundle(figure, 'space');
    expect(bundle['image/png']).toBe((await figureBundle(flat, 'plane'))['image/png']);
    expect(bundle['text/plain']).toBe('[Space: 0, 1]');
  });

  it('of many points draws some, evenly, and stays small', () => {
    const many = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i) * 1000);
    const pairs = Array.from({ length: 10_000 }, (_, i) => [many[2 * i]!, many[2 * i + 1]!]);
    const { data } = embedding(pairs, { labels: pairs.map((_, i) => i % 10) });
    const drawn = data.flatMap(({ customdata }) => customdata as number[]);
    expect(drawn).toHaveLength(2000);
    expect([...drawn].sort((a, b) => a - b).slice(0, 3)).toEqual([0, 5, 10]);
    expect(pageJson(data).length).toBeLessThan(50_000);
  });

  it('keeps points of any scale apart', () => {
    const { data } = embedding([
      [1e-9, 0],
      [2e-9, 1e-12],
    ]);
    expect(data[0]!.x).toEqual([1e-9, 2e-9]);
    expect(embedding([[5, 5]]).data[0]!.x).toEqual([5]);
  });

  it.each([
    ['expected points of shape [n, 2] or [n, 3], got [2]', () => embedding([1, 2])],
    ['expected points of shape [n, 2] or [n, 3], got [1, 4]', () => embedding([[1, 2, 3, 4]])],
    ['expected as many labels as points, got 1 for 3', () => embedding(points, { labels: [1] })],
    ['expected as many axes as dimensions, got 1 for 2', () => embedding(points, { axes: ['x'] })],
    ['expected a positive count, got 0', () => embedding(points, { count: 0 })],
  ])('is refused: %s', (message, make) => {
    expect(make).toThrow(message);
  });
});
