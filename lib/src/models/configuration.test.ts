import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../runtime/errors';
import { flag, fraction, key, notNegative, objection, oneOf, positive, real, text, wholeNumber } from './configuration';
import { Convnet, type ConvnetConfig } from './convnet';
import { FullyConnected } from './fullyConnected';
import { getModelClass, modelNames } from './registry';
import { SoftmaxRegression } from './softmaxRegression';

/** Configurations that are right, of some keys or all. */
const convnetConfigs: fc.Arbitrary<Partial<ConvnetConfig>> = fc.record(
  {
    lr: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    optimizer: fc.constantFrom('gradientDescent', 'momentum', 'adagrad', 'rmsProp', 'adam'),
    keepProb: fc.double({ min: 1e-9, max: 1, noNaN: true }),
    nbUnits: fc.integer({ min: 1 }),
    maxIter: fc.nat(),
    debug: fc.boolean(),
    randomSeed: fc.nat(),
    resultDir: fc.string({ minLength: 1 }),
  },
  { requiredKeys: [] },
);

describe('a configuration', () => {
  it('has what was given, and the defaults of what was not', () => {
    fc.assert(
      fc.property(convnetConfigs, (given) => {
        const { config } = new Convnet(given);
        expect(config).toMatchObject(given);
        expect(config).toMatchObject({ patchSize: 5, decaySteps: 500, dataDir: 'data' });
        expect(config.keepProb).toBe(given.keepProb ?? 0.5);
      }),
      { numRuns: 50 },
    );
  });

  it('makes the same model when it goes through JSON', () => {
    fc.assert(
      fc.property(convnetConfigs, (given) => {
        const { config } = new Convnet(given);
        expect(new Convnet(JSON.parse(JSON.stringify(config))).config).toEqual(config);
      }),
      { numRuns: 50 },
    );
  });

  it("is the model's own, and stays as it is", () => {
    const given = { lr: 0.1 };
    const { config } = new SoftmaxRegression(given);
    given.lr = 0.2;
    expect(config.lr).toBe(0.1);
    expect(() => Object.assign(config, { lr: 0.3 })).toThrow(TypeError);
  });

  it('takes undefined for a key that is left out', () => {
    expect(new Convnet({ lr: undefined, keepProb: undefined, maxIter: 3 }).config).toMatchObject({
      keepProb: 0.5,
      maxIter: 3,
    });
  });

  it('has a seed and a new folder of its own where it says none', () => {
    const [one, other] = [new Convnet(), new Convnet()];
    expect(one.config.randomSeed).not.toBe(other.config.randomSeed);
    expect(one.config.resultDir).not.toBe(other.config.resultDir);
    expect(one.config.resultDir).toMatch(/^summaries[\\/]convnet-\d{8}-\d{6}-[0-9a-f]{6}$/);
  });

  it('takes the best hyperparameters known when it is asked to, but for those that it says', () => {
    const best = FullyConnected.getBestConfig();
    expect(new FullyConnected({ best: true }).config).toMatchObject(best);
    expect(new FullyConnected({ best: true, lr: 0.007 }).config).toMatchObject({ ...best, lr: 0.007 });
    expect(new FullyConnected().config.lr).not.toBe(best.lr);
  });
});

describe('an error', () => {
  it.each([
    [{ maxIter: 'many' }, "expected maxIter to be a whole number of 0 or more, got 'many'"],
    [{ maxIter: 1.5 }, 'expected maxIter to be a whole number of 0 or more, got 1.5'],
    [{ lr: -1 }, 'expected lr to be a number above 0, got -1'],
    [{ lr: Number.NaN }, 'expected lr to be a number above 0, got NaN'],
    [{ lr: null }, 'expected lr to be a number above 0, got null'],
    [{ keepProb: 1.5 }, 'expected keepProb to be a number above 0 and up to 1, got 1.5'],
    [{ debug: 'yes' }, "expected debug to be true or false, got 'yes'"],
    [{ resultDir: '' }, "expected resultDir to be a path on this machine, got ''"],
    [{ resultDir: 'gs://bucket/run' }, "expected resultDir to be a path on this machine, got 'gs://bucket/run'"],
    [
      { optimizer: 'newton' },
      "expected optimizer to be one of gradientDescent, momentum, adagrad, rmsProp, adam, got 'newton'",
    ],
    [{ keepprob: 0.5 }, 'a configuration of convnet has no key keepprob: did you mean keepProb?'],
    [{ max_iter: 5 }, 'a configuration of convnet has no key max_iter: did you mean maxIter?'],
    [{ hidden1: 5 }, /^a configuration of convnet has no key hidden1: its keys are best, debug, .*, initialStddev$/],
    ['convnet', "expected a configuration of convnet, an object, got 'convnet'"],
  ])('in %j is one line that says which key, what came and what would be right', (config, message) => {
    const make = () => new Convnet(config as never);
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(message);
  });

  it('never comes as anything but one clear line', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything(), { maxKeys: 3 }), (config) => {
        try {
          new Convnet(config as never);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
          expect((error as Error).message.split('\n')).toHaveLength(1);
        }
      }),
    );
  });
});

describe.each(modelNames())('random configurations of %s', (name) => {
  const model = getModelClass(name);

  it('are the same for the same seed, valid, and have what is fixed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, maxIter) => {
        const config = model.getRandomConfig({ maxIter }, Math.abs(seed));
        expect(model.getRandomConfig({ maxIter }, Math.abs(seed))).toEqual(config);
        expect(new model(config).config).toMatchObject(config);
        expect(config).toMatchObject({ maxIter, randomSeed: Math.abs(seed) });
      }),
    );
  });

  it('differ from seed to seed, but not in what is fixed', () => {
    const configs = Array.from({ length: 20 }, (_, seed) => model.getRandomConfig({ randomSeed: 1 }, seed));
    expect(new Set(configs.map(({ lr }) => lr)).size).toBe(20);
    const fixed = Array.from({ length: 20 }, (_, seed) => model.getRandomConfig({ lr: 0.01 }, seed));
    expect(new Set(fixed.map(({ lr }) => lr))).toEqual(new Set([0.01]));
  });

  it('refuse what is fixed wrongly', () => {
    expect(() => model.getRandomConfig({ lr: -1 }, 1)).toThrow('expected lr to be a number above 0, got -1');
  });
});

describe('a kind of key', () => {
  it.each([
    ['real', real, [-1, 0.5], [Number.NaN, Number.POSITIVE_INFINITY, '1'], 'a number'],
    ['positive', positive, [1e-9, 3], [0, -1, Number.POSITIVE_INFINITY], 'a number above 0'],
    ['notNegative', notNegative, [0, 3], [-1e-9, Number.NaN], 'a number of 0 or more'],
    ['fraction', fraction, [1e-9, 1], [0, 1.1], 'a number above 0 and up to 1'],
    ['wholeNumber', wholeNumber(2), [2, 100], [1, 2.5, 2 ** 53], 'a whole number of 2 or more'],
    ['flag', flag, [true, false], [1, 'true'], 'true or false'],
    ['text', text, ['a'], ['', 1], 'a text'],
    ['oneOf', oneOf(['sgd', 'adam']), ['sgd'], ['SGD', 1], 'one of sgd, adam'],
  ])('%s takes what is right, and says what would be', (_name, type, right, wrong, message) => {
    const itsKey = key<unknown>(type, 'what it is for');
    for (const value of right) expect(objection(itsKey, value)).toBeUndefined();
    for (const value of wrong) expect(objection(itsKey, value)).toBe(message);
  });
});
