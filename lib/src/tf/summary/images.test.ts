import { describe, expect, it } from 'vitest';
import { Summary } from '../../protos';
import { HostArray } from '../../runtime/hostArray';
import { decodePng } from '../../testing/decodePng';
import { summarize } from '../../testing/summarize';
import { constant } from '../ops/constants';
import { image } from './builders';
import { type ImageOptions, imageValue, imageValues } from './images';

/** The tags and sizes of images, and their pixels. */
function described(values: readonly Summary.Value[]) {
  return values.map(({ tag, image }) => ({
    tag,
    ...image,
    encodedImageString: decodePng(image!.encodedImageString, image!.colorspace),
  }));
}
const ours = (images: HostArray, options?: ImageOptions) =>
  described(Summary.decode(Summary.encode({ value: imageValues('in', images, options) })).value);
const fromTensorFlow = (images: HostArray, options?: ImageOptions) =>
  described(summarize(() => image('in', constant(images) as never, options)));

const floats = (shape: number[], of: (i: number) => number) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return new HostArray(
    'float32',
    shape,
    Float32Array.from({ length: size }, (_, i) => of(i)),
  );
};

describe('imageValues', () => {
  it.each<[string, HostArray]>([
    ['numbers from 0 on', floats([3, 8, 6, 1], (i) => Math.abs(Math.sin(i)) * 7)],
    ['numbers below 0 too', floats([3, 8, 6, 3], (i) => Math.sin(i) / 3)],
    ['numbers that are all below 0', floats([2, 5, 5, 1], (i) => -1 - (i % 9))],
    ['zeros', floats([1, 2, 2, 1], () => 0)],
    ['four channels', floats([2, 5, 4, 4], (i) => (i * 37) % 101)],
    [
      'pixels that are no numbers',
      floats([2, 3, 3, 3], (i) => [1, Number.NaN, 2, 3, -1, 0.5, Number.POSITIVE_INFINITY][i % 7]!),
    ],
    ['an image without any number', floats([1, 2, 2, 1], () => Number.NaN)],
    [
      'bytes',
      new HostArray(
        'uint8',
        [2, 3, 3, 1],
        Uint8Array.from({ length: 18 }, (_, i) => i * 13),
      ),
    ],
    ['more images than are taken', floats([5, 2, 2, 1], (i) => i)],
  ])('makes the pixels that TensorFlow makes: %s', (_, images) => {
    const [some, kernels] = [ours(images), fromTensorFlow(images)];
    expect(some.length).toBe(kernels.length);
    expect(some).toEqual(kernels);
  });

  it('paints broken pixels in the colour that it is told', () => {
    const broken = floats([2, 1, 2, 3], (i) => (i === 1 ? Number.NaN : i));
    const options = { badColor: [1, 2, 3], maxOutputs: 2 };
    expect(ours(broken, options)).toEqual(fromTensorFlow(broken, options));
    expect(Array.from(ours(broken, options)[0]!.encodedImageString.subarray(0, 3))).toEqual([1, 2, 3]);
  });

  it('has the tag itself for a single image, with or without channels', () => {
    for (const shape of [
      [2, 3],
      [2, 3, 1],
    ])
      expect(ours(floats(shape, (i) => i))).toMatchObject([{ tag: 'in', height: 2, width: 3, colorspace: 1 }]);
    expect(imageValues('in', [[0, 1]])).toMatchObject([{ tag: 'in', image: { height: 1, width: 2 } }]);
  });

  it('refuses what is no image', () => {
    const shapes = 'expected [height, width], [height, width, channels] or [batch, height, width, channels]';
    expect(() => imageValues('in', new Uint8Array(784))).toThrow(`${shapes} with 1, 3 or 4 channels, got [784]`);
    expect(() =>
      imageValues(
        'in',
        floats([2, 2, 2], () => 0),
      ),
    ).toThrow('got [2, 2, 2]');
    expect(() =>
      imageValues(
        'in',
        floats([1, 1, 1, 1, 1], () => 0),
      ),
    ).toThrow('got [1, 1, 1, 1, 1]');
    expect(() =>
      imageValues(
        'in',
        floats([0, 2, 2, 1], () => 0),
      ),
    ).toThrow('got [0, 2, 2, 1]');
  });
});

describe('imageValue', () => {
  it('takes the size from the PNG file', () => {
    const [made] = ours(floats([4, 7, 3], (i) => i));
    const png = imageValues(
      'in',
      floats([4, 7, 3], (i) => i),
    )[0]!.image!.encodedImageString as Uint8Array;
    expect(imageValue('again', png)).toEqual({
      tag: 'again',
      image: { ...made, tag: undefined, encodedImageString: png },
    });
    expect(() => imageValue('no', Buffer.from('GIF89a'))).toThrow('expected a PNG file, got 6 bytes of something else');
  });
});
