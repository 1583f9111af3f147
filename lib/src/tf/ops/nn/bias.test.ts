import { describe, expect, it } from 'vitest';
import { checkGradients } from '../../../testing/checkGradients';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { wave } from '../../../testing/wave';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Shape, Tensor } from '../../graph/tensor';
import { placeholder } from '../constants';
import { square } from '../elementwise/unary';
import { biasAdd } from './bias';

describe('biasAdd', () => {
  it('adds to the last dimension', () => {
    expect(
      evaluate(() =>
        biasAdd(
          [
            [1, 2],
            [3, 4],
          ],
          [10, 20],
        ),
      ),
    ).toEqual([
      [11, 22],
      [13, 24],
    ]);
  });

  it('adds to dimension 1 of NCHW', () => {
    const images = [[[[1, 2]], [[3, 4]]]];
    expect(evaluate(() => biasAdd(images, [10, 20], { dataFormat: 'NCHW' }))).toEqual([[[[11, 12]], [[23, 24]]]]);
  });

  it('refuses a bias of another length', () => {
    new Graph().asDefault(() => {
      expect(() => biasAdd([[1, 2]], [1, 2, 3])).toThrow(/must be equal, but are 2 and 3.*'BiasAdd'/s);
    });
  });

  it('is named as in TensorFlow 1', () => {
    const build = () => {
      const [x, b] = [placeholder('float32', [2, 3]), placeholder('float32', [3])];
      gradients(biasAdd(x, b), [x, b]);
    };
    const begin = 'BiasAdd gradients/Shape gradients/grad_ys_0/Const gradients/grad_ys_0';
    expect(namesOf(build)).toBe(`${begin} gradients/BiasAdd_grad/BiasAddGrad`);
  });
});

describeGradients([
  ['biasAdd', (x, b) => biasAdd(x, b), [wave([2, 1, 3, 2]), wave([2])]],
  ['biasAdd to a matrix', (x, b) => biasAdd(x, b), [wave([3, 1]), wave([1])]],
  ['biasAdd, NCHW', (x, b) => biasAdd(x, b, { dataFormat: 'NCHW' }), [wave([2, 3, 2, 1]), wave([3])]],
]);

describe.each(['NHWC', 'NCHW'] as const)('the gradient of BiasAddGrad of %s', (dataFormat) => {
  const build = (known: Shape) => (x: Tensor<'float64'>, b: Tensor<'float64'>) => {
    x.setShape(known);
    return gradients(square(biasAdd(x, b, { dataFormat })), [b])[0]!;
  };
  it.each([
    ['with static shapes', [2, 3, 2, 3], false],
    ['with a static rank', [null, null, null, null], true],
    ['without', null, true],
  ] as const)('is that of differences %s', (_title, known, unknownShapes) => {
    checkGradients(build(known), [wave([2, 3, 2, 3]), wave([3])], { unknownShapes });
  });
});
