import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BasicAgent,
  Convnet,
  FullyConnected,
  getModelClass,
  key,
  makeModel,
  modelNames,
  positive,
  registerModel,
} from '.';

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
    expect(makeModel({ modelName: 'convnet', lr: 0.1 })).toBeInstanceOf(Convnet);
  });

  it('are fully connected where nothing is said', () => {
    expect(makeModel({})).toBeInstanceOf(FullyConnected);
  });

  it.each([
    ['perceptron', 'expected a model, one of fully_connected, convnet, softmax_regression, got perceptron'],
    [
      'ConvNet',
      'expected a model, one of fully_connected, convnet, softmax_regression, got ConvNet: did you mean convnet?',
    ],
  ])('are no %s', (modelName, message) => {
    expect(() => makeModel({ modelName })).toThrow(message);
  });

  it('are joined by those of others', () => {
    class Mine extends FullyConnected {
      static override readonly modelName = 'mine';
      static override readonly keys = { ...FullyConnected.keys, lr: key(positive, 'the learning rate', 7) };
    }
    registerModel(Mine);
    const model = makeModel({ modelName: 'mine', hidden1: 3 });
    expect(model).toBeInstanceOf(BasicAgent);
    expect(model.config).toMatchObject({ lr: 7, hidden1: 3 });
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
    ['{"lr":1}', /config\.json: expected the modelName and the config of a run$/],
  ])('refuses %s as its config.json', (contents, message) => {
    writeFileSync(path.join(folder, 'config.json'), contents);
    expect(() => makeModel({ resultDir: folder })).toThrow(message);
  });
});
