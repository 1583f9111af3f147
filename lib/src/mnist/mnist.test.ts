import { describe, expect, it } from 'vitest';
import { DataSet } from '../data';
import { Summary } from '../protos';
import { HostArray } from '../runtime/hostArray';
import { GraphKeys } from '../tf/graph/collections';
import { Graph } from '../tf/graph/graph';
import type { Tensor } from '../tf/graph/tensor';
import { expandDims, range, size } from '../tf/ops/array';
import { placeholder } from '../tf/ops/constants';
import { sparseToDense } from '../tf/ops/indexing';
import { concat } from '../tf/ops/joining';
import { softmaxCrossEntropyWithLogits } from '../tf/ops/nn';
import { reduceMean } from '../tf/ops/reduce';
import { globalVariablesInitializer } from '../tf/ops/variables';
import { Session } from '../tf/session';
import { mergeAll } from '../tf/summary/builders';
import { doEval, evaluation, fillFeedDict, inference, loss, placeholderInputs, training } from '.';

function inGraph<T>(build: (graph: Graph) => T): T {
  const graph = new Graph();
  return graph.asDefault(() => build(graph));
}

/** `count` examples whose every pixel, times 255, is the example's number. */
function examples(count: number): DataSet {
  const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => Math.floor(i / 784));
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return new DataSet(new HostArray('uint8', [count, 784], pixels), new HostArray('uint8', [count], labels), {
    seed: 1,
  });
}

describe('the fully connected network', () => {
  it("has the article's scopes and variables", () => {
    inGraph((graph) => {
      const [images, labels] = placeholderInputs(100);
      const logits = inference(images, 128, 32);
      const cost = loss(logits, labels);
      expect([images.name, labels.name]).toEqual(['images:0', 'labels:0']);
      expect([images.shape, labels.shape, logits.shape]).toEqual([[100, 784], [100], [100, 10]]);
      expect([logits.name, cost.name]).toEqual(['softmax_linear/add:0', 'xentropy_mean:0']);
      expect(training(cost, 0.01).name).toBe('GradientDescent');
      const variables = graph.getCollection(GraphKeys.GLOBAL_VARIABLES);
      expect(Object.fromEntries(variables.map((variable) => [variable.op.name, variable.shape]))).toEqual({
        'hidden1/weights': [784, 128],
        'hidden1/biases': [128],
        'hidden2/weights': [128, 32],
        'hidden2/biases': [32],
        'softmax_linear/weights': [32, 10],
        'softmax_linear/biases': [10],
        global_step: [],
      });
      expect(variables.filter(({ trainable }) => !trainable).map(({ op }) => op.name)).toEqual(['global_step']);
    });
  });

  it("has a loss that is the article's first edition's, made of one-hot rows", () => {
    inGraph((graph) => {
      const logits = placeholder('float32', [4, 10]);
      const labels = placeholder('int32', [4]);
      const indices = concat([expandDims(range(0, size(labels)), 1), expandDims(labels, 1)], 1);
      const oneHot = sparseToDense(indices, [4, 10], 1);
      const first = reduceMean(softmaxCrossEntropyWithLogits({ logits, labels: oneHot }));
      const rows = Array.from({ length: 4 }, (_, i) => Array.from({ length: 10 }, (_, j) => Math.sin(i * 10 + j)));
      const [ours, theirs] = new Session({ graph }).runSync(
        [loss(logits, labels), first],
        [
          [logits, rows],
          [labels, [3, 0, 9, 1]],
        ],
      );
      expect(ours).toBeCloseTo(theirs as number, 6);
      expect(ours).toBeGreaterThan(1);
    });
  });

  it('counts what it gets right', () => {
    inGraph((graph) => {
      const logits = placeholder('float32', [3, 10]);
      const labels = placeholder('int32', [3]);
      const rows = [2, 5, 5].map((best) => Array.from({ length: 10 }, (_, digit) => (digit === best ? 1 : 0)));
      const correct = evaluation(logits, labels);
      expect(
        new Session({ graph }).runSync(correct, [
          [logits, rows],
          [labels, [2, 5, 6]],
        ]),
      ).toBe(2);
    });
  });

  it('learns, counts its steps, and summarizes its loss', () => {
    inGraph((graph) => {
      const [images, labels] = placeholderInputs(10);
      const cost = loss(inference(images, 16, 8), labels);
      const trainOp = training(cost, 0.5);
      const summary = mergeAll();
      const session = new Session({ graph });
      session.runSync(globalVariablesInitializer());
      const feeds = fillFeedDict(examples(10), images, labels);
      const before = session.runSync(cost, feeds);
      for (let step = 0; step < 20; step++) session.runSync(trainOp, feeds);
      const [after, bytes, steps] = session.runSync([cost, summary, graph.getTensorByName('global_step:0')], feeds);
      expect(after).toBeLessThan(before);
      expect(steps).toBe(20);
      expect(Summary.decode(bytes).value).toMatchObject([{ tag: 'loss', simpleValue: after }]);
    });
  });
});

describe('a feed dict', () => {
  it('has the next batch, of the size of the placeholders', () => {
    inGraph(() => {
      const [images, labels] = placeholderInputs(7);
      const feeds = [...fillFeedDict(examples(20), images, labels)];
      expect(feeds.map(([key]) => key)).toEqual([images, labels]);
      expect(feeds.map(([, value]) => (value as HostArray).shape)).toEqual([[7, 784], [7]]);
    });
  });
});

describe('doEval', () => {
  it('sees every example once and leaves the set where it was', async () => {
    const { graph, images, labels, seen } = inGraph((graph) => {
      const [images, labels] = placeholderInputs(5);
      return { graph, images, labels, seen: evaluation(placeholder('float32', [5, 10], { name: 'logits' }), labels) };
    });
    const set = examples(23);
    const lines: string[] = [];
    const session = new Session({ graph });
    const logits = Array.from({ length: 5 }, (_, i) => Array.from({ length: 10 }, (_, digit) => (digit === i ? 1 : 0)));
    const fed = new Proxy(session, {
      get: (target, key) =>
        key === 'run'
          ? (fetches: typeof seen, feeds: Iterable<[Tensor, HostArray]>) =>
              target.run(fetches, [...feeds, ['logits:0', logits]])
          : Reflect.get(target, key),
    });
    const result = await doEval(fed, seen, images, labels, set, (line) => lines.push(line));
    // Of labels 0 … 9 in turn, by fives: the first five of every ten are right; three examples fill no batch.
    expect(result).toEqual({ numExamples: 20, numCorrect: 10, precision: 0.5 });
    expect(lines).toEqual(['  Num examples: 20  Num correct: 10  Precision @ 1: 0.50']);
    expect(set.indexInEpoch).toBe(0);
  });
});
