import { describe, expect, it } from 'vitest';
import { ratios, report, singleReport, spread } from './benchReport.mjs';

describe('the report of a comparison', () => {
  const result = {
    unit: 'steps',
    ours: ['sync', 'awaited'],
    rates: {
      sync: [3000, 3300, 1500],
      awaited: [2800, 3000, 1400],
      limit: [4000, 4000, 2000],
      python: [2000, 2200, 1000],
    },
    details: { sync: {}, awaited: {}, limit: {}, python: { loop: 'Rows' } },
    missing: { torch: 'no Python here has torch' },
  };

  it('compares what ran in the same round: one that the machine slowed down counts as any', () => {
    const [sync] = ratios(result);
    expect(sync.against.python).toEqual({ median: 1.5, low: 1.5, high: 1.5 });
  });

  it('gives medians with the lowest and the highest', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
    expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, low: 1, high: 4 });
  });

  it('is a line for each program, each ratio, and each peer that is not there', () => {
    expect(report('net', result).split('\n')).toEqual([
      'net: steps a second',
      '  sync     3,000 (1,500 to 3,300)',
      '  awaited  2,800 (1,400 to 3,000)',
      '  limit    4,000 (2,000 to 4,000)',
      '  python   2,000 (1,000 to 2,200), the fastest loop: Rows',
      '  sync / limit: 0.75 (0.75 to 0.82)',
      '  sync / python: 1.50 (1.50 to 1.50)',
      '  awaited / limit: 0.70 (0.70 to 0.75)',
      '  awaited / python: 1.40 (1.36 to 1.40)',
      '  torch: not measured, no Python here has torch',
    ]);
  });

  it('is a line for each thing that was measured by itself', () => {
    const measured = { ours: { ready: [300, 280, 310], memoryInMB: 463 }, deno: { absent: 'it is not there' } };
    expect(singleReport('kernel', measured).split('\n')).toEqual([
      'kernel ours ready: 300 (280 to 310)',
      'kernel ours memoryInMB: 463',
      'kernel deno absent: it is not there',
    ]);
  });
});
