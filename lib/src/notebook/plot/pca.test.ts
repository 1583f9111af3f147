import { describe, expect, it, vi } from 'vitest';
import { Random } from '../../data/random';
import { InternalError } from '../../runtime/errors';
import { HostArray } from '../../runtime/hostArray';
import { Session } from '../../tf/session';
import { pca } from './pca';

describe('principal components', () => {
  /** Points around `centre` that spread by 5, 2 and 0.1 in directions at right angles. */
  function cloud(count: number): HostArray<'float32'> {
    const directions = [
      [0.6, 0.8, 0, 0],
      [0, 0, 1, 0],
      [0.8, -0.6, 0, 0],
    ];
    const random = new Random(7);
    const spread = Float32Array.from({ length: 3 * count }, () => random.uint32() / 2 ** 31 - 1);
    const data = new Float32Array(4 * count);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < 4; j++)
        data[4 * i + j] =
          10 * j + [5, 2, 0.1].reduce((sum, size, k) => sum + size * spread[3 * i + k]! * directions[k]![j]!, 0);
    return new HostArray('float32', [count, 4], data);
  }

  it('are the directions in which points differ most, the greatest first', async () => {
    const { components, explained, points } = await pca(cloud(2000), 3);
    expect(components.shape).toEqual([4, 3]);
    const expected = [
      [0.6, 0, 0.8],
      [0.8, 0, -0.6],
      [0, 1, 0],
      [0, 0, 0],
    ];
    for (const [i, row] of expected.entries())
      for (const [j, value] of row.entries()) expect(components.at(i, j)).toBeCloseTo(value, 1);
    expect(explained[0]).toBeCloseTo(25 / 29.01, 1);
    expect(explained[1]).toBeCloseTo(4 / 29.01, 1);
    expect(explained.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    expect(points.shape).toEqual([2000, 3]);
  });

  it('give the points back, around their mean', async () => {
    const original = cloud(50);
    const { components, points } = await pca(original, 4);
    for (const i of [0, 7, 49])
      for (let j = 0; j < 4; j++) {
        const difference = original.at(i, j) - original.at(0, j);
        const again = [0, 1, 2, 3].reduce(
          (sum, k) => sum + (points.at(i, k) - points.at(0, k)) * components.at(j, k),
          0,
        );
        expect(again).toBeCloseTo(difference, 4);
      }
    const sums = [0, 1, 2, 3].map((k) => [...Array(50).keys()].reduce((sum, i) => sum + points.at(i, k), 0));
    for (const sum of sums) expect(sum).toBeCloseTo(0, 3);
  });

  it('point where their greatest element is positive, every time', async () => {
    const [one, two] = [await pca(cloud(100)), await pca(cloud(100))];
    expect(two).toEqual(one);
    for (const column of [0, 1]) {
      const elements = [0, 1, 2, 3].map((row) => one.components.at(row, column));
      expect(Math.max(...elements)).toBe(Math.max(...elements.map(Math.abs)));
    }
  });

  it('of points that are all the same explain nothing', async () => {
    const { points, explained } = await pca([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect([...points.data].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(explained).toEqual([0, 0]);
  });

  it.each([
    [[1, 2, 3], 2, 'expected points of shape [2 or more, width], got [3]'],
    [[[1, 2]], 1, 'expected points of shape [2 or more, width], got [1, 2]'],
    [
      [
        [1, 2],
        [3, 4],
      ],
      3,
      'expected from 1 to 2 dimensions, got 3',
    ],
    [
      [
        [1, 2],
        [3, 4],
      ],
      0.5,
      'expected from 1 to 2 dimensions, got 0.5',
    ],
    [
      [
        [1, 2],
        [3, Number.NaN],
      ],
      1,
      'expected finite numbers for points',
    ],
    [[['a'], ['b']], 1, 'expected numbers for points, got strings'],
  ])('are refused of %j in %d dimensions', async (points, dimensions, message) => {
    await expect(pca(points, dimensions)).rejects.toThrow(message);
  });

  it('leave no session open when they fail', async () => {
    const close = vi.spyOn(Session.prototype, 'close');
    vi.spyOn(Session.prototype, 'run').mockRejectedValue(new InternalError('no memory'));
    try {
      await expect(pca(cloud(10), 2)).rejects.toThrow('no memory');
      expect(close).toHaveBeenCalledTimes(1);
    } finally {
      vi.restoreAllMocks();
    }
  });
});
