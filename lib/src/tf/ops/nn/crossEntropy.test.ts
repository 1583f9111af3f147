import { describe, expect, expectTypeOf, it } from 'vitest';
import type { HostArray } from '../../../runtime/hostArray';
import { checkGradients } from '../../../testing/checkGradients';
import { checkNativeGradients } from '../../../testing/checkNativeGradients';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { wave } from '../../../testing/wave';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { Session } from '../../session';
import { transpose } from '../array';
import { constant, placeholder } from '../constants';
import { softmax } from './activations';
import {
  sigmoidCrossEntropyWithLogits,
  softmaxCrossEntropyWithLogits,
  softmaxCrossEntropyWithLogitsV2,
  sparseSoftmaxCrossEntropyWithLogits,
  weightedCrossEntropyWithLogits,
} from './crossEntropy';

const logits = [
  [1, 2, 3],
  [0, -1, 4],
];
const labels = [
  [0.5, 0.25, 0.25],
  [0, 1, 0],
];
const logSumExp = (row: number[]) => Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const losses = logits.map((row, i) => logSumExp(row) - dot(row, labels[i]!));
const sparse = (...classes: number[]) => classes.map((c, i) => logSumExp(logits[i]!) - logits[i]![c]!);

const double = (value: number[] | number[][] | number[][][]) => constant(value, { dtype: 'float64' });
const columns = (rows: number[][]) => rows[0]?.map((_, j) => rows.map((row) => row[j]!)) as number[][];

function expectClose(actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) => [value].flat(9) as number[]) as [number[], number[]];
  expect(a.length).toBe(b.length);
  for (const [i, value] of b.entries()) expect(a[i], `element ${i}`).toBeCloseTo(value, 6);
}

describe('losses', () => {
  it.each<[string, () => Tensor, unknown]>([
    ['softmax', () => softmaxCrossEntropyWithLogits({ labels, logits: double(logits) }), losses],
    ['softmax, V2', () => softmaxCrossEntropyWithLogitsV2({ labels, logits: double(logits) }), losses],
    [
      'softmax with integers as labels',
      () =>
        softmaxCrossEntropyWithLogits({
          labels: constant([[0, 1, 0]], { dtype: 'int32' }),
          logits: double([[1, 2, 3]]),
        }),
      sparse(1),
    ],
    [
      'softmax of classes in columns',
      () => softmaxCrossEntropyWithLogits({ labels: columns(labels), logits: double(columns(logits)), axis: 0 }),
      losses,
    ],
    [
      'softmax of a vector',
      () => softmaxCrossEntropyWithLogits({ labels: [0, 1, 0], logits: double([1, 2, 3]) }),
      sparse(1)[0],
    ],
    [
      'softmax of three dimensions',
      () => softmaxCrossEntropyWithLogits({ labels: [labels, labels], logits: double([logits, logits]) }),
      [losses, losses],
    ],
    [
      'softmax of three dimensions, classes in the middle',
      () => {
        const swap = (x: Tensor) => transpose(x, { perm: [0, 2, 1] });
        const options = { labels: swap(double([labels])), logits: swap(double([logits])), axis: -2 };
        return softmaxCrossEntropyWithLogitsV2(options);
      },
      [losses],
    ],
    ['sparse', () => sparseSoftmaxCrossEntropyWithLogits({ labels: [2, 0], logits: double(logits) }), sparse(2, 0)],
    [
      'sparse with int64',
      () => sparseSoftmaxCrossEntropyWithLogits({ labels: constant([2n, 0n]), logits: double(logits) }),
      sparse(2, 0),
    ],
    [
      'sparse of one example',
      () => sparseSoftmaxCrossEntropyWithLogits({ labels: 1, logits: double([1, 2, 3]) }),
      sparse(1)[0],
    ],
    [
      'sparse of three dimensions',
      () => sparseSoftmaxCrossEntropyWithLogits({ labels: [[2, 0]], logits: double([logits]) }),
      [sparse(2, 0)],
    ],
    [
      'sigmoid',
      () => sigmoidCrossEntropyWithLogits({ labels: [0, 1, 0.25, 1], logits: double([2, 3, 0, -1]) }),
      [Math.log1p(Math.exp(2)), Math.log1p(Math.exp(-3)), Math.log(2), Math.log1p(Math.E)],
    ],
    [
      'sigmoid of large logits',
      () => sigmoidCrossEntropyWithLogits({ labels: [1, 0, 1], logits: double([1000, 1000, -1000]) }),
      [0, 1000, 1000],
    ],
    [
      'weighted',
      () => weightedCrossEntropyWithLogits({ labels: [0, 1, 0.25], logits: double([2, 3, 0]), posWeight: 4 }),
      [Math.log1p(Math.exp(2)), 4 * Math.log1p(Math.exp(-3)), 1.75 * Math.log(2)],
    ],
  ])('%s', (_title, build, expected) => {
    expectClose(evaluate(build), expected);
  });

  it('of a class that isn’t there fail when they run', () => {
    const build = () => sparseSoftmaxCrossEntropyWithLogits({ labels: [-1], logits: [[1, 2]] });
    expect(() => evaluate(build)).toThrow('a label value of -1 which is outside the valid range of [0, 2)');
  });

  it('need no static shapes', () => {
    const graph = new Graph();
    const session = new Session({ graph });
    const { x, y, z, all } = graph.asDefault(() => {
      const [x, y, z] = [placeholder('float64'), placeholder('float64'), placeholder('int32')];
      const all = {
        soft: softmaxCrossEntropyWithLogits({ labels: y, logits: x }),
        sparse: sparseSoftmaxCrossEntropyWithLogits({ labels: z, logits: x }),
        sigmoid: sigmoidCrossEntropyWithLogits({ labels: y, logits: x }),
      };
      return { x, y, z, all };
    });
    for (const nested of [false, true]) {
      const feeds = [
        [x, nested ? [logits] : logits],
        [y, nested ? [labels] : labels],
        [z, nested ? [[2, 0]] : [2, 0]],
      ] as const;
      const values = session.runSync(all, feeds);
      expectClose([...(values.soft as HostArray<'float64'>).data], losses);
      expectClose([...(values.sparse as HostArray<'float64'>).data], sparse(2, 0));
      expect((values.sparse as HostArray).shape).toEqual(nested ? [1, 2] : [2]);
      expect((values.soft as HostArray).shape).toEqual(nested ? [1, 2] : [2]);
    }
    session.close();
  });

  it('have the dtype of the logits and what is known of their shape', () => {
    new Graph().asDefault(() => {
      const logits = placeholder('float32', [null, 5, 10]);
      const loss = sparseSoftmaxCrossEntropyWithLogits({ labels: placeholder('int64', [7, null]), logits });
      expectTypeOf(loss).toEqualTypeOf<Tensor<'float32'>>();
      expect(loss.shape).toEqual([7, null]);
      const soft = softmaxCrossEntropyWithLogits({ labels: placeholder('float32'), logits });
      expect(soft.shape).toEqual([null, 5]);
    });
  });

  it.each<[string, () => Tensor, RegExp]>([
    [
      'labels with a dimension of classes',
      () => sparseSoftmaxCrossEntropyWithLogits({ labels: [[1], [2]], logits }),
      /labels must have the shape of the logits without the classes: Tensor '.*' int32 \[2, 1\], Tensor '.*' float32 \[2, 3\]/,
    ],
    [
      'logits without classes',
      () => sparseSoftmaxCrossEntropyWithLogits({ labels: 1, logits: 2 }),
      /have at least a dimension of classes/,
    ],
    [
      'labels of fractions',
      () => sparseSoftmaxCrossEntropyWithLogits({ labels: [0.5, 1], logits }),
      /expected int32, got 0.5/,
    ],
    [
      'another number of classes',
      () =>
        softmaxCrossEntropyWithLogits({
          labels: [
            [1, 0],
            [0, 1],
          ],
          logits,
        }),
      /must be equal, but are 3 and 2|broadcast/,
    ],
    [
      'another dimension than there is',
      () => softmaxCrossEntropyWithLogits({ labels, logits, axis: 2 }),
      /axis 2 is no dimension of/,
    ],
    [
      'sigmoids of another shape',
      () => sigmoidCrossEntropyWithLogits({ labels: [1], logits }),
      /labels and logits must have one shape/,
    ],
    [
      'weighted sigmoids of another shape',
      () => weightedCrossEntropyWithLogits({ labels: [1], logits, posWeight: 2 }),
      /labels and logits must have one shape/,
    ],
  ])('refuse %s', (_title, build, message) => {
    new Graph().asDefault(() => expect(build).toThrow(message));
  });
});

// The operation counts on labels that sum to 1, which a softmax keeps true however they are changed.
describeGradients(
  [
    [
      'softmaxCrossEntropyWithLogitsV2',
      (x, y) => softmaxCrossEntropyWithLogitsV2({ labels: softmax(y), logits: x }),
      [logits, labels],
    ],
    [
      'sparseSoftmaxCrossEntropyWithLogits',
      (x) => sparseSoftmaxCrossEntropyWithLogits({ labels: [2, 0], logits: x }),
      [wave([2, 3])],
    ],
    [
      'sparseSoftmaxCrossEntropyWithLogits of three dimensions',
      (x) => sparseSoftmaxCrossEntropyWithLogits({ labels: [[2, 0]], logits: x }),
      [wave([1, 2, 3])],
    ],
    [
      'softmaxCrossEntropyWithLogitsV2 of three dimensions',
      (x, y) => softmaxCrossEntropyWithLogitsV2({ labels: softmax(y), logits: x }),
      [[logits], [labels]],
    ],
    [
      'softmaxCrossEntropyWithLogitsV2 of distributions that depend on the logits',
      (x) => softmaxCrossEntropyWithLogitsV2({ labels: softmax(x), logits: x }),
      [wave([2, 3])],
    ],
    [
      'sigmoidCrossEntropyWithLogits',
      (x, y) => sigmoidCrossEntropyWithLogits({ labels: y, logits: x }),
      [[[-2, 0.5, 3]], [[0, 1, 0.25]]],
    ],
    [
      'weightedCrossEntropyWithLogits',
      (x, y, w) => weightedCrossEntropyWithLogits({ labels: y, logits: x, posWeight: w }),
      [[-2, 0.5, 3], [0, 1, 0.25], 2.5],
    ],
  ],
  { native: false },
);

describe('the gradients of softmaxCrossEntropyWithLogits', () => {
  it('are those of differences along another dimension', () => {
    checkGradients(
      (x, y) => softmaxCrossEntropyWithLogitsV2({ labels: y, logits: x, axis: 0 }),
      [columns(logits), columns(labels)],
    );
  });

  it("are libtensorflow's", () => {
    const build = (x: Tensor, y: Tensor) => softmaxCrossEntropyWithLogitsV2({ labels: y, logits: x });
    checkNativeGradients(build, [logits, labels], 'float32'); // of float64 it mixes dtypes
  });

  it('leave the labels alone', () => {
    new Graph().asDefault(() => {
      const [x, y] = [placeholder('float32', [2, 3]), placeholder('float32', [2, 3])];
      const [byLogits, byLabels] = gradients(softmaxCrossEntropyWithLogits({ labels: y, logits: x }), [x, y]);
      expect(byLogits).not.toBeNull();
      expect(byLabels).toBeNull();
    });
  });

  it('of sigmoids at 0 are the label’s distance from a half', () => {
    const gradient = evaluate(() => {
      const x = double([0, 0]);
      return gradients(sigmoidCrossEntropyWithLogits({ labels: [0, 1], logits: x }), [x])[0]!;
    });
    expect(gradient).toEqual([0.5, -0.5]);
  });
});

describe('names are those of TensorFlow 1, without the operations that reshape a matrix to itself', () => {
  const scores = () => placeholder('float32', [2, 3]);
  const begin = 'gradients/Shape gradients/grad_ys_0/Const gradients/grad_ys_0 gradients/zeros_like ';
  const product = (scope: string) =>
    ['ExpandDims/dim', 'ExpandDims', 'mul'].map((name) => `gradients/${scope}_grad/${name}`).join(' ');

  it.each<[string, () => unknown, string]>([
    [
      'softmax',
      () => softmaxCrossEntropyWithLogits({ labels: scores(), logits: scores(), name: 'xentropy' }),
      'xentropy/labels_stop_gradient xentropy',
    ],
    [
      'softmax, V2',
      () => softmaxCrossEntropyWithLogitsV2({ labels: scores(), logits: scores() }),
      'softmax_cross_entropy_with_logits',
    ],
    [
      'sparse',
      () =>
        sparseSoftmaxCrossEntropyWithLogits({ labels: placeholder('int32', [2]), logits: scores(), name: 'xentropy' }),
      'xentropy/xentropy',
    ],
    [
      'sigmoid',
      () => sigmoidCrossEntropyWithLogits({ labels: scores(), logits: scores() }),
      ['zeros_like', 'GreaterEqual', 'Select', 'Neg', 'Select_1', 'mul', 'sub', 'Exp', 'Log1p']
        .map((name) => `logistic_loss/${name}`)
        .join(' ')
        .concat(' logistic_loss'),
    ],
    [
      'weighted',
      () => weightedCrossEntropyWithLogits({ labels: scores(), logits: scores(), posWeight: 2 }),
      [
        'mul/x',
        'mul',
        'add/x',
        'add',
        'sub/x',
        'sub',
        'mul_1',
        'Abs',
        'Neg',
        'Exp',
        'Log1p',
        'Neg_1',
        'Relu',
        'add_1',
        'mul_2',
      ]
        .map((name) => `logistic_loss/${name}`)
        .join(' ')
        .concat(' logistic_loss'),
    ],
    [
      'the gradient of softmax',
      () => {
        const x = scores();
        gradients(softmaxCrossEntropyWithLogits({ labels: scores(), logits: x, name: 'xentropy' }), [x]);
      },
      `xentropy/labels_stop_gradient xentropy ${begin}${product('xentropy')} ` +
        ['LogSoftmax', 'Neg', 'ExpandDims_1/dim', 'ExpandDims_1', 'mul_1']
          .map((name) => `gradients/xentropy_grad/${name}`)
          .join(' '),
    ],
    [
      'the gradient of sparse',
      () => {
        const x = scores();
        gradients(sparseSoftmaxCrossEntropyWithLogits({ labels: placeholder('int32', [2]), logits: x, name: 'x' }), [
          x,
        ]);
      },
      `x/x ${begin}${product('x/x')}`,
    ],
  ])('%s', (_title, build, expected) => {
    expect(namesOf(build)).toBe(expected);
  });
});
