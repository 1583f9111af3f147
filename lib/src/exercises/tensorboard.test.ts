/** Wrong answers to the exercises, each with what is said of it, and right ones. */
import { describe, expect, it } from 'vitest';
import { tf } from '..';
import { missingOf } from '../testing/exercises';
import { inFolderOfItsOwn } from '../testing/inFolderOfItsOwn';
import { tracedStep } from '../testing/tracedStep';
import type { HistogramEvent } from './histograms';

inFolderOfItsOwn();

/** A histogram of values that all lie between two. */
const between = (low: number, high: number, step = 0): HistogramEvent => ({
  wallTime: 0,
  step,
  lows: [-1e30, low, high],
  highs: [low, high, 1e30],
  counts: [0, 10, 0],
});
const losses = (steps: number, loss: number) => Array<number>(steps).fill(loss);

describe('the exercise on a histogram', () => {
  const trained = (weightScale: number, steps: number) => ({
    weightScale,
    losses: losses(steps, 30),
    histograms: new Map([['hidden/pre_activations', [between(-40, 30), between(-90, 90, 10)]]]),
  });
  const check = missingOf('tensorboard-histogram', () => ({ wide: trained(28, 100), reach: 38 }));

  it('is solved by a wide beginning, and how far the first histogram reaches, on either side', () => {
    expect(check()).toBeUndefined();
    expect(check({ reach: -38 })).toBeUndefined();
  });

  it.each([
    ['no training', { wide: undefined }, /^Train with `weightScale: 28`/],
    ['the weights of the lesson', { wide: trained(1, 100) }, /^Train with `weightScale: 28`/],
    ['a few steps', { wide: trained(28, 10) }, /for 100 steps or more/],
    ['what was guessed from the factor', { reach: 28 }, /^`reach` is 28\./],
    ['how far the last one reaches', { reach: 90 }, /^`reach` is 90\./],
    ['the side on which it reaches less far', { reach: 25 }, /on the side where it goes further/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on a dead layer', () => {
  const histograms = new Map([
    ['hidden/activations', [between(-1e-12, 1e-12), between(-1e-12, 1e-12, 10)]],
    ['output/biases', [between(-1e-12, 1e-12), between(-0.1, 0.1, 10)]],
  ]);
  const dead = { hiddenBias: -5, losses: losses(100, 2.3), histograms };
  const check = missingOf('tensorboard-dead-layer', () => ({ dead, tag: 'hidden/activations' }));

  it('is solved by the histogram that never moves from zero', () => {
    expect(check()).toBeUndefined();
  });

  it.each([
    ['no training', { dead: undefined }, /^Train with `hiddenBias: -5`/],
    ['a layer that lives', { dead: { ...dead, hiddenBias: 0 } }, /^Train with `hiddenBias: -5`/],
    ['no tag', { tag: '' }, /no histogram with the tag ``\. There are hidden\/activations, output\/biases/],
    ['one that is zero at first only', { tag: 'output/biases' }, /isn't zero at every step/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on dropout', () => {
  const half = {
    keepProbability: 0.5,
    trainAccuracy: losses(1000, 0.9),
    validationAccuracy: losses(100, 0.95),
    accuracy: { train: 0.97, validation: 0.95 },
  };
  const check = missingOf('tensorboard-dropout', () => ({
    half,
    whileTraining: 'validation',
    withoutDropout: 'train',
  }));

  it('is solved by which is higher, with dropout and without', () => {
    expect(check()).toBeUndefined();
  });

  it.each([
    ['no training', { half: undefined }, /^Train with `keepProbability: 0\.5`/],
    ['the lesson’s dropout', { half: { ...half, keepProbability: 0.9 } }, /^Train with/],
    ['a short training', { half: { ...half, trainAccuracy: losses(100, 0.9) } }, /1,000 steps or more/],
    ['the lower curve', { whileTraining: 'train' as const }, /^`whileTraining` is train/],
    ['the set that is read less well', { withoutDropout: 'validation' as const }, /^`withoutDropout` is validation/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on gradients', () => {
  const tags = ['hidden/weights/Variable/gradient', 'output/weights/Variable/gradient'];
  /** A network with histograms of so many of its four gradients. */
  const trained = (count: number, loss = 0.5, names = tags) => {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const variables = [1, 2, 3, 4].map((value) => new tf.Variable(value));
      const optimizer = new tf.train.AdamOptimizer();
      const gradients = optimizer.computeGradients(tf.square(tf.addN(variables)));
      for (const [gradient] of gradients.slice(0, count)) if (gradient) tf.summary.histogram('gradient', gradient);
      optimizer.applyGradients(gradients);
    });
    const histograms = new Map(names.map((name, i) => [name, [between(-9, 9), between(0, 0.1 * (i + 1), 10)]]));
    return { graph, losses: losses(200, loss), histograms };
  };
  const check = missingOf('tensorboard-gradients', () => ({ watched: trained(4), larger: 'output' }));

  it('is solved by four histograms, and the layer whose gradients are larger in the end', () => {
    expect(check()).toBeUndefined();
  });

  it.each([
    ['no training', { watched: undefined }, /histograms of 0 gradients/],
    ['minimize alone', { watched: trained(0) }, /histograms of 0 gradients, and four variables/],
    ['some of them', { watched: trained(3) }, /histograms of 3 gradients/],
    ['gradients that aren’t applied', { watched: trained(4, 2.3) }, /the loss is 2\.30.*`applyGradients`/],
    ['tags that don’t tell them apart', { watched: trained(4, 0.5, ['g0', 'g1']) }, /^Which histogram is whose/],
    ['the other layer', { larger: 'hidden' as const }, /^`larger` is hidden/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on time', () => {
  /** A traced step, by the microseconds that each type takes. */
  const traced = (batchSize: number, times: Record<string, number>) => {
    const operations = Object.entries(times).map(([type, micros], i) => [`n${i} = ${type}(x)`, 0, micros] as const);
    return { batchSize, trace: tracedStep({ '/device:CPU:0': operations }) };
  };
  const small = traced(100, { MatMul: 100, ApplyAdam: 100 });
  const large = traced(1000, { MatMul: 700, ApplyAdam: 120, Tile: 9 });
  const check = missingOf('tensorboard-time', () => ({ small, large, grows: 'MatMul', stays: 'ApplyAdam' }));

  it('is solved by a type of operations that takes much longer, and one that doesn’t', () => {
    expect(check()).toBeUndefined();
  });

  it.each([
    ['one trace', { large: undefined }, /^Train twice/],
    ['batches of the same size', { large: small }, /^Train twice/],
    ['no type', { grows: '' }, /^`grows` is '', and no operation/],
    ['what there is in one of them only', { grows: 'Tile' }, /^`grows` is 'Tile', and no operation/],
    ['what stays as what grows', { grows: 'ApplyAdam' }, /^`ApplyAdam` takes 1\.2 times/],
    ['what grows as what stays', { stays: 'MatMul' }, /^`MatMul` takes 7\.0 times as long, too/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on a melody', () => {
  const trainLosses = Array.from({ length: 40 }, (_, i) => 2 / (1 + i / 10) + (i % 2 ? 0.2 : 0));
  const validationLosses = trainLosses.map((_, i) => 2 / (1 + i / 10));
  const melodyOf = (values: readonly number[]) => {
    const samples = new Float32Array(values.length * 400);
    let phase = 0;
    for (let i = 0; i < samples.length; i++) {
      phase += (2 * Math.PI * (200 + 400 * values[Math.floor(i / 400)]!)) / 8000;
      samples[i] = Math.sin(phase);
    }
    return samples;
  };
  const melody = melodyOf(trainLosses);
  const check = missingOf('tensorboard-listen', () => ({ trainLosses, validationLosses, melody, trembles: 'train' }));

  it('is solved by a sound whose notes follow the losses, and whose melody trembles more', () => {
    expect(check()).toBeUndefined();
  });

  it.each([
    ['no losses', { trainLosses: [], melody: new Float32Array() }, /^Read the training run/],
    ['the losses of the other set', { trainLosses: validationLosses }, /^These are the losses of the validation set/],
    ['silence', { melody: new Float32Array(16_000) }, /^`melody` doesn't follow/],
    ['one tone', { melody: melodyOf(losses(40, 1)) }, /^`melody` doesn't follow/],
    [
      'notes that rise as the loss falls',
      { melody: melodyOf(trainLosses.map((loss) => 3 - loss)) },
      /^`melody` doesn't/,
    ],
    ['the steadier melody', { trembles: 'validation' as const }, /^`trembles` is validation/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on the projector', () => {
  // Two clouds on a line, of twenty each; the last of the first cloud is a 9 among the 4s.
  const labels = Array.from({ length: 40 }, (_, i) => (i < 19 ? 4 : 9));
  const vectors = tf.hostArray(labels.map((_, i) => [i < 20 ? i / 20 : 10 + i / 20, 0]));
  const check = missingOf('tensorboard-projector', () => ({ vectors, labels, stranger: 19 }));

  it('is solved by a digit that lies among others', () => {
    expect(check()).toBeUndefined();
  });

  it.each([
    ['none', { stranger: undefined }, /one of the 40 examples/],
    ['one that isn’t there', { stranger: 40 }, /one of the 40 examples/],
    ['one of the cloud around the stranger', { stranger: 18 }, /only 1 are other digits/],
    ['one among its own', { stranger: 30 }, /only 0 are other digits/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});
