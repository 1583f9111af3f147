import { describe, expect, expectTypeOf, it } from 'vitest';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Rank, Tensor } from '../../graph/tensor';
import { applyOne } from '../apply';
import { expandDims, range, shape, size } from '../array';
import { constant, placeholder, placeholderWithDefault } from '../constants';
import { concat } from '../joining';
import { booleanMask, gather, gatherNd, getItem, scatterNd, slice, sparseToDense, stridedSlice, where } from '.';

const matrix = [
  [1, 2, 3],
  [4, 5, 6],
];

/** `value` as a tensor of which the graph knows no shape. */
const unknown = (value: number[] | number[][]) => placeholderWithDefault(value, null);

const int = (value: number) => constant(value, { dtype: 'int32' });
const long = (value: number) => constant(value, { dtype: 'int64' });

describe('values', () => {
  it.each<[string, () => Tensor, unknown]>([
    [
      'slice',
      () => slice(matrix, [0, 1], [2, 2]),
      [
        [2, 3],
        [5, 6],
      ],
    ],
    ['slice to the end', () => slice(matrix, [1, 0], [-1, -1]), [[4, 5, 6]]],
    ['slice from a tensor', () => slice(matrix, [int(1), 0], [1, int(2)]), [[4, 5]]],
    ['slice of nothing', () => slice(matrix, [0, 0], [0, 3]), []],
    ['stridedSlice', () => stridedSlice([1, 2, 3, 4, 5], [1], [5]), [2, 3, 4, 5]],
    ['stridedSlice in steps', () => stridedSlice([1, 2, 3, 4, 5], [1], [5], { strides: [2] }), [2, 4]],
    ['stridedSlice with tensors', () => stridedSlice([1, 2, 3], constant([0n]), constant([2n])), [1, 2]],
    [
      'stridedSlice with masks',
      () => stridedSlice(matrix, [9, 1, 0], [9, 9, 0], { beginMask: 1, endMask: 1, shrinkAxisMask: 2, newAxisMask: 4 }),
      [[2], [5]],
    ],
    ['getItem of an index', () => getItem(matrix, [1]), [4, 5, 6]],
    ['getItem of an index from the end', () => getItem(matrix, [-1, -2]), 5],
    [
      'getItem of a part',
      () =>
        getItem(matrix, [
          [null, null],
          [1, null],
        ]),
      [
        [2, 3],
        [5, 6],
      ],
    ],
    ['getItem backwards', () => getItem(matrix, [0, [null, null, -1]]), [3, 2, 1]],
    ['getItem of the last dimension', () => getItem([[matrix]], ['...', 0]), [[[1, 4]]]],
    ['getItem of new dimensions', () => getItem([1, 2], ['newAxis', '...', 'newAxis']), [[[1], [2]]]],
    ['getItem of everything', () => getItem(matrix, []), matrix],
    ['getItem of a tensor index', () => getItem(matrix, [int(0), -1]), 3],
    ['getItem of an int64 index', () => getItem(matrix, [long(1)]), [4, 5, 6]],
    ['getItem up to a tensor', () => getItem(matrix, [[null, long(1)], 0]), [1]],
    [
      'gather',
      () => gather(matrix, [1, 0, 1]),
      [
        [4, 5, 6],
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    ['gather of one', () => gather(matrix, 1), [4, 5, 6]],
    ['gather of nothing', () => gather(matrix, []), []],
    [
      'gather by a matrix',
      () =>
        gather(
          [7, 8, 9],
          [
            [0, 2],
            [1, 1],
          ],
        ),
      [
        [7, 9],
        [8, 8],
      ],
    ],
    ['gather by int64', () => gather([7, 8, 9], [2n]), [9]],
    [
      'gather along another axis',
      () => gather(matrix, [2, 0], { axis: -1 }),
      [
        [3, 1],
        [6, 4],
      ],
    ],
    ['gather along an axis of each batch', () => gather(matrix, [[2], [0]], { batchDims: 1 }), [[3], [4]]],
    [
      'gatherNd of elements',
      () =>
        gatherNd(matrix, [
          [0, 0],
          [1, 2],
        ]),
      [1, 6],
    ],
    ['gatherNd of rows', () => gatherNd(matrix, [[1]]), [[4, 5, 6]]],
    ['scatterNd adds up', () => scatterNd([[1], [3], [1]], [9, 10, 1], [5]), [0, 10, 0, 10, 0]],
    [
      'scatterNd of rows',
      () => scatterNd([[1]], [[1, 2]], [2, 2]),
      [
        [0, 0],
        [1, 2],
      ],
    ],
    [
      'sparseToDense',
      () =>
        sparseToDense(
          [
            [0, 3],
            [1, 0],
          ],
          [2, 4],
          1,
        ),
      [
        [0, 0, 0, 1],
        [1, 0, 0, 0],
      ],
    ],
    ['sparseToDense of a vector', () => sparseToDense([0, 2], [3], [5, 6], { defaultValue: -1 }), [5, -1, 6]],
    ['sparseToDense out of order', () => sparseToDense([2, 0], [3], [5, 6], { validateIndices: false }), [6, 0, 5]],
    [
      'sparseToDense as the article has it',
      () =>
        sparseToDense(concat([expandDims(range(3), 1), [[2], [0], [1]]], 1), [size([0, 0, 0]), 4], 1, {
          defaultValue: 0,
        }),
      [
        [0, 0, 1, 0],
        [1, 0, 0, 0],
        [0, 1, 0, 0],
      ],
    ],
    [
      'where of a condition alone',
      () =>
        where([
          [true, false],
          [false, true],
        ]),
      [
        [0n, 0n],
        [1n, 1n],
      ],
    ],
    ['where of numbers', () => where(constant([0, 3, 0, 1])), [[1n], [3n]]],
    ['where between two', () => where([true, false], [1, 2], [3, 4]), [1, 4]],
    [
      'where between rows',
      () =>
        where([false, true], matrix, [
          [7, 8, 9],
          [0, 0, 0],
        ]),
      [
        [7, 8, 9],
        [4, 5, 6],
      ],
    ],
    ['where between scalars', () => where(false, 1, 2), 2],
    ['booleanMask', () => booleanMask([1, 2, 3], [true, false, true]), [1, 3]],
    ['booleanMask of rows', () => booleanMask(matrix, [false, true]), [[4, 5, 6]]],
    [
      'booleanMask of elements',
      () =>
        booleanMask(matrix, [
          [true, false, false],
          [false, true, true],
        ]),
      [1, 5, 6],
    ],
    [
      'booleanMask of columns',
      () => booleanMask(matrix, [true, false, true], { axis: 1 }),
      [
        [1, 3],
        [4, 6],
      ],
    ],
    [
      'booleanMask of an unknown shape',
      () => booleanMask(unknown(matrix), [true, false, true], { axis: 1 }),
      [
        [1, 3],
        [4, 6],
      ],
    ],
  ])('%s', (_title, build, expected) => {
    expect(evaluate(build)).toEqual(expected);
  });
});

describe('names are those of Python', () => {
  const x = (...sizes: (number | null)[]) => placeholder('float32', sizes);
  const strided = (scope: string) => `${scope}/stack ${scope}/stack_1 ${scope}/stack_2 ${scope}`;
  it.each<[string, () => unknown, string]>([
    ['slice', () => slice(x(4, 2), [0, 0], [1, -1]), 'Slice/begin Slice/size Slice'],
    [
      'stridedSlice',
      () => stridedSlice(x(4), [0], [1], { strides: [1] }),
      'StridedSlice/begin StridedSlice/end StridedSlice/strides StridedSlice',
    ],
    ['getItem', () => getItem(x(4, 2), [[1, null], 0]), strided('strided_slice')],
    [
      'getItem of a tensor index',
      () => getItem(x(4, 2), [size(x(null))]),
      `Size add/y add ${strided('strided_slice')}`,
    ],
    [
      'getItem up to a tensor',
      () => getItem(x(4, 2), [[null, size(x(null))]]),
      `Size Const Const_1 ${strided('strided_slice')}`,
    ],
    ['gather', () => gather(x(4, 2), [0, 1]), 'GatherV2/indices GatherV2/axis GatherV2'],
    ['gatherNd', () => gatherNd(x(4, 2), [[0, 1]]), 'GatherNd/indices GatherNd'],
    ['scatterNd', () => scatterNd([[0]], [1], [3]), 'ScatterNd/indices ScatterNd/updates ScatterNd/shape ScatterNd'],
    [
      'sparseToDense',
      () => sparseToDense([[0, 1]], [2, 2], 1),
      'SparseToDense/sparse_indices SparseToDense/output_shape SparseToDense/sparse_values SparseToDense/default_value SparseToDense',
    ],
    ['where of a condition alone', () => where(placeholder('bool', [3])), 'Where'],
    ['where between two', () => where(placeholder('bool', [3]), x(3), [1, 2, 3]), 'Select/e Select'],
    [
      'booleanMask',
      () => booleanMask(x(3, 2), [true, false, true], { name: 'm' }),
      `m/mask m/Shape ${strided('m/strided_slice')} m/Prod/reduction_indices m/Prod m/Shape_1 ${strided('m/strided_slice_1')} ` +
        `m/Shape_2 ${strided('m/strided_slice_2')} m/concat/values_1 m/concat/axis m/concat m/Reshape m/Reshape_1/shape ` +
        'm/Reshape_1 m/Where m/Squeeze m/GatherV2/axis m/GatherV2',
    ],
  ])('%s', (_title, build, expected) => {
    expect(namesOf(build)).toBe(expected);
  });

  const part = 'StridedSliceGrad';
  it.each<[string, (x: Tensor) => Tensor, string]>([
    [
      'the gradient of slice',
      (a) => slice(a, [0, 1], [1, -1], { name: 'op' }),
      'Rank Shape stack/1 stack Reshape Shape_1 sub sub_1 Reshape_1 concat/axis concat Pad',
    ],
    [
      'the gradient of getItem',
      (a) => getItem(a, [[1, null], 0], { name: 'op' }),
      `Shape ${part}/shape ${part}/begin ${part}/end ${part}/strides ${part}`,
    ],
    [
      'the gradient of gather',
      (a) => gather(a, [0, 1], { name: 'op' }),
      `Shape Cast Size ExpandDims/dim ExpandDims ${strided('strided_slice')} concat/axis concat Reshape Reshape_1`,
    ],
    ['the gradient of gatherNd', (a) => gatherNd(a, [[0, 1]], { name: 'op' }), 'Shape ScatterNd'],
    ['the gradient of scatterNd', (a) => scatterNd([[0], [1]], a, [3, 3], { name: 'op' }), 'GatherNd'],
    [
      'the gradient of where',
      (a) =>
        where(
          placeholder('bool', [2]),
          a,
          [
            [0, 0, 0],
            [0, 0, 0],
          ],
          { name: 'op' },
        ),
      'zeros_like Select Select_1',
    ],
  ])('%s', (_title, build, expected) => {
    const names = namesOf(() => {
      const a = x(2, 3);
      gradients(build(a), [a]);
    });
    const prefix = 'gradients/op_grad/';
    const inScope = names.split(' ').filter((name) => name.startsWith(prefix));
    expect(inScope.join(' ')).toBe(prefix + expected.replaceAll(' ', ` ${prefix}`));
  });
});

const cube = [
  matrix,
  [
    [7, 8, 9],
    [10, 11, 12],
  ],
];

describeGradients([
  ['slice', (a) => slice(a, [0, 1], [1, -1]), [matrix]],
  ['slice of everything', (a) => slice(a, [0, 0], [-1, -1]), [matrix]],
  [
    'getItem of a part',
    (a) =>
      getItem(a, [
        [1, null],
        [null, -1],
      ]),
    [matrix],
  ],
  ['getItem of an index', (a) => getItem(a, [-1, 0]), [matrix]],
  [
    'getItem backwards in steps',
    (a) =>
      getItem(a, [
        [null, null, -1],
        [null, null, 2],
      ]),
    [matrix],
  ],
  ['getItem of a tensor index', (a) => getItem(a, ['...', int(1), 'newAxis']), [matrix]],
  ['stridedSlice', (a) => stridedSlice(a, [0, 2], [2, 0], { strides: [1, -1] }), [matrix]],
  ['gather', (a) => gather(a, [1, 0, 1]), [matrix]],
  ['gather of one', (a) => gather(a, 1), [matrix]],
  [
    'gather by a matrix',
    (a) =>
      gather(a, [
        [1, 0],
        [1, 1],
      ]),
    [matrix],
  ],
  ['gather by int64', (a) => gather(a, [1n]), [matrix]],
  ['gather along another axis', (a) => gather(a, [2, 0, 2], { axis: 1 }), [matrix]],
  [
    'gather along an axis of each batch',
    (a) =>
      gather(
        a,
        [
          [2, 1],
          [0, 0],
        ],
        { batchDims: 1 },
      ),
    [matrix],
  ],
  [
    'gather along a late axis of each batch',
    (a) =>
      gather(
        a,
        [
          [2, 1, 2],
          [0, 0, 1],
        ],
        { axis: 2, batchDims: 1 },
      ),
    [cube],
  ],
  [
    'gatherNd of elements',
    (a) =>
      gatherNd(a, [
        [1, 0],
        [1, 0],
        [0, 2],
      ]),
    [matrix],
  ],
  ['gatherNd of rows', (a) => gatherNd(a, [[1], [1]]), [matrix]],
  ['scatterNd', (a) => scatterNd([[2], [2]], a, [4, 3]), [matrix]],
  [
    'where',
    (a, b) =>
      where(
        [
          [true, false, true],
          [false, false, true],
        ],
        a,
        b,
      ),
    [
      matrix,
      [
        [0, 1, 0],
        [2, 0, 3],
      ],
    ],
  ],
  [
    'where between rows',
    (a, b) => where([true, false], a, b),
    [
      matrix,
      [
        [0, 1, 0],
        [2, 0, 3],
      ],
    ],
  ],
  [
    'SelectV2, which broadcasts',
    (a, b) => applyOne('SelectV2', [[[true, false, true]], a, b]),
    [[[1], [2]], [[3, 4, 5]]],
  ],
  [
    'booleanMask',
    (a) =>
      booleanMask(a, [
        [true, false, true],
        [false, false, true],
      ]),
    [matrix],
  ],
  ['booleanMask of columns', (a) => booleanMask(a, [true, false, true], { axis: 1 }), [matrix]],
]);

// libtensorflow can't build these.
describeGradients(
  [
    ['slice by int64', (a) => slice(a, [long(0), 1], [1, long(2)]), [matrix]],
    ['getItem by int64', (a) => getItem(a, [[long(1), null]]), [matrix]],
    [
      'gather along the last axis',
      (a) =>
        gather(
          a,
          [
            [1, 0],
            [1, 1],
          ],
          { axis: -1 },
        ),
      [cube],
    ],
    [
      'gather with batches counted from the end',
      (a) =>
        gather(
          a,
          [
            [2, 1],
            [0, 0],
          ],
          { axis: 2, batchDims: -1 },
        ),
      [cube],
    ],
    [
      'sparseToDense',
      (a) =>
        sparseToDense(
          [
            [0, 1],
            [1, 0],
          ],
          [2, 2],
          a,
        ),
      [[1, 2]],
    ],
    [
      'sparseToDense of one value',
      (a) =>
        sparseToDense(
          [
            [0, 1],
            [1, 0],
          ],
          [2, 2],
          a,
        ),
      [3],
    ],
    ['sparseToDense of a vector', (a) => sparseToDense([0, 2], [4], a), [[1, 2]]],
    ['sparseToDense of a scalar', (a) => sparseToDense(2, [4], a), [5]],
    [
      'sparseToDense with a value that is computed',
      (a, b) =>
        sparseToDense(
          [
            [0, 1],
            [1, 0],
          ],
          [2, 2],
          a,
          { defaultValue: b },
        ),
      [[1, 2], 3],
    ],
  ],
  { native: false },
);

describe('gradients', () => {
  it.each<[string, (x: Tensor) => Tensor, number[]]>([
    ['gather of nothing', (x) => gather(x, []), [2, 3]],
    ['gather of nothing along another axis', (x) => gather(x, [], { axis: 1 }), [2, 3]],
    ['gather from no rows', (x) => gather(x, [0], { axis: 1 }), [0, 3]],
    ['gather from rows of nothing', (x) => gather(x, [0, 0]), [2, 0]],
  ])('of %s are zeros', (_title, build, sizes) => {
    const zero = () => {
      const x = placeholderWithDefault(constant(1, { shape: sizes }), null);
      return gradients(build(x), [x], { unconnectedGradients: 'zero' })[0];
    };
    expect(evaluate(zero)).toEqual(evaluate(() => constant(0, { shape: sizes })));
  });

  it('of gather leave a placement to what was gathered from', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      const table = constant(matrix, { name: 'table' });
      gradients(gather(table, [1]), [table]);
    });
    const sizes = graph.getOperationByName('gradients/GatherV2_grad/Shape');
    expect(sizes.colocationGroups()).toEqual(['loc:@table']);
  });
});

describe('errors', () => {
  const x = () => placeholder('float32', [2, 3]);
  it.each<[string, () => Tensor, RegExp]>([
    [
      'a slice outside of the tensor',
      () => slice(matrix, [0, 2], [1, 2]),
      /Expected size\[1\] in \[0, 1\], but got 2.*'Slice' was built at .*indexing\.test\.ts/s,
    ],
    [
      'an index outside of the tensor',
      () => getItem(x(), [2]),
      /slice index 2 of dimension 0 out of bounds.*'strided_slice'/s,
    ],
    ['too many items', () => getItem(x(), [0, 0, 0]), /'strided_slice' \(StridedSlice\)/],
    ['an index that is not whole', () => getItem(x(), [0.5]), /expected int32, got 0\.5/],
    ['an index outside of what is gathered from', () => gather(matrix, [2]), /indices\[0\] = 2 is not in \[0, 2\)/],
    ['shapes that differ', () => where([true, false, true], x(), x()), /'Select' \(Select\)/],
    ['one side alone', () => where([true], x() as never), /^where takes x and y both, or neither/],
    ['places that are out of order', () => sparseToDense([2, 0], [3], 1), /out of order/],
    [
      'a mask that is a scalar',
      () => booleanMask(x(), true),
      /^booleanMask: the mask is a scalar .*one dimension or more/,
    ],
    ['a mask of unknown rank', () => booleanMask(x(), placeholder('bool')), /^booleanMask: the mask has no known rank/],
    [
      'a mask that does not fit',
      () => booleanMask(x(), [true]),
      /^booleanMask: .*\[1\] doesn't fit the dimensions of .*\[2, 3\] from 0 on/,
    ],
    [
      'a mask for dimensions that there are not',
      () => booleanMask(x(), [true], { axis: 2 }),
      /^booleanMask: .* from 2 on/,
    ],
    ['a negative axis', () => booleanMask(x(), [true, true], { axis: -2 }), /^booleanMask: .* from -2 on/],
  ])('name what is wrong with %s', (_title, build, message) => {
    expect(() => evaluate(build)).toThrow(message);
  });
});

it('tells TypeScript dtypes and ranks', () => {
  new Graph().asDefault(() => {
    const a = placeholder('float64', [2, 3]);
    expectTypeOf(slice(a, [0, 0], [1, 1])).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(getItem(a, [[0, 1]])).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(getItem(a, [0, [0, 1]])).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(getItem(a, ['...', 0])).toEqualTypeOf<Tensor<'float64', Rank>>();
    expectTypeOf(getItem(a, [0, 0])).toEqualTypeOf<Tensor<'float64', Rank>>();
    expectTypeOf(gather(a, [0])).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(gather(a, 0)).toEqualTypeOf<Tensor<'float64', Rank>>();
    expectTypeOf(gather(a, 0, { axis: 1 })).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(scatterNd([[0], [1]], a, [3, 3])).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(where([true, false])).toEqualTypeOf<Tensor<'int64', 'array'>>();
    expectTypeOf(where([true, false], shape(a), [1, 2])).toEqualTypeOf<Tensor<'int32', 'array'>>();
    expectTypeOf(booleanMask(a, [true, false])).toEqualTypeOf<Tensor<'float64', 'array'>>();
    expectTypeOf(sparseToDense([[0]], [2], 1)).toEqualTypeOf<Tensor<'float32', 'array'>>();
  });
});
