/** Wrong answers to the exercises, each with what is said of it, and right ones. */
import { describe, expect, it } from 'vitest';
import { missingOf } from '../testing/exercises';
import { inFolderOfItsOwn } from '../testing/inFolderOfItsOwn';
import * as tf from '../tf';

inFolderOfItsOwn();

describe('the exercise on two servers', () => {
  /** A graph whose variables of 40, 4 and 12 bytes are on these servers. */
  function placed(...servers: number[]) {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      for (const [i, shape] of [[10], [], [3]].entries())
        tf.device(`/job:ps/task:${servers[i]}`, () => new tf.Variable(tf.zeros(shape)));
      tf.device('/job:ps/task:0', () => tf.train.getOrCreateGlobalStep());
    });
    return graph;
  }
  const check = missingOf('501-two-servers', () => ({
    inTurn: placed(0, 1, 0),
    bytes: [52, 4],
    balanced: placed(0, 1, 1),
  }));

  it('is solved by variables on both, their bytes, and a fairer graph', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', () => ({ inTurn: undefined, bytes: [], balanced: undefined }), /Build a worker’s graph/],
    ['one server', () => ({ inTurn: placed(0, 0, 0) }), /are on \/job:ps\/task:0: there/],
    ['no bytes', () => ({ bytes: [] }), /^`bytesOn` is \[\]: .* 56 together/],
    ['elements in the place of bytes', () => ({ bytes: [13, 1] }), /^`bytesOn` is \[13, 1\]/],
    ['the same graph twice', () => ({ balanced: placed(0, 1, 0) }), /once more with `psStrategy`/],
    ['one that is less fair', () => ({ balanced: placed(0, 0, 0) }), /once more with `psStrategy`/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes())).toMatch(said);
  });
});

describe('the exercise on larger batches', () => {
  const check = missingOf('502-larger-batch', () => ({
    small: { batchSize: 100, one: 80, two: 120 },
    large: { batchSize: 1000, one: 20, two: 22 },
    pays: 'small',
  }));

  it('is solved by rates, and by which batches two workers bring more', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', { small: undefined, large: undefined, pays: undefined }, /Measure with `ratesOf`/],
    ['the same batches twice', { large: { batchSize: 100, one: 80, two: 120 } }, /batches of 100 and of 1,000/],
    ['the wrong conclusion', { pays: 'large' as const }, /^`pays` is large; .* 1\.50 by small batches, and 1\.10/],
    ['no conclusion', { pays: undefined }, /^`pays` is undefined/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on the slowest', () => {
  /** A graph whose optimizer waits for so many gradients. */
  function graphOf(replicasToAggregate: number) {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const loss = tf.square(new tf.Variable(1));
      const plain = new tf.train.GradientDescentOptimizer(0.1);
      const optimizer = new tf.train.SyncReplicasOptimizer(plain, replicasToAggregate, { totalNumReplicas: 2 });
      optimizer.minimize(loss, { globalStep: tf.train.getOrCreateGlobalStep() });
    });
    return graph;
  }
  const both = () => ({ graph: graphOf(2), steps: 40, seconds: 2.4, waited: 1.8 });
  const first = () => ({ graph: graphOf(1), steps: 40, seconds: 0.6, waited: 0.5 });
  const check = missingOf('503-slowest', () => ({ both: both(), first: first(), timesFaster: 4 }));

  it('is solved by waiting for both, for one, and how much faster that is', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', () => ({ both: undefined, first: undefined }), /`inStepWith\(2\)` gives/],
    ['a worker that isn’t slow', () => ({ both: { ...both(), waited: 0 } }), /has waited for 0 s in 40 steps/],
    ['waiting for both twice', () => ({ first: both() }), /`inStepWith\(1\)` gives/],
    ['waiting for one twice', () => ({ both: first() }), /`inStepWith\(2\)` gives/],
    ['one that isn’t faster', () => ({ first: { ...first(), seconds: 3 } }), /takes 75 ms for a step, no less/],
    ['the ratio upside down', () => ({ timesFaster: 0.25 }), /there are 66\.7 steps a second .* 16\.7 with both/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes())).toMatch(said);
  });
});

describe('the exercise on staleness', () => {
  /** Losses that stay until the first gradient is applied, and end somewhere. */
  const training = (staleness: number, learningRate: number, end: number, delay = staleness, length = 300) => {
    const way = (step: number) => (1 - learningRate / 10) ** (20 * (step - delay));
    const losses = Array.from({ length }, (_, i) => (i <= delay ? 2.3 : end + (2.3 - end) * way(i)));
    return { staleness, learningRate, losses };
  };
  const trainings = [
    ...[0.01, 0.1, 1].map((rate) => training(0, rate, 0.3)),
    ...[training(20, 0.01, 0.4), training(20, 0.1, 2.3), training(20, 1, Number.NaN)],
  ];
  const check = missingOf('504-staler', () => ({ trainings, breaksAt: 0.1 }));

  it('is solved by trainings with both, and the rate from which on stale gradients fail', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', { trainings: [], breaksAt: undefined }, /there are 0 trainings/],
    ['fresh gradients alone', { trainings: trainings.slice(0, 3) }, /there are 3 trainings/],
    [
      'gradients that are applied at once',
      { trainings: [...trainings.slice(0, 3), ...[0.01, 0.1, 1].map((rate) => training(20, rate, 0.3, 0))] },
      /With staleness 20, different rates have different losses/,
    ],
    [
      'rates that work with both',
      { trainings: [0.01, 0.1, 1].flatMap((rate) => [training(0, rate, 0.3), training(20, rate, 0.4)]) },
      /works with both/,
    ],
    ['a larger rate that fails', { breaksAt: 1 }, /^`breaksAt` is 1: which is the least/],
    [
      'a rate that is only slow',
      { trainings: [...trainings, training(0, 0.001, 1.4), training(20, 0.001, 1.6)], breaksAt: 0.001 },
      /^`breaksAt` is 0\.001: which is the least/,
    ],
    [
      'trainings that are over too soon',
      { trainings: trainings.map((one) => ({ ...one, losses: one.losses.slice(0, 200) })) },
      /trained for 200 steps only/,
    ],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on checkpoints', () => {
  const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const losses = (steps: readonly number[]) => steps.map((step) => 2.3 * 0.98 ** step);
  const told = (steps: number[]) => ({ steps, losses: losses(steps) });
  const steps = [...upTo(1, 40), ...upTo(1, 80)];
  const check = missingOf('505-no-checkpoint', () => ({ ...told(steps), goesOnAt: 1 }));

  it('is solved by a loop that begins anew, and where it goes on', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', { steps: [], losses: [] }, /there are 0 and 0/],
    ['a loop in which no server is lost', told(upTo(1, 80)), /never falls/],
    ['a loop that is restored', told([...upTo(1, 140), ...upTo(50, 80)]), /goes on at 50, so something was restored/],
    ['a step that isn’t there', { goesOnAt: 40 }, /^`goesOnAt` is 40/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on convolutions', () => {
  /** A graph with a filter of 3 × 3, 36 bytes. */
  function graphOf({ convolves = true } = {}) {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const filter = new tf.Variable(tf.zeros([3, 3, 1, 1]));
      const images = tf.zeros([1, 28, 28, 1]);
      if (convolves) tf.nn.conv2d(images, filter, { strides: 1, padding: 'SAME' });
    });
    return graph;
  }
  const check = missingOf('506-convolutional', () => ({
    graph: graphOf(),
    bytes: 72,
    rates: { batchSize: 50, one: 10, two: 11 },
    worthIt: false,
  }));

  it('is solved by its graph, what a step moves, rates, and a conclusion', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', () => ({ graph: undefined }), /another `inference`/],
    ['a network without convolutions', () => ({ graph: graphOf({ convolves: false }) }), /another `inference`/],
    ['one way only', () => ({ bytes: 36 }), /^`bytesMoved` is 36: .*comes back/],
    ['no rates', () => ({ rates: undefined }), /Measure the steps a second/],
    ['the wrong conclusion', () => ({ worthIt: true }), /^`worthIt` is true, and two workers take 1\.10 times/],
    ['no conclusion', () => ({ worthIt: undefined }), /^`worthIt` is undefined/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes())).toMatch(said);
  });
});
