import { describe, expect, it } from 'vitest';
import { RecentSeries, Series } from './series';

function seriesOf(values: Iterable<number>): Series {
  const series = new Series();
  let x = 0;
  for (const value of values) series.add(x++, value);
  return series;
}

describe('a series', () => {
  it('has no points at first', () => {
    expect(new Series().points()).toEqual({ x: [], y: [] });
  });

  it('keeps every point while there are few', () => {
    const values = Array.from({ length: 500 }, (_, i) => (i * 37) % 101);
    expect(seriesOf(values).points()).toEqual({ x: [...values.keys()], y: values });
  });

  it('keeps gaps while there are few points', () => {
    expect(seriesOf([1, Number.NaN, Number.POSITIVE_INFINITY, 2]).points()).toEqual({
      x: [0, 1, 2, 3],
      y: [1, null, null, 2],
    });
  });

  it('keeps the first and last point, every peak and their order, of however many', () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 1000));
    values[0] = 0.05;
    values[12_345] = 7;
    values[12_346] = -7;
    values[76_543] = -8;
    values[99_999] = -0.6;
    const { x, y } = seriesOf(values).points();
    expect(x.length).toBeLessThan(1100);
    expect(x.length).toBeGreaterThan(400);
    for (const at of [0, 12_345, 12_346, 76_543, 99_999]) expect(y[x.indexOf(at)]).toBe(values[at]);
    expect(x).toEqual([...x].sort((a, b) => a - b));
    expect(new Set(x).size).toBe(x.length);
    expect(y).toEqual(x.map((at) => values[at]));
  });

  it('has no place for a gap among very many points', () => {
    const { y } = seriesOf(Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? Number.NaN : i))).points();
    expect(y.filter((value) => value === null).length).toBeLessThan(2);
  });
});

describe('a recent series', () => {
  it('has the points of its window alone, however many came before', () => {
    const series = new RecentSeries(10);
    for (let x = 0; x <= 5000; x += 2) series.add(x, -x);
    expect(series.points()).toEqual({ x: [4992, 4994, 4996, 4998, 5000], y: [-4992, -4994, -4996, -4998, -5000] });
  });
});
