import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../testing/checkGradients';
import { evaluate, namesOf } from '../../testing/evaluate';
import { gradients } from '../gradients';
import { Graph } from '../graph/graph';
import type { Scalar, Tensor } from '../graph/tensor';
import { applyOne } from './apply';
import { clipByGlobalNorm, clipByNorm, clipByValue, globalNorm } from './clip';
import { constant, placeholder } from './constants';

const x64 = (values: number[] | number[][]) => constant(values, { dtype: 'float64' });

describe('clipByValue', () => {
  it('moves elements into the range', () => {
    expect(evaluate(() => clipByValue([-3, 0.5, 7], -1, 2))).toEqual([-1, 0.5, 2]);
    expect(
      evaluate(() =>
        clipByValue(
          [
            [-3, 0.5],
            [3, 7],
          ],
          [-1, 1],
          [[2], [5]],
        ),
      ),
    ).toEqual([
      [-1, 1],
      [3, 5],
    ]);
    expect(evaluate(() => clipByValue(constant([1n, 9n]), 2, 3))).toEqual([2n, 3n]);
  });

  it('passes the gradient on inside of the range, and to bounds outside', () => {
    const x = [
      [-3, 0.5],
      [1.5, 7],
    ];
    for (const unknownShapes of [false, true]) checkGradients(clipByValue, [x, [-1, -2], 2], { unknownShapes });
  });

  it('refuses bounds that would make the tensor larger', () => {
    new Graph().asDefault(() => {
      const x = placeholder('float32', [3], { name: 'x' });
      expect(() => clipByValue(x, [[0], [0]], 1)).toThrow(/bound of clipping can't be larger.*'x:0' float32 \[3\]/);
    });
  });

  it('is named as in Python', () => {
    expect(namesOf(() => clipByValue(placeholder('float32', [2]), -1, 1))).toBe(
      'clip_by_value/Minimum/y clip_by_value/Minimum clip_by_value/y clip_by_value',
    );
  });

  it('has a gradient as the one operation that TensorFlow may make of it', () => {
    const clip = (t: Tensor<'float64'>, low: Tensor<'float64'>, high: Tensor<'float64'>) =>
      applyOne<'float64'>('ClipByValue', [t, low, high]);
    checkGradients(clip, [[[-3, 0.5, 7]], -1, 2]);
  });
});

describe('clipByNorm', () => {
  it('shortens what is too long and leaves the rest', () => {
    expect(evaluate(() => clipByNorm(x64([3, 4]), 1))).toEqual([0.6, 0.8]);
    expect(evaluate(() => clipByNorm(x64([3, 4]), 10))).toEqual([3, 4]);
    expect(
      evaluate(() =>
        clipByNorm(
          x64([
            [3, 4],
            [0.5, 0],
          ]),
          1,
          { axes: [1] },
        ),
      ),
    ).toEqual([
      [0.6, 0.8],
      [0.5, 0],
    ]);
  });

  it('has gradients, finite at 0 too', () => {
    checkGradients((t) => clipByNorm(t, 1), [[[3, 4, 0.5]]]);
    checkGradients(
      (t) => clipByNorm(t, 1, { axes: 1 }),
      [
        [
          [3, 4],
          [0.1, 0.2],
        ],
      ],
      { unknownShapes: true },
    );
    const atZero = evaluate(() => {
      const t = x64([0, 0]);
      return gradients(clipByNorm(t, 2), [t]) as Tensor[];
    });
    expect(atZero).toEqual([[1, 1]]);
  });
});

describe('globalNorm', () => {
  it('is the norm of all tensors together, null left out', () => {
    expect(evaluate(() => globalNorm([x64([3]), null, x64([[4], [12]])]))).toBe(13);
  });

  it('needs a tensor', () => {
    expect(() => globalNorm([null])).toThrow('globalNorm needs at least one tensor that is not null');
  });
});

describe('clipByGlobalNorm', () => {
  const clip = (norm: number, options?: { useNorm?: Scalar }) => () => {
    const [clipped, before] = clipByGlobalNorm([x64([3, 0]), x64([4])], norm, options);
    return [...clipped, before];
  };

  it('scales all tensors by one factor', () => {
    expect(evaluate(clip(2.5))).toEqual([[1.5, 0], [2], 5]);
    expect(evaluate(clip(50))).toEqual([[3, 0], [4], 5]);
    expect(evaluate(() => clip(5, { useNorm: constant(10, { dtype: 'float64' }) })())).toEqual([[1.5, 0], [2], 10]);
  });

  it('keeps null where it was, and types', () => {
    new Graph().asDefault(() => {
      const [clipped, norm] = clipByGlobalNorm([placeholder('float32', [2]), null], 1);
      const [first, second]: [Tensor<'float32', 'array'>, null] = clipped;
      const scalar: Scalar<'float32'> = norm;
      expect([first.shape, second, scalar.shape]).toEqual([[2], null, []]);
    });
  });

  it('makes all NaN when the norm is not finite', () => {
    const clipped = evaluate(() => clipByGlobalNorm([x64([Number.POSITIVE_INFINITY, 1])], 1)[0]);
    expect(clipped).toEqual([[Number.NaN, Number.NaN]]);
  });

  it('has gradients', () => {
    checkGradients((s, t) => clipByGlobalNorm([s, t], 1)[0][0], [[3, 1], [[4]]]);
  });

  it('is named as in Python', () => {
    const names = namesOf(() => clipByGlobalNorm([placeholder('float32', [2]), null, placeholder('float32', [])], 2));
    expect(names.split(' ')).toEqual([
      ...['L2Loss', 'L2Loss_1', 'stack', 'Const', 'Sum', 'Const_1', 'mul', 'global_norm'].map(
        (n) => `global_norm/${n}`,
      ),
      ...['truediv/x', 'truediv', 'Const', 'truediv_1/y', 'truediv_1', 'Minimum', 'sub', 'mul/x', 'mul', 'add', 'mul_1']
        .concat('clip_by_global_norm/_0', 'mul_2', 'clip_by_global_norm/_2')
        .map((n) => `clip_by_global_norm/${n}`),
    ]);
  });
});
