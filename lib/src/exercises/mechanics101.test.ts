/** Wrong answers to the exercises, each with what is said of it, and right ones. */
import { describe, expect, it } from 'vitest';
import { tf } from '..';
import { missingOf } from '../testing/exercises';
import { inFolderOfItsOwn } from '../testing/inFolderOfItsOwn';

inFolderOfItsOwn();

describe('the exercise on the learning rate', () => {
  /** A curve that falls from 2.3 by a part of itself each step. */
  const falling = (learningRate: number, share: number, to = 0) => ({
    learningRate,
    losses: Array.from({ length: 600 }, (_, step) => to + (2.3 - to) * (1 - share) ** step),
  });
  const trainings = [falling(0.01, 0.002), falling(0.1, 0.01), falling(1, 0.05, 0.3), falling(10, 0)];
  const check = missingOf('101-learning-rate', () => ({ trainings, best: 0.1, bestOf200: 1 }));

  it('is solved by trainings one of which fails, and by what they show', () => {
    expect(check()).toBeUndefined();
  });

  it.each([
    ['no training', { trainings: [] }, /four different rates/],
    ['the same rate four times', { trainings: Array(4).fill(trainings[0]) }, /four different rates/],
    ['trainings that all learn', { trainings: [...trainings.slice(0, 3), falling(2, 0.1)] }, /also 2\. Find a larger/],
    [
      'a rate that is only too small',
      { trainings: [...trainings.slice(0, 3), falling(0.001, 0.00005)] },
      /^With 0\.001 the loss ends above 2, but that rate is too small/,
    ],
    ['the best for few steps as the best', { best: 1 }, /^`best` is 1, and/],
    ['the best as the best for few steps', { bestOf200: 0.1 }, /^`bestOf200` is 0\.1, and/],
    ['no choice', { best: undefined }, /^`best` is undefined: which/],
    ['half a choice', { bestOf200: undefined }, /^`bestOf200` is undefined: which/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on the batch size', () => {
  /** Losses that go to and fro around 1. */
  const timed = (batchSize: number, steps: number, seconds: number, by: number) => ({
    batchSize,
    seconds,
    losses: Array.from({ length: steps }, (_, step) => 1 + (step % 2 ? by : -by)),
  });
  const large = timed(100, 200, 2, 0.1);
  const check = missingOf('101-batch-size', () => ({
    large,
    small: timed(10, 2000, 8, 0.3),
    stepTime: 0.4,
    rougher: 'small',
  }));

  it('is solved by the time of a step, and by the rougher curve', () => {
    expect(check()).toBeUndefined();
    expect(check({ small: timed(10, 2000, 2, 0.01), stepTime: 0.11, rougher: 'large' })).toBeUndefined();
  });

  it.each([
    ['one training', { small: undefined }, /^Train twice/],
    ['the same batches twice', { small: large }, /^Train twice/],
    ['as many steps', { small: timed(10, 200, 1, 0.3) }, /20000 images and `small` 2000\./],
    ['few images', { large: timed(100, 20, 1, 0.1), small: timed(10, 200, 1, 0.3) }, /as many, 20,000 at least/],
    ['the times of whole trainings', { stepTime: 4 }, /^`stepTime` is 4\./],
    ['what was guessed', { stepTime: 0.1 }, /^`stepTime` is 0\.1\./],
    ['the smoother curve', { rougher: 'large' as const }, /^`rougher` is large/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on width', () => {
  const trained = (hidden1: number, train: number, test: number) => ({
    hidden1,
    precision: { train, validation: test, test },
  });
  const wide = trained(512, 0.99, 0.97);
  const narrow = trained(8, 0.92, 0.915);
  const check = missingOf('101-width', () => ({ wide, narrow, wideGap: 2, narrowGap: 0.5 }));

  it('is solved by both networks and how much worse each is on images that it has not seen', () => {
    expect(check()).toBeUndefined();
  });

  it.each([
    ['one network', { narrow: undefined }, /^Train twice/],
    ['networks of other widths', { wide: trained(128, 0.99, 0.97) }, /^Train twice/],
    ['a wide one that has hardly learned', { wide: trained(512, 0.9, 0.9) }, /only 90\.0 % of the training set/],
    ['parts of one for points', { wideGap: 0.02 }, /^`wideGap` is 0\.02/],
    ['gaps that are exchanged', { wideGap: 0.5, narrowGap: 2 }, /`narrowGap` 2\. Of each/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on longer training', () => {
  const trained = (steps: number, train: number) => ({
    losses: Array<number>(steps).fill(0.1),
    precision: { train, validation: 0.97, test: 0.97 },
  });
  const check = missingOf('101-longer', () => ({ longer: trained(5000, 0.99), gap: 2 }));

  it('is solved by a training and how far it leaves the validation set behind', () => {
    expect(check()).toBeUndefined();
    expect(check({ gap: 1.98 })).toBeUndefined();
  });

  it.each([
    ['no training', { longer: undefined }, /has 0 steps/],
    ['a short one', { longer: trained(2000, 0.99) }, /has 2000 steps/],
    ['one that still learns', { longer: trained(5000, 0.93) }, /98 % and more are possible/],
    ['a part of one for points', { gap: 0.02 }, /^`gap` is 0\.02\./],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on another optimizer', () => {
  const slots = ['hidden1/weights/Adam', 'hidden1/weights/Adam_1'];
  const trained = (optimizer: tf.train.Optimizer, loss: number) => {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const weights = new tf.Variable([1, 2], { name: 'hidden1/weights' });
      optimizer.minimize(tf.reduceSum(tf.square(weights)));
    });
    return { graph, losses: Array<number>(500).fill(loss) };
  };
  const check = missingOf('101-adam', () => ({ adam: trained(new tf.train.AdamOptimizer(), 0.3), slots }));

  it('is solved by a network that Adam trains, and the names of the slots in either order', () => {
    expect(check()).toBeUndefined();
    expect(check({ slots: ['hidden1/weights/Adam_1:0', 'hidden1/weights/Adam:0'] })).toBeUndefined();
  });

  it.each([
    ['no training', { adam: undefined }, /^Train with your own `training`/],
    [
      "the lesson's optimizer",
      { adam: trained(new tf.train.GradientDescentOptimizer(0.1), 0.3) },
      /no operation of type `ApplyAdam`/,
    ],
    ['a training that has not learned', { adam: trained(new tf.train.AdamOptimizer(), 2.3) }, /losses are 2\.30/],
    ['no names', { slots: [] }, /^`slots` is \[\]/],
    ['one of two', { slots: slots.slice(1) }, /^`slots` is \[hidden1\/weights\/Adam_1\]/],
    ['the variable itself among them', { slots: [...slots, 'hidden1/weights'] }, /begin with `hidden1\/weights\/`/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on one layer', () => {
  const trained = (shapes: number[][], test: number, bend = (sums: tf.Tensor<'float32'>) => sums) => {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      for (const shape of shapes) new tf.Variable(tf.zeros(shape));
      const logits = bend(tf.placeholder('float32', [null, 10]));
      tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: tf.placeholder('int32', [null]), logits });
    });
    return { graph, precision: { train: test, validation: test, test } };
  };
  const check = missingOf('101-one-layer', () => ({ oneLayer: trained([[784, 10], [10]], 0.9) }));

  it('is solved by a network of ten templates that reads, in whatever order its variables were made', () => {
    expect(check()).toBeUndefined();
    expect(check({ oneLayer: trained([[10], [784, 10]], 0.9) })).toBeUndefined();
  });

  it.each([
    ['no network', { oneLayer: undefined }, /^Train with your own `inference`/],
    [
      "the lesson's network",
      { oneLayer: trained([[784, 128], [128], [128, 10], [10]], 0.9) },
      /784×128, 128, 128×10, 10\./,
    ],
    ['one with a second softmax', { oneLayer: trained([[784, 10], [10]], 0.9, tf.nn.softmax) }, /go through `softmax`/],
    ['one whose sums are rectified', { oneLayer: trained([[784, 10], [10]], 0.9, tf.nn.relu) }, /`\(sums\) => sums`/],
    ['one without biases', { oneLayer: trained([[784, 10]], 0.9) }, /and 10 biases, and no more/],
    ['one that has not learned', { oneLayer: trained([[784, 10], [10]], 0.1) }, /reads 10\.0 % of the test set/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on an error', () => {
  /** What is thrown where a layer's sizes are exchanged. */
  const problemOf = (name: string): unknown => {
    try {
      return new tf.Graph().asDefault(() => {
        const input = tf.placeholder('float32', [null, 128]);
        return tf.nameScope(name, () => tf.matmul(input, new tf.Variable(tf.zeros([32, 128]), { name: 'weights' })));
      });
    } catch (error) {
      return error;
    }
  };
  const check = missingOf('101-break-it', () => ({ problem: problemOf('hidden2'), sizes: [128, 32] }));

  it("is solved by TensorFlow's error and the sizes in it, in either order", () => {
    expect(check()).toBeUndefined();
    expect(check({ sizes: [32, 128] })).toBeUndefined();
  });

  it.each([
    ['nothing thrown', { problem: undefined }, /^Nothing was thrown yet/],
    ['an error of another layer', { problem: problemOf('softmax_linear') }, /another error: InvalidArgumentError/],
    ['an error of JavaScript', { problem: new ReferenceError('hiden1 is not defined') }, /hiden1 is not defined/],
    ['no sizes', { sizes: [] }, /^`sizes` is \[\]/],
    ['the sizes that fit', { sizes: [128, 128] }, /^`sizes` is \[128, 128\]/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});
