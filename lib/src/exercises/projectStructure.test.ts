/** Wrong answers to the exercises, each with what is said of it, and right ones. */
import { describe, expect, it } from 'vitest';
import { missingOf } from '../testing/exercises';
import { inFolderOfItsOwn } from '../testing/inFolderOfItsOwn';
import * as tf from '../tf';
import type { ExerciseEffects } from '.';

inFolderOfItsOwn();

const found = { lr: 0.4, nbUnits: 100, activation: 'relu' };

/** A search whose trials have these values; one of an error is a string. */
function search(values: readonly (number | string)[], config: object = found, settings: object = {}) {
  const trials = values.map((value, id) =>
    typeof value === 'number'
      ? { id, config, status: 'finished', iteration: 300, value }
      : { id, config, status: 'failed', iteration: 0, error: value },
  );
  const finished = trials.filter((trial) => 'value' in trial && trial.value !== undefined);
  const best = finished.sort((one, other) => Number(other.value) - Number(one.value))[0];
  const search = { algorithm: 'hyperband', seed: 4, maxIterations: 300, complete: true, trials };
  return { ...search, ...(best && { best }), ...settings };
}

/** An agent whose class has these defaults, made with another configuration perhaps. */
function agentWith(defaults: object, config: object = defaults) {
  class Agent {
    static readonly keys = Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, { default: value }]),
    );
    readonly config = { ...config, maxIter: 900 };
  }
  return new Agent();
}

describe('the exercise on defaults', () => {
  const longer = [
    { trial: 3, precision: 0.96 },
    { trial: 2, precision: 0.97 },
    { trial: 1, precision: 0.95 },
  ];
  const check = missingOf('401-fairer-default', () => ({
    results: search([0.1, 0.91, 0.92, 0.93]),
    fairer: agentWith(found),
    longer,
    stays: false,
  }));

  it('is solved by an agent of these defaults, and by what the three best come to', () => {
    expect(check({})).toBeUndefined();
    expect(check({ longer: [{ trial: 3, precision: 0.93 }, ...longer.slice(1)] })).toBeUndefined(); // one may get worse
  });

  it.each([
    ['nothing', { fairer: undefined, longer: [], stays: undefined }, /Write a class that extends/],
    ['other defaults', { fairer: agentWith({ ...found, lr: 0.01 }) }, /are lr 0\.01, .* found lr 0\.4,/],
    [
      'the configuration without defaults',
      { fairer: agentWith({ ...found, lr: 0.01 }, found) },
      /defaults of the class of `fairer` are lr 0\.01/,
    ],
    [
      'trainings that are as short as those of the search',
      { longer: [{ trial: 3, precision: 0.93 }, { trial: 2, precision: 0.91 }, ...longer.slice(2)] },
      /Trial 3 had 93\.0 % right after 300 steps already/,
    ],
    ['other trials', { longer: [...longer.slice(0, 2), { trial: 0, precision: 0.9 }] }, /\(3, 2, 1\)/],
    ['the best alone', { longer: longer.slice(0, 1) }, /\(3, 2, 1\)/],
    ['the wrong conclusion', { stays: true }, /is trial 3, which was best, still/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on random search', () => {
  const seeds = [4, 5, 6];
  const by = (algorithm: string, best: number, trials: number, of = seeds) =>
    of.map((seed) => search([...Array(trials - 1).fill(0.5), best], found, { algorithm, seed }));
  const check = missingOf('402-random-search', () => ({
    hyperband: by('hyperband', 0.95, 6),
    random: by('random', 0.94, 5),
    wins: 3,
  }));

  it('is solved by searches of three seeds with as many steps, and who has won', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', { hyperband: [], random: [], wins: undefined }, /three different seeds.*there are 0/],
    ['one seed three times', { hyperband: by('hyperband', 0.95, 6, [4, 4, 4]) }, /there are 1/],
    ['the same algorithm twice', { random: by('hyperband', 0.94, 5) }, /at random with the same seeds \(4, 5, 6\)/],
    ['other seeds', { random: by('random', 0.94, 5, [7, 8, 9]) }, /same seeds/],
    [
      'as many trials as Hyperband promoted',
      { random: by('random', 0.94, 15) },
      /took 1800 steps and random search 4500/,
    ],
    ['a wrong count', { wins: 1 }, /^`wins` is 1\..*0\.9500 by Hyperband and 0\.9400 at random/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on l2', () => {
  /** A graph whose loss has so many penalties, of weights or of biases. */
  function graphWith(penalties: number, { isIn = true, shape = [3, 2] } = {}) {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const squares = Array.from({ length: penalties }, () => tf.nn.l2Loss(new tf.Variable(tf.zeros(shape))));
      const loss = tf.constant(1);
      tf.summary.scalar('loss', isIn && penalties > 0 ? tf.add(loss, tf.addN(squares)) : loss);
    });
    return graph;
  }
  const withL2 = (l2: number) => search([0.9, 0.95], { ...found, l2 });
  const check = missingOf('403-l2', () => ({ graph: graphWith(2), results: withL2(0.001), best: 0.001 }));

  it('is solved by penalties in the loss, a search of their factor, and the best one', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', () => ({ graph: graphWith(0) }), /has 0 L2Loss/],
    ['one of two matrices', () => ({ graph: graphWith(1) }), /has 1 L2Loss/],
    [
      'biases in the place of weights',
      () => ({ graph: graphWith(2, { shape: [3] }) }),
      /has 0 L2Loss operations of matrices/,
    ],
    [
      'penalties that the loss is without',
      () => ({ graph: graphWith(2, { isIn: false }) }),
      /isn’t computed from both/,
    ],
    ['a search without it', () => ({ results: search([0.9]) }), /the trials have no `l2`/],
    ['no search', () => ({ results: undefined }), /there is no complete search/],
    ['another value', () => ({ best: 0.1 }), /^`bestL2` is 0\.1/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes())).toMatch(said);
  });
});

describe('the exercise on another model', () => {
  const softmax = { lr: 0.1, modelName: 'softmax_regression' };
  const check = missingOf('404-another-model', () => ({
    results: search([0.96]),
    simple: search([0.91, 0.92], softmax),
    behind: 0.04,
  }));

  it('is solved by a search of the simplest model, and how far it is behind, as a share or in percentage points', () => {
    expect(check({})).toBeUndefined();
    expect(check({ behind: 4 })).toBeUndefined();
  });

  it.each([
    ['nothing', { simple: undefined, behind: undefined }, /there is no complete search/],
    [
      'the same search',
      { simple: search([0.96], { ...found, modelName: 'one_hidden_layer' }) },
      /are of one_hidden_layer/,
    ],
    ['a search that was stopped', { simple: search([0.92], softmax, { complete: false }) }, /no complete search/],
    ['a ratio', { behind: 0.96 }, /^`behind` is 0\.96: the best precisions are 0\.9600 and 0\.9200/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on trials that break', () => {
  const check = missingOf('405-broken-trial', () => ({
    broken: search([0.9, 'too large', 0.8, 'much too large']),
    failed: 2,
    why: 'much too large',
  }));

  it('is solved by a search of which some trials failed, how many, and why', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', { broken: undefined }, /Search for hyperparameters of a class/],
    [
      'a search of which all fail',
      { broken: search(['too large', 'too large']) },
      /Search for hyperparameters of a class/,
    ],
    ['a search of which none fails', { broken: search([0.9, 0.8]) }, /^No trial has failed/],
    ['a wrong count', { failed: 4 }, /^`failed` is 4/],
    ['a reason of one’s own', { why: 'memory' }, /^`why` is “memory”/],
    ['no reason', { why: undefined }, /^`why` is undefined/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});

describe('the exercise on a model in a file', () => {
  type Variables = ExerciseEffects['406-in-a-file']['variables'];
  const variables = (...shapes: number[][]): Variables => [
    ...shapes.map((shape, i) => [`layer${i}/weights`, shape] as const),
    ['hidden/biases', [16]],
    ['global_step', []],
  ];
  const check = missingOf('406-in-a-file', () => ({
    config: { modelName: 'two_hidden' },
    variables: variables([16, 8], [4, 16], [8, 3]),
    results: search([1], { modelName: 'two_hidden' }),
  }));

  it('is solved by a run and a search of a model with two hidden layers', () => {
    expect(check({})).toBeUndefined();
  });

  it.each([
    ['nothing', { config: undefined, variables: [], results: undefined }, /Write the file, train the model/],
    ['a run of the first model', { config: { modelName: 'iris' } }, /is one of `iris`/],
    ['one hidden layer', { variables: variables([4, 16], [16, 3]) }, /matrices are 4×16, 16×3\. With two/],
    ['layers that don’t meet', { variables: variables([4, 16], [4, 8], [8, 3]) }, /With two hidden layers/],
    ['no search', { results: undefined }, /there is no complete search/],
    ['a search of the first model', { results: search([1], { modelName: 'iris' }) }, /are of iris/],
  ])('is not by %s', (_, changes, said) => {
    expect(check(changes)).toMatch(said);
  });
});
