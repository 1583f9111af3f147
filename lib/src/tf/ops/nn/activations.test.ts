import { describe, expect, expectTypeOf, it } from 'vitest';
import { checkGradients } from '../../../testing/checkGradients';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { wave } from '../../../testing/wave';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { constant, placeholder } from '../constants';
import { square } from '../elementwise/unary';
import { elu, leakyRelu, logSoftmax, relu, relu6, selu, softmax, softsign, swish } from './activations';

const xs = [-2, -0.5, 0, 0.5, 7];
const double = (value: number[]) => constant(value, { dtype: 'float64' });

describe('activations', () => {
  it.each<[string, (x: Tensor<'float64', 'array'>) => Tensor, (x: number) => number]>([
    ['relu', relu, (x) => Math.max(x, 0)],
    ['relu6', relu6, (x) => Math.min(Math.max(x, 0), 6)],
    ['elu', elu, (x) => (x > 0 ? x : Math.expm1(x))],
    ['selu', selu, (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))],
    ['softsign', softsign, (x) => x / (1 + Math.abs(x))],
    ['leakyRelu', leakyRelu, (x) => (x > 0 ? x : Math.fround(0.2) * x)],
    ['leakyRelu with another slope', (x) => leakyRelu(x, { alpha: 0.5 }), (x) => (x > 0 ? x : x / 2)],
    ['swish', swish, (x) => x / (1 + Math.exp(-x))],
  ])('%s', (_title, build, expected) => {
    const values = evaluate(() => build(double(xs))) as number[];
    for (const [i, x] of xs.entries()) expect(values[i]).toBeCloseTo(expected(x), 10);
  });

  it('keep dtype and rank', () => {
    new Graph().asDefault(() => {
      expectTypeOf(relu(placeholder('float64', []))).toEqualTypeOf<Tensor<'float64', 'scalar'>>();
      expectTypeOf(softmax(placeholder('float32', [null, 10]))).toEqualTypeOf<Tensor<'float32', 'array'>>();
      expectTypeOf(leakyRelu([1, 2])).toEqualTypeOf<Tensor<'float32', 'array'>>();
    });
  });

  it('refuse what holds no numbers', () => {
    new Graph().asDefault(() => expect(() => relu(constant(['a']))).toThrow(/string .*building operation 'Relu'/s));
  });
});

// Nowhere at a corner.
const smooth = [
  [-2.3, -0.4, 0.7],
  [5.5, 6.5, 1.2],
];
describeGradients([
  ['relu', (x) => relu(x), [smooth]],
  ['relu6', (x) => relu6(x), [smooth]],
  ['elu', (x) => elu(x), [smooth]],
  ['selu', (x) => selu(x), [smooth]],
  ['leakyRelu', (x) => leakyRelu(x, { alpha: 0.3 }), [smooth]],
  ['swish', (x) => swish(x), [smooth]],
  ['softmax', (x) => softmax(x), [wave([2, 3])]],
  ['softmax of three dimensions', (x) => softmax(x), [wave([2, 1, 4])]],
  ['logSoftmax', (x) => logSoftmax(x), [wave([2, 3])]],
]);

describe('the gradients', () => {
  it.each<[string, (x: Tensor<'float64'>) => Tensor<'float64'>]>([
    ['relu', relu],
    ['relu6', relu6],
    ['elu', elu],
    ['selu', selu],
    ['leakyRelu', (x) => leakyRelu(x, { alpha: 0.3 })],
  ])('of %s have gradients on both sides of 0', (_title, build) => {
    checkGradients((x) => gradients(square(build(x)), [x])[0]!, [smooth]);
  });

  it('of softsign are those of differences', () => checkGradients((x) => softsign(x), [smooth]));

  it.each([
    ['relu', relu],
    ['relu6', relu6],
    ['leakyRelu', leakyRelu],
  ])('of %s at 0 are those from below', (_title, build) => {
    const slope = build === leakyRelu ? Math.fround(0.2) : 0;
    expect(
      evaluate(() => {
        const x = double([0]);
        return gradients(build(x), [x])[0]!;
      }),
    ).toEqual([slope]);
  });

  it.each([
    ['softmax', 0],
    ['softmax', 1],
    ['softmax', -2],
    ['logSoftmax', 0],
    ['logSoftmax', -3],
  ])('of %s along dimension %i are those of differences', (name, axis) => {
    const build = name === 'softmax' ? softmax : logSoftmax;
    checkGradients((x) => build(x, { axis }), [wave([2, 3, 4])]);
  });
});

describe('softmax', () => {
  const logits = [
    [1, 2, 5],
    [1, 0, 5],
  ];
  const of = (...row: number[]) => {
    const sum = row.reduce((total, x) => total + Math.exp(x), 0);
    return row.map((x) => Math.exp(x) / sum);
  };
  const close = (actual: unknown, expected: number[][]) => {
    for (const [i, row] of expected.entries())
      for (const [j, value] of row.entries()) expect((actual as number[][])[i]?.[j]).toBeCloseTo(value, 6);
  };

  it('makes each row sum to 1', () =>
    close(
      evaluate(() => softmax(logits)),
      [of(1, 2, 5), of(1, 0, 5)],
    ));

  it.each([0, -2])('makes columns sum to 1 along dimension %i', (axis) => {
    const [first, second, third] = [of(1, 1), of(2, 0), of(5, 5)];
    const columns = [0, 1].map((i) => [first, second, third].map((column) => column![i]!));
    close(
      evaluate(() => softmax(logits, { axis })),
      columns,
    );
    close(
      evaluate(() => logSoftmax(logits, { axis })),
      columns.map((row) => row.map(Math.log)),
    );
  });

  it('stays finite for large logits', () => {
    expect(evaluate(() => softmax([[1000, 0]]))).toEqual([[1, 0]]);
    expect(evaluate(() => logSoftmax([[1000, 0]]))).toEqual([[0, -1000]]);
  });

  it.each<[string, () => Tensor, string]>([
    ['a dimension that isn’t there', () => softmax(logits, { axis: 2 }), 'axis 2 is no dimension of'],
    ['a fraction', () => logSoftmax(logits, { axis: 0.5 }), 'axis 0.5 is no dimension of'],
    [
      'another than the last dimension of an unknown rank',
      () => softmax(placeholder('float32'), { axis: 0 }),
      'axis 0 must be -1 where the rank is unknown',
    ],
  ])('refuses %s', (_title, build, message) => {
    new Graph().asDefault(() => expect(build).toThrow(message));
  });

  it.each([
    ['softmax', () => softmax(placeholder('float32', [2, 3])), 'Softmax'],
    ['a named one', () => logSoftmax(placeholder('float32', [2, 3]), { axis: 1, name: 'log' }), 'log'],
    [
      'along another dimension',
      () => softmax(placeholder('float32', [2, 3]), { axis: 0 }),
      'transpose/perm transpose Softmax transpose_1/perm transpose_1',
    ],
    [
      'its gradient',
      () => {
        const x = placeholder('float32', [2, 3]);
        gradients(softmax(x), [x], { gradYs: [x] });
      },
      'Softmax gradients/Softmax_grad/mul gradients/Softmax_grad/Sum/reduction_indices ' +
        'gradients/Softmax_grad/Sum gradients/Softmax_grad/sub gradients/Softmax_grad/mul_1',
    ],
  ])('is named as in TensorFlow 1: %s', (_title, build, expected) => {
    expect(namesOf(build)).toBe(expected);
  });
});
