import { describe, expect, it } from 'vitest';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate } from '../../../testing/evaluate';
import { wave } from '../../../testing/wave';
import type { Tensor } from '../../graph/tensor';
import { concat } from '../joining';
import { dynamicPartition, dynamicStitch } from './partition';

describe('dynamicPartition', () => {
  it.each<[string, () => Tensor[], unknown]>([
    [
      'elements',
      () => dynamicPartition([1, 20, 3, 40], [0, 1, 0, 1], 2),
      [
        [1, 3],
        [20, 40],
      ],
    ],
    [
      'rows',
      () =>
        dynamicPartition(
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          [2, 0, 2],
          3,
        ),
      [
        [[3, 4]],
        [],
        [
          [1, 2],
          [5, 6],
        ],
      ],
    ],
    [
      'by a number for each element',
      () =>
        dynamicPartition(
          [
            [1, 2],
            [3, 4],
          ],
          [
            [0, 1],
            [1, 0],
          ],
          2,
        ),
      [
        [1, 4],
        [2, 3],
      ],
    ],
  ])('distributes %s', (_title, build, expected) => {
    expect(evaluate(build)).toEqual(expected);
  });

  it('refuses a number that is too large when it runs', () => {
    expect(() => evaluate(() => dynamicPartition([1], [2], 2))).toThrow('partitions[0] = 2 is not in [0, 2)');
  });
});

describe('dynamicStitch', () => {
  it.each<[string, () => Tensor, unknown]>([
    ['elements', () => dynamicStitch([[0, 2], [1]], [[1, 3], [20]]), [1, 20, 3]],
    [
      'rows',
      () =>
        dynamicStitch(
          [1, [0, 2]],
          [
            [1, 2],
            [
              [3, 4],
              [5, 6],
            ],
          ],
        ),
      [
        [3, 4],
        [1, 2],
        [5, 6],
      ],
    ],
    ['the last of several', () => dynamicStitch([[0, 1], [1]], [[1, 2], [3]]), [1, 3]],
  ])('puts together %s', (_title, build, expected) => {
    expect(evaluate(build)).toEqual(expected);
  });
});

describeGradients(
  [
    [
      'dynamicPartition',
      (x) => {
        const [first, , third] = dynamicPartition(x, [2, 0, 2, 1], 3);
        return concat([third, first] as Tensor[], 0);
      },
      [wave([4, 2])],
    ],
    [
      'dynamicStitch',
      (x, y) =>
        dynamicStitch(
          [
            [3, 0],
            [[1], [2]],
          ],
          [x, y],
        ),
      [wave([2, 2]), wave([2, 1, 2])],
    ],
  ],
  { native: false },
);
