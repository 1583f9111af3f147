import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../runtime/errors';
import { type ArrayLike, HostArray, toHostArray } from '../../runtime/hostArray';
import { gradients } from '../gradients';
import { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { Session } from '../session';
import { AdamOptimizer, FtrlOptimizer, MomentumOptimizer, RMSPropOptimizer } from '../train';
import { transpose } from './array';
import { constant, placeholder } from './constants';
import { IndexedSlices } from './indexedSlices';

import { conv2d, conv2dTranspose, depthwiseConv2d } from './nn/convolution';
import { maxPool } from './nn/pooling';
import { globalVariablesInitializer, Variable } from './variables';

/** Runs what is built of placeholders that take anything, and is given these values. */
function run(
  build: (...tensors: Tensor<'float32'>[]) => Tensor | Operation,
  values: readonly ArrayLike[],
  dtypes: readonly string[] = [],
) {
  return new Graph().asDefault(() => {
    const tensors = values.map((_, i) => placeholder((dtypes[i] ?? 'float32') as 'float32'));
    const built = build(...tensors);
    const init = globalVariablesInitializer();
    const session = new Session();
    try {
      session.runSync(init);
      return session.runSync(
        built as Tensor,
        tensors.map((tensor, i) => [tensor, values[i]!] as const),
      );
    } finally {
      session.close();
    }
  });
}

const of = (...shape: number[]) =>
  new HostArray('float32', shape, new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1));

const options = { strides: 1, padding: 'SAME' } as const;

/** Each of these ended the process: a kernel looked at a dimension that what a run gave it hasn't. */
describe('What a run gives to a kernel', () => {
  it.each<[string, () => unknown]>([
    ['images that are a matrix', () => run((x, f) => conv2d(x, f, options), [of(2, 3), of(2, 2, 3, 1)])],
    ['a filter that is a scalar', () => run((x, f) => conv2d(x, f, options), [of(1, 4, 4, 1), of()])],
    [
      'a filter of three dimensions',
      () => run((x, f) => depthwiseConv2d(x, f, options), [of(1, 4, 4, 1), of(2, 2, 1)]),
    ],
    ['images of three dimensions', () => run((x, f) => depthwiseConv2d(x, f, options), [of(4, 4, 1), of(2, 2, 1, 1)])],
    [
      'images of a transposed convolution that are a matrix',
      () => run((x, f) => conv2dTranspose(x, f, [1, 4, 4, 1], options), [of(2, 3), of(2, 2, 1, 1)]),
    ],
    [
      'the gradient of images that are a vector',
      () => run((x, f) => gradients(conv2d(x, f, options), [f])[0]!, [of(3), of(2, 2, 3, 1)]),
    ],
    ...[new MomentumOptimizer(0.1, 0.9), new AdamOptimizer(0.1), new RMSPropOptimizer(0.1), new FtrlOptimizer(0.1)].map(
      (optimizer): [string, () => unknown] => [
        `rows of a table that are numbers, for ${optimizer.constructor.name}`,
        () =>
          run(
            (rows) => {
              const table = new Variable([
                [1, 2],
                [3, 4],
              ]);
              const ids = constant([0, 1], { dtype: 'int32' });
              return optimizer.applyGradients([
                [new IndexedSlices(rows, ids, constant([2, 2], { dtype: 'int32' })), table],
              ]);
            },
            [of(2)],
          ),
      ],
    ),
  ])('is refused: %s', (_title, attempt) => {
    expect(attempt).toThrow(InvalidArgumentError);
  });

  it.each([[[-1, 4, 4, 1]], [[1, 4, -4, 1]], [[2]]])(
    'is refused: %j as the shape of a transposed convolution',
    (shape) => {
      const build = (x: Tensor<'float32'>, f: Tensor<'float32'>, sizes: Tensor) =>
        conv2dTranspose(x, f, sizes as Tensor<'int32'>, options);
      const sizes = toHostArray(shape, 'int32');
      expect(() => run(build, [of(1, 4, 4, 1), of(2, 2, 1, 1), sizes], ['float32', 'float32', 'int32'])).toThrow(
        InvalidArgumentError,
      );
    },
  );

  it('is taken where it fits', () => {
    expect(run((x, f) => conv2d(x, f, options), [of(1, 1, 2, 1), of(1, 1, 1, 1)])).toMatchObject({
      shape: [1, 1, 2, 1],
    });
    const sizes = toHostArray([1, 1, 2, 1], 'int32');
    const build = (x: Tensor<'float32'>, f: Tensor<'float32'>, shape: Tensor) =>
      conv2dTranspose(x, f, shape as Tensor<'int32'>, options);
    expect(run(build, [of(1, 1, 2, 1), of(1, 1, 1, 1), sizes], ['float32', 'float32', 'int32'])).toMatchObject({
      shape: [1, 1, 2, 1],
    });
  });
});

describe('A permutation', () => {
  const x = toHostArray([[1, 2, 3]], 'float32');
  const turned = { shape: [3, 1] };

  it.each<[string, () => number[] | Int32Array | Tensor]>([
    ['numbers', () => [-1, 0]],
    ['a typed array', () => Int32Array.of(-1, -2)],
    ['a constant', () => constant([1, -2], { dtype: 'int32' })],
    ['64 bits', () => constant([-1n, 0n] as never, { dtype: 'int64' })],
  ])('may count from the last dimension: %s', (_title, perm) => {
    expect(run((a) => transpose(a, perm() as number[]), [x])).toMatchObject(turned);
  });

  it.each([[[-1, 0]], [[0, 2]], [[1, 1]], [[0]]])('that a run gives is refused where it is none: %j', (perm) => {
    const build = (a: Tensor<'float32'>, by: Tensor) => transpose(a, by);
    expect(() => run(build, [x, toHostArray(perm, 'int32')], ['float32', 'int32'])).toThrow(InvalidArgumentError);
    expect(run(build, [x, toHostArray([1, 0], 'int32')], ['float32', 'int32'])).toMatchObject(turned);
  });

  it('that a run gives has gradients', () => {
    const build = (a: Tensor<'float32'>, by: Tensor) => gradients(transpose(a, by), [a])[0]!;
    expect(run(build, [x, toHostArray([1, 0], 'int32')], ['float32', 'int32'])).toMatchObject({ shape: [1, 3] });
  });
});

describe('The gradient of maximum pooling', () => {
  it('of no images is refused, and the pooling is not', () => {
    new Graph().asDefault(() => {
      const images = placeholder('float32', [null, 4, 4, 1]);
      const pooled = maxPool(images, { ksize: 2, strides: 2, padding: 'VALID' });
      const [grad] = gradients(pooled, [images]);
      const session = new Session();
      expect(session.runSync(pooled, [[images, of(0, 4, 4, 1)]])).toMatchObject({ shape: [0, 2, 2, 1] });
      expect(() => session.runSync(grad!, [[images, of(0, 4, 4, 1)]])).toThrow(
        /'gradients\/MaxPool_grad\/MaxPoolGrad' needs at least one image, and an empty array is fed for 'Placeholder:0'/,
      );
      expect(session.runSync(grad!, [[images, of(1, 4, 4, 1)]])).toMatchObject({ shape: [1, 4, 4, 1] });
      session.close();
    });
  });
});
