import { describe, expect, it } from 'vitest';
import type { FloatDType } from '../../../runtime/dtypes';
import { checkGradients } from '../../../testing/checkGradients';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { wave } from '../../../testing/wave';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { transpose } from '../array';
import { constant, placeholder } from '../constants';
import { mul } from '../elementwise/binary';
import { batchNormalization, fusedBatchNorm } from './batchNormalization';
import { l2Normalize, localResponseNormalization, lrn, moments } from './normalization';

const matrix = [
  [1, 2, 3],
  [3, 2, -1],
];

/** Nested arrays that are equal up to some digits after the point. */
function expectClose(actual: unknown, expected: unknown, digits = 5): void {
  const [a, b] = [actual, expected].map((value) => [value].flat(9) as number[]) as [number[], number[]];
  expect(a.length).toBe(b.length);
  for (const [i, value] of b.entries()) expect(a[i], `element ${i}`).toBeCloseTo(value, digits);
}

describe('moments', () => {
  it.each<[string, () => readonly Tensor[], unknown]>([
    [
      'of columns',
      () => moments(matrix, [0]),
      [
        [2, 2, 1],
        [1, 0, 4],
      ],
    ],
    [
      'of rows',
      () => moments(matrix, [-1]),
      [
        [2, 4 / 3],
        [2 / 3, 26 / 9],
      ],
    ],
    ['of everything', () => moments(matrix, [0, 1]), [5 / 3, 17 / 9]],
    ['that keep their dimensions', () => moments(matrix, [0], { keepDims: true }), [[[2, 2, 1]], [[1, 0, 4]]]],
  ])('%s', (_title, build, expected) => {
    expectClose(
      evaluate(() => build()),
      expected,
    );
  });

  it('are named as in TensorFlow 1, but for its StopGradient', () => {
    expect(namesOf(() => moments(placeholder('float32', [2, 3, 4]), [0, 1]))).toBe(
      'moments/mean/reduction_indices moments/mean moments/SquaredDifference ' +
        'moments/variance/reduction_indices moments/variance moments/Squeeze moments/Squeeze_1',
    );
  });
});

describe('l2Normalize', () => {
  it.each<[string, () => Tensor, unknown]>([
    [
      'of rows',
      () =>
        l2Normalize(
          [
            [3, 4],
            [0, 2],
          ],
          { axis: 1 },
        ),
      [
        [0.6, 0.8],
        [0, 1],
      ],
    ],
    ['of everything', () => l2Normalize([1, 2, 2]), [1 / 3, 2 / 3, 2 / 3]],
    ['of nothing but zeros', () => l2Normalize([0, 0]), [0, 0]],
    ['with a least length', () => l2Normalize([0, 0.5], { epsilon: 1 }), [0, 0.5]],
  ])('%s', (_title, build, expected) => {
    expectClose(evaluate(build), expected);
  });

  it('is named as in TensorFlow 1', () => {
    expect(namesOf(() => l2Normalize(placeholder('float32', [2, 3]), { axis: 1 }))).toBe(
      'l2_normalize/Square l2_normalize/Sum/reduction_indices l2_normalize/Sum l2_normalize/Maximum/y ' +
        'l2_normalize/Maximum l2_normalize/Rsqrt l2_normalize',
    );
  });
});

describe('localResponseNormalization', () => {
  it('divides by the neighbouring channels', () => {
    const channels = [1, 2, 3, 4];
    const expected = channels.map((value, i) => {
      const neighbours = channels.slice(Math.max(i - 1, 0), i + 2);
      return value / (2 + 0.5 * neighbours.reduce((sum, x) => sum + x * x, 0)) ** 0.75;
    });
    const options = { depthRadius: 1, bias: 2, alpha: 0.5, beta: 0.75 };
    expectClose(
      evaluate(() => localResponseNormalization([[[channels]]], options)),
      expected,
    );
  });

  it('has the gradients of differences', () => {
    checkGradients((x) => lrn(x, { depthRadius: 1, beta: 0.75 }), [wave([1, 2, 2, 3], { dtype: 'float32' })], {
      dtype: 'float32',
    });
  });

  it('refuses a matrix', () => {
    new Graph().asDefault(() => expect(() => lrn(matrix)).toThrow(/must be rank 4 but is rank 2.*'LRN'/s));
  });
});

describe('batchNormalization', () => {
  it.each<[string, () => Tensor, (x: number, j: number) => number]>([
    [
      'with offset and scale',
      () => batchNormalization(matrix, [1, 2, 3], [4, 1, 9], [10, 20, 30], [2, 3, 4], 0),
      (x, j) => ([2, 3, 4][j]! * (x - [1, 2, 3][j]!)) / [2, 1, 3][j]! + [10, 20, 30][j]!,
    ],
    ['without', () => batchNormalization(matrix, 1, 3, null, null, 1), (x) => (x - 1) / 2],
  ])('%s', (_title, build, expected) => {
    expectClose(
      evaluate(build),
      matrix.map((row) => row.map(expected)),
    );
  });

  it('is named as in TensorFlow 1', () => {
    const vector = () => placeholder('float32', [3]);
    const x = () => placeholder('float32', [2, 3]);
    expect(namesOf(() => batchNormalization(x(), vector(), vector(), vector(), vector(), 1e-3))).toBe(
      'batchnorm/add/y batchnorm/add batchnorm/Rsqrt batchnorm/mul batchnorm/mul_1 batchnorm/mul_2 batchnorm/sub batchnorm/add_1',
    );
    expect(namesOf(() => batchNormalization(x(), vector(), vector(), null, null, 1e-3))).toBe(
      'batchnorm/add/y batchnorm/add batchnorm/Rsqrt batchnorm/mul batchnorm/Neg batchnorm/mul_1 batchnorm/add_1',
    );
  });
});

/** A square with other weights for each element: the sum of normalized values, and of their squares, wouldn't change. */
const uneven = <D extends FloatDType>(y: Tensor<D>, shape = y.shape as number[]): Tensor<D> =>
  mul(mul(y, y), wave(shape, { dtype: y.dtype, seed: 3 })) as Tensor<D>;

describeGradients(
  [
    ['the mean of moments', (x) => moments(x, [0, -1])[0], [wave([2, 3, 2])]],
    ['the variance of moments', (x) => moments(x, [1])[1], [wave([2, 3, 2])]],
    ['the variance with kept dimensions', (x) => moments(x, [0], { keepDims: true })[1], [wave([3, 1])]],
    ['l2Normalize', (x) => l2Normalize(x, { axis: 1 }), [wave([2, 3])]],
    [
      'batchNormalization',
      (x, mean, variance, offset, scale) => batchNormalization(x, mean, variance, offset, scale, 0.1),
      [wave([2, 3]), [0.1, 0.2, -0.3], [1, 2, 0.5], [1, 2, 3], [0.5, 1, -2]],
    ],
    [
      'batch normalization by the moments of the batch',
      (x) => uneven(batchNormalization(x, ...moments(x, [0, 1]), null, null, 0.1), [2, 3, 2]),
      [wave([2, 3, 2])],
    ],
  ],
  { native: false },
);

describe('fusedBatchNorm', () => {
  const images = wave([2, 3, 2, 2], { dtype: 'float32' });
  const [scale, offset, mean, variance] = [
    [1, -2],
    [0.5, 3],
    [0.2, -0.1],
    [0.6, 1.5],
  ] as const;
  type Float = Tensor<'float32'>;

  it('normalizes as batchNormalization does', () => {
    const [fused, fusedMean, fusedVariance, simple, simpleMean, simpleVariance] = evaluate(() => {
      const [m, v] = moments(images, [0, 1, 2]);
      return [...fusedBatchNorm(images, scale, offset), batchNormalization(images, m, v, offset, scale, 0.001), m, v];
    }) as unknown[];
    expectClose(fused, simple);
    expectClose(fusedMean, simpleMean);
    // What it returns for averages is the estimate of the population's variance.
    expectClose(
      fusedVariance,
      (simpleVariance as number[]).map((value) => (value * 12) / 11),
    );
  });

  it('normalizes by given moments', () => {
    const [fused, simple] = evaluate(() => [
      fusedBatchNorm(images, scale, offset, { mean, variance, isTraining: false, epsilon: 0.01 })[0],
      batchNormalization(images, mean, variance, offset, scale, 0.01),
    ]) as unknown[];
    expectClose(fused, simple);
  });

  it('mixes the moments of the batch into given ones', () => {
    const [, mixed, , batch] = evaluate(() => {
      const given = { mean, variance, exponentialAvgFactor: 0.25 };
      return [...fusedBatchNorm(images, scale, offset, given), moments(images, [0, 1, 2])[0]];
    }) as [unknown, number[], unknown, number[]];
    expectClose(
      mixed,
      batch.map((value, i) => 0.25 * value + 0.75 * mean[i]!),
    );
  });

  it.each([{ isTraining: false }, { exponentialAvgFactor: 0.5, mean }])('needs moments with %j', (options) => {
    expect(() => fusedBatchNorm(images, scale, offset, options)).toThrow(
      'fusedBatchNorm needs mean and variance unless',
    );
  });

  const given = { mean, variance, isTraining: false };
  const builds: [string, (x: Float, s: Float, o: Float) => Float][] = [
    ['in training', (x, s, o) => fusedBatchNorm(x, s, o, { epsilon: 0.1 })[0]],
    ['by given moments', (x, s, o) => fusedBatchNorm(x, s, o, { ...given, epsilon: 0.1 })[0]],
    [
      'by given moments, channels first',
      (x, s, o) => {
        const first = transpose(x, { perm: [0, 3, 1, 2] });
        return fusedBatchNorm(first, s, o, { ...given, epsilon: 0.1, dataFormat: 'NCHW' })[0];
      },
    ],
    [
      'in training, channels first',
      (x, s, o) => {
        const first = transpose(x, { perm: [0, 3, 1, 2] });
        return fusedBatchNorm(first, s, o, { epsilon: 0.1, dataFormat: 'NCHW' })[0];
      },
    ],
  ];
  describe.each(builds)('%s', (_title, build) => {
    const inputs = [images, [1, -2], [0.5, 3]];
    const options = { dtype: 'float32', tolerance: 0.02 } as const;
    it('has the gradients of differences', () => checkGradients(build, inputs, options));
    it('has gradients of its gradients', () => {
      for (const i of [0, 1, 2]) {
        const derivative = (...xs: Float[]) =>
          gradients(uneven(build(...(xs as [Float, Float, Float]))), [xs[i]!])[0]! as Float;
        checkGradients(derivative, inputs, options);
      }
    });
  });
  it('is named as in TensorFlow 1', () => {
    expect(namesOf(() => fusedBatchNorm(placeholder('float32', [1, 2, 2, 2]), scale, offset))).toBe(
      'scale offset Const Const_1 FusedBatchNormV3',
    );
  });

  it('takes constants', () => {
    expect(evaluate(() => fusedBatchNorm(constant([[[[1]], [[3]]]]), [1], [0], { epsilon: 0 })[0])).toEqual([
      [[[-1]], [[1]]],
    ]);
  });
});
