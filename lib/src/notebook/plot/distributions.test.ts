import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileWriter } from '../../tf/summary';
import { pageJson } from '../figure/json';
import { distributions } from './distributions';
import { histograms } from './histograms';
import { quantiles } from './stepHistograms';

let logdir: string;
beforeAll(async () => {
  logdir = await mkdtemp(path.join(tmpdir(), 'distributions-'));
  const writer = new FileWriter(logdir);
  for (let step = 0; step < 300; step++)
    for (const tag of ['weights', 'biases'])
      writer.histogram(
        tag,
        Float32Array.from({ length: 1001 }, (_, i) => (step + 1) * (i / 500 - 1)),
        step,
      );
  await writer.close();
});
afterAll(() => rm(logdir, { recursive: true }));

describe('quantiles of a histogram', () => {
  it.each([
    ['of values', { lows: [1, 2, 3, 4], highs: [1, 2, 3, 4], counts: [1, 1, 1, 1] }, [0, 0.5, 1], [1, 2, 4]],
    ['within a bucket', { lows: [0], highs: [8], counts: [4] }, [0, 0.25, 0.5, 1], [0, 2, 4, 8]],
    ['over buckets', { lows: [0, 1], highs: [1, 3], counts: [1, 3] }, [0.125, 0.25, 0.625], [0.5, 1, 2]],
    ['past empty buckets', { lows: [0, 1, 2], highs: [1, 2, 3], counts: [0, 1, 0] }, [0, 0.5, 1], [1, 1.5, 2]],
  ])('lie evenly %s', (_, histogram, shares, expected) => {
    expect(quantiles(histogram, shares)).toEqual(expected);
  });
});

describe('distributions', () => {
  it('have a line for each quantile, filled down to the one below', async () => {
    const { data, layout } = await distributions([
      { step: 0, values: [0, 0] },
      { step: 10, values: Float32Array.from({ length: 10_001 }, (_, i) => i - 5000) },
    ]);
    expect(data.map(({ name }) => name)).toEqual([
      ...['least', '7 %', '16 %', '31 %', 'median', '69 %', '84 %', '93 %', 'greatest'],
    ]);
    expect(data.map(({ x }) => x)).toEqual(Array(9).fill([0, 10]));
    const last = data.map(({ y }) => (y as number[])[1]!);
    for (const [i, expected] of [-5000, -4332, -3413, -1915, 0, 1915, 3413, 4332, 5000].entries())
      expect(Math.abs(last[i]! - expected)).toBeLessThanOrEqual(1);
    expect(data.map(({ fill }) => fill)).toEqual([undefined, ...Array(8).fill('tonexty')]);
    const shades = data.slice(1).map(({ fillcolor }) => fillcolor);
    expect(shades).toEqual([...shades].reverse());
    expect(layout.hovermode).toBe('x unified');
  });

  it('come from event files, a chart a tag, and stay small', async () => {
    const figure = await distributions(logdir);
    expect(figure.data).toHaveLength(18);
    const steps = figure.data[0]!.x as number[];
    expect([steps.length, steps[0], steps.at(-1)]).toEqual([80, 0, 299]);
    const median = figure.data[13]!;
    expect(median).toMatchObject({ name: 'median', xaxis: 'x2' });
    expect(Math.abs((median.y as number[]).at(-1)!)).toBeLessThan(1);
    expect((figure.data[17]!.y as number[]).at(-1)).toBe(300);
    expect(pageJson(figure.data).length).toBeLessThan(25_000);
    expect((await distributions(logdir, { tags: 'biases' })).data).toHaveLength(9);
  });

  it('of one step are points', async () => {
    expect((await distributions([{ step: 3, values: [1, 2] }])).data[0]).toMatchObject({
      mode: 'markers',
      x: [3],
      y: [1],
    });
  });

  it('must be there', async () => {
    await expect(distributions([])).rejects.toThrow('expected values by step, got none');
    await expect(distributions(logdir, { tags: 'loss' })).rejects.toThrow(
      "no run has histograms of the tag 'loss', but of 'weights', 'biases'",
    );
  });
});

describe('histograms in offset mode', () => {
  it('are curves that stand at their steps, the last ones in front', async () => {
    const { data, layout } = await histograms(
      [
        { step: 0, values: [0, 10] },
        { step: 100, values: [0, 0, 0, 10] },
      ],
      { mode: 'offset' },
    );
    const curve = (trace: number) => data[trace]!.y as number[];
    expect(curve(0)).toHaveLength(42);
    expect([curve(0)[0], curve(0)[1], curve(0)[20], curve(0)[40], curve(0)[41]]).toEqual([0, -267, 0, -267, 0]);
    expect([curve(1)[0], curve(1)[1], curve(1)[40]]).toEqual([100, -300, -33]);
    expect((data[1]!.text as string[])[1]).toBe('75');
    expect((layout.yaxis as { range: number[] }).range).toEqual([150, -400]);
    expect(data[0]!.fillcolor).not.toBe(data[1]!.fillcolor);
  });

  it('are so many that they are told apart, and small', async () => {
    const { data } = await histograms(logdir, { mode: 'offset', tags: 'weights' });
    expect(data).toHaveLength(24);
    expect(pageJson(data).length).toBeLessThan(30_000);
  });

  it('may be of one step', async () => {
    const { data } = await histograms([{ step: 5, values: [1] }], { mode: 'offset' });
    expect(data).toHaveLength(1);
    expect((data[0]!.y as number[]).every(Number.isFinite)).toBe(true);
  });

  it('are a mode that there is', async () => {
    await expect(histograms(logdir, { mode: 'overlay' as never })).rejects.toThrow(
      "option 'mode' is one of 'heatmap', 'offset', not 'overlay'",
    );
  });
});
