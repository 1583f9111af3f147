import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ArrayLike, HostArray } from '../../runtime/hostArray';
import { checkGradients } from '../../testing/checkGradients';
import { checkNativeGradients } from '../../testing/checkNativeGradients';
import { evaluate, namesOf } from '../../testing/evaluate';
import { gradients } from '../gradients';
import { Graph } from '../graph/graph';
import type { Scalar, Tensor } from '../graph/tensor';
import type { Fetched } from '../session/fetches';
import { constant, placeholder } from './constants';
import { mul, square } from './elementwise';
import { l2Loss } from './nn/l2Loss';
import * as tf from './reduce';
import { topK } from './topK';

const m = [
  [1, 5, 3],
  [4, 2, 6],
];

describe('a reduction', () => {
  it.each([
    ['reduceSum', tf.reduceSum, 21, [5, 7, 9], [9, 12]],
    ['reduceMean', tf.reduceMean, 3.5, [2.5, 3.5, 4.5], [3, 4]],
    ['reduceMax', tf.reduceMax, 6, [4, 5, 6], [5, 6]],
    ['reduceMin', tf.reduceMin, 1, [1, 2, 3], [1, 2]],
    ['reduceProd', tf.reduceProd, 720, [4, 10, 18], [15, 48]],
  ] as const)('%s reduces all dimensions, or those of axis', (_name, reduce, all, columns, rows) => {
    const values = evaluate(() => [
      reduce(m),
      reduce(m, { axis: 0 }),
      reduce(m, { axis: [-1] }),
      reduce(m, { axis: [1, 0] }),
      reduce(m, { axis: [] }),
      reduce(m, { axis: 1, keepDims: true }),
      reduce(m, { keepDims: true }),
      reduce(m, { axis: constant([0], { dtype: 'int32' }) }),
    ]);
    expect(values).toEqual([all, columns, rows, all, m, rows.map((value) => [value]), [[all]], columns]);
  });

  it('of no elements is what the first element would be combined with', () => {
    const values = evaluate(() => [tf.reduceSum([]), tf.reduceProd([]), tf.reduceMax([]), tf.reduceMean([])]);
    expect(values).toEqual([0, 1, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it('of integers stays one of integers', () => {
    expect(evaluate(() => tf.reduceMean(constant([1, 2], { dtype: 'int32' })))).toBe(1);
  });

  it('reduceAll and reduceAny reduce booleans', () => {
    const flags = [
      [true, false],
      [true, true],
    ];
    expect(evaluate(() => [tf.reduceAll(flags), tf.reduceAny(flags)])).toEqual([false, true]);
    expect(evaluate(() => tf.reduceAll(flags, { axis: 1 }))).toEqual([false, true]);
  });

  it('reduceLogSumExp neither overflows nor loses infinities', () => {
    const { NEGATIVE_INFINITY: none, POSITIVE_INFINITY: infinite } = Number;
    const rows = [
      [1000, 1000],
      [-1000, -1000],
      [none, none],
      [0, infinite],
    ];
    const x = () => constant(rows, { dtype: 'float64' });
    const expected = [1000 + Math.LN2, -1000 + Math.LN2, none, infinite];
    expect(evaluate(() => tf.reduceLogSumExp(x(), { axis: 1 }))).toEqual(expected);
    expect(evaluate(() => tf.reduceLogSumExp(x(), { axis: 1, keepDims: true }))).toEqual(expected.map((sum) => [sum]));
    expect(evaluate(() => tf.reduceLogSumExp([0, 0]))).toBeCloseTo(Math.LN2, 6);
  });

  it('is a scalar, and known to be one, without axis', () => {
    new Graph().asDefault(() => {
      const x = placeholder('float32');
      expect(tf.reduceSum(x).shape).toEqual([]);
      expect(tf.reduceLogSumExp(x).shape).toEqual([]);
      expect(tf.reduceSum(x, { keepDims: true }).shape).toBe(null);
      const scalar: Scalar<'float32'> = mul(tf.reduceMean(x, { name: 'mean' }), 2);
      const some: Tensor<'float32'> = tf.reduceMean(x, { axis: 1 });
      const kept: Tensor<'float32', 'array'> = tf.reduceMax([1, 2], { axis: 0, keepDims: true });
      expect([scalar.dtype, some.dtype, kept.dtype]).toEqual(['float32', 'float32', 'float32']);
    });
  });

  it('is an array, and known to be one, where an axis says that the tensor has more dimensions than are reduced', () => {
    new Graph().asDefault(() => {
      const x = placeholder('float32', [1, 1, 1, 1, 1]) as Tensor<'float32'>;
      type Left = Tensor<'float32', 'array'>;
      const options = { keepDims: false, name: 'mean' };
      const arrays: Left[] = [
        tf.reduceMean(x, { axis: 1 }),
        tf.reduceMean(x, -2),
        tf.reduceMean(x, { axis: [1], ...options }),
        tf.reduceMean(x, [0, 2], false),
        tf.reduceMean(x, { axis: [1, 2, 3] }),
        tf.reduceMean(x, { axis: 0, keepDims: true }),
        tf.reduceMean(x, -1, true),
      ];
      for (const array of arrays) expect(array.rank).toBeGreaterThan(0);
      expectTypeOf(tf.reduceMean(x, { axis: 1 })).toEqualTypeOf<Left>();
      expectTypeOf(tf.argMax(x, 1)).toEqualTypeOf<Tensor<'int64', 'array'>>();
      expectTypeOf<Fetched<Left>>().toEqualTypeOf<HostArray<'float32'>>();
    });
  });

  it('is a scalar or an array, as far as is known, where an axis may be the only one', () => {
    new Graph().asDefault(() => {
      const x = placeholder('float32', [1, 1, 1, 1, 1]) as Tensor<'float32'>;
      type Any = Tensor<'float32'>;
      const axes: number[] = [0, 1, 2, 3];
      const either = axes.length as 0 | 3;
      const options: tf.ReduceOptions = { axis: axes };
      expectTypeOf(tf.reduceMean(x, { axis: 0 })).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, -1)).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, [0, 1])).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, [3, 2, 1, 0])).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, [0, 1, 2, 3, 4])).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, axes)).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, options)).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, either)).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, [either])).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean(x, constant(1, 'int32'))).toEqualTypeOf<Any>();
      expectTypeOf(tf.reduceMean([1], { axis: [] })).toEqualTypeOf<Tensor<'float32', 'array'>>();
      expectTypeOf(tf.argMax(x)).toEqualTypeOf<Tensor<'int64'>>();
    });
  });

  it('has the axes as a constant of its own, all of them as one beside it', () => {
    const names = (shape: number[] | null, options?: tf.ReduceOptions) =>
      namesOf(() => tf.reduceMean(placeholder('float32', shape), options));
    expect(names([2, 3])).toBe('Const Mean');
    expect(names([2, 3], { axis: 1, name: 'mean' })).toBe('mean/reduction_indices mean');
    expect(names([])).toBe('Rank range/start range/delta range Mean');
    expect(names(null)).toBe('Rank range/start range/delta range Mean');
  });

  it('refuses an axis that the tensor does not have', () => {
    expect(() => tf.reduceSum(m, { axis: 2, name: 'total' })).toThrow(
      /Invalid reduction dimension[\s\S]*building operation 'total' \(Sum\) at .*reduce\.test\.ts/,
    );
  });
});

describe('the gradient of a reduction', () => {
  const cube = [
    [
      [0.3, -1.2, 0.8],
      [1.1, 0.6, -0.4],
    ],
  ];
  const cases: readonly [what: string, x: ArrayLike, options: tf.ReduceOptions][] = [
    ['all dimensions', cube, {}],
    ['all dimensions, kept', cube, { keepDims: true }],
    ['one dimension', cube, { axis: 1 }],
    ['one dimension from the end, kept', cube, { axis: -1, keepDims: true }],
    ['two dimensions, not in order', cube, { axis: [2, 0] }],
    ['no dimension', cube, { axis: [] }],
    ['a vector', [0.3, -1.2], { axis: 0 }],
    ['a scalar', 0.7, {}],
    ['no element', [[], []], { axis: 0 }],
  ];

  describe.each([
    ['reduceSum', tf.reduceSum],
    ['reduceMean', tf.reduceMean],
    ['reduceMax', tf.reduceMax],
    ['reduceMin', tf.reduceMin],
    ['reduceProd', tf.reduceProd],
    ['reduceLogSumExp', tf.reduceLogSumExp],
  ] as const)('%s', (_name, reduce) => {
    it.each(cases)('is right over %s', (_what, x, options) => {
      checkGradients((t) => reduce(t, options), [x]);
      checkGradients((t) => reduce(t, options), [x], { unknownShapes: true });
    });

    it('is that of TF_AddGradients', () => {
      for (const options of [{}, { axis: [0, -1] }, { axis: 1, keepDims: true }])
        checkNativeGradients((t) => reduce(t, options), [cube]);
    });

    it('has a gradient itself', () => {
      const derivative = (t: Tensor<'float64'>) =>
        gradients(square(reduce(t, { axis: 1 })), [t], { unconnectedGradients: 'zero' })[0];
      checkGradients(derivative, [[[0.4, 1.3, -0.7]]], { tolerance: 1e-5 });
    });
  });

  it('is shared by the elements that are the greatest, or the least', () => {
    const shares = evaluate(() => {
      const x = constant([
        [2, 1, 2],
        [1, 1, 3],
      ]);
      return [...gradients(tf.reduceMax(x), [x]), ...gradients(tf.reduceMin(x, { axis: 1 }), [x])] as Tensor[];
    });
    expect(shares).toEqual([
      [
        [0, 0, 0],
        [0, 0, 1],
      ],
      [
        [0, 1, 0],
        [0.5, 0.5, 0],
      ],
    ]);
  });

  it('of a product is right where elements are 0', () => {
    const of = (values: number[]) =>
      evaluate(() => {
        const x = constant(values);
        return gradients(tf.reduceProd(x), [x]) as Tensor[];
      });
    expect(of([2, 0, 3])).toEqual([[0, 6, 0]]);
    expect(of([2, 0, 0])).toEqual([[0, 0, 0]]);
  });

  it('needs no operation on shapes where they are known, and is named as in Python', () => {
    const added = (options: tf.ReduceOptions) =>
      namesOf(() => {
        const x = placeholder('float32', [2, 3]);
        gradients(tf.reduceMean(x, { ...options, name: 'mean' }), [x]);
      })
        .split(' ')
        .flatMap((name) => (name.startsWith('gradients/mean_grad/') ? name.slice(20) : []));
    expect(added({})).toEqual(['Reshape/shape', 'Reshape', 'Const', 'Tile', 'Const_1', 'truediv']);
    expect(added({ axis: 1 })).toEqual(['Reshape/shape', 'Reshape', 'Tile/multiples', 'Tile', 'Const', 'truediv']);
  });
});

describe('argMax and argMin', () => {
  it('find the first of the greatest and the least elements', () => {
    const x = [
      [1, 5, 5],
      [4, 2, 2],
    ];
    expect(evaluate(() => [tf.argMax(x), tf.argMax(x, { axis: 1 }), tf.argMin(x, { axis: -1 })])).toEqual([
      [1n, 0n, 0n],
      [1n, 0n],
      [0n, 1n],
    ]);
    expect(evaluate(() => tf.argMax(x, { axis: 1, outputType: 'int32' }))).toEqual([1, 0]);
  });

  it('pass no gradient on', () => {
    expect(namesOf(() => tf.argMax(placeholder('float32', [2])))).toBe('ArgMax/dimension ArgMax');
  });
});

describe('cumsum and cumprod', () => {
  const options = [{}, { exclusive: true }, { reverse: true }, { exclusive: true, reverse: true }] as const;

  it('run along a dimension', () => {
    const x = [1, 2, 3];
    expect(evaluate(() => options.map((each) => tf.cumsum(x, each)))).toEqual([
      [1, 3, 6],
      [0, 1, 3],
      [6, 5, 3],
      [5, 3, 0],
    ]);
    expect(evaluate(() => options.map((each) => tf.cumprod(x, each)))).toEqual([
      [1, 2, 6],
      [1, 1, 2],
      [6, 6, 3],
      [6, 3, 1],
    ]);
    expect(evaluate(() => tf.cumsum(m, { axis: -1 }))).toEqual([
      [1, 6, 9],
      [4, 6, 12],
    ]);
  });

  it.each(options)('have gradients with %o', (each) => {
    for (const run of [tf.cumsum, tf.cumprod]) {
      checkGradients((x) => run(x, { axis: 1, ...each }), [m], { tolerance: 1e-5 });
      checkGradients((x) => run(x, each), [m], { unknownShapes: true });
    }
  });
});

describe('topK', () => {
  const x = [
    [0.3, 1.2, -0.8, 1.2],
    [2.1, 0.6, 0.4, 0.5],
  ];

  it('gives the greatest elements and their places', () => {
    const values = evaluate(() => Object.values(topK(constant(x, { dtype: 'float64' }), { k: 2 })));
    expect(values).toEqual([
      [
        [1.2, 1.2],
        [2.1, 0.6],
      ],
      [
        [1, 3],
        [0, 1],
      ],
    ]);
    expect(evaluate(() => topK(constant(x)).indices)).toEqual([[1], [0]]);
  });

  it('sends gradients back to where the elements were', () => {
    const distinct = [[[0.3, 1.2, -0.8]], [[2.1, 0.6, 0.4]]];
    for (const unknownShapes of [false, true])
      checkGradients((t) => topK(t, { k: 2 }).values, [distinct], { unknownShapes });
    checkGradients((t) => topK(t, { k: 2 }).values, [[3, 1, 2]]);
  });

  it('refuses a k larger than the last dimension', () => {
    expect(() => topK([1, 2], { k: 3 })).toThrow("building operation 'TopKV2' (TopKV2)");
  });
});

describe('l2Loss', () => {
  it('is half the sum of squares, with the tensor as its gradient', () => {
    expect(evaluate(() => l2Loss([3, 4]))).toBe(12.5);
    checkGradients(l2Loss, [m]);
    checkNativeGradients(l2Loss, [m]);
    expect(namesOf(() => l2Loss(placeholder('float32')))).toBe('L2Loss');
  });
});
