import { describe, expect, it } from 'vitest';
import { HostArray } from '../../runtime/hostArray';
import { checkGradients } from '../../testing/checkGradients';
import { checkNativeGradients } from '../../testing/checkNativeGradients';
import { evaluate, namesOf } from '../../testing/evaluate';
import { gradients } from '../gradients';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { transpose } from './array';
import { placeholder } from './constants';
import { square } from './elementwise';
import { matmul } from './matmul';

const a = [
  [1, 2, 3],
  [4, 5, 6],
];
const b = [
  [1, -1],
  [0, 2],
  [3, 0.5],
];
const transposed = (matrix: number[][]) => matrix[0]!.map((_, j) => matrix.map((row) => row[j]!));

const transposes = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
  { transposeA: true, transposeB: true },
];

describe.each(transposes)('matmul with %o', (options) => {
  const x = options.transposeA ? transposed(a) : a;
  const y = options.transposeB ? transposed(b) : b;

  it('multiplies matrices', () => {
    expect(evaluate(() => matmul(x, y, options))).toEqual([
      [10, 4.5],
      [22, 9],
    ]);
  });

  it('multiplies batches of matrices', () => {
    expect(evaluate(() => matmul([x, x], [y, y], options))).toEqual(
      Array(2).fill([
        [10, 4.5],
        [22, 9],
      ]),
    );
  });

  it('has gradients', () => {
    checkGradients((s, t) => matmul(s, t, options), [x, y]);
    checkGradients((s, t) => matmul(s, t, options), [x, y], { unknownShapes: true });
    checkNativeGradients((s, t) => matmul(s, t, options), [x, y]);
  });

  it('has gradients for batches', () => {
    const batches = [
      [x, x],
      [y, y],
    ];
    checkGradients((s, t) => matmul(s, t, options), batches);
    checkNativeGradients((s, t) => matmul(s, t, options), batches);
  });

  it('has second derivatives', () => {
    const derivative = (s: Tensor<'float64'>, t: Tensor<'float64'>) =>
      gradients(square(matmul(s, t, options)), [s], { unconnectedGradients: 'zero' })[0];
    checkGradients(derivative, [x, y], { tolerance: 1e-5 });
  });
});

describe('a batch of matrices', () => {
  it.each([
    ['one matrix', [[a], [a]], b],
    ['one matrix on the left', a, [b, b]],
    ['batches of size 1 and 2', [[a, a]], [[b], [b]]],
    ['a matrix, where sides of size 1 are no broadcast', [[[1, 2, 3]], [[4, 5, 6]]], [[1], [0], [3]]],
  ])('is broadcast to %s, which gradients undo', (_what, x, y) => {
    checkGradients(matmul, [x, y]);
    checkGradients(matmul, [x, y], { unknownShapes: true });
  });

  it('undoes a broadcast of unknown size', () => {
    new Graph().asDefault(() => {
      const [x, y] = [placeholder('float32', [null, 2, 3]), placeholder('float32', [1, 3, 4])];
      const grads = gradients(matmul(x, y), [x, y]);
      expect(grads.map((grad) => grad?.shape)).toEqual([
        [null, 2, 3],
        [1, 3, 4],
      ]);
    });
  });

  it('may be empty', () => {
    const empty = new HostArray('float64', [0, 2, 3], new Float64Array(0));
    checkGradients(matmul, [empty, b]);
  });
});

describe('matmul', () => {
  it('is MatMul for matrices and BatchMatMulV2 for others, each named MatMul', () => {
    new Graph().asDefault(() => {
      const matrix = placeholder('float32', [2, 2]);
      const products = [matmul(matrix, matrix), matmul(matrix, placeholder('float32'))];
      expect(products.map(({ op }) => [op.name, op.type])).toEqual([
        ['MatMul', 'MatMul'],
        ['MatMul_1', 'BatchMatMulV2'],
      ]);
    });
  });

  it('gives plain values the dtype of the tensor beside them', () => {
    new Graph().asDefault(() => {
      const product: Tensor<'float64', 'array'> = matmul([[1, 2]], placeholder('float64', [2, 3]));
      expect([product.dtype, product.shape]).toEqual(['float64', [1, 3]]);
    });
    expect(namesOf(() => matmul(a, b))).toBe('MatMul/a MatMul/b MatMul');
  });

  it('adds two products for the gradients, named as in Python', () => {
    const names = namesOf(() => {
      const x = placeholder('float32', [2, 3]);
      gradients(matmul(x, transpose(x), { name: 'gram' }), [x]);
    });
    expect(names).toMatch(/gradients\/gram_grad\/MatMul gradients\/gram_grad\/MatMul_1/);
  });

  it('refuses matrices that do not fit', () => {
    expect(() => matmul(a, a, { name: 'square' })).toThrow(
      /Dimensions must be equal, but are 3 and 2[\s\S]*building operation 'square' \(MatMul\) at .*matmul\.test\.ts/,
    );
    expect(() => matmul([1, 2], b)).toThrow(/Shape must be rank 2 but is rank 1/);
  });
});
