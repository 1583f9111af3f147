import { describe, expect, expectTypeOf, it } from 'vitest';
import { describeGradients } from '../../testing/describeGradients';
import { evaluate, namesOf } from '../../testing/evaluate';
import { gradients } from '../gradients';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { shape } from './array';
import { constant, placeholder, placeholderWithDefault } from './constants';
import { concat, split, stack, unstack } from './joining';

const matrix = [
  [1, 2, 3],
  [4, 5, 6],
];

const x = (...sizes: (number | null)[]) => placeholder('float32', sizes);

describe('values', () => {
  it.each<[string, () => Tensor | readonly Tensor[], unknown]>([
    [
      'concat',
      () => concat([matrix, [[7], [8]]], 1),
      [
        [1, 2, 3, 7],
        [4, 5, 6, 8],
      ],
    ],
    ['concat along a negative axis', () => concat([constant(matrix), matrix], -2), [...matrix, ...matrix]],
    ['concat with nothing', () => concat([constant([1, 2]), []], 0), [1, 2]],
    ['concat of one tensor', () => concat([matrix], 0), matrix],
    [
      'stack',
      () => stack([constant([1, 2]), constant([3, 4])]),
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      'stack along another axis',
      () => stack([constant([1, 2]), [3, 4]], { axis: 1 }),
      [
        [1, 3],
        [2, 4],
      ],
    ],
    ['stack of numbers and tensors', () => stack([constant(1), 2]), [1, 2]],
    ['stack of numbers', () => stack([1, 2]), [1, 2]],
    ['stack of typed arrays', () => stack([new Int32Array([1]), new Int32Array([2])]), [[1], [2]]],
    ['unstack', () => unstack(matrix), matrix],
    [
      'unstack along another axis',
      () => unstack(matrix, { axis: -1 }),
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ],
    ['unstack of an unknown shape', () => unstack(placeholderWithDefault(matrix, null), { num: 2 }), matrix],
    [
      'split into equal parts',
      () => split(matrix, 3, { axis: 1 }),
      [
        [[1], [4]],
        [[2], [5]],
        [[3], [6]],
      ],
    ],
    ['split by sizes', () => split([1, 2, 3, 4], [1, 3]), [[1], [2, 3, 4]]],
    ['split by all sizes but one', () => split([1, 2, 3, 4], [-1, 1, 0]), [[1, 2, 3], [4], []]],
    ['split by a tensor of sizes', () => split([1, 2, 3], constant([2, 1], { dtype: 'int32' })), [[1, 2], [3]]],
    [
      'split by a tensor of unknown shape',
      () => split([1, 2, 3], placeholderWithDefault(new Int32Array([2, 1]), [null]), { num: 2 }),
      [[1, 2], [3]],
    ],
  ])('%s', (_title, build, expected) => {
    expect(evaluate(build)).toEqual(expected);
  });
});

describe('names are those of Python', () => {
  it.each<[string, () => unknown, string]>([
    ['concat', () => concat([x(3), [1, 2]], 0), 'concat/values_1 concat/axis concat'],
    ['concat of one tensor', () => concat([[1, 2]], 0, { name: 'all' }), 'all/concat_dim all/all/input all/all'],
    ['stack', () => stack([x(3), x(3)]), 'stack'],
    ['stack of numbers', () => stack([1, 2]), 'stack'],
    ['stack of a tensor and a number', () => stack([x(), 2]), 'stack/1 stack'],
    ['stack along another axis', () => stack([x(3), [1, 2, 3]], { axis: 1 }), 'stack/values_1 stack'],
    ['unstack', () => unstack(x(3, 2)), 'unstack'],
    ['split', () => split(x(4, 2), 2), 'split/split_dim split'],
    ['split by sizes', () => split(x(4, 2), [1, 3]), 'Const split/split_dim split'],
  ])('%s', (_title, build, expected) => {
    expect(namesOf(build)).toBe(expected);
  });

  const prefix = 'gradients/joined_grad/';
  it.each<[string, () => unknown, string]>([
    [
      'the gradient of concat',
      () => backward((a, b) => concat([a, b], 1, { name: 'joined' }), [2, 3], [2, 1]),
      'Rank mod Shape Shape_1 ConcatOffset Slice Slice_1',
    ],
    [
      'the gradient of a concat of unknown shapes',
      () => backward((a, b) => concat([a, b], 0, { name: 'joined' }), [null], [2]),
      'Rank mod ShapeN ConcatOffset Slice Slice_1',
    ],
    ['the gradient of stack', () => backward((a, b) => stack([a, b], { name: 'joined' }), [2], [2]), 'unstack'],
    ['the gradient of unstack', () => backward((a) => unstack(a, { name: 'joined' }), [2]), 'stack'],
    ['the gradient of split', () => backward((a) => split(a, [1, 1], { name: 'joined' }), [2]), 'concat'],
  ])('%s', (_title, build, expected) => {
    const names = namesOf(build).split(' ');
    expect(names.filter((name) => name.startsWith(prefix)).join(' ')).toBe(
      prefix + expected.replaceAll(' ', ` ${prefix}`),
    );
  });

  function backward(build: (...xs: Tensor[]) => Tensor | readonly Tensor[], ...shapes: (number | null)[][]): void {
    const xs = shapes.map((sizes) => x(...sizes));
    gradients(build(...(xs as Tensor[])), xs);
  }
});

describeGradients([
  ['concat', (a, b) => concat([a, b], 1), [matrix, [[7], [8]]]],
  ['concat of the same tensor twice', (a) => concat([a, a], -1), [matrix]],
  ['concat of one tensor', (a) => concat([a], 0), [matrix]],
  [
    'concat of more tensors than are sliced one by one',
    (a, b) => concat([...Array(16).fill(a), b], 1),
    [[[1], [2]], matrix],
  ],
  [
    'stack',
    (a, b) => stack([a, b]),
    [
      matrix,
      [
        [0, 1, 0],
        [2, 0, 3],
      ],
    ],
  ],
  [
    'stack along the last axis',
    (a, b) => stack([a, b], { axis: -1 }),
    [
      matrix,
      [
        [0, 1, 0],
        [2, 0, 3],
      ],
    ],
  ],
  ['a part of unstack', (a) => unstack(a, { axis: 1, num: 3 })[1], [matrix]],
  ['unstack put together', (a) => stack(unstack(a, { num: 2 }).reverse()), [matrix]],
  ['a part of split', (a) => split(a, 3, { axis: 1 })[2], [matrix]],
  ['split put together', (a) => concat(split(a, 2).reverse(), 1), [matrix]],
  ['a part of split by sizes', (a) => split(a, [1, 2], { axis: 1 })[1], [matrix]],
]);

// libtensorflow's own gradient ends the process here.
describeGradients([['concat along an axis of int64', (a) => concat([a, a], constant(1n)), [matrix]]], {
  native: false,
});

it('splits the gradient of a concat of many tensors in one operation', () => {
  new Graph().asDefault(() => {
    const xs = Array.from({ length: 17 }, () => x(2, 3));
    const [dx] = gradients(concat(xs, 0), xs);
    expect(dx?.op.type).toBe('SplitV');
  });
});

it("gives parts in an array that is the caller's own", () => {
  new Graph().asDefault(() => {
    for (const parts of [split(x(4), 2), unstack(x(2), { num: 2 })]) {
      const [first] = parts;
      parts.reverse();
      expect(first.op.outputs[0]).toBe(first);
    }
  });
});

describe('errors', () => {
  it.each<[string, () => Tensor | readonly Tensor[], RegExp]>([
    [
      'concat of shapes that differ',
      () => concat([x(2, 3), x(3, 4)], 1),
      /Dimension 0 .* must be equal.*'concat' \(ConcatV2\)/s,
    ],
    [
      'concat of dtypes that differ',
      () => concat([x(2), constant([1n])], 0),
      /'concat' \(ConcatV2\) at .*joining\.test\.ts/,
    ],
    ['concat of nothing', () => concat([], 0), /'concat' \(ConcatV2\)/],
    ['stack of shapes that differ', () => stack([x(2), x(3)]), /'stack' \(Pack\)/],
    ['stack along an axis that there is not', () => stack([x(2), x(2)], { axis: 3 }), /'stack' \(Pack\)/],
    [
      'unstack of an unknown size',
      () => unstack(x(null, 2)),
      /^unstack: dimension 0 of .*Placeholder:0.* has no known size; give it as num/,
    ],
    ['unstack of another size', () => unstack(x(3), { num: 2 }), /'unstack' \(Unpack\)/],
    ['split into parts that are not equal', () => split(x(4), 3), /'split' \(Split\)/],
    ['split by sizes that do not add up', () => split(x(4), [1, 1]), /'split' \(SplitV\)/],
    [
      'split by an unknown number of sizes',
      () => split(x(4), placeholder('int32', [null])),
      /^split: .* doesn't tell how many parts/,
    ],
  ])('tell of %s', (_title, build, message) => {
    expect(() => evaluate(build)).toThrow(message);
  });
});

it('tells TypeScript dtypes, ranks and how many parts there are', () => {
  new Graph().asDefault(() => {
    const a = placeholder('float64', [2, 3]);
    type Part = Tensor<'float64', 'array'>;
    expectTypeOf(concat([a, [[1, 2, 3]]], 0)).toEqualTypeOf<Part>();
    expectTypeOf(concat([[1], [2]], 0)).toEqualTypeOf<Tensor<'float32', 'array'>>();
    expectTypeOf(stack([a, a])).toEqualTypeOf<Part>();
    expectTypeOf(stack([shape(a), [1, 2]])).toEqualTypeOf<Tensor<'int32', 'array'>>();
    expectTypeOf(split(a, 2)).toEqualTypeOf<[Part, Part]>();
    expectTypeOf(split(a, [1, 1])).toEqualTypeOf<[Part, Part]>();
    expectTypeOf(split(a, shape([1, 1]))).toEqualTypeOf<Part[]>();
    expectTypeOf(unstack(a, { num: 2 })).toEqualTypeOf<[Tensor<'float64'>, Tensor<'float64'>]>();
    expectTypeOf(unstack(a)).toEqualTypeOf<Tensor<'float64'>[]>();
    expectTypeOf(unstack(a, { num: 3, axis: 1 })).toEqualTypeOf<[Part, Part, Part]>();
    expectTypeOf(unstack(a, { axis: -2 })).toEqualTypeOf<Part[]>();
  });
});
