import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../../testing/checkGradients';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { wave } from '../../../testing/wave';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { reshape } from '../array';
import { constant, placeholder } from '../constants';
import { pow } from '../elementwise/binary';
import { square } from '../elementwise/unary';
import { avgPool, maxPool } from './pooling';

/** One image of one channel. */
const image = () =>
  reshape(
    [
      [1, 5, 2, 0],
      [7, 3, 1, 4],
      [0, 6, 8, -2],
    ],
    [1, 3, 4, 1],
  );

const rowsOf = (build: () => Tensor) => evaluate(() => reshape(build(), [-1]));

describe('pooling', () => {
  it.each([
    ['maxPool, VALID', () => maxPool(image(), { ksize: 2, strides: 2, padding: 'VALID' }), [7, 4]],
    [
      'maxPool, SAME',
      () => maxPool(image(), { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: 'SAME' }),
      [7, 4, 6, 8],
    ],
    [
      'maxPool of rows',
      () => maxPool(image(), { ksize: [1, 3], strides: [1, 1], padding: 'VALID' }),
      [5, 5, 7, 4, 8, 8],
    ],
    [
      'maxPool with explicit padding',
      () =>
        maxPool(image(), {
          ksize: 3,
          strides: 3,
          padding: [
            [0, 0],
            [0, 0],
            [1, 1],
            [0, 0],
          ],
        }),
      [7, 8],
    ],
    ['avgPool, VALID', () => avgPool(image(), { ksize: 2, strides: 2, padding: 'VALID' }), [4, 1.75]],
    // What is padded doesn't count.
    ['avgPool, SAME', () => avgPool(image(), { ksize: 2, strides: 2, padding: 'SAME' }), [4, 1.75, 3, 3]],
  ])('%s', (_title, build, expected) => {
    expect(rowsOf(build)).toEqual(expected);
  });

  it('maxPool takes integers', () => {
    const pixels = () =>
      constant(
        [
          [
            [[1], [2]],
            [[4], [3]],
          ],
        ],
        { dtype: 'uint8' },
      );
    expect(rowsOf(() => maxPool(pixels(), { ksize: 2, strides: 2, padding: 'VALID' }))).toEqual([4]);
  });

  it.each([
    [
      'a window larger than the image',
      () => maxPool(image(), { ksize: 4, strides: 1, padding: 'VALID' }),
      /Negative dimension size/,
    ],
    [
      'a window of no size',
      () => avgPool(image(), { ksize: [] as never, strides: 1, padding: 'SAME' }),
      /ksize has one number, two or four, got \[\]/,
    ],
    [
      'explicit padding of means',
      () => avgPool(image(), { ksize: 2, strides: 1, padding: [] as never }),
      /attribute 'padding' is a string/,
    ],
  ])('refuses %s', (_title, build, message) => {
    new Graph().asDefault(() => expect(build).toThrow(message));
  });

  it('is named as in TensorFlow 1', () => {
    const build = () => {
      const x = placeholder('float32', [1, 4, 4, 1]);
      const pooled = maxPool(x, { ksize: 2, strides: 2, padding: 'SAME' });
      gradients(avgPool(pooled, { ksize: 2, strides: 1, padding: 'SAME' }), [x]);
    };
    expect(namesOf(build)).toBe(
      'MaxPool AvgPool gradients/Shape gradients/grad_ys_0/Const gradients/grad_ys_0 ' +
        'gradients/AvgPool_grad/Shape gradients/AvgPool_grad/AvgPoolGrad gradients/MaxPool_grad/MaxPoolGrad',
    );
  });
});

describeGradients([
  ['maxPool, SAME', (x) => maxPool(x, { ksize: [2, 3], strides: [1, 2], padding: 'SAME' }), [wave([2, 3, 4, 2])]],
  ['maxPool, VALID', (x) => maxPool(x, { ksize: 2, strides: 2, padding: 'VALID' }), [wave([1, 5, 4, 1])]],
  ['avgPool, SAME', (x) => avgPool(x, { ksize: [3, 2], strides: [2, 1], padding: 'SAME' }), [wave([2, 3, 4, 2])]],
  ['avgPool, VALID', (x) => avgPool(x, { ksize: 2, strides: 2, padding: 'VALID' }), [wave([1, 5, 4, 1])]],
]);

describe('the gradients of maxPool', () => {
  it('with explicit padding are those of differences', () => {
    const padding = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ] as const;
    checkGradients((x) => maxPool(x, { ksize: 2, strides: 2, padding }), [wave([1, 3, 4, 2])]);
  });

  it.each([
    ['smaller than the image', { ksize: [2, 3], strides: [2, 1], padding: 'VALID' }],
    ['as large as the image', { ksize: 2, strides: 1, padding: 'SAME' }],
  ] as const)('can be taken three times, the output being %s', (_title, options) => {
    const derivative = (y: Tensor<'float64'>, x: Tensor<'float64'>) => gradients(y, [x])[0]!;
    const first = (x: Tensor<'float64'>) => derivative(pow(maxPool(x, options), 3), x);
    const second = (x: Tensor<'float64'>) => derivative(square(first(x)), x);
    checkGradients((x) => square(first(x)), [wave([2, 4, 3, 2])], { tolerance: 1e-5 });
    checkGradients(second, [wave([2, 4, 3, 2])], { tolerance: 1e-5 });
  });
});
