/** Wrong answers to the exercises, each with what is said of it, and right ones. */
import { describe, expect, it } from 'vitest';
import { missingOf } from '../testing/exercises';
import { inFolderOfItsOwn } from '../testing/inFolderOfItsOwn';
import * as tf from '../tf';

inFolderOfItsOwn();

type Layer = (images: tf.Tensor<'float32'>, depth: number) => tf.Tensor<'float32'>;

/** A layer of patches, by what an exercise chooses. */
const layer =
  ({ patch = 5, strides = 1, pool = true, activation = tf.nn.relu6 } = {}): Layer =>
  (images, depth) => {
    const filter = new tf.Variable(tf.zeros([patch, patch, images.shape![3]!, depth]));
    const filtered = tf.nn.conv2d(images, filter, { strides, padding: 'SAME' });
    return activation(pool ? tf.nn.maxPool(filtered, { ksize: 2, strides: 2, padding: 'SAME' }) : filtered);
  };

/** The graph of two such layers. */
function graphOf(layer: Layer): tf.Graph {
  const graph = new tf.Graph();
  graph.asDefault(() => layer(layer(tf.placeholder('float32', [null, 28, 28, 1]), 2), 3));
  return graph;
}

/** A loss that falls from 2.3 to another one within so many steps. */
const falling = (to: number, steps = 100) => Array.from({ length: steps }, (_, i) => to + (2.3 - to) * 0.9 ** i);

function training(
  given: {
    graph?: tf.Graph;
    losses?: number[];
    rates?: number[];
    validated?: number[];
    millisecondsPerStep?: number;
  } = {},
) {
  const {
    graph = new tf.Graph(),
    losses = falling(0.2),
    validated = [1, 0.5, 0.4, 0.3, 0.3],
    millisecondsPerStep = 10,
  } = given;
  const { rates = losses.map(() => 0.1) } = given;
  const x = validated.map((_, i) => 20 * i + 19);
  return { graph, losses, rates, validation: { x, y: validated }, millisecondsPerStep };
}

describe('the exercise on patches', () => {
  const of = (patch: number) => training({ graph: graphOf(layer({ patch })) });
  const check = missingOf('301-patches', () => ({ small: of(3), large: of(9), timesMore: 9 }));

  it('is solved by two trained networks and the number of multiplications', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', () => ({ small: undefined, large: undefined, timesMore: undefined }), /patches of 3 × 3 in both/],
    ['patches of another size', () => ({ small: of(5) }), /`small` are 5 × 5; both/],
    ['the two mixed up', () => ({ small: of(9), large: of(3) }), /`small` are 9 × 9/],
    ['too few steps', () => ({ large: { ...of(9), losses: falling(0.2, 20) } }), /for 100 steps or more/],
    ['a network that learns nothing', () => ({ small: { ...of(3), losses: Array(100).fill(2.3) } }), /has fallen/],
    ['the ratio of widths', () => ({ timesMore: 3 }), /^`timesMore` is 3\. Count/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes())).toMatch(said);
  });
});

describe('the exercise on strides', () => {
  const pooled = () => training({ graph: graphOf(layer()), millisecondsPerStep: 90 });
  const strided = () => training({ graph: graphOf(layer({ strides: 2, pool: false })), millisecondsPerStep: 30 });
  const check = missingOf('302-strides', () => ({ pooled: pooled(), strided: strided(), timesFaster: 3 }));

  it('is solved by a network without pooling and how much faster it is', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', () => ({ strided: undefined }), /Write a layer of your own/],
    ['strides and pooling', () => ({ strided: training({ graph: graphOf(layer({ strides: 2 })) }) }), /has 2 MaxPool/],
    ['neither', () => ({ strided: training({ graph: graphOf(layer({ pool: false })) }) }), /strides \[1,1,1,1\]/],
    ['no network to compare with', () => ({ pooled: strided() }), /one with `convolution` in `pooled`/],
    ['the ratio upside down', () => ({ timesFaster: 1 / 3 }), /took 90\.0 ms with pooling and 30\.0 ms/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes())).toMatch(said);
  });
});

describe('the exercise on dropout', () => {
  const withDropout = training({ losses: falling(0.05), validated: [0.8, 0.4, 0.3, 0.25, 0.25] });
  const withoutDropout = training({ losses: falling(0.005), validated: [0.6, 0.35, 0.3, 0.29, 0.29] });
  const check = missingOf('303-no-dropout', () => ({ withDropout, withoutDropout, crossing: 39 }));

  it('is solved by curves that part and the step where they cross', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', { withDropout: undefined, withoutDropout: undefined }, /Train twice on `few`/],
    ['all images', { withoutDropout: training({ losses: falling(0.2) }) }, /hardly apart/],
    ['two trainings without', { withDropout: withoutDropout }, /the same `keepProbability`/],
    ['another step', { crossing: 99 }, /^`crossing` is 99/],
    ['no step', { crossing: undefined }, /^`crossing` is undefined/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on the shift', () => {
  const images = tf.hostArray(Float32Array.from({ length: 2 * 784 }, (_, i) => 1 + (i % 255))).reshape([2, 784]);
  const moved = (by: number, fill = 0) =>
    tf.hostArray(images.data.map((_, i) => (i % 28 < 28 - by ? images.data[i + by]! : fill))).reshape([2, 784]);
  const check = missingOf('304-shift', () => ({
    images,
    shifted: moved(2),
    convnet: { before: 0.97, after: 0.95 },
    fullyConnected: { before: 0.95, after: 0.75 },
  }));

  it('is solved by moved digits and what both networks make of them', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', { shifted: undefined }, /shape \[2, 784\], and is undefined/],
    ['digits as they were', { shifted: images }, /Digit 0 is wrong in row 0, column 0/],
    ['a shift by one', { shifted: moved(1) }, /Digit 0 is wrong in row 0, column 0/],
    ['rows that run into each other', { shifted: moved(2, 1) }, /row 0, column 26/],
    ['counts in the place of parts', { convnet: { before: 9700, after: 9500 } }, /parts from 0 to 1/],
    [
      'the two mixed up',
      { convnet: { before: 0.95, after: 0.75 }, fullyConnected: { before: 0.97, after: 0.95 } },
      /mixed up/,
    ],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on relu', () => {
  const relu = () => training({ graph: graphOf(layer({ activation: tf.nn.relu })) });
  const relu6 = () => training({ graph: graphOf(layer()) });
  const activations = tf
    .hostArray(Float32Array.from({ length: 400 }, (_, i) => (i < 100 ? 7 : 1)))
    .reshape([100, 2, 2, 1]);
  const cut = tf.hostArray(activations.data.map((value) => Math.min(6, value))).reshape([100, 2, 2, 1]);
  const check = missingOf('305-relu', () => ({ relu: relu(), relu6: relu6(), activations, beyond: 0.25 }));

  it('is solved by two networks and the part of activations beyond 6', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', () => ({ relu: undefined }), /Write a layer with `tf\.nn\.relu`/],
    ['relu6 twice', () => ({ relu: relu6() }), /should be `Relu`/],
    ['another number of steps', () => ({ relu6: { ...relu6(), losses: falling(0.2, 70) } }), /same number of steps/],
    ['activations of one digit', () => ({ activations: activations.reshape([1, 100, 2, 2]) }), /100 digits or more/],
    [
      'activations of relu6',
      () => ({ activations: cut, beyond: 0 }),
      /are exactly 6: they are of a network with `relu6`/,
    ],
    ['a count', () => ({ beyond: 100 }), /^`beyond` is 100: count/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes())).toMatch(said);
  });
});

describe('the exercise on decay', () => {
  const constant = training({ validated: [0.5, 0.4, 0.45, 0.5, 0.4] });
  const decayed = training({
    rates: falling(0.2).map((_, i) => 0.1 * 0.98 ** i),
    validated: [0.5, 0.3, 0.2, 0.1, 0.1],
  });
  const check = missingOf('306-decay', () => ({ falling: decayed, constant, lower: 'falling' }));

  it('is solved by two trainings and which ends lower', () => {
    expect(check({})).toBeUndefined();
    const lost = training({ validated: [0.5, 3, Number.NaN, Number.NaN, Number.NaN] });
    expect(check({ constant: lost })).toBeUndefined(); // too large a rate: what is no number isn't lower
    const chosen: string = 'falling'; // as cells below see a constant that was chosen by a condition
    expect(check({ lower: chosen })).toBeUndefined();
  });

  it.each([
    ['nothing', { falling: undefined }, /with a rate that falls/],
    ['a rate that stays', { falling: constant }, /with a rate that falls/],
    ['a rate that falls twice', { constant: decayed }, /^`constant` goes from 0\.10 to/],
    ['the wrong choice', { lower: 'constant' as const }, /^`lower` is constant/],
    ['no choice', { lower: undefined }, /^`lower` is undefined/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on occlusion', () => {
  const digit = tf
    .hostArray(Float32Array.from({ length: 784 }, (_, i) => (i === 14 * 28 + 14 ? 1 : 0)))
    .reshape([1, 784]);
  const hasInk = (place: number, size = 8) => {
    const [top, left] = [Math.floor(place / 21), place % 21];
    return top <= 14 && 14 < top + size && left <= 14 && 14 < left + size;
  };
  const withPaper = (size: number) => {
    const pixels = new Float32Array(441 * 784);
    for (let place = 0; place < 441; place++)
      for (let i = 0; i < 784; i++) pixels[place * 784 + i] = hasInk(place, size) ? 0 : digit.data[i]!;
    return tf.hostArray(pixels).reshape([441, 784]);
  };
  const map = (covered: number, other: (place: number) => number = () => 0.9) =>
    tf.hostArray(Float32Array.from({ length: 441 }, (_, place) => (hasInk(place) ? covered : other(place))));
  const check = missingOf('307-occlusion', () => ({ digit, covered: withPaper(8), probabilities: map(0.2) }));

  it('is solved by the digit at every place of the paper, and probabilities that fit', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', () => ({ covered: undefined, probabilities: undefined }), /\[441, 784\], and is undefined/],
    ['no paper', () => ({ covered: withPaper(0) }), /Image 154 should be the digit with zeros in rows 7 to 14/],
    ['a smaller paper', () => ({ covered: withPaper(7) }), /Image 154 should/],
    ['no probabilities', () => ({ probabilities: undefined }), /and is undefined: where/],
    ['the same probability everywhere', () => ({ probabilities: map(0.9) }), /can't be that/],
    [
      'the column of another digit',
      () => ({ probabilities: map(0.2, () => 0.01) }),
      /less than a half: is that the column/,
    ],
    ['others where no ink is covered', () => ({ probabilities: map(0.2, (place) => place / 441) }), /can't be that/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes())).toMatch(said);
  });
});
