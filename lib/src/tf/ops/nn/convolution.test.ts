import { describe, expect, it } from 'vitest';
import type { HostArray } from '../../../runtime/hostArray';
import { checkGradients } from '../../../testing/checkGradients';
import { describeGradients } from '../../../testing/describeGradients';
import { evaluate, namesOf } from '../../../testing/evaluate';
import { wave } from '../../../testing/wave';
import { gradients } from '../../gradients';
import { Graph } from '../../graph/graph';
import type { Shape, Tensor } from '../../graph/tensor';
import { shape, transpose } from '../array';
import { constant, placeholder } from '../constants';
import { square } from '../elementwise/unary';
import { type ConvolutionOptions, conv2d, conv2dTranspose, depthwiseConv2d } from './convolution';
import { BatchSpace } from './spaceToBatch';

type Sizes4 = readonly [number, number, number, number];

/** The padding before and the size of the output along one dimension. */
function geometry(size: number, filter: number, stride: number, rate: number, padding: 'SAME' | 'VALID') {
  const reach = (filter - 1) * rate + 1;
  if (padding === 'VALID') return { before: 0, count: Math.ceil((size - reach + 1) / stride) };
  const count = Math.ceil(size / stride);
  return { before: Math.floor(Math.max((count - 1) * stride + reach - size, 0) / 2), count };
}

/** A convolution by its definition; of each channel by itself if `depthwise`. */
function reference(
  input: HostArray<'float64'>,
  filter: HostArray<'float64'>,
  [strideH, strideW]: readonly [number, number],
  [rateH, rateW]: readonly [number, number],
  padding: 'SAME' | 'VALID',
  depthwise = false,
) {
  const [batch, height, width, channels] = input.shape as Sizes4;
  const [filterHeight, filterWidth, , outputs] = filter.shape as Sizes4;
  const rows = geometry(height, filterHeight, strideH, rateH, padding);
  const columns = geometry(width, filterWidth, strideW, rateW, padding);
  const at = (b: number, y: number, x: number, c: number) =>
    y < 0 || y >= height || x < 0 || x >= width ? 0 : input.at(b, y, x, c);
  const sum = (b: number, y: number, x: number, c: number, k: number) => {
    let total = 0;
    for (let i = 0; i < filterHeight; i++)
      for (let j = 0; j < filterWidth; j++)
        total +=
          at(b, y * strideH - rows.before + i * rateH, x * strideW - columns.before + j * rateW, c) *
          filter.at(i, j, c, k);
    return total;
  };
  const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  return times(batch, (b) =>
    times(rows.count, (y) =>
      times(columns.count, (x) =>
        depthwise
          ? times(channels, (c) => times(outputs, (k) => sum(b, y, x, c, k))).flat()
          : times(outputs, (k) => times(channels, (c) => sum(b, y, x, c, k)).reduce((a, value) => a + value, 0)),
      ),
    ),
  );
}

/** Nested arrays that are equal but for rounding. */
function expectClose(actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) => (value as number[]).flat(3) as number[]) as [number[], number[]];
  expect(a.length).toBe(b.length);
  for (const [i, value] of b.entries()) expect(a[i], `element ${i}`).toBeCloseTo(value, 10);
}

describe('conv2d', () => {
  it.each<[Sizes4, Sizes4, [number, number], [number, number], 'SAME' | 'VALID']>([
    [[2, 5, 4, 3], [3, 2, 3, 2], [1, 1], [1, 1], 'SAME'],
    [[2, 5, 4, 3], [3, 2, 3, 2], [1, 1], [1, 1], 'VALID'],
    [[1, 7, 6, 1], [2, 3, 1, 3], [2, 3], [1, 1], 'SAME'],
    [[1, 7, 6, 2], [2, 3, 2, 1], [3, 2], [1, 1], 'VALID'],
    [[1, 7, 6, 2], [3, 2, 2, 2], [1, 1], [2, 3], 'SAME'],
    [[1, 7, 6, 2], [3, 2, 2, 2], [1, 1], [2, 1], 'VALID'],
    [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1], [1, 1], 'SAME'],
  ])('of %j and %j with strides %j, dilations %j, %s is what the definition says', (...sizes) => {
    const [inputShape, filterShape, strides, dilations, padding] = sizes;
    const [input, filter] = [wave(inputShape), wave(filterShape, { seed: 1 })];
    expectClose(
      evaluate(() => conv2d(input, filter, { strides, dilations, padding })),
      reference(input, filter, strides, dilations, padding),
    );
  });

  it('takes one stride for both dimensions, and one for each of the four', () => {
    const [input, filter] = [wave([1, 5, 5, 1]), wave([2, 2, 1, 1])];
    const [one, four] = evaluate(() => [
      conv2d(input, filter, { strides: 2, padding: 'SAME' }),
      conv2d(input, filter, { strides: [1, 2, 2, 1], padding: 'SAME' }),
    ]) as [unknown, unknown];
    expect(one).toEqual(four);
  });

  it('takes explicit padding', () => {
    const [input, filter] = [wave([1, 5, 4, 2]), wave([3, 3, 2, 1])];
    const around = {
      strides: 1,
      padding: [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
    } as const;
    const [explicit, same] = evaluate(() => [
      conv2d(input, filter, around),
      conv2d(input, filter, { strides: 1, padding: 'SAME' }),
    ]) as [unknown, unknown];
    expect(explicit).toEqual(same);
  });

  it('has the dtype of its operands, and has a rank', () => {
    new Graph().asDefault(() => {
      const images = placeholder('float64', [null, 28, 28, 1]);
      const result: Tensor<'float64', 'array'> = conv2d(images, wave([5, 5, 1, 8]), { strides: 1, padding: 'SAME' });
      expect(result.shape).toEqual([null, 28, 28, 8]);
    });
  });

  it.each<[string, () => Tensor, RegExp]>([
    [
      'channels that differ',
      () => conv2d(wave([1, 4, 4, 3]), wave([2, 2, 2, 1]), { strides: 1, padding: 'SAME' }),
      /input depth .*building operation 'Conv2D' \(Conv2D\)/s,
    ],
    [
      'three strides',
      () => conv2d(wave([1, 4, 4, 1]), wave([2, 2, 1, 1]), { strides: [1, 2, 1] as never, padding: 'SAME' }),
      /strides has one number, two or four, got \[1, 2, 1\]/,
    ],
    [
      'a padding of pixels without pairs',
      () => conv2d(wave([1, 4, 4, 1]), wave([2, 2, 1, 1]), { strides: 1, padding: [1, 1] as never }),
      /a pair \[before, after\] for each of the four dimensions, got \[1,1\]/,
    ],
    [
      'an unknown padding',
      () => conv2d(wave([1, 4, 4, 1]), wave([2, 2, 1, 1]), { strides: 1, padding: 'FULL' as never }),
      /"FULL" is not in the list of allowed values/,
    ],
  ])('refuses %s', (_title, build, message) => {
    new Graph().asDefault(() => expect(build).toThrow(message));
  });
});

const options = (strides: ConvolutionOptions['strides'], padding: ConvolutionOptions['padding'], more = {}) => ({
  strides,
  padding,
  ...more,
});

describeGradients([
  ['conv2d, SAME', (x, f) => conv2d(x, f, options(1, 'SAME')), [wave([2, 3, 4, 2]), wave([2, 3, 2, 2])]],
  ['conv2d, VALID', (x, f) => conv2d(x, f, options([2, 1], 'VALID')), [wave([1, 5, 4, 2]), wave([2, 3, 2, 1])]],
  ['conv2d in strides', (x, f) => conv2d(x, f, options([2, 3], 'SAME')), [wave([1, 5, 4, 1]), wave([3, 2, 1, 2])]],
  ['depthwiseConv2d', (x, f) => depthwiseConv2d(x, f, options(2, 'SAME')), [wave([1, 5, 4, 2]), wave([3, 2, 2, 2])]],
  [
    'depthwiseConv2d, VALID',
    (x, f) => depthwiseConv2d(x, f, options(1, 'VALID')),
    [wave([2, 3, 4, 1]), wave([2, 2, 1, 3])],
  ],
]);

// TF_AddGradients knows no gradient of these, or asks for a kernel that isn't there.
describeGradients(
  [
    [
      'conv2d with explicit padding',
      (x, f) =>
        conv2d(
          x,
          f,
          options(1, [
            [0, 0],
            [1, 0],
            [0, 2],
            [0, 0],
          ]),
        ),
      [wave([1, 3, 2, 1]), wave([2, 2, 1, 2])],
    ],
    [
      'conv2dTranspose',
      (x, f) => conv2dTranspose(x, f, [1, 5, 4, 2], options(2, 'SAME')),
      [wave([1, 3, 2, 1]), wave([2, 3, 2, 1])],
    ],
  ],
  { native: false },
);

// SAME padding of a dilated filter needs its static size.
describe.each<[string, (x: Tensor<'float64'>, f: Tensor<'float64'>) => Tensor<'float64'>]>([
  ['conv2d, SAME', (x, f) => conv2d(x, f, options(1, 'SAME', { dilations: [2, 3] }))],
  ['conv2d, VALID', (x, f) => conv2d(x, f, options(1, 'VALID', { dilations: 2 }))],
  [
    'conv2d, explicit',
    (x, f) =>
      conv2d(
        x,
        f,
        options(
          1,
          [
            [0, 0],
            [1, 0],
            [0, 3],
            [0, 0],
          ],
          { dilations: [3, 2] },
        ),
      ),
  ],
  ['depthwiseConv2d, SAME', (x, f) => depthwiseConv2d(x, f, options(1, 'SAME', { dilations: [3, 2] }))],
  ['depthwiseConv2d, VALID', (x, f) => depthwiseConv2d(x, f, options(1, 'VALID', { dilations: [2, 1] }))],
])('the gradients of a dilated %s', (_title, build) => {
  const inputs = [wave([1, 5, 6, 2]), wave([2, 3, 2, 1])];
  const opaque = (known: Shape) => (x: Tensor<'float64'>, f: Tensor<'float64'>) => {
    f.setShape(known);
    return build(x, f);
  };

  it('are those of differences', () => checkGradients(build, inputs));
  it('need no static shape of the images', () => checkGradients(opaque([2, 3, 2, 1]), inputs, { unknownShapes: true }));
  it('have gradients', () =>
    checkGradients((x, f) => gradients(square(build(x, f)), [x])[0]!, inputs, { tolerance: 1e-5 }));
});

describe('depthwiseConv2d', () => {
  it.each<[Sizes4, Sizes4, [number, number], [number, number], 'SAME' | 'VALID']>([
    [[2, 5, 4, 3], [3, 2, 3, 2], [1, 1], [1, 1], 'SAME'],
    [[1, 7, 6, 2], [2, 3, 2, 1], [2, 2], [1, 1], 'VALID'],
    [[1, 7, 6, 2], [3, 2, 2, 2], [1, 1], [2, 3], 'SAME'],
    [[1, 7, 6, 2], [3, 2, 2, 1], [1, 1], [3, 1], 'VALID'],
  ])('of %j and %j with strides %j, dilations %j, %s is what the definition says', (...sizes) => {
    const [inputShape, filterShape, strides, dilations, padding] = sizes;
    const [input, filter] = [wave(inputShape), wave(filterShape, { seed: 1 })];
    expectClose(
      evaluate(() => depthwiseConv2d(input, filter, { strides, dilations, padding })),
      reference(input, filter, strides, dilations, padding, true),
    );
  });

  it('refuses strides and dilations together', () => {
    new Graph().asDefault(() => {
      const build = () => depthwiseConv2d(wave([1, 4, 4, 1]), wave([2, 2, 1, 1]), options(2, 'SAME', { dilations: 2 }));
      expect(build).toThrow('strides [1,2,2,1] must be 1 with dilations [1,2,2,1]');
    });
  });

  it('refuses SAME padding of a dilated filter of unknown size', () => {
    new Graph().asDefault(() => {
      const build = () =>
        depthwiseConv2d(wave([1, 4, 4, 1]), placeholder('float64'), options(1, 'SAME', { dilations: 2 }));
      expect(build).toThrow('SAME padding of a dilated window needs the height and width of its filter');
    });
  });
});

describe('BatchSpace', () => {
  const padding = [
    [0, 0],
    [2, 1],
    [0, 3],
    [0, 0],
  ] as const;
  const [batch, height, width, channels] = padding;

  it('spreads and gathers NCHW images as it does NHWC ones', () => {
    const [spread, expected, back, images] = evaluate(() => {
      const images = constant(wave([2, 5, 4, 3]));
      const filter = constant(wave([3, 3, 3, 1]));
      const last = new BatchSpace(images, filter, [2, 3], padding, 'NHWC');
      const channelsFirst = transpose(images, { perm: [0, 3, 1, 2] });
      const first = new BatchSpace(channelsFirst, filter, [2, 3], [batch, channels, height, width], 'NCHW');
      const spread = first.spread(channelsFirst);
      return [
        transpose(spread, { perm: [0, 2, 3, 1] }),
        last.spread(images),
        transpose(first.spreadGradient(spread), { perm: [0, 2, 3, 1] }),
        images,
      ];
    }) as unknown[];
    expect(spread).toEqual(expected);
    expect(back).toEqual(images);
  });
});

describe('conv2dTranspose', () => {
  it('does what the gradient of conv2d does', () => {
    const [value, filter] = [wave([2, 3, 2, 2]), wave([3, 2, 1, 2], { seed: 1 })];
    const results = evaluate(() => {
      const images = constant(wave([2, 6, 4, 1]));
      const output = conv2d(images, filter, { strides: 2, padding: 'SAME' });
      const [byImages] = gradients(output, [images], { gradYs: [value] });
      return [byImages!, conv2dTranspose(value, filter, [2, 6, 4, 1], { strides: 2 })];
    }) as [unknown, unknown];
    expect(results[0]).toEqual(results[1]);
  });

  it('takes an output shape that is known only when the graph runs', () => {
    const value = wave([1, 2, 2, 1]);
    const built = evaluate(() => {
      const sizes = shape(transpose(wave([1, 4, 1, 4]), { perm: [0, 1, 3, 2] }));
      return shape(conv2dTranspose(value, wave([2, 2, 1, 1]), sizes, { strides: 2 }));
    });
    expect(built).toEqual([1, 4, 4, 1]);
  });
});

describe('names are those of TensorFlow 1', () => {
  const image = () => placeholder('float32', [1, 4, 4, 2]);
  const filter = () => placeholder('float32', [2, 2, 2, 2]);
  it.each<[string, () => unknown, string]>([
    ['conv2d', () => conv2d(image(), filter(), options(1, 'SAME')), 'Conv2D'],
    ['depthwiseConv2d', () => depthwiseConv2d(image(), filter(), options(1, 'SAME')), 'depthwise'],
    [
      'dilated depthwiseConv2d',
      () => depthwiseConv2d(image(), filter(), options(1, 'SAME', { dilations: 2 })),
      'depthwise/SpaceToBatchND/block_shape depthwise/SpaceToBatchND/paddings depthwise/SpaceToBatchND depthwise ' +
        'depthwise/BatchToSpaceND/block_shape depthwise/BatchToSpaceND/crops depthwise/BatchToSpaceND',
    ],
    [
      'conv2dTranspose',
      () => conv2dTranspose(image(), filter(), [1, 8, 8, 2], { strides: 2 }),
      'conv2d_transpose/input_sizes conv2d_transpose',
    ],
    [
      'the gradients of conv2d',
      () => {
        const [x, f] = [image(), filter()];
        gradients(conv2d(x, f, options(1, 'SAME', { name: 'conv' })), [x, f]);
      },
      'conv gradients/Shape gradients/grad_ys_0/Const gradients/grad_ys_0 gradients/conv_grad/ShapeN ' +
        'gradients/conv_grad/Conv2DBackpropInput gradients/conv_grad/Conv2DBackpropFilter',
    ],
  ])('%s', (_title, build, expected) => {
    expect(namesOf(build)).toBe(expected);
  });
});
