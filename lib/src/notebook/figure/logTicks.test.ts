import { describe, expect, it } from 'vitest';
import * as plot from '../plot';
import { ticksOver, tickText, withLogTicks } from './logTicks';

describe('ticks of a logarithmic axis', () => {
  const within = (least: number, greatest: number) =>
    ticksOver(least, greatest).filter((tick) => tick >= least && tick <= greatest);

  it.each([
    [0.03, 2.3, [0.05, 0.1, 0.2, 0.5, 1, 2]],
    [0.2, 0.9, [0.2, 0.5]],
    [1e-6, 2, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]],
    [1e-20, 1, [1e-18, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1]],
  ])('from %d to %d', (least, greatest, expected) => {
    expect(within(least, greatest)).toEqual(expected);
  });

  it.each([
    ['less than half a decade', 1, 2],
    ['nothing', Number.POSITIVE_INFINITY, 0],
  ])('are left to Plotly over %s', (_, least, greatest) => {
    expect(ticksOver(least, greatest)).toEqual([]);
  });

  it.each([
    [0.0005, '0.0005'],
    [200, '200'],
    [50_000, '50k'],
    [1e-7, '10<sup>−7</sup>'],
    [2e8, '2×10<sup>8</sup>'],
  ])('say their whole number: %d', (value, text) => {
    expect(tickText(value)).toBe(text);
  });

  it('are those of the curves on that axis, and of no axis that has its own', () => {
    const figure = plot.curves({ loss: [2.3, 0, -1, 0.05, Number.NaN] }, { logY: true });
    expect(withLogTicks(figure).layout.yaxis).toMatchObject({
      ticktext: [
        '0.001',
        '0.002',
        '0.005',
        '0.01',
        '0.02',
        '0.05',
        '0.1',
        '0.2',
        '0.5',
        '1',
        '2',
        '5',
        '10',
        '20',
        '50',
        '100',
        '200',
        '500',
      ].slice(0, 18),
    });
    expect(withLogTicks(figure).layout.xaxis).toBe(figure.layout.xaxis);
    figure.layout.yaxis = { type: 'log', dtick: 1 };
    expect(withLogTicks(figure)).toEqual({ data: figure.data, layout: figure.layout });
  });
});
