import { describe, expect, it } from 'vitest';
import type { DType } from '../../../runtime/dtypes';
import type { ArrayLike } from '../../../runtime/hostArray';
import { checkGradients } from '../../../testing/checkGradients';
import { checkNativeGradients } from '../../../testing/checkNativeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Scalar, Tensor } from '../../graph/tensor';
import { applyOne } from '../apply';
import { constant, placeholder } from '../constants';
import type { Binary, Unary } from '../types';
import * as tf from '.';
import * as comparison from './comparison';

const { NaN: NAN, POSITIVE_INFINITY: INFINITY } = Number;

/** Numbers that must agree to 12 digits, or be equal where they aren't finite. */
function expectClose(actual: unknown, expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) {
    const found = (actual as number[])[i]!;
    if (!Number.isFinite(value)) expect(found).toBe(value);
    else expect(Math.abs(found - value) / Math.max(1, Math.abs(value)), `element ${i}: ${found}`).toBeLessThan(1e-12);
  }
}

const x64 = (values: ArrayLike) => constant(values, { dtype: 'float64' });

describe('a function of one tensor', () => {
  const anywhere = [-2.5, -0.7, 0.3, 1, 4.2];
  const positive = [0.2, 0.7, 1, 4.2];
  const inside = [-0.9, -0.3, 0.1, 0.6];
  const rows: readonly [name: string, build: Unary, points: number[], expected: (x: number) => number][] = [
    ['neg', tf.neg, anywhere, (x) => -x],
    ['abs', tf.abs, anywhere, Math.abs],
    ['sign', tf.sign, anywhere, Math.sign],
    ['square', tf.square, anywhere, (x) => x * x],
    ['sqrt', tf.sqrt, positive, Math.sqrt],
    ['rsqrt', tf.rsqrt, positive, (x) => 1 / Math.sqrt(x)],
    ['reciprocal', tf.reciprocal, anywhere, (x) => 1 / x],
    ['exp', tf.exp, anywhere, Math.exp],
    ['expm1', tf.expm1, anywhere, Math.expm1],
    ['log', tf.log, positive, Math.log],
    ['log1p', tf.log1p, positive, Math.log1p],
    ['tanh', tf.tanh, anywhere, Math.tanh],
    ['sigmoid', tf.sigmoid, anywhere, (x) => 1 / (1 + Math.exp(-x))],
    ['softplus', tf.softplus, anywhere, (x) => Math.log1p(Math.exp(x))],
    ['logSigmoid', tf.logSigmoid, anywhere, (x) => -Math.log1p(Math.exp(-x))],
    ['sin', tf.sin, anywhere, Math.sin],
    ['cos', tf.cos, anywhere, Math.cos],
    ['tan', tf.tan, anywhere, Math.tan],
    ['asin', tf.asin, inside, Math.asin],
    ['acos', tf.acos, inside, Math.acos],
    ['atan', tf.atan, anywhere, Math.atan],
    ['sinh', tf.sinh, anywhere, Math.sinh],
    ['cosh', tf.cosh, anywhere, Math.cosh],
    ['asinh', tf.asinh, anywhere, Math.asinh],
    ['acosh', tf.acosh, [1.2, 2, 5], Math.acosh],
    ['atanh', tf.atanh, inside, Math.atanh],
  ];

  it.each(rows)('%s has the value that Math has', (_name, build, points, expected) => {
    expectClose(
      evaluate(() => build(x64(points))),
      points.map(expected),
    );
  });

  it.each([
    ['erf', tf.erf, [-1, 0.5], [-0.8427007929497149, 0.5204998778130465]],
    ['erfc', tf.erfc, [-1, 3], [1.842700792949715, 2.209049699858544e-5]],
    ['lgamma', tf.lgamma, [0.5, 5], [Math.log(Math.sqrt(Math.PI)), Math.log(24)]],
    ['digamma', tf.digamma, [1, 2], [-0.5772156649015329, 0.4227843350984671]],
    ['floor', tf.floor, [-1.5, 1.5], [-2, 1]],
    ['ceil', tf.ceil, [-1.5, 1.5], [-1, 2]],
    ['round', tf.round, [-1.5, 0.5, 1.4, 2.5], [-2, 0, 1, 2]],
    ['log1p of little', tf.log1p, [1e-12], [1e-12]],
    ['sqrt of a negative number', tf.sqrt, [-1], [NAN]],
    ['logSigmoid of much', tf.logSigmoid, [-800], [-800]],
  ] as const)('%s has known values', (_name, build, points, expected) => {
    expectClose(
      evaluate(() => build(x64(points))),
      expected,
    );
  });

  const all: readonly [name: string, build: Unary, points: number[]][] = [
    ...rows.map(([name, build, points]): [string, Unary, number[]] => [name, build, points]),
    ['erf', tf.erf, anywhere],
    ['erfc', tf.erfc, anywhere],
    ['lgamma', tf.lgamma, positive],
  ];

  it.each(all)('%s has a gradient', (name, build, points) => {
    checkGradients(build, [[points]]);
    checkGradients(build, [points[1]!], { unknownShapes: true });
    if (name !== 'erfc') checkNativeGradients(build, [points]); // which the runtime itself doesn't have
  });

  it.each(all)('%s has a second derivative', (_name, build, points) => {
    const derivative = (x: Tensor<'float64'>) => gradients(build(x), [x], { unconnectedGradients: 'zero' })[0];
    checkGradients(derivative, [points], { tolerance: 1e-5 });
  });

  it('digamma has a gradient by polygamma, and that by the next order', () => {
    checkGradients(tf.digamma, [[0.7, 2.5]]);
    checkGradients((x) => tf.polygamma(1, x), [[0.7, 2.5]], { unknownShapes: true });
  });

  it('floor, ceil and round pass no gradient on', () => {
    new Graph().asDefault(() => {
      const x = placeholder('float32', [2]);
      for (const build of [tf.floor, tf.ceil, tf.round]) expect(gradients(build(x), [x])).toEqual([null]);
    });
  });

  it('the gradient of the operation that computes the gradient of softplus is right', () => {
    const gradient = (dy: Tensor<'float64'>, x: Tensor<'float64'>) => applyOne<'float64'>('SoftplusGrad', [dy, x]);
    checkGradients(gradient, [
      [0.5, -2],
      [1.5, -0.3],
    ]);
  });

  it('rounding leaves integers alone', () => {
    expect(evaluate(() => tf.round(constant([1, 2], { dtype: 'int32' })))).toEqual([1, 2]);
    expect(namesOf(() => tf.round(constant([1, 2], { dtype: 'int32' })))).toBe('Const');
  });

  it('isNan, isInf and isFinite tell numbers that are none', () => {
    const values = [1, NAN, INFINITY, -INFINITY];
    expect(evaluate(() => [tf.isNan(values), tf.isInf(values), tf.isFinite(values)])).toEqual([
      [false, true, false, false],
      [false, false, true, true],
      [true, false, false, false],
    ]);
  });

  it('takes the name that is given, and a plain value is a constant under it', () => {
    expect(namesOf(() => tf.tanh([1, 2], { name: 'squashed' }))).toBe('squashed/x squashed');
    expect(namesOf(() => tf.logSigmoid(placeholder('float32')))).toBe('LogSigmoid/Neg LogSigmoid/Softplus LogSigmoid');
  });
});

describe('arithmetic on two tensors', () => {
  const floorMod = (x: number, y: number) => x - Math.floor(x / y) * y;
  const rows: readonly [name: string, build: Binary, expected: (x: number, y: number) => number][] = [
    ['add', tf.add, (x, y) => x + y],
    ['sub', tf.sub, (x, y) => x - y],
    ['mul', tf.mul, (x, y) => x * y],
    ['div', tf.div, (x, y) => x / y],
    ['realdiv', tf.realdiv, (x, y) => x / y],
    ['truediv', tf.truediv as Binary, (x, y) => x / y],
    ['divNoNan', tf.divNoNan as Binary, (x, y) => x / y],
    ['mod', tf.mod, floorMod],
    ['pow', tf.pow, Math.pow],
    ['maximum', tf.maximum, Math.max],
    ['minimum', tf.minimum, Math.min],
    ['squaredDifference', tf.squaredDifference, (x, y) => (x - y) ** 2],
    ['atan2', tf.atan2, Math.atan2],
  ];
  const x = [3.5, 0.7, 1.25];
  const y = [2, -1.5, 0.4];

  it.each(rows)('%s has the value that JavaScript computes', (_name, build, expected) => {
    expectClose(
      evaluate(() => build(x64(x), x64(y))),
      x.map((value, i) => expected(value, y[i]!)),
    );
  });

  const shapes: readonly [what: string, x: ArrayLike, y: ArrayLike][] = [
    ['one shape', [x], [y]],
    [
      'a row',
      [
        [0.3, 1.7, 2.1],
        [1.2, 0.6, 3.3],
      ],
      y,
    ],
    ['a column and a row', [[0.3], [1.7]], y],
    ['both in the middle', [[[0.3, 1.7]], [[2.1, 0.6]]], [[2], [-1.5], [0.4]]],
    ['a scalar on the right', [x], 0.8],
    ['a scalar on the left', 1.7, [y]],
    ['one element of different ranks', [1.7], [[[0.8]]]],
    ['no elements', [[], []], [[0.5], [0.5]]],
  ];

  it.each(shapes)('broadcasting is undone with %s', (_what, a, b) => {
    checkGradients(tf.mul, [a, b]);
    checkGradients(tf.mul, [a, b], { unknownShapes: true });
  });

  describe.each(rows)('%s', (name, build) => {
    it('has gradients by both', () => {
      checkGradients(build, [[[0.3], [1.7]], y]);
      checkGradients(build, [[[0.3, 1.7, 2.1]], y], { unknownShapes: true });
    });

    // The runtime itself has none for the others.
    if (name !== 'mod' && name !== 'atan2')
      it('has the gradients of TF_AddGradients', () => {
        checkNativeGradients(build, [[[0.3], [1.7]], y]);
      });

    it('has second derivatives', () => {
      const derivative = (a: Tensor<'float64'>, b: Tensor<'float64'>) =>
        tf.addN(gradients(tf.mul(build(a, b), build(a, b)), [a], { unconnectedGradients: 'zero' }));
      checkGradients(derivative, [x, y], { tolerance: 1e-5 });
    });
  });

  it('undoes broadcasting where only some sizes are known', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const [a, b] = [placeholder('float32', [null, 3]), placeholder('float32', [null, 1])];
      const [da, db] = gradients(tf.mul(a, b), [a, b]) as [Tensor, Tensor];
      expect([da.shape, db.shape]).toEqual([
        [null, 3],
        [null, 1],
      ]);
      expect(da.graph.operations.filter(({ type }) => type === 'BroadcastGradientArgs')).toHaveLength(1);
    });
  });

  it('adds only what is needed to undo broadcasting where sizes are known', () => {
    const added = (a: number[], b: number[]) =>
      namesOf(() => {
        const operands = [placeholder('float32', a), placeholder('float32', b)] as const;
        gradients(tf.add(...operands), operands);
      }).replace('Add gradients/Shape gradients/grad_ys_0/Const gradients/grad_ys_0', '');
    expect(added([2, 3], [2, 3])).toBe('');
    expect(added([2, 3], [3]).trim().split(' ')).toEqual(
      ['Shape', 'Shape_1', 'Sum/reduction_indices', 'Sum', 'Reshape'].map((name) => `gradients/Add_grad/${name}`),
    );
  });

  it('gives both the gradient at once when x is y', () => {
    checkGradients((a) => tf.mul(a, a), [x]);
    checkGradients((a) => tf.pow(a, a), [[0.5, 2]]);
  });

  it('has a gradient by the exponent of 0 where the base is not positive', () => {
    const grads = evaluate(() => {
      const [base, exponent] = [x64([0, -2]), x64([2, 3])];
      return gradients(tf.pow(base, exponent), [base, exponent]) as Tensor[];
    });
    expectClose((grads as number[][]).flat(), [0, 12, 0, 0]);
  });

  it('gives the gradient of equal elements to the first operand', () => {
    const grads = evaluate(() => {
      const [a, b] = [x64([1, 2]), x64([1, 3])];
      return [...gradients(tf.maximum(a, b), [a, b]), ...gradients(tf.minimum(a, b), [a, b])] as Tensor[];
    });
    expect(grads).toEqual([
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ]);
  });

  it('polygamma has known values and a gradient by x alone', () => {
    expectClose(
      evaluate(() => tf.polygamma(x64([1, 2]), x64([1, 1]))),
      [Math.PI ** 2 / 6, -2.4041138063191885],
    );
    checkGradients((a) => tf.polygamma(x64([[1], [2]]), a), [[0.7, 2.5, 3]]);
  });

  it('names operations as Python does', () => {
    const names = namesOf(() => {
      const a = placeholder('float32', [2]);
      const builders = [
        tf.add,
        tf.subtract,
        tf.multiply,
        tf.div,
        tf.truediv,
        tf.divNoNan,
        tf.floordiv,
        tf.floorDiv,
        tf.mod,
      ];
      return builders.map((build) => build(a, 2));
    });
    expect(names).toBe(
      ['Add', 'Sub', 'Mul', 'div', 'truediv', 'div_no_nan', 'floordiv', 'FloorDiv_1', 'FloorMod']
        .map((name) => `${name}/y ${name}`)
        .join(' '),
    );
  });

  it('gives a plain value the dtype of the tensor beside it', () => {
    expect(evaluate(() => tf.sub(10, constant([1, 2], { dtype: 'int32' })))).toEqual([9, 8]);
    expect(evaluate(() => tf.mul(constant([1n, 2n]), 3))).toEqual([3n, 6n]);
    expect(evaluate(() => tf.add(2, 3))).toBe(5);
  });

  it('joins strings', () => {
    expect(evaluate(() => tf.add(constant(['a', 'b']), '!'))).toEqual([Buffer.from('a!'), Buffer.from('b!')]);
  });

  it('says what is wrong, where, when operands do not fit', () => {
    new Graph().asDefault(() => {
      const a = placeholder('float32', [2]);
      expect(() => tf.add(a, placeholder('float32', [3]), { name: 'sum' })).toThrow(
        /Dimensions must be equal, but are 2 and 3[\s\S]*building operation 'sum' \(AddV2\) at .*elementwise\.test\.ts/,
      );
      expect(() => tf.mul(a, placeholder('int32', [2]))).toThrow(/DT_FLOAT vs. DT_INT32/);
      expect(() => tf.mul(placeholder('int32'), 1.5)).toThrow('expected int32, got 1.5');
    });
  });
});

describe('division', () => {
  const ints = (...values: number[]) => constant(values, { dtype: 'int32' });

  it('of integers rounds down with div and makes fractions with truediv', () => {
    expect(evaluate(() => tf.div(ints(7, -7), 2))).toEqual([3, -4]);
    expect(evaluate(() => tf.floordiv(ints(7, -7), 2))).toEqual([3, -4]);
    expect(evaluate(() => tf.truediv(ints(7, -7), 2))).toEqual([3.5, -3.5]);
    expect(evaluate(() => tf.mod(ints(7, -7), 3))).toEqual([1, 2]);
  });

  it('of integers of 8 and 16 bits makes float32, of others float64', () => {
    new Graph().asDefault(() => {
      const quotient = (dtype: DType) => tf.truediv(placeholder(dtype), placeholder(dtype)).dtype;
      expect((['uint8', 'int16', 'int32', 'int64', 'float32'] as const).map(quotient)).toEqual([
        'float32',
        'float32',
        'float64',
        'float64',
        'float32',
      ]);
    });
  });

  it('by 0 is 0 with divNoNan, and so is the gradient', () => {
    expect(evaluate(() => tf.divNoNan([1, NAN], [0, 0]))).toEqual([0, 0]);
    const grads = evaluate(() => {
      const [a, b] = [x64([1, 4]), x64([0, 2])];
      return gradients(tf.divNoNan(a, b), [a, b]) as Tensor[];
    });
    expectClose((grads as number[][]).flat(), [0, 0.5, 0, -1]);
  });
});

describe('addN', () => {
  it('sums tensors and gives each the gradient', () => {
    expect(
      evaluate(() =>
        tf.addN([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ),
    ).toEqual([9, 12]);
    checkGradients(
      (a, b) => tf.addN([a, tf.square(b), a]),
      [
        [1, 2],
        [3, 4],
      ],
    );
  });

  it('of one tensor is the tensor, or an identity with a name', () => {
    new Graph().asDefault(() => {
      const a = placeholder('float32');
      expect(tf.addN([a])).toBe(a);
      expect(tf.addN([a], { name: 'total' }).op.type).toBe('Identity');
    });
  });

  it('needs a tensor, and tensors of one shape', () => {
    expect(() => tf.addN([])).toThrow('addN needs at least one tensor');
    expect(() =>
      tf.addN([
        [1, 2],
        [1, 2, 3],
      ]),
    ).toThrow("building operation 'AddN' (AddN)");
  });
});

describe('cast', () => {
  it('converts elements', () => {
    expect(evaluate(() => tf.cast([-1.7, 0, 2.9], 'int32'))).toEqual([-1, 0, 2]);
    expect(evaluate(() => tf.cast([-1.7, 0, 2.9], 'bool'))).toEqual([true, false, true]);
    expect(evaluate(() => [tf.toFloat([true]), tf.toInt32(2.5), tf.toInt64(2.5), tf.toDouble(2)])).toEqual([
      [1],
      2,
      2n,
      2,
    ]);
  });

  it('is the tensor itself where that has the dtype', () => {
    new Graph().asDefault(() => {
      const a = placeholder('float32');
      expect(tf.cast(a, 'float32')).toBe(a);
    });
  });

  it('passes a gradient on between floating-point dtypes only', () => {
    new Graph().asDefault(() => {
      const a = placeholder('float64', [2]);
      expect(gradients(tf.cast(a, 'float32'), [a])[0]?.dtype).toBe('float64');
      expect(gradients(tf.cast(tf.cast(a, 'int32'), 'float32'), [a])).toEqual([null]);
      const whole = placeholder('int32', [2]);
      expect(gradients(tf.cast(whole, 'float32'), [whole])).toEqual([null]);
    });
  });

  it('is named as in Python', () => {
    expect(namesOf(() => tf.cast([1], 'int32'))).toBe('Cast/x Cast');
    expect(namesOf(() => tf.toInt64([1]))).toBe('ToInt64/x ToInt64');
  });

  it('says which operation cannot convert', () => {
    expect(() => tf.cast(['a'], 'float32', { name: 'number' })).not.toThrow(); // only a run knows the kernels
    expect(() => evaluate(() => tf.cast(['a'], 'float32', { name: 'number' }))).toThrow(/number/);
  });
});

describe('comparisons and logic', () => {
  const bools = [
    [false, false, true, true],
    [false, true, false, true],
  ] as const;

  it.each([
    ['equal', comparison.equal, [false, true, false]],
    ['notEqual', comparison.notEqual, [true, false, true]],
    ['less', comparison.less, [true, false, false]],
    ['lessEqual', comparison.lessEqual, [true, true, false]],
    ['greater', comparison.greater, [false, false, true]],
    ['greaterEqual', comparison.greaterEqual, [false, true, true]],
  ] as const)('%s compares elements, broadcast', (_name, compare, expected) => {
    expect(evaluate(() => compare(constant([1, 2, 3]), 2))).toEqual(expected);
    expect(evaluate(() => compare(constant([[1, 2, 3]]), constant([2])))).toEqual([expected]);
  });

  it('equal compares strings too', () => {
    expect(evaluate(() => comparison.equal(constant(['a', 'b']), 'a'))).toEqual([true, false]);
  });

  it.each([
    ['logicalAnd', comparison.logicalAnd, [false, false, false, true]],
    ['logicalOr', comparison.logicalOr, [false, true, true, true]],
    ['logicalXor', comparison.logicalXor, [false, true, true, false]],
  ] as const)('%s connects booleans', (_name, connect, expected) => {
    expect(evaluate(() => connect(bools[0], bools[1]))).toEqual(expected);
  });

  it('logicalNot turns them round', () => {
    expect(evaluate(() => comparison.logicalNot(bools[0]))).toEqual([true, true, false, false]);
  });

  it('logicalXor is named as in Python', () => {
    const names = namesOf(() => comparison.logicalXor(placeholder('bool'), placeholder('bool')));
    expect(names).toBe('LogicalOr LogicalAnd LogicalNot LogicalXor');
  });

  it('pass no gradient on', () => {
    new Graph().asDefault(() => {
      const a = placeholder('float32', [2]);
      expect(gradients(tf.cast(comparison.less(a, 1), 'float32'), [a])).toEqual([null]);
    });
  });
});

it('dtypes and ranks are known to the type checker', () => {
  new Graph().asDefault(() => {
    const images = placeholder('float32', [null, 3]);
    const rate: number | Scalar<'float32'> = Math.random() > 2 ? 1 : constant(1);
    const scaled: Tensor<'float32', 'array'> = tf.mul(images, rate);
    const scalar: Scalar<'float32'> = tf.add(tf.sqrt(2), 1);
    const longs: Tensor<'int64', 'array'> = tf.add([1n], 2);
    const fraction: Scalar<'float64'> = tf.truediv(tf.toInt32(1), 2);
    const flags: Tensor<'bool', 'array'> = comparison.less(0, images);
    const generic = <D extends DType>(x: Tensor<D, 'array'>): Tensor<D, 'array'> => tf.mul(2, tf.exp(x));
    expect([scaled, scalar, longs, fraction, flags, generic(images)].map(({ dtype }) => dtype)).toEqual([
      'float32',
      'float32',
      'int64',
      'float64',
      'bool',
      'float32',
    ]);
  });
});
