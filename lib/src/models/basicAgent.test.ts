// In a process of its own: the models that it registers stay.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import * as hyperparameters from '../hyperparameters';
import * as tf from '../tf';
import {
  type AgentClass,
  BasicAgent,
  type BasicConfig,
  type ConfigOf,
  type EpochOptions,
  key,
  makeModel,
  positive,
  registerModel,
  runTrial,
  type Task,
  wholeNumber,
} from '.';

const keys = {
  maxIter: key(wholeNumber(0), 'steps to take', 100),
  lr: key(positive, 'the learning rate', 0.1),
};

interface LineConfig extends ConfigOf<typeof keys, BasicConfig> {}

/** Points on a line: y = 2 x + 1. */
interface Points {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
  /** Far from where it has learnt. */
  readonly far: readonly number[];
}
const at = (x: number) => 2 * x + 1;

/** What a line is fitted for: it has sets, an evaluation, a question and an answer of its own. */
interface Fit extends Task<keyof Points> {
  readonly data: Points;
  readonly evaluation: { readonly numExamples: number; readonly loss: number; readonly meanError: number };
  readonly input: readonly number[];
  readonly prediction: number;
}

interface Parts {
  readonly x: tf.Tensor<'float32', 'array'>;
  readonly y: tf.Tensor<'float32', 'array'>;
  readonly line: tf.Tensor<'float32', 'array'>;
  readonly measures: readonly [loss: tf.Scalar<'float32'>, meanError: tf.Scalar<'float32'>];
  readonly trainOp: tf.Operation;
}

/** Nothing of digits, and nothing of classes. */
class Line extends BasicAgent<LineConfig, Parts, Fit> {
  static readonly modelName: string = 'line';
  static readonly keys = keys;
  static readonly searchSpace = { lr: hyperparameters.space.choice([0.001, 0.3]) };
  static override readonly metrics: AgentClass['metrics'] = { meanError: 'min' };
  readonly #points: Points = { train: [-1, 0, 0.5, 1], validation: [-0.5, 2], test: [-2], far: [100] };

  protected override buildGraph(): Parts {
    const x = tf.placeholder('float32', [null], { name: 'x' });
    const y = tf.placeholder('float32', [null], { name: 'y' });
    const line = tf.add(tf.multiply(x, new tf.Variable(0)), new tf.Variable(0));
    const difference = tf.subtract(line, y);
    const loss = tf.reduceMean(tf.square(difference));
    const globalStep = tf.train.getOrCreateGlobalStep();
    const trainOp = new tf.train.GradientDescentOptimizer(this.config.lr).minimize(loss, { globalStep });
    return { x, y, line, measures: [loss, tf.reduceMean(tf.abs(difference))], trainOp };
  }

  protected override async prepare(log: (line: string) => void): Promise<Points> {
    log('four points');
    return this.#points;
  }

  protected override describeData({ train }: Points): Record<string, unknown> {
    return { points: train.length };
  }

  protected override async learnFromEpoch({ train }: Points, { end }: EpochOptions): Promise<number> {
    const { measures, trainOp } = this.parts;
    let value = Number.NaN;
    for (; this.step < end; this.step++) [, value] = this.session.runSync([trainOp, measures[0]], this.#feeds(train));
    return value;
  }

  override async evaluate<S extends Fit['setName']>(sets?: readonly S[]): Promise<Record<S, Fit['evaluation']>> {
    await this.initialized();
    const evaluations = (sets ?? (Object.keys(this.#points) as S[])).map((name) => {
      const points = this.#points[name];
      const [loss, meanError] = this.session.runSync(this.parts.measures, this.#feeds(points));
      return [name, { numExamples: points.length, loss, meanError }];
    });
    return Object.fromEntries(evaluations);
  }

  #feeds(points: readonly number[]): tf.Feeds {
    return [
      [this.parts.x, points],
      [this.parts.y, points.map(at)],
    ];
  }

  override async infer(numbers: readonly number[]): Promise<number[]> {
    await this.initialized();
    const { data } = await this.session.run(this.parts.line, [[this.parts.x, numbers]]);
    return [...data];
  }
}

registerModel(Line);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'line-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const log = () => {};

describe('an agent for another task than digits', () => {
  it('says what data it has, before anything is trained', async () => {
    const agent = new Line({ resultDir: path.join(folder, 'none') });
    const lines: string[] = [];
    expect(await agent.checkData((line) => lines.push(line))).toEqual({ points: 4 });
    expect(lines).toEqual(['four points']);
    await agent.close();
  });

  it('trains, is evaluated on its own sets by its own metric, and answers in its own words', async () => {
    const agent = new Line({ resultDir: folder, randomSeed: 1, lr: 0.3 });
    const lines: string[] = [];
    const { step, evaluations } = await agent.train({ log: (line) => lines.push(line) });
    expect([step, lines[0]]).toEqual([100, 'four points']);
    expect(evaluations?.validation.meanError).toBeLessThan(0.01);
    expectTypeOf(evaluations).toEqualTypeOf<Readonly<Record<keyof Points, Fit['evaluation']>> | undefined>();

    const { train } = await agent.evaluate(['train']);
    expectTypeOf(train).toEqualTypeOf<Fit['evaluation']>();
    expect(train).toEqual(evaluations?.train);
    // @ts-expect-error: it has no such set
    await expect(agent.evaluate(['near'])).rejects.toThrow();

    const answers = await agent.infer([0, 10]);
    expectTypeOf(answers).toEqualTypeOf<number[]>();
    expect(answers.map(Math.round)).toEqual([1, 21]);
    // @ts-expect-error: it takes numbers
    const wrong = () => agent.infer('0');
    expect(wrong).toBeTypeOf('function');
    await agent.close();
  });

  it('evaluates on the sets that training is told to', async () => {
    await using agent = new Line({ resultDir: folder, maxIter: 1 });
    const { evaluations } = await agent.train({ log, evaluateOn: ['train'] });
    expect(Object.keys(evaluations ?? {})).toEqual(['train']);
    // @ts-expect-error: it wasn't evaluated on this one
    expect(evaluations?.validation).toBeUndefined();
  });

  it('says in config.json what it has prepared, has no keys of digits, and goes on from there', async () => {
    await using agent = new Line({ resultDir: folder, maxIter: 3 });
    await agent.train({ log });
    const record = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'));
    expect(record).toMatchObject({ modelName: 'line', data: { points: 4 } });
    const names = ['best', 'debug', 'deterministic', 'lr', 'maxIter', 'randomSeed'];
    expect(Object.keys(record.config).sort()).toEqual(names);
    expect(() => new Line({ batchSize: 3 } as object)).toThrow('a configuration of line has no key batchSize');

    await using again = makeModel({ resultDir: folder, maxIter: 5 });
    expectTypeOf(again).toEqualTypeOf<BasicAgent>();
    expect(again).toBeInstanceOf(Line);
    expect((await again.train({ log })).step).toBe(5);
  });

  it('is searched by the metric that its class names', async () => {
    const { best, trials } = await hyperparameters.search({
      algorithm: 'random',
      space: { modelName: 'line', ...Line.searchSpace },
      metric: 'meanError',
      mode: 'min',
      maxIterations: 20,
      trials: 6,
      seed: 1,
      resultDir: path.join(folder, 'search'),
      trial: (context) => runTrial({ ...context, log }),
    });
    expect(Object.keys(best!.metrics)).toEqual(['loss', 'meanError']);
    expect(best!.config.lr).toBe(0.3);
    expect(new Set(trials.map(({ config }) => config.lr))).toEqual(new Set([0.001, 0.3]));
  });

  it('is searched by its loss where its class names no metric', async () => {
    class Plain extends Line {
      static override readonly modelName: string = 'plain';
      static override readonly metrics: AgentClass['metrics'] = {};
    }
    registerModel(Plain);
    const { metrics } = await runTrial({ config: { modelName: 'plain' }, resultDir: folder, iterations: 1, log });
    expect(Object.keys(metrics)).toEqual(['loss']);
  });

  it('is told when its evaluation lacks the metric that its class names', async () => {
    class Rated extends Line {
      static override readonly modelName: string = 'rated';
      static override readonly metrics: AgentClass['metrics'] = { rating: 'max' };
    }
    registerModel(Rated);
    const trial = runTrial({ config: { modelName: 'rated' }, resultDir: folder, iterations: 1, log });
    await expect(trial).rejects.toThrow('what evaluate gives of rated has no number rating');
  });
});
