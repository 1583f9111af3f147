// In a process of its own: the models that it registers stay.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { DataSet, Random } from '../data';
import * as hyperparameters from '../hyperparameters';
import * as tf from '../tf';
import { readScalars } from '../tf/summary';
import {
  type AgentClass,
  type Classification,
  Classifier,
  type ClassifierEvaluation,
  type ClassifierNetwork,
  type ConfigOf,
  key,
  makeModel,
  oneOf,
  positive,
  Regressor,
  type RegressorNetwork,
  registerModel,
  runTrial,
  type Sets,
  SupervisedAgent,
  wholeNumber,
} from '.';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'supervised-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const log = () => {};

/** Three heaps of points, far from the origin and of unequal width: what has to be normalized. */
function heaps(count: number, seed: number) {
  const random = new Random(seed);
  const spread = () => random.below(1000) / 1000;
  const kind = Int32Array.from({ length: count }, (_, i) => i % 3);
  return new DataSet(
    { point: Array.from(kind, (k) => [1000 + k + spread() / 2, 50 * ((k * 2) % 3) + spread()]), kind },
    { seed },
  );
}

const keys = {
  maxIter: key(wholeNumber(0), 'steps to take', 60),
  batchSize: key(wholeNumber(1), 'points of a step', 12),
  lr: key(positive, 'the learning rate', 0.5),
  wrong: key(
    oneOf(['nothing', 'column', 'shape', 'dtype', 'label', 'empty', 'sets', 'set']),
    'what is wrong with its data',
    'nothing',
  ),
};
interface HeapConfig extends ConfigOf<typeof keys> {}

class Heaps extends Classifier<HeapConfig> {
  static readonly modelName: string = 'heaps';
  static readonly keys = keys;
  static readonly searchSpace = { lr: hyperparameters.space.choice([0.0001, 0.5]) };
  static override readonly classNames = ['low', 'middle', 'high'];
  static override readonly metrics: AgentClass['metrics'] = { entropy: 'min', precision: 'max' };

  protected override loadData(): Sets {
    const sets = { train: heaps(40, this.config.randomSeed), validation: heaps(30, 2), test: heaps(0, 3) };
    return { ...sets, ...(wrongSets[this.config.wrong]?.() as object), source: 'made here' };
  }

  protected override buildNetwork(): ClassifierNetwork {
    const point = tf.placeholder('float32', [null, 2], { name: 'point' });
    const kind = tf.placeholder('int32', [null], { name: 'kind' });
    const logits = tf.matmul(this.normalized(point), new tf.Variable(tf.zeros([2, 3])));
    const loss = tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: kind, logits }));
    const probabilities = tf.nn.softmax(logits);
    const entropy = tf.negative(
      tf.reduceMean(tf.reduceSum(tf.multiply(probabilities, tf.log(probabilities)), { axis: [1] })),
    );
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(this.config.lr).minimize(loss, { globalStep });
    return {
      inputs: { point, kind },
      labels: kind,
      logits,
      loss,
      trainOp,
      metrics: { entropy },
      summarizesValidation: true,
    };
  }
}

const wrongSets: Record<string, (() => unknown) | undefined> = {
  column: () => ({ validation: new DataSet({ point: [[1, 2]], kinds: Int32Array.of(1) }) }),
  shape: () => ({ train: new DataSet({ point: [[1, 2, 3]], kind: Int32Array.of(1) }) }),
  dtype: () => ({ train: new DataSet({ point: [[1, 2]], kind: [1] }) }),
  label: () => ({
    test: new DataSet({
      point: [
        [1, 2],
        [3, 4],
      ],
      kind: Int32Array.of(1, 3),
    }),
  }),
  empty: () => ({ train: heaps(0, 1) }),
  sets: () => ({ validation: undefined }),
  set: () => ({ train: [1, 2, 3] }),
};

/** y = 3 x₀ − x₁ + 5. */
function plane(count: number, seed: number) {
  const random = new Random(seed);
  const x = Array.from({ length: count }, () => [random.below(100), random.below(100)]);
  return new DataSet({ x, y: x.map(([a = 0, b = 0]) => 3 * a - b + 5) }, { seed });
}

class Plane extends Regressor<HeapConfig> {
  static readonly modelName: string = 'plane';
  static readonly keys = keys;
  static readonly searchSpace = { lr: hyperparameters.space.choice([0.0001, 0.3]) };
  protected readonly rank: number = 1;

  protected override loadData(): Sets {
    return { train: plane(48, 1), validation: plane(20, 2), test: plane(10, 3) };
  }

  protected override buildNetwork(): RegressorNetwork {
    const x = tf.placeholder('float32', [null, 2], { name: 'x' });
    const y = tf.placeholder('float32', [null], { name: 'y' });
    const rows = tf.add(tf.matmul(this.normalized(x), new tf.Variable(tf.zeros([2, 1]))), new tf.Variable(0));
    const predictions = this.rank === 1 ? tf.squeeze(rows, { axis: [1] }) : rows;
    const loss = tf.reduceMean(tf.square(tf.subtract(predictions, y)));
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(this.config.lr).minimize(loss, { globalStep });
    return { inputs: { x, y }, targets: y, predictions, loss, trainOp };
  }
}

registerModel(Heaps);
registerModel(Plane);

describe('a classifier of one’s own examples', () => {
  const make = (config: Partial<HeapConfig> = {}) =>
    new Heaps({ resultDir: path.join(folder, 'run'), randomSeed: 1, ...config });

  it('learns, and is measured by what it is right in, its loss and its own metrics', async () => {
    await using agent = make();
    const lines: string[] = [];
    const { evaluations } = await agent.train({ log: (line) => lines.push(line) });
    expect(lines[0]).toBe('40 training, 30 validation and 0 test examples of point (float32 [2]), kind (int32)');
    expectTypeOf(evaluations).toEqualTypeOf<
      Readonly<Record<'train' | 'validation' | 'test', ClassifierEvaluation>> | undefined
    >();
    expect(evaluations?.validation).toEqual({
      numExamples: 30,
      numCorrect: 30,
      precision: 1,
      loss: expect.any(Number),
      entropy: expect.any(Number),
    });
    expect(evaluations?.validation.entropy).toBeGreaterThan(0);
    expect(evaluations?.test).toEqual({ numExamples: 0, numCorrect: 0, precision: 0, loss: 0, entropy: 0 });
  });

  it('measures means over a whole set, not over batches', async () => {
    await using agent = make({ maxIter: 3 });
    await agent.train({ log });
    const { session, graph } = agent;
    const { columns } = heaps(40, 1);
    const [point, kind] = ['point:0', 'kind:0'].map((name) => graph.getTensorByName(name));
    const loss = graph.getTensorByName('Mean:0');
    const whole = await session.run(loss, [
      [point!, columns.point],
      [kind!, columns.kind],
    ]);
    const { train } = await agent.evaluate(['train']);
    expect(train.loss).toBeCloseTo(whole as number, 5);
  });

  it('says of each example the class, its name and the probabilities', async () => {
    await using agent = make();
    await agent.train({ log });
    const answers = await agent.infer({
      point: [
        [1000.2, 0.5],
        [1002.2, 50.5],
      ],
    });
    expectTypeOf(answers).toEqualTypeOf<Classification[]>();
    expect(answers.map(({ label, name }) => [label, name])).toEqual([
      [0, 'low'],
      [2, 'high'],
    ]);
    for (const { label, probability, probabilities } of answers) {
      expect(probabilities.reduce((sum, one) => sum + one)).toBeCloseTo(1, 5);
      expect([probabilities[label], Math.max(...probabilities)]).toEqual([probability, probability]);
    }
    expect(await agent.infer({ point: new tf.HostArray('float32', [0, 2], new Float32Array()) })).toEqual([]);
  });

  it('comes to the same weights whether it is stopped on the way or not, the normalization with them', async () => {
    const weights = async (agent: Heaps) => {
      const [mean, ...others] = await agent.session.run([
        'normalization/mean:0',
        'normalization/stddev:0',
        'Variable:0',
      ]);
      await agent.close();
      return [mean, ...others].map((array) => Array.from((array as tf.HostArray<'float32'>).data));
    };
    const whole = make({ resultDir: path.join(folder, 'whole'), maxIter: 10 });
    await whole.train({ log });
    const first = make({ maxIter: 4 });
    await first.train({ log, saveEvery: 3 });
    await first.close();
    const second = make({ maxIter: 10 });
    await second.train({ log });
    const found = await weights(second);
    expect(found).toEqual(await weights(whole));
    const { data } = heaps(40, 1).columns.point;
    const means = [0, 1].map((feature) => data.filter((_, i) => i % 2 === feature).reduce((a, b) => a + b) / 40);
    expect(found[0]).toEqual([expect.closeTo(means[0]!, 2), expect.closeTo(means[1]!, 2)]);
  });

  it('is made again by its folder, and answers without its data', async () => {
    await using agent = make();
    await agent.train({ log });
    await using again = makeModel({
      modelName: 'heaps',
      resultDir: agent.resultDir,
      wrong: 'empty',
    }) as unknown as Heaps;
    expect((await again.infer({ point: [[1000.2, 0.5]] }))[0]?.name).toBe('low');
  });

  it('says in config.json what it has learnt from', async () => {
    await using agent = make({ maxIter: 1 });
    await agent.train({ log });
    const record = JSON.parse(readFileSync(path.join(agent.resultDir, 'config.json'), 'utf8'));
    expect(record.data).toEqual({
      source: 'made here',
      examples: { train: 40, validation: 30, test: 0 },
      order: { seed: 1, batchSize: 12 },
    });
  });

  it('shows TensorBoard what is measured of the validation set beside the training', async () => {
    await using agent = make({ maxIter: 101 });
    await agent.train({ log }); // after which everything is in the files
    const [training, validation] = await Promise.all(
      ['train', 'validation'].map((name) => readScalars(path.join(agent.resultDir, name))),
    );
    expect([...training!.keys()]).toEqual(['loss']);
    expect([...validation!.keys()].sort()).toEqual(['accuracy', 'entropy', 'loss']);
    expect(validation?.get('loss')?.map(({ step }) => step)).toEqual([0, 100]);
  });

  it('is searched by its own metrics', async () => {
    const { metrics } = await runTrial({ config: { modelName: 'heaps' }, resultDir: folder, iterations: 5, log });
    expect(Object.keys(metrics)).toEqual(['loss', 'entropy', 'precision']);
  });

  it.each([
    ['column', 'the validation set has no column kind, which the network takes; it has point, kinds'],
    ['shape', 'the column point of the train set is float32 [1, 3]; the network takes float32 [?, 2]'],
    ['dtype', 'the column kind of the train set is float32 [1]; the network takes int32 [?]'],
    ['label', 'example 1 of the test set has 3 as its kind; the network tells the classes 0 to 2 apart'],
    ['empty', 'there are no training examples'],
    ['sets', 'expected the validation set to be a DataSet of columns, got undefined'],
    ['set', 'expected the train set to be a DataSet of columns, got [ 1, 2, 3 ]'],
  ] as const)('refuses data with a wrong %s before anything is made', async (wrong, message) => {
    await using agent = make({ wrong });
    await expect(agent.train({ log })).rejects.toThrow(message);
    expect(() => readFileSync(path.join(folder, 'run', 'config.json'))).toThrow('ENOENT');
  });

  it.each([
    [{ points: [[1, 2]] }, 'the model takes point, not points: did you mean point?'],
    [{}, 'the examples have no point, which the model takes'],
    [{ point: [[1, 2, 3]] }, 'point of the examples is float32 [1, 3]; the network takes float32 [?, 2]'],
    [{ point: [1, 2] }, 'point of the examples is float32 [2]; the network takes float32 [?, 2]'],
    [[[1, 2]], 'expected examples as an object with point, got [ [Array] ]'],
  ])('is asked %j in vain, with a word', async (examples, message) => {
    await using agent = make({ maxIter: 1 });
    await expect(agent.infer(examples as { point: number[][] })).rejects.toThrow(message);
  });

  it('reads examples out of JSON', async () => {
    await using agent = make({ maxIter: 1 });
    const file = path.join(folder, 'points.json');
    writeFileSync(file, '{ "point": [[1000, 1], [1001, 2]] }');
    const { examples } = await agent.readExamples(file);
    expect(await agent.infer(examples)).toHaveLength(2);
    writeFileSync(file, '{ "point": ');
    await expect(agent.readExamples(file)).rejects.toThrow(`${file} is no JSON: `);
  });
});

it('is known from what learns in another way', () => {
  expect(new Plane()).toBeInstanceOf(SupervisedAgent);
});

describe('a regressor of one’s own examples', () => {
  it('learns, and is measured by its squared and its absolute error', async () => {
    await using agent = new Plane({ resultDir: folder, randomSeed: 1, maxIter: 300, lr: 0.3 });
    const lines: string[] = [];
    const { evaluations } = await agent.train({ log: (line) => lines.push(line) });
    expect(Object.keys(evaluations!.test)).toEqual(['numExamples', 'loss', 'mse', 'mae']);
    expect(evaluations?.test.mse).toBeLessThan(0.01);
    expect(evaluations?.test.mse).toBeCloseTo(evaluations!.test.loss, 6);
    expect(lines.at(-1)).toMatch(/^ {2}Num examples: 10 {2}loss: \S+ {2}mse: \S+ {2}mae: \S+$/);
    const answers = await agent.infer({
      x: [
        [1, 2],
        [10, 0],
      ],
    });
    expectTypeOf(answers).toEqualTypeOf<number[]>();
    expect(answers).toEqual([expect.closeTo(6, 0), expect.closeTo(35, 0)]);
  });

  it('is searched by its squared error, of which the least is best', async () => {
    const { best } = await hyperparameters.search({
      algorithm: 'random',
      space: { modelName: 'plane', ...Plane.searchSpace },
      metric: 'mse',
      mode: 'min',
      maxIterations: 30,
      trials: 5,
      seed: 1,
      resultDir: path.join(folder, 'search'),
      trial: (context) => runTrial({ ...context, log }),
    });
    expect(best!.config.lr).toBe(0.3);
  });

  it('refuses to compare predictions with targets of another shape', () => {
    class Rows extends Plane {
      static override readonly modelName: string = 'rows';
      protected override readonly rank: number = 2;
    }
    expect(() => new Rows({ resultDir: folder }).graph).toThrow(
      'the predictions of the network are [?, 1], its targets [?]: they have to have one shape',
    );
  });
});
