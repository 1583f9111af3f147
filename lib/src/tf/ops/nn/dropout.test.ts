import { describe, expect, it } from 'vitest';
import type { HostArray } from '../../../runtime/hostArray';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { Session } from '../../session';
import { ones } from '../array';
import { constant, placeholder } from '../constants';
import { randomUniform, setRandomSeed } from '../random';
import { dropout } from './dropout';

const SEED = { seed: 1 };

/** How often each value occurs. */
function histogram(build: () => Tensor): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of (evaluate(build) as number[][]).flat()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe('dropout', () => {
  it.each<[string, () => Tensor, number]>([
    ['keeps elements by the probability', () => dropout(ones([100, 100]), 0.8, SEED), 1.25],
    ['drops elements by the rate', () => dropout(ones([100, 100]), { rate: 0.2, ...SEED }), 1.25],
    ['keeps by a probability that is a tensor', () => dropout(ones([100, 100]), constant(0.8), SEED), 1.25],
    ['drops by a rate that is a tensor', () => dropout(ones([100, 100]), { rate: constant(0.2), ...SEED }), 1.25],
  ])('%s, and scales what it keeps', (_title, build, kept) => {
    const counts = histogram(build);
    expect([...counts.keys()].sort()).toEqual([0, kept]);
    expect(counts.get(kept)! / 10_000).toBeCloseTo(0.8, 1);
  });

  it('drops whole rows where the noise has one element for each', () => {
    const rows = evaluate(() => dropout(ones([50, 4]), 0.5, { noiseShape: [50, 1], ...SEED })) as number[][];
    expect(new Set(rows.map((row) => row.join()))).toEqual(new Set(['0,0,0,0', '2,2,2,2']));
  });

  it('draws its noise in the graph of its input, whichever is the default', () => {
    const x = new Graph().asDefault(() => ones([50, 4]));
    expect(dropout(x, 0.5, { noiseShape: [50, 1] }).graph).toBe(x.graph);
  });

  it('passes the gradient of what it kept', () => {
    const [dropped, gradient] = evaluate(() => {
      const x = ones([20]);
      const y = dropout(x, 0.5, SEED);
      return [y, gradients(y, [x])[0]!];
    }) as [unknown, unknown];
    expect(gradient).toEqual(dropped);
  });

  it('keeps everything where a run feeds 1 as the probability', () => {
    const graph = new Graph();
    const session = new Session({ graph });
    const { x, keepProb, y } = graph.asDefault(() => {
      const x = placeholder('float64', [null, 2]);
      const keepProb = placeholder('float64', []);
      return { x, keepProb, y: dropout(x, keepProb) };
    });
    expect(y.shape).toEqual([null, 2]);
    const value = session.runSync(y, [
      [
        x,
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [keepProb, 1],
    ]) as HostArray;
    expect(value.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    session.close();
  });

  it('adds nothing at rate 0, though it takes a seed as others do', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      setRandomSeed(1);
      const x = placeholder('float32', [2]);
      expect(dropout(x, 1)).toBe(x);
      expect(randomUniform([2]).op.getAttribute('seed2')).toBe(1);
    });
  });

  it.each<[string, () => Tensor, string]>([
    ['a rate of 1', () => dropout([1], { rate: 1 }), 'got rate 1'],
    ['a probability above 1', () => dropout([1], 1.5), 'got rate -0.5'],
    ['no number', () => dropout([1], Number.NaN), 'got rate NaN'],
    ['integers', () => dropout(constant([1], { dtype: 'int32' }), 0.5), 'so it takes fractions: Tensor'],
  ])('refuses %s', (_title, build, message) => {
    new Graph().asDefault(() => expect(build).toThrow(message));
  });

  const x = () => placeholder('float32', [2, 3]);
  it.each<[string, () => unknown, string]>([
    [
      'by a number',
      () => dropout(x(), { rate: 0.25 }),
      'dropout/Const dropout/Mul dropout/Shape dropout/random_uniform/RandomUniform ' +
        'dropout/GreaterEqual/y dropout/GreaterEqual dropout/Const_1 dropout/SelectV2',
    ],
    [
      'by a placeholder',
      () => dropout(x(), placeholder('float32', [])),
      'sub/x sub dropout/Const dropout/Sub dropout/RealDiv dropout/Shape dropout/random_uniform/RandomUniform ' +
        'dropout/GreaterEqual dropout/Const_1 dropout/SelectV2',
    ],
    [
      'with a shape for the noise',
      () => dropout(x(), 0.25, { noiseShape: [2, 1], name: 'drop' }),
      'drop/Const drop/Mul drop/random_uniform/shape drop/random_uniform/RandomUniform ' +
        'drop/GreaterEqual/y drop/GreaterEqual drop/Const_1 drop/SelectV2',
    ],
  ])('is named as in TensorFlow 1: %s', (_title, build, expected) => {
    expect(namesOf(build)).toBe(expected);
  });
});
