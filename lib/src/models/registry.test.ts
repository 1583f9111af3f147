// In a process of its own: the models that it registers stay.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as space from '../hyperparameters/space';
import * as mnist from '../mnist';
import { GradientDescentOptimizer } from '../tf/train';
import {
  BasicAgent,
  type ClassifierNetwork,
  Convnet,
  DigitClassifier,
  type DigitConfigOf,
  FullyConnected,
  getModelClass,
  key,
  makeModel,
  modelNames,
  positive,
  registerModel,
  wholeNumber,
} from '.';
import './registry';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'models-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Trains for no time, which leaves a checkpoint and a config.json. */
async function run(config: object): Promise<void> {
  const agent = makeModel({ fakeData: true, maxIter: 0, resultDir: folder, ...config });
  await agent.train({ log: () => {}, evaluateOn: [] });
  await agent.close();
}

describe('the models', () => {
  it('are known by their names', () => {
    expect(modelNames()).toEqual(['fully_connected', 'convnet', 'softmax_regression']);
    expect(getModelClass('convnet')).toBe(Convnet);
    expect(getModelClass({ modelName: 'convnet' })).toBe(Convnet);
    expect(makeModel({ modelName: 'convnet', lr: 0.1 })).toBeInstanceOf(Convnet);
  });

  it('are fully connected where nothing is said', () => {
    expect(makeModel({})).toBeInstanceOf(FullyConnected);
    expect(makeModel({})).toBeInstanceOf(BasicAgent);
  });

  it.each([
    ['perceptron', "expected a model, one of fully_connected, convnet, softmax_regression, got 'perceptron'"],
    [
      'ConvNet',
      "expected a model, one of fully_connected, convnet, softmax_regression, got 'ConvNet': did you mean convnet?",
    ],
  ])('are no %s', (modelName, message) => {
    expect(() => makeModel({ modelName })).toThrow(message);
  });

  it('are joined by those of others, which have their keys, their search space and their graph', async () => {
    const keys = {
      maxIter: key(wholeNumber(0), 'steps to take', 40),
      lr: key(positive, 'the learning rate', 0.1),
      nbUnits: key(wholeNumber(1), 'hidden units', 8),
    };
    class Mine extends DigitClassifier<DigitConfigOf<typeof keys>> {
      static readonly modelName: string = 'mine';
      static readonly keys = keys;
      static readonly searchSpace = { lr: space.logUniform(0.01, 1), nbUnits: space.choice([32, 64, 128]) };
      units: readonly number[] = []; // a field with an initializer is none that setAgentProps sets in vain

      protected override setAgentProps(): void {
        this.units = [this.config.nbUnits, this.config.nbUnits];
      }

      protected override buildNetwork(): ClassifierNetwork {
        const [images, labels] = mnist.placeholderInputs(null);
        const logits = mnist.inference(images, this.units[0]!, this.units[1]!);
        const loss = mnist.loss(logits, labels);
        const trainOp = mnist.training(loss, this.config.lr);
        return { inputs: { images, labels }, labels, logits, loss, trainOp };
      }
    }
    registerModel(Mine);
    expect(() => makeModel({ modelName: 'mine', nbUnit: 3 })).toThrow('has no key nbUnit: did you mean nbUnits?');
    expect([32, 64, 128]).toContain(Mine.getRandomConfig({}, 1).nbUnits);
    const mine = makeModel({ modelName: 'mine', fakeData: true, resultDir: folder });
    const { step, evaluations } = await mine.train({ log: () => {}, evaluateOn: ['test'] });
    await mine.close();
    expect(step).toBe(40);
    expect(evaluations?.test?.precision).toBe(1);
    expect(mine.graph.getTensorByName('hidden1/weights:0').shape).toEqual([784, 8]);
  });

  it('say so where a graph counts no steps', () => {
    class Stepless extends FullyConnected {
      static override readonly modelName: string = 'stepless';

      protected override buildNetwork(): ClassifierNetwork {
        const [images, labels] = mnist.placeholderInputs(null);
        const logits = mnist.inference(images, 2, 2);
        const loss = mnist.loss(logits, labels);
        const trainOp = new GradientDescentOptimizer(0.1).minimize(loss);
        return { inputs: { images, labels }, labels, logits, loss, trainOp };
      }
    }
    expect(() => new Stepless({ resultDir: folder }).graph).toThrow(
      'the graph of stepless has no variable global_step: buildGraph makes one, for the optimizer to count up',
    );
  });
});

describe('a model whose folder has a run', () => {
  it('is that of the run, with its configuration', async () => {
    await run({ modelName: 'softmax_regression', lr: 0.03, randomSeed: 5 });
    const again = makeModel({ resultDir: folder, maxIter: 7 });
    expect(getModelClass('softmax_regression')).toBe(again.constructor);
    expect(again.config).toMatchObject({ lr: 0.03, randomSeed: 5, maxIter: 7, fakeData: true, resultDir: folder });
  });

  it('is no other', async () => {
    await run({ modelName: 'softmax_regression' });
    expect(() => makeModel({ modelName: 'convnet', resultDir: folder })).toThrow(
      `${folder} has a run of softmax_regression, not of convnet`,
    );
  });

  it.each([
    ['{', /config\.json: expected JSON, found /],
    ['[]', /config\.json: expected a configuration, a JSON object$/],
    ['{"lr":1}', /config\.json: expected modelName to be a model's name, got undefined$/],
  ])('refuses %s as its config.json', (contents, message) => {
    writeFileSync(path.join(folder, 'config.json'), contents);
    expect(() => makeModel({ resultDir: folder })).toThrow(message);
  });
});
