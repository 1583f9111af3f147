import { describe, expect, it } from 'vitest';
import { checkSmoothing, Smoother, smoothed } from './smoothing';

describe('smoothing', () => {
  it('gives the mean of all values so far, the later ones with more weight', () => {
    const values = smoothed([4, 3, 2], 0.5);
    expect(values[0]).toBe(4);
    expect(values[1]).toBeCloseTo((4 * 0.25 + 3 * 0.5) / 0.75, 12);
    expect(values[2]).toBeCloseTo((4 * 0.125 + 3 * 0.25 + 2 * 0.5) / 0.875, 12);
  });

  it('is what TensorBoard draws', () => {
    // resmoothDataset of tensorboard/components/vz_line_chart2: last = last·w + (1 − w)·next, divided by 1 − wⁿ.
    const values = Array.from({ length: 200 }, (_, i) => Math.exp(-i / 50) + Math.sin(i * 7.3) / 5);
    let last = 0;
    const drawn = values.map((value, i) => {
      last = last * 0.9 + 0.1 * value;
      return last / (1 - 0.9 ** (i + 1));
    });
    for (const [i, value] of smoothed(values, 0.9).entries()) expect(value).toBeCloseTo(drawn[i]!, 10);
  });

  it('leaves values as they are where it is none', () => {
    expect(smoothed([0.1, 0.7, -3], 0)).toEqual([0.1, 0.7, -3]);
  });

  it('leaves a flat curve flat, to the bit', () => {
    expect(new Set(smoothed(Array(1000).fill(0.1), 0.99))).toEqual(new Set([0.1]));
  });

  it('passes over what is no number', () => {
    const values = smoothed([1, Number.NaN, Number.POSITIVE_INFINITY, 3], 0.5);
    expect(values.slice(0, 3)).toEqual([1, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(values[3]).toBeCloseTo(7 / 3, 12);
  });

  it('takes values one at a time, too', () => {
    const smoother = new Smoother(0.6);
    expect([5, 1, 2].map((value) => smoother.next(value))).toEqual(smoothed([5, 1, 2], 0.6));
  });

  it.each([-0.1, 1, Number.NaN, '0.5'])('refuses %s', (smoothing) => {
    expect(() => checkSmoothing(smoothing as number)).toThrow(/^expected a smoothing from 0 to below 1, got /);
  });
});
