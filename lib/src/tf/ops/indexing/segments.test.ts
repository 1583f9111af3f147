import { describe, expect, it } from 'vitest';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import type { Tensor } from '../../graph/tensor';
import { placeholder } from '../constants';
import { segmentSum, unsortedSegmentSum } from './segments';

const matrix = [
  [1, 2],
  [3, 4],
  [5, 6],
];

describe('values', () => {
  it.each<[string, () => Tensor, unknown]>([
    [
      'unsortedSegmentSum',
      () => unsortedSegmentSum(matrix, [1, 0, 1], 3),
      [
        [3, 4],
        [6, 8],
        [0, 0],
      ],
    ],
    [
      'unsortedSegmentSum leaves out what has a negative number',
      () => unsortedSegmentSum([1, 2, 3], [0, -1, 0], 1),
      [4],
    ],
    [
      'unsortedSegmentSum over several dimensions',
      () =>
        unsortedSegmentSum(
          matrix,
          [
            [0, 1],
            [1, 1],
            [0, 0],
          ],
          2,
        ),
      [12, 9],
    ],
    [
      'segmentSum',
      () => segmentSum(matrix, [0, 0, 2]),
      [
        [4, 6],
        [0, 0],
        [5, 6],
      ],
    ],
    ['segmentSum by int64', () => segmentSum([1, 2], [0n, 0n]), [3]],
  ])('%s', (_title, build, expected) => {
    expect(evaluate(build)).toEqual(expected);
  });
});

describeGradients([
  ['unsortedSegmentSum', (x) => unsortedSegmentSum(x, [1, 0, 1], 3), [matrix]],
  ['unsortedSegmentSum with negative numbers', (x) => unsortedSegmentSum(x, [1, -1, 1], 2), [matrix]],
  [
    'unsortedSegmentSum over several dimensions',
    (x) =>
      unsortedSegmentSum(
        x,
        [
          [0, 1],
          [1, -1],
          [0, 0],
        ],
        2,
      ),
    [matrix],
  ],
  ['segmentSum', (x) => segmentSum(x, [0, 0, 2]), [matrix]],
]);

it('names its operations as Python does', () => {
  const x = () => placeholder('float32', [3]);
  const names = namesOf(() => unsortedSegmentSum(x(), [0, 1, 0], 2));
  expect(names).toBe('UnsortedSegmentSum/segment_ids UnsortedSegmentSum/num_segments UnsortedSegmentSum');
  expect(namesOf(() => segmentSum(x(), [0, 1, 1]))).toBe('SegmentSum/segment_ids SegmentSum');
});

it('fails when a run finds numbers that are out of range or out of order', () => {
  expect(() => evaluate(() => unsortedSegmentSum([1, 2], [0, 2], 2))).toThrow(
    /segment_ids\[1\] = 2 is out of range \[0, 2\)/,
  );
  expect(() => evaluate(() => segmentSum([1, 2], [1, 0]))).toThrow(/segment ids are not increasing/);
});
