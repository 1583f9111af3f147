import { describe, expect, it } from 'vitest';
import type { SearchResults, TrialResult } from '../../hyperparameters';
import * as plot from '.';

/** Trials with a conditional hyperparameter; the second was promoted, the third diverged, the fourth failed. */
const trials = [
  trial(0, { lr: 1e-4, optimizer: { name: 'sgd' }, units: 64, batch: 100 }, [[1, 0.2, 10]]),
  trial(1, { lr: 1e-2, optimizer: { name: 'momentum', momentum: 0.9 }, units: 128, batch: 100 }, [
    [1, 0.5, 11],
    [3, 0.9, 14],
  ]),
  trial(2, { lr: 1, optimizer: { name: 'sgd' }, units: 64, batch: 100 }, [[1, Number.NaN, 12]]),
  trial(3, { lr: 1e-1, optimizer: { name: 'sgd' }, units: 64, batch: 100 }, []),
  trial(4, { lr: 1e-3, optimizer: { name: 'sgd' }, units: 64, batch: 100 }, [[1, 0.4, 13]]),
];

const results: SearchResults = {
  ...{
    algorithm: 'hyperband',
    space: { lr: { logUniform: [1e-4, 1] } },
    metric: 'precision',
    mode: 'max',
    maxIterations: 3,
    minIterations: 1,
    eta: 3,
  },
  ...{ seed: 1, resultDir: '', complete: true, trials, best: trials[1]! },
};

function trial(
  id: number,
  config: unknown,
  evaluations: [iteration: number, precision: number, time: number][],
): TrialResult {
  const all = evaluations.map(([iteration, precision, time]) => ({ iteration, metrics: { precision }, time }));
  const last = all.at(-1);
  return {
    ...{ id, config, seed: id, resultDir: '', status: last ? 'finished' : 'failed', seconds: 1 },
    ...{ iteration: last?.iteration ?? 0, metrics: last?.metrics ?? {} },
    ...(last && { value: last.metrics.precision }),
    evaluations: all,
    reports: last ? [{ iteration: 1, metrics: { loss: 1 } }, { iteration: 2, metrics: { precision: 0.7 } }] : [], // biome-ignore format: short
  };
}

describe('best so far', () => {
  it('rises over the iterations of all trials, in the order in which they ended', () => {
    const { data, layout } = plot.bestSoFar(results);
    expect(data).toMatchObject([
      { name: 'trials', x: [1, 2, 4, 6], y: [0.2, 0.5, 0.4, 0.9] },
      { name: 'best so far', x: [1, 2, 4, 6], y: [0.2, 0.5, 0.5, 0.9], line: { shape: 'hv' } },
      { name: 'trial 1', x: [6], y: [0.9], marker: { symbol: 'circle-open' } },
    ]);
    expect((data[0]!.text as string[])[3]).toBe(
      'trial 1, iteration 3<br>lr 0.01<br>optimizer.name momentum<br>optimizer.momentum 0.9<br>units 128<br>batch 100',
    );
    expect(layout.yaxis).toMatchObject({ title: { text: 'precision' } });
  });

  it('falls where the least is best', () => {
    expect(plot.bestSoFar({ ...results, mode: 'min' }).data[1]!.y).toEqual([0.2, 0.2, 0.2, 0.2]);
  });
});

describe('learning curves', () => {
  it('have what trials reported and were compared by, the best one in colour and above the others', () => {
    const { data } = plot.learningCurves(results);
    expect(data.map(({ name }) => name)).toEqual(['trial 0', 'trial 2', 'trial 4', 'trial 1, the best']);
    expect(data.at(-1)).toMatchObject({ x: [1, 2, 3], y: [0.5, 0.7, 0.9], showlegend: true, opacity: 1 });
    expect(data[1]!.y).toEqual([null, 0.7]);
    expect(data[0]).toMatchObject({ showlegend: false });
  });

  it('can be of another metric', () => {
    expect(plot.learningCurves(results, { metric: 'loss' }).data[0]).toMatchObject({ x: [1], y: [1], mode: 'markers' });
    expect(() => plot.learningCurves(results, { metric: 'recall' })).toThrow("no trial has a metric 'recall'");
  });
});

describe('parallel coordinates', () => {
  const dimensions = (options = {}) =>
    plot.parallelCoordinates(results, options).data[0]!.dimensions as {
      label: string;
      values: number[];
      range: number[];
      tickvals: number[];
      ticktext: string[];
    }[];

  it('have an axis for each hyperparameter that varies, and for the value', () => {
    expect(dimensions().map(({ label }) => label)).toEqual([
      'lr',
      'optimizer.name',
      'units',
      'optimizer.momentum',
      'precision',
    ]);
  });

  it('have what was drawn by its logarithm on a logarithmic axis, wherever in the space it is', () => {
    const [lr] = dimensions();
    expect(lr).toMatchObject({ values: [-4, -2, -3], range: [-4, -2], ticktext: ['0.0001', '0.001', '0.01'] });
    const space = { optimizer: { choice: [{ name: 'sgd' }, { momentum: { logUniform: [0.1, 1] } }] } };
    const figure = plot.parallelCoordinates({ ...results, space }, { hyperparameters: ['lr', 'optimizer.momentum'] });
    const [linear, momentum] = figure.data[0]!.dimensions as { values: number[] }[];
    expect(linear!.values).toEqual([1e-4, 1e-2, 1e-3]);
    expect(momentum!.values[1]).toBeCloseTo(Math.log10(0.9));
  });

  it('have categories, and a place for what a trial has not', () => {
    const [, name, , momentum] = dimensions();
    expect(name).toMatchObject({ values: [0, 1, 0], tickvals: [0, 1], ticktext: ['sgd', 'momentum'] });
    expect(momentum!.ticktext).toEqual(['–', '0.9']);
    expect(momentum!.values[0]).toBe(momentum!.range[0]);
    expect(momentum!.values[1]).toBeGreaterThan(momentum!.values[0]!);
  });

  it('show those that are asked for', () => {
    expect(dimensions({ hyperparameters: ['batch', 'lr'] }).map(({ label }) => label)).toEqual([
      'batch',
      'lr',
      'precision',
    ]);
    expect(() => dimensions({ hyperparameters: ['dropout'] })).toThrow("no trial has a hyperparameter 'dropout'");
  });

  it('are darkest for the best, in the page and in the still picture', async () => {
    const figure = plot.parallelCoordinates(results);
    const colors = figure.flat!.data.map(({ line }) => (line as { color: string }).color);
    expect(colors).toEqual(['rgb(198,219,239)', 'rgb(8,48,107)', expect.any(String)]);
    const least = plot.parallelCoordinates({ ...results, mode: 'min' });
    expect((least.flat!.data[0]!.line as { color: string }).color).toBe('rgb(8,48,107)');
    expect((await figure.toPng()).length).toBeGreaterThan(5000);
  });
});

it('the best so far, and parallel coordinates, need a trial that has finished', () => {
  const none = { ...results, trials: [trials[3]!] };
  const message = 'expected a search in which a trial has finished';
  expect(() => plot.bestSoFar(none)).toThrow(message);
  expect(() => plot.parallelCoordinates(none)).toThrow(message);
});
