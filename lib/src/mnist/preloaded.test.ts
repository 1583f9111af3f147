import { afterEach, describe, expect, it } from 'vitest';
import { DataSet } from '../data';
import { HostArray } from '../runtime/hostArray';
import { Graph } from '../tf/graph/graph';
import { setRandomSeed } from '../tf/ops/random';
import { globalVariablesInitializer } from '../tf/ops/variables';
import { Session } from '../tf/session';
import { doEval, fillFeedDict, placeholderInputs } from './feeding';
import { evaluation, inference, loss as lossOf, training } from './fullyConnected';
import { preloadedInputs } from './preloaded';

const sessions: Session[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});

/** Examples that look like digits to nobody; `kind` are pixels, or floats. */
function examples(count: number, kind: 'uint8' | 'float32' = 'uint8'): DataSet {
  const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => (i * 31 + (i >> 8)) & 255);
  const images =
    kind === 'uint8'
      ? new HostArray('uint8', [count, 784], pixels)
      : new HostArray(
          'float32',
          [count, 784],
          Float32Array.from(pixels, (pixel) => pixel / 255),
        );
  const labels = new HostArray(
    'uint8',
    [count],
    Uint8Array.from({ length: count }, (_, i) => i % 10),
  );
  return new DataSet(images, labels, { seed: 3 });
}

/** The article's network over inputs of either kind. */
function network(inputs: () => ReturnType<typeof placeholderInputs>) {
  const graph = new Graph();
  const built = graph.asDefault(() => {
    setRandomSeed(1);
    const [images, labels] = inputs();
    const logits = inference(images, 16, 8);
    const loss = lossOf(logits, labels);
    const evalCorrect = evaluation(logits, labels);
    return { images, labels, loss, evalCorrect, trainOp: training(loss, 0.1), init: globalVariablesInitializer() };
  });
  const session = new Session({ graph, config: { intraOpParallelismThreads: 1, interOpParallelismThreads: 1 } });
  sessions.push(session);
  session.runSync(built.init);
  return { session, ...built };
}

describe('preloaded inputs', () => {
  let set: DataSet;

  it.each(['uint8', 'float32'] as const)('train to the bit as fed examples do (%s)', (kind) => {
    const losses = [placeholderInputs, (batchSize: number) => preloadedInputs(set, batchSize)].map((inputs) => {
      set = examples(2000, kind);
      const { session, trainOp, loss, images, labels } = network(() => inputs(50));
      return Array.from({ length: 60 }, () => session.runSync([trainOp, loss], fillFeedDict(set, images, labels))[1]);
    });
    expect(losses[1]).toEqual(losses[0]);
    expect(new Set(losses[0]).size).toBe(60);
  });

  it('are fed the examples of other sets, and evaluated on their own', async () => {
    const [train, test] = [examples(1500), examples(400)];
    const { session, evalCorrect, images, labels } = network(() => preloadedInputs(train, 100));
    const other = network(() => placeholderInputs(100));
    for (const set of [test, train]) {
      const [one, two] = [
        await doEval(session, evalCorrect, images, labels, set, () => {}),
        await doEval(other.session, other.evalCorrect, other.images, other.labels, set, () => {}),
      ];
      expect(one).toEqual(two);
      expect(one.numExamples).toBe(set.numExamples);
    }
    const [fed] = session.runSync([images], fillFeedDict(test, images, labels, { fakeData: true }));
    expect(fed.data.every((value) => value === 1)).toBe(true);
  });

  it('may be many runs under way, each with rows of its own', async () => {
    const set = examples(1500);
    const { session, images, labels } = network(() => preloadedInputs(set, 100));
    const runs = Array.from({ length: 20 }, () => session.run(images, fillFeedDict(set, images, labels)));
    const again = examples(1500);
    for (const batch of await Promise.all(runs)) expect(batch.data).toEqual(again.nextBatch(100)[0].data);
  });

  it('want a batch size of their set, and a set', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      expect(() => preloadedInputs(examples(20), 21)).toThrow('expected a batch size from 1 to 20');
      expect(() => preloadedInputs(examples(20), null as never)).toThrow('got null');
      expect(() => preloadedInputs({} as never, 10)).toThrow('DataSet');
    });
  });
});
