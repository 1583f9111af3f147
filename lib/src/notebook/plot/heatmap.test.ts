import { describe, expect, it } from 'vitest';
import { divergingScale, sequentialScale } from '../figure/theme';
import { heatmap } from './heatmap';

const traceOf = (...given: Parameters<typeof heatmap>) => heatmap(...given).data[0]!;

describe('a heatmap', () => {
  it('has a row of colours for each row of the matrix, the first on top', () => {
    const { data, layout } = heatmap(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { title: 'T', xLabel: 'units', yLabel: 'layers', colorLabel: 'loss' },
    );
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      type: 'heatmap',
      x: [0, 1, 2],
      y: [0, 1],
      z: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      colorbar: { title: { text: 'loss' } },
    });
    expect(layout).toMatchObject({
      title: { text: 'T' },
      xaxis: { title: { text: 'units' } },
      yaxis: { title: { text: 'layers' }, autorange: 'reversed' },
    });
    expect(layout.width).toBeUndefined();
  });

  it.each([
    ['rows', { rows: 2 }],
    ['columns', { columns: 3 }],
    ['names of rows', { rows: ['a', 'b'] }],
    ['both', { rows: 2, columns: ['x', 'y', 'z'] }],
  ])('takes numbers one after the other with %s', (_, options) => {
    expect(traceOf(Float32Array.of(1, 2, 3, 4, 5, 6), options).z).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('has a tick a place, and none between places', () => {
    const { layout } = heatmap([Array(40).fill(1)]);
    expect(layout.yaxis).toMatchObject({ dtick: 1 });
    expect(layout.xaxis).not.toHaveProperty('dtick'); // Plotly's own are whole numbers over so many
  });

  it('calls rows and columns by their names, even where these are numbers', () => {
    const { data, layout } = heatmap([[1, 2]], { rows: ['conv'], columns: ['10', '100'] });
    expect(data[0]).toMatchObject({ x: ['10', '100'], y: ['conv'] });
    expect(layout.xaxis).toMatchObject({ type: 'category' });
  });

  it.each([
    ['from the least to the greatest', [[2, 6]], {}, [2, 6], sequentialScale],
    ['around zero where there are both signs', [[-1, 4]], {}, [-4, 4], divergingScale],
    ['as it is told', [[-1, 4]], { colors: 'sequential' as const }, [-1, 4], sequentialScale],
    ['over a range', [[0.4]], { range: [0, 1] as const }, [0, 1], sequentialScale],
    ['of one value', [[3, 3]], {}, [3, 4], sequentialScale],
    ['past what is no number', [[Number.NaN, 1, 2]], {}, [1, 2], sequentialScale],
  ])('has colours %s', (_, values, options, [zmin, zmax], colorscale) => {
    expect(traceOf(values, options)).toMatchObject({ zmin, zmax, colorscale });
  });

  it('leaves a hole where there is no number', () => {
    expect(traceOf([[Number.NaN, 1, Number.POSITIVE_INFINITY]]).z).toEqual([[null, 1, null]]);
  });

  it('writes the numbers in where there is room', () => {
    expect(traceOf([[1, 2]]).texttemplate).toBeDefined();
    expect(traceOf(Array(20).fill([1])).texttemplate).toBeUndefined();
    expect(traceOf([[1, 2]], { numbers: false }).texttemplate).toBeUndefined();
  });

  it('is as high as its rows ask for, within bounds', () => {
    const heights = [1, 12, 400].map((rows) => heatmap(Array(rows).fill([1])).layout.height);
    expect(heights).toEqual([240, 456, 720]);
  });

  it.each([
    [() => heatmap([1, 2, 3]), 'expected the rows or the columns of 3 numbers in one line, got neither'],
    [() => heatmap([1, 2, 3], { columns: 2 }), 'expected as many numbers as some rows of 2 columns have, got 3'],
    [() => heatmap([[1, 2]], { columns: ['a'] }), 'expected as many columns as in the matrix, got 1 for 2'],
    [() => heatmap([[1, 2]], { rows: 0 }), 'expected rows as a number of 1 or more, or as names, got 0'],
    [() => heatmap([[[1]]]), 'expected a matrix [rows, columns], or its numbers [rows × columns], got [1, 1, 1]'],
    [() => heatmap([[Number.NaN]]), 'expected finite numbers, got none in 1 values'],
    [() => heatmap([[1]], { range: [1, 1] }), 'expected a range from less to more, got [ 1, 1 ]'],
    [
      () => heatmap([[1]], { colors: 'red' as never }),
      "option 'colors' is one of 'sequential', 'diverging', not 'red'",
    ],
  ])('refuses what makes none: %s', (make, message) => {
    expect(make).toThrow(message);
  });
});
