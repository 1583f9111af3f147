import { describe, expect, it } from 'vitest';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { constant, placeholder } from '../constants';
import { inTopK } from './inTopK';
import { zeroFraction } from './zeroFraction';

const predictions = [
  [0.1, 0.6, 0.3],
  [0.5, 0.2, 0.3],
  [0.4, 0.4, 0.2],
];

describe('inTopK', () => {
  it.each<[string, () => Tensor, boolean[]]>([
    ['the greatest', () => inTopK(predictions, [1, 1, 0], 1), [true, false, true]],
    ['the two greatest', () => inTopK(predictions, [2, 1, 1], 2), [true, false, true]],
    ['ties', () => inTopK(predictions, [0, 0, 1], 1), [false, true, true]],
    ['classes of int64', () => inTopK(predictions, constant([1n, 2n, 2n]), 2), [true, true, false]],
    ['a k that is a tensor', () => inTopK(predictions, [2, 1, 1], constant(3, { dtype: 'int32' })), [true, true, true]],
    ['classes that aren’t there', () => inTopK(predictions, [3, -1, 1], 3), [false, false, true]],
  ])('%s', (_title, build, expected) => {
    expect(evaluate(build)).toEqual(expected);
  });

  it('refuses targets of another number', () => {
    new Graph().asDefault(() => {
      expect(() => inTopK(predictions, [1, 2], 1)).toThrow(/must be equal, but are 3 and 2.*'in_top_k\/InTopKV2'/s);
    });
  });

  it('is named as in TensorFlow 1', () => {
    const [x, targets] = [() => placeholder('float32', [2, 3]), () => placeholder('int32', [2])];
    expect(namesOf(() => inTopK(x(), targets(), 1))).toBe('in_top_k/InTopKV2/k in_top_k/InTopKV2');
    expect(namesOf(() => inTopK(x(), targets(), 1, { name: 'foo' }))).toBe('foo/foo/k foo/foo');
  });
});

describe('zeroFraction', () => {
  it.each<[string, () => Tensor, number]>([
    [
      'of fractions',
      () =>
        zeroFraction([
          [0, 1],
          [-0, 0.5],
        ]),
      0.5,
    ],
    ['of integers', () => zeroFraction(constant([0n, 1n, 0n, 0n])), 0.75],
    ['of nothing', () => zeroFraction(constant([])), Number.NaN],
  ])('%s', (_title, build, expected) => {
    expect(evaluate(build)).toBe(expected);
  });
});
