import { describe, expect, it } from 'vitest';
import { Summary } from '../protos';
import { HostArray } from '../runtime/hostArray';
import { GraphKeys } from '../tf/graph/collections';
import { Graph } from '../tf/graph/graph';
import type { Tensor } from '../tf/graph/tensor';
import { globalVariablesInitializer } from '../tf/ops/variables';
import { type Feeds, Session } from '../tf/session';
import { mergeAll } from '../tf/summary/builders';
import {
  evaluation,
  type InferenceOptions,
  inference,
  loss,
  placeholderInputs,
  type TrainingOptions,
  training,
} from './convnet';

const SMALL = { inputDepth: 4, hidden1Depth: 6, hidden2Units: 16 };

/** The whole network in a graph of its own. */
function build(sizes: InferenceOptions = {}, howToLearn: TrainingOptions = {}) {
  const graph = new Graph();
  return graph.asDefault(() => {
    graph.seed = 1;
    const [images, labels, keepProb] = placeholderInputs(null);
    const logits = inference(images, keepProb, sizes);
    const cost = loss(logits, labels);
    const trainOp = training(cost, howToLearn);
    const { correct, accuracy } = evaluation(logits, labels);
    const [init, summary] = [globalVariablesInitializer(), mergeAll()];
    return { graph, images, labels, keepProb, logits, cost, trainOp, correct, accuracy, init, summary };
  });
}

type Net = ReturnType<typeof build>;

function initialized({ graph, init }: Net): Session {
  const session = new Session({ graph });
  session.runSync(init);
  return session;
}

/** Ten images, the digit d of which has ink in the rows 2d and 2d + 1 only. */
function bars({ images, labels }: Net): Feeds {
  const pixels = Float32Array.from({ length: 10 * 784 }, (_, i) => {
    const [digit, row] = [Math.floor(i / 784), Math.floor((i % 784) / 28)];
    return Math.floor(row / 2) === digit ? 1 : 0;
  });
  return [
    [images, new HostArray('float32', [10, 784], pixels)],
    [labels, Array.from({ length: 10 }, (_, digit) => digit)],
  ];
}

const shapeOf = ({ graph }: Net, name: string) => graph.getTensorByName(name).shape;

/** The first parts of the names of a graph's operations. */
const scopesOf = ({ graph }: Net) => new Set(graph.operations.map(({ name }) => name.split('/')[0]!));

describe('the convolutional network', () => {
  it('has each part in a scope of its own', () => {
    const net = build();
    expect([...scopesOf(net)].filter((name) => /^(input|hidden|output)/.test(name))).toEqual([
      'input_images',
      'input_cnn_filter',
      'input_pool',
      'input_bias',
      'input_act',
      'hidden1_cnn_filter',
      'hidden1_pool',
      'hidden1_bias',
      'hidden1_act',
      'hidden2_weights',
      'hidden2_bias',
      'hidden2_act',
      'hidden2_drop',
      'output_weights',
      'output_bias',
      'output_act',
    ]);
    expect([...scopesOf(net)]).toEqual(
      expect.arrayContaining(['images', 'labels', 'keep_prob', 'loss', 'train', 'evaluation', 'global_step']),
    );
    expect([net.logits.name, net.cost.name]).toEqual(['output_bias/BiasAdd:0', 'loss/xentropy_mean:0']);
    expect([net.correct.name, net.accuracy.name]).toEqual(['evaluation/correct:0', 'evaluation/accuracy:0']);
    expect(net.trainOp.name).toBe('train/Adam');
  });

  it('has activations of these shapes', () => {
    const net = build();
    expect(shapeOf(net, 'input_images/Reshape:0')).toEqual([null, 28, 28, 1]);
    expect(shapeOf(net, 'input_cnn_filter/Conv2D:0')).toEqual([null, 28, 28, 24]);
    expect(shapeOf(net, 'input_act/Relu6:0')).toEqual([null, 14, 14, 24]);
    expect(shapeOf(net, 'hidden1_cnn_filter/Conv2D:0')).toEqual([null, 14, 14, 48]);
    expect(shapeOf(net, 'hidden1_act/Relu6:0')).toEqual([null, 7, 7, 48]);
    expect(shapeOf(net, 'hidden2_act/Relu6:0')).toEqual([null, 200]);
    expect(shapeOf(net, 'hidden2_drop/dropped:0')).toEqual([null, 200]);
    expect(net.logits.shape).toEqual([null, 10]);
    expect(shapeOf(net, 'output_act/Softmax:0')).toEqual([null, 10]);
  });

  it('has variables of these shapes', () => {
    const { graph } = build();
    const variables = graph.getCollection(GraphKeys.TRAINABLE_VARIABLES);
    expect(Object.fromEntries(variables.map(({ op, shape }) => [op.name, shape]))).toEqual({
      'input_cnn_filter/filter': [5, 5, 1, 24],
      'input_bias/bias': [24],
      'hidden1_cnn_filter/filter': [5, 5, 24, 48],
      'hidden1_bias/bias': [48],
      'hidden2_weights/weights': [7 * 7 * 48, 200],
      'hidden2_bias/bias': [200],
      'output_weights/weights': [200, 10],
      'output_bias/bias': [10],
    });
  });

  it('halves images by strides where it is told to, and has no pools then', () => {
    const net = build({ ...SMALL, downsampling: 'strides' });
    expect([...scopesOf(net)].filter((name) => name.includes('pool'))).toEqual([]);
    expect(shapeOf(net, 'input_cnn_filter/Conv2D:0')).toEqual([null, 14, 14, 4]);
    expect(shapeOf(net, 'hidden1_act/Relu6:0')).toEqual([null, 7, 7, 6]);
  });

  it('takes the sizes of its options', () => {
    const net = build({ patchSize: 3, ...SMALL });
    expect(shapeOf(net, 'hidden1_cnn_filter/filter:0')).toEqual([3, 3, 4, 6]);
    expect(shapeOf(net, 'hidden2_weights/weights:0')).toEqual([7 * 7 * 6, 16]);
  });

  it.each(['pooling', 'strides'] as const)('learns, with %s', (downsampling) => {
    const net = build({ ...SMALL, downsampling }, { learningRate: 0.01 });
    const session = initialized(net);
    const feeds = bars(net);
    const [lossBefore, correctBefore] = session.runSync([net.cost, net.correct], feeds);
    for (let step = 0; step < 60; step++) session.runSync(net.trainOp, [...feeds, [net.keepProb, 0.8]]);
    const [lossAfter, correct, accuracy] = session.runSync([net.cost, net.correct, net.accuracy], feeds);
    expect(correctBefore).toBeLessThan(8);
    expect(lossAfter).toBeLessThan(lossBefore / 4);
    expect([correct, accuracy]).toEqual([10, 1]);
  });

  it('summarizes loss, rate and accuracy, variables, activations and images', () => {
    const net = build(SMALL);
    const summary = Summary.decode(initialized(net).runSync(net.summary, bars(net)));
    const tags = summary.value.map(({ tag }) => tag);
    expect(tags).toEqual(expect.arrayContaining(['loss', 'learning_rate', 'accuracy']));
    expect(tags).toEqual(
      expect.arrayContaining([
        'input_images/digits/image/0',
        'input_cnn_filter/summaries/histogram',
        'hidden2_bias/summaries/mean',
        'hidden1_act/activations',
        'output_act/activations',
      ]),
    );
    expect(new Set(tags).size).toBe(tags.length);
  });
});

describe('dropout', () => {
  const zeros = (array: HostArray<'float32'>) => array.data.filter((value) => value === 0).length / array.size;

  it('is off unless a probability is fed', () => {
    const net = build(SMALL);
    const session = initialized(net);
    const [before, after] = ['hidden2_act/Relu6:0', 'hidden2_drop/dropped:0'].map((name) =>
      session.runSync(name, bars(net)),
    );
    expect(after).toEqual(before);
  });

  it('drops what it is told to, and scales the rest up', () => {
    const net = build({ ...SMALL, hidden2Units: 1000 });
    const [before, after] = initialized(net).runSync(
      [net.graph.getTensorByName('hidden2_act/Relu6:0'), net.graph.getTensorByName('hidden2_drop/dropped:0')] as Tensor<
        'float32',
        'array'
      >[],
      [...bars(net), [net.keepProb, 0.25]],
    ) as HostArray<'float32'>[];
    const active = 1 - zeros(before!);
    expect(1 - zeros(after!)).toBeGreaterThan(active * 0.2);
    expect(1 - zeros(after!)).toBeLessThan(active * 0.3);
    for (const [i, value] of after!.data.entries()) if (value !== 0) expect(value).toBeCloseTo(before!.data[i]! * 4, 5);
  });

  it('drops other units at each step, and the same at the same step', () => {
    const net = build(SMALL);
    const feeds: Feeds = [...bars(net), [net.keepProb, 0.5]];
    const draw = net.graph.getTensorByName('hidden2_drop/draw:0');
    const draws = () => {
      const session = initialized(net);
      return [0, 1].map(() => {
        const drawn = session.runSync(draw, feeds) as HostArray<'float32'>;
        expect(session.runSync(draw, feeds)).toEqual(drawn);
        session.runSync(net.trainOp, feeds);
        return drawn;
      });
    };
    const [first, second] = draws();
    expect(second).not.toEqual(first);
    expect(draws()).toEqual([first, second]);
  });
});

describe('training', () => {
  const rateAfter = (steps: number, options: TrainingOptions) => {
    const net = build(SMALL, options);
    const session = initialized(net);
    for (let step = 0; step < steps; step++) session.runSync(net.trainOp, bars(net));
    return session.runSync('train/learning_rate:0');
  };

  it('lets the learning rate fall', () => {
    const options = { learningRate: 0.01, decayRate: 0.25, decaySteps: 4 };
    expect(rateAfter(0, options)).toBeCloseTo(0.01, 8);
    expect(rateAfter(2, options)).toBeCloseTo(0.005, 8);
    expect(rateAfter(4, options)).toBeCloseTo(0.0025, 8);
  });

  it.each([
    ['gradientDescent', 'ApplyGradientDescent', []],
    ['momentum', 'ApplyMomentum', ['Momentum']],
    ['adagrad', 'ApplyAdagrad', ['Adagrad']],
    ['rmsProp', 'ApplyRMSProp', ['RMSProp', 'RMSProp_1']],
    ['adam', 'ApplyAdam', ['Adam', 'Adam_1']],
  ] as const)('by %s updates each variable with %s and keeps %j beside it', (optimizer, update, slots) => {
    const net = build(SMALL, { optimizer });
    expect(net.graph.operations.filter(({ type }) => type === update)).toHaveLength(8);
    const beside = 'input_cnn_filter/filter';
    const names = net.graph.getCollection(GraphKeys.GLOBAL_VARIABLES).map(({ op }) => op.name);
    expect(names.filter((name) => name.startsWith(`${beside}/`))).toEqual(slots.map((slot) => `${beside}/${slot}`));
    const session = initialized(net);
    const before = session.runSync(net.cost, bars(net));
    for (let step = 0; step < 10; step++) session.runSync(net.trainOp, bars(net));
    expect(session.runSync(net.cost, bars(net))).toBeLessThan(before);
  });

  it('refuses what it does not know', () => {
    expect(() => build(SMALL, { optimizer: 'newton' as 'adam' })).toThrow(
      "expected an optimizer, one of gradientDescent, momentum, adagrad, rmsProp, adam, got 'newton'",
    );
    expect(() => build(SMALL, { decayRate: 1.5 })).toThrow(
      'expected a decayRate above 0 and up to 1, and decaySteps above 0, got 1.5 and 500',
    );
    expect(() => build(SMALL, { decaySteps: 0 })).toThrow('got 0.8 and 0');
  });
});
