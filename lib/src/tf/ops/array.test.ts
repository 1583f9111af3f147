import { describe, expect, expectTypeOf, it } from 'vitest';
import { checkGradients } from '../../testing/checkGradients';
import { describeGradients } from '../../testing/describeGradients';
import { evaluate, namesOf } from '../../testing/evaluate';
import { gradients } from '../gradients';
import { Graph } from '../graph/graph';
import type { Rank, Tensor } from '../graph/tensor';
import {
  broadcastTo,
  expandDims,
  fill,
  identity,
  invertPermutation,
  linspace,
  oneHot,
  ones,
  onesLike,
  pad,
  range,
  rank,
  reshape,
  reverse,
  shape,
  size,
  squeeze,
  stopGradient,
  tile,
  transpose,
  zeros,
  zerosLike,
} from './array';
import { constant, placeholder, placeholderWithDefault } from './constants';
import { mul } from './elementwise/binary';

const matrix = [
  [1, 2, 3],
  [4, 5, 6],
];

/** `value` as a tensor of which the graph knows no shape. */
const unknown = (value: number | number[] | number[][]) => placeholderWithDefault(value, null);

describe('values', () => {
  it.each<[string, () => Tensor, unknown]>([
    ['identity is its input', () => identity(matrix), matrix],
    ['stopGradient is its input', () => stopGradient(matrix), matrix],
    ['shape of a known shape', () => shape(matrix), [2, 3]],
    ['shape of an unknown shape', () => shape(unknown(matrix)), [2, 3]],
    ['shape as int64', () => shape(unknown(matrix), { outType: 'int64' }), [2n, 3n]],
    ['shape of a scalar', () => shape(7), []],
    ['size of a known shape', () => size(matrix), 6],
    ['size of an unknown shape', () => size(unknown(matrix)), 6],
    ['size of nothing', () => size(placeholder('float32', [null, 0])), 0],
    ['rank of a known rank', () => rank(matrix), 2],
    ['rank of an unknown rank', () => rank(unknown(matrix)), 2],
    [
      'reshape',
      () => reshape(matrix, [3, -1]),
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    ['reshape to a scalar', () => reshape([[5]], []), 5],
    [
      'reshape to sizes of which some are tensors',
      () => reshape(matrix, [size([0, 0, 0]), 2]),
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    ['reshape to a vector of sizes', () => reshape(matrix, shape([0, 0, 0, 0, 0, 0])), [1, 2, 3, 4, 5, 6]],
    ['expandDims', () => expandDims([1, 2], 1), [[1], [2]]],
    [
      'expandDims at the end',
      () => expandDims(matrix, -1),
      [
        [[1], [2], [3]],
        [[4], [5], [6]],
      ],
    ],
    ['squeeze of all', () => squeeze([[[1], [2]]]), [1, 2]],
    ['squeeze of one', () => squeeze([[[1], [2]]], { axis: 0 }), [[1], [2]]],
    ['squeeze of several', () => squeeze([[[1], [2]]], { axis: [0, -1] }), [1, 2]],
    [
      'transpose reverses by default',
      () => transpose(matrix),
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ],
    [
      'transpose of an unknown rank',
      () => transpose(unknown(matrix)),
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ],
    [
      'transpose by a permutation',
      () => transpose([[[1, 2]], [[3, 4]]], { perm: [1, 0, 2] }),
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    [
      'reverse',
      () => reverse(matrix, [1]),
      [
        [3, 2, 1],
        [6, 5, 4],
      ],
    ],
    [
      'reverse of a negative axis',
      () => reverse(matrix, [-2]),
      [
        [4, 5, 6],
        [1, 2, 3],
      ],
    ],
    ['invertPermutation', () => invertPermutation([2, 0, 1]), [1, 2, 0]],
    [
      'fill',
      () => fill([2, 2], 7),
      [
        [7, 7],
        [7, 7],
      ],
    ],
    ['fill with another dtype', () => fill([2], 7, { dtype: 'int64' }), [7n, 7n]],
    ['fill with booleans', () => fill([2], true), [true, true]],
    ['zeros', () => zeros([2, 1]), [[0], [0]]],
    ['zeros of booleans', () => zeros([2], { dtype: 'bool' }), [false, false]],
    ['zeros of strings', () => zeros([1], { dtype: 'string' }), [Buffer.alloc(0)]],
    [
      'zeros of a shape that is fetched',
      () => zeros(shape(unknown(matrix))),
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
    ['zeros of a size that is fetched', () => zeros(size(unknown([1, 2]))), [0, 0]],
    ['zeros of nothing', () => zeros([2, 0]), [[], []]],
    ['more zeros than a constant has', () => size(identity(zeros([40, 30]))), 1200],
    ['ones', () => ones([], { dtype: 'int32' }), 1],
    ['ones of booleans', () => ones([2], { dtype: 'bool' }), [true, true]],
    [
      'zerosLike',
      () => zerosLike(matrix),
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
    [
      'zerosLike of an unknown shape',
      () => zerosLike(unknown(matrix)),
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
    ['zerosLike of another dtype', () => zerosLike(unknown([1, 2]), { dtype: 'int64' }), [0n, 0n]],
    [
      'onesLike',
      () => onesLike(matrix),
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
    ],
    [
      'onesLike of an unknown shape and another dtype',
      () => onesLike(unknown([0, 0]), { dtype: 'bool' }),
      [true, true],
    ],
    [
      'tile',
      () => tile([[1, 2]], [2, 2]),
      [
        [1, 2, 1, 2],
        [1, 2, 1, 2],
      ],
    ],
    ['tile to nothing', () => tile([1, 2], [0]), []],
    ['pad with zeros', () => pad([1, 2], [[1, 2]]), [0, 1, 2, 0, 0]],
    [
      'pad with a value',
      () =>
        pad(
          [[1], [2]],
          [
            [0, 0],
            [1, 0],
          ],
          { constantValues: 9 },
        ),
      [
        [9, 1],
        [9, 2],
      ],
    ],
    ['pad with a mirror image', () => pad([1, 2, 3], [[2, 1]], { mode: 'REFLECT' }), [3, 2, 1, 2, 3, 2]],
    ['pad with a mirror image and its edge', () => pad([1, 2, 3], [[2, 1]], { mode: 'SYMMETRIC' }), [2, 1, 1, 2, 3, 3]],
    [
      'broadcastTo',
      () => broadcastTo([[1], [2]], [2, 2]),
      [
        [1, 1],
        [2, 2],
      ],
    ],
    ['range to a limit', () => range(3), [0, 1, 2]],
    ['range from a start', () => range(2, 5), [2, 3, 4]],
    ['range in steps', () => range(5, 0, { delta: -2 }), [5, 3, 1]],
    ['range with fractions', () => range(0.5, { delta: 0.25, dtype: 'float32' }), [0, 0.25]],
    ['range up to a tensor', () => range(size([0, 0], { outType: 'int64' })), [0n, 1n]],
    ['linspace', () => linspace(10, 12, 5), [10, 10.5, 11, 11.5, 12]],
    [
      'oneHot',
      () => oneHot([0, 2, -1], 3),
      [
        [1, 0, 0],
        [0, 0, 1],
        [0, 0, 0],
      ],
    ],
    ['oneHot with values', () => oneHot([1], 2, { onValue: 5, offValue: -1 }), [[-1, 5]]],
    ['oneHot of booleans', () => oneHot([1], 2, { dtype: 'bool' }), [[false, true]]],
    [
      'oneHot along another axis',
      () => oneHot([0, 1, 1], 2, { axis: 0, dtype: 'int32' }),
      [
        [1, 0, 0],
        [0, 1, 1],
      ],
    ],
    ['oneHot takes its dtype from a value', () => oneHot([1], 2, { offValue: -1n }), [[-1n, 1n]]],
    ['oneHot takes its dtype from a tensor', () => oneHot([1], 2, { offValue: constant(-1n) }), [[-1n, 1n]]],
  ])('%s', (_title, build, expected) => {
    expect(evaluate(build)).toEqual(expected);
  });
});

describe('names are those of Python', () => {
  const x = (...sizes: (number | null)[]) => placeholder('float32', sizes);
  it.each<[string, () => unknown, string]>([
    ['shape of a known shape', () => shape(x(2, 3)), 'Shape'],
    ['shape of an unknown shape', () => shape(x(null)), 'Shape'],
    ['size of a value', () => size([1, 2]), 'Size/Const Size'],
    ['identity of a value', () => identity([1]), 'Identity/input Identity'],
    ['reshape', () => reshape(x(2, null), [-1, 2]), 'Reshape/shape Reshape'],
    [
      'reshape to a fetched size',
      () => reshape(x(6), [size(x(null)), -1]),
      'Size Reshape/shape/1 Reshape/shape Reshape',
    ],
    ['expandDims', () => expandDims(x(2), 1), 'ExpandDims/dim ExpandDims'],
    ['transpose', () => transpose(x(2, null)), 'transpose/perm transpose'],
    [
      'transpose of an unknown rank',
      () => transpose(placeholder('float32')),
      'transpose/Rank transpose/sub/y transpose/sub transpose/Range/limit transpose/Range/delta transpose/Range transpose',
    ],
    ['zeros', () => zeros([128]), 'zeros'],
    ['zeros with a name', () => zeros([128], { name: 'biases' }), 'biases'],
    ['many zeros', () => zeros([40, 30]), 'zeros/shape_as_tensor zeros/Const zeros'],
    ['zeros of a fetched shape', () => zeros(shape(x(null))), 'Shape zeros/Const zeros'],
    ['zeros of a fetched size', () => zeros(size(x(null))), 'Size zeros/Reshape/shape zeros/Reshape zeros/Const zeros'],
    ['zeros of fetched sizes', () => zeros([size(x(null)), 2]), 'Size zeros/packed/1 zeros/packed zeros/Const zeros'],
    ['fill', () => fill([2], 1), 'Fill/dims Fill/value Fill'],
    ['zerosLike', () => zerosLike(x(2, 3)), 'zeros_like'],
    ['zerosLike of many', () => zerosLike(x(20, 300)), 'zeros_like/shape_as_tensor zeros_like/Const zeros_like'],
    ['zerosLike of an unknown shape', () => zerosLike(x(null)), 'zeros_like'],
    ['zerosLike of a value', () => zerosLike([1, 2]), 'zeros_like/tensor zeros_like'],
    ['onesLike', () => onesLike(x(2, 3)), 'ones_like/Shape/shape_as_tensor ones_like/Const ones_like'],
    ['onesLike of an unknown shape', () => onesLike(x(null)), 'ones_like/Shape ones_like/Const ones_like'],
    [
      'pad with a value',
      () => pad(x(2), [[1, 1]], { constantValues: 1 }),
      'PadV2/paddings PadV2/constant_values PadV2',
    ],
    ['range', () => range(5), 'range/start range/limit range/delta range'],
    [
      'oneHot',
      () => oneHot(range(3), 10, { name: 'labels' }),
      'range/start range/limit range/delta range labels/on_value labels/off_value labels/depth labels',
    ],
    [
      'oneHot with a value',
      () => oneHot([1], 2, { onValue: 5 }),
      'one_hot/Const one_hot/off_value one_hot/indices one_hot/depth one_hot',
    ],
    [
      'the gradient of reshape',
      () => backward(reshape(x(2, 3), [-1])),
      'gradients/Reshape_grad/Shape gradients/Reshape_grad/Reshape',
    ],
    [
      'the gradient of transpose',
      () => backward(transpose(x(2, 3))),
      'gradients/transpose_grad/InvertPermutation gradients/transpose_grad/transpose',
    ],
    [
      'the gradient of tile',
      () => backward(tile(x(2, 3), [2, 3])),
      'gradients/Tile_grad/Shape gradients/Tile_grad/stack gradients/Tile_grad/transpose/perm gradients/Tile_grad/transpose ' +
        'gradients/Tile_grad/Reshape/shape gradients/Tile_grad/Reshape gradients/Tile_grad/Size gradients/Tile_grad/range/start ' +
        'gradients/Tile_grad/range/delta gradients/Tile_grad/range gradients/Tile_grad/Reshape_1 gradients/Tile_grad/Sum',
    ],
    [
      'the gradient of pad',
      () => backward(pad(x(2), [[1, 1]])),
      'gradients/Pad_grad/Rank gradients/Pad_grad/stack/1 gradients/Pad_grad/stack gradients/Pad_grad/Slice/begin ' +
        'gradients/Pad_grad/Slice gradients/Pad_grad/Reshape/shape gradients/Pad_grad/Reshape gradients/Pad_grad/Shape ' +
        'gradients/Pad_grad/Slice_1',
    ],
    ['the gradient of fill', () => backward(fill([2, 3], x())), 'gradients/Fill_grad/Const gradients/Fill_grad/Sum'],
  ])('%s', (title, build, expected) => {
    const names = namesOf(build);
    // A gradient's names are those of its own scope.
    const ends = title.startsWith('the gradient')
      ? names
          .split(' ')
          .filter((name) => name.includes('_grad/'))
          .join(' ')
      : names;
    expect(ends).toBe(expected);
  });

  function backward(y: Tensor): void {
    gradients(y, [y.op.inputs.find((input) => input.op.type === 'Placeholder')!]);
  }
});

describeGradients([
  ['identity', (x) => identity(x), [matrix]],
  ['reshape', (x) => reshape(x, [3, -1]), [matrix]],
  ['reshape of a scalar', (x) => reshape(x, [1, 1]), [2]],
  ['expandDims', (x) => expandDims(x, -2), [matrix]],
  ['squeeze', (x) => squeeze(x, { axis: 0 }), [[[1, 2, 3]]]],
  ['transpose', (x) => transpose(x), [matrix]],
  ['transpose of three dimensions', (x) => transpose(expandDims(x, 0), { perm: [2, 0, 1] }), [matrix]],
  ['reverse', (x) => reverse(x, [0, 1]), [matrix]],
  ['fill', (x) => fill([2, 3], x), [4]],
  ['tile', (x) => tile(x, [2, 3]), [matrix]],
  ['tile by one', (x) => tile(x, [1, 1]), [matrix]],
  [
    'pad',
    (x) =>
      pad(x, [
        [1, 0],
        [0, 2],
      ]),
    [matrix],
  ],
  [
    'pad by nothing',
    (x) =>
      pad(x, [
        [0, 0],
        [0, 0],
      ]),
    [matrix],
  ],
  [
    'pad with a value',
    (x) =>
      pad(
        x,
        [
          [1, 0],
          [0, 2],
        ],
        { constantValues: 3 },
      ),
    [matrix],
  ],
  [
    'pad with a mirror image',
    (x) =>
      pad(
        x,
        [
          [1, 0],
          [1, 2],
        ],
        { mode: 'REFLECT' },
      ),
    [matrix],
  ],
  [
    'pad with a mirror image and its edge',
    (x) =>
      pad(
        x,
        [
          [1, 2],
          [3, 0],
        ],
        { mode: 'SYMMETRIC' },
      ),
    [matrix],
  ],
  ['broadcastTo', (x) => broadcastTo(x, [4, 2, 3]), [[[1], [2]]]],
  ['broadcastTo of a scalar', (x) => broadcastTo(x, [2, 3]), [5]],
  ['broadcastTo of the same shape', (x) => broadcastTo(x, [2, 3]), [matrix]],
]);

describe('gradients', () => {
  it('of pad reach a value that is computed', () => {
    checkGradients(
      (x, value) =>
        pad(
          x,
          [
            [1, 0],
            [0, 2],
          ],
          { constantValues: value },
        ) as never,
      [matrix, 2],
    );
  });

  it('do not pass stopGradient', () => {
    new Graph().asDefault(() => {
      const x = placeholder('float32', [2]);
      expect(gradients(mul(stopGradient(x), 2), [x])).toEqual([null]);
    });
  });

  it('of tiling to nothing are zeros', () => {
    const zero = () => {
      const x = constant([1, 2]);
      return gradients(tile(x, [0]), [x], { unconnectedGradients: 'zero' })[0];
    };
    expect(evaluate(zero)).toEqual([0, 0]);
  });
});

describe('errors', () => {
  it.each<[string, () => Tensor, RegExp]>([
    [
      'another number of elements',
      () => reshape(matrix, [4, 2]),
      /6 elements to shape \[4,2\] .*'Reshape' \(Reshape\) at .*array\.test\.ts/s,
    ],
    ['a dimension that there is not', () => expandDims(matrix, 4), /'ExpandDims'/],
    ['a dimension that is larger than 1', () => squeeze(matrix, { axis: 0 }), /'Squeeze'/],
    ['no permutation', () => transpose(matrix, { perm: [0, 0] }), /'transpose'/],
    [
      'a negative size',
      () => zeros([2, -1]),
      /^a shape has whole, non-negative sizes, got -1 in \[2, -1\] for 'zeros'/,
    ],
    [
      'a size that is not whole',
      () => ones([0.5]),
      /^a shape has whole, non-negative sizes, got 0\.5 in \[0\.5\] for 'ones'/,
    ],
    ['integers with a fraction', () => range(2.5), /expected int32, got 2\.5/],
    ['a shape that is not reached', () => broadcastTo([1, 2], [3]), /'BroadcastTo'/],
    ['a mirror image larger than the tensor', () => pad([1, 2], [[2, 0]], { mode: 'REFLECT' }), /'MirrorPad'/],
  ])('name what is wrong with %s', (_title, build, message) => {
    expect(() => evaluate(build)).toThrow(message);
  });
});

describe('static shapes', () => {
  it.each<[string, () => Tensor, Tensor['shape']]>([
    ['reshape', () => reshape(placeholder('float32', [null, 4]), [-1, 2]), [null, 2]],
    ['onesLike', () => onesLike(placeholder('float32', [null, 4])), [null, 4]],
    [
      'pad',
      () =>
        pad(placeholder('float32', [null, 4]), [
          [1, 1],
          [2, 0],
        ]),
      [null, 6],
    ],
    ['tile', () => tile(placeholder('float32', [null, 4]), [1, 3]), [null, 12]],
    ['zeros', () => zeros([2, size(placeholder('float32', [null]))]), [2, null]],
    ['range', () => range(3, 10), [7]],
  ])('%s', (_title, build, expected) => {
    expect(new Graph().asDefault(build).shape).toEqual(expected);
  });
});

it('tells TypeScript dtypes and ranks', () => {
  new Graph().asDefault(() => {
    const x = placeholder('float64', [2, 3]);
    expectTypeOf(identity(x)).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(identity(3)).toEqualTypeOf<Tensor<'float32', 'scalar'>>();
    expectTypeOf(shape(x)).toEqualTypeOf<Tensor<'int32', 'array'>>();
    expectTypeOf(size(x, { outType: 'int64' })).toEqualTypeOf<Tensor<'int64', 'scalar'>>();
    expectTypeOf(reshape(x, [3, 2])).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(reshape([1], [])).toEqualTypeOf<Tensor<'float32', 'scalar'>>();
    expectTypeOf(squeeze([[1]], 1)).toEqualTypeOf<Tensor<'float32', 'array'>>();
    expectTypeOf(squeeze([[1]], [0, 1])).toEqualTypeOf<Tensor<'float32'>>();
    expectTypeOf(squeeze([[1]], [])).toEqualTypeOf<Tensor<'float32'>>();
    expectTypeOf(squeeze([[1]])).toEqualTypeOf<Tensor<'float32'>>();
    expectTypeOf(reshape(x, shape(x))).toEqualTypeOf<Tensor<'float64', Rank>>();
    expectTypeOf(zeros([2])).toEqualTypeOf<Tensor<'float32', 'array'>>();
    expectTypeOf(ones([], { dtype: 'int32' })).toEqualTypeOf<Tensor<'int32', 'scalar'>>();
    expectTypeOf(zerosLike(x)).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(onesLike(x, { dtype: 'bool' })).toEqualTypeOf<Tensor<'bool', 'array'>>();
    expectTypeOf(fill([2], true)).toEqualTypeOf<Tensor<'bool', 'array'>>();
    expectTypeOf(range(3)).toEqualTypeOf<Tensor<'int32', 'array'>>();
    expectTypeOf(range(0, 1, { dtype: 'float32' })).toEqualTypeOf<Tensor<'float32', 'array'>>();
    expectTypeOf(range(size(x, { outType: 'int64' }))).toEqualTypeOf<Tensor<'int64', 'array'>>();
    expectTypeOf(oneHot([1], 2)).toEqualTypeOf<Tensor<'float32', 'array'>>();
    expectTypeOf(oneHot([1], 2, { onValue: true, offValue: false })).toEqualTypeOf<Tensor<'bool', 'array'>>();
    expectTypeOf(oneHot([1], 2, { dtype: 'int32' })).toEqualTypeOf<Tensor<'int32', 'array'>>();
  });
});
