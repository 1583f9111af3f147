import { describe, expect, it } from 'vitest';
import type { HostArray } from '../../runtime/hostArray';
import { Graph } from '../graph/graph';
import type { Tensor } from '../graph/tensor';
import { Session } from '../session';
import { constant, placeholder } from './constants';
import { multinomial, randomNormal, randomShuffle, randomUniform, setRandomSeed, truncatedNormal } from './random';

/** The values of one run in a session of its own. */
function draw(graph: Graph, tensor: Tensor): number[] {
  const session = new Session({ graph });
  const value = session.runSync(tensor) as HostArray<'float32'>;
  session.close();
  return Array.from(value.data, Number);
}

/** The seeds of the operations of a graph that have any. */
const seedsIn = (graph: Graph) =>
  graph.operations.flatMap((op) => {
    const { seed, seed2 } = op.attributes;
    return seed === undefined ? [] : [[seed, seed2]];
  });

const namesIn = (graph: Graph) => graph.operations.map(({ name, type }) => `${name} ${type}`);

const moments = (values: number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, stddev: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
};

describe('seeds are those of tf.compat.v1.get_seed', () => {
  it('counts the operations without a seed of their own when the graph has one', () => {
    const graph = new Graph();
    graph.asDefault(() => {
      setRandomSeed(7);
      truncatedNormal([2]);
      randomNormal([2], { seed: 3 });
      randomUniform([2]);
      randomShuffle([1, 2]);
      multinomial([[0, 1]], 3);
    });
    expect(seedsIn(graph)).toEqual([
      [7, 0],
      [7, 3],
      [7, 1],
      [7, 2],
      [7, 3],
    ]);
  });

  it.each([
    ['nothing is seeded without any', null, undefined, [0, 0]],
    ['an operation seed alone goes with 87654321', null, 7, [87654321, 7]],
    ['0 and 0, which would mean no seed, become 0 and the greatest', 0, undefined, [0, 2 ** 31 - 1]],
    ['negative seeds wrap', null, -5, [87654321, 2147483642]],
    ['seeds of more than 31 bits wrap', 2 ** 31 + 4, 2 ** 40, [5, 512]],
  ])('%s', (_title, graphSeed, seed, expected) => {
    const graph = new Graph();
    graph.asDefault(() => {
      if (graphSeed !== null) setRandomSeed(graphSeed);
      truncatedNormal([2], { seed });
    });
    expect(seedsIn(graph)).toEqual([expected]);
  });

  it('refuses a seed that is no integer', () => {
    new Graph().asDefault(() => {
      expect(() => setRandomSeed(0.5)).toThrow('a seed is an integer, got 0.5');
      expect(() => randomNormal([2], { seed: Number.NaN })).toThrow('a seed is an integer, got NaN');
    });
  });

  it('draws the same numbers in each session, and the numbers that Python draws', () => {
    const graph = new Graph();
    const weights = graph.asDefault(() => truncatedNormal([3], { seed: 7 }));
    const values = draw(graph, weights);
    expect(draw(graph, weights)).toEqual(values);
    for (const [i, expected] of SEED_7.entries()) expect(values[i]).toBeCloseTo(expected, 6);
  });

  it('draws other numbers in each session without seeds', () => {
    const graph = new Graph();
    const weights = graph.asDefault(() => truncatedNormal([8]));
    expect(draw(graph, weights)).not.toEqual(draw(graph, weights));
  });
});

/** `tf.truncated_normal([3], seed=7)` in Python. */
const SEED_7 = [-0.046945683658123016, -1.2039023637771606, 1.1668351888656616];

describe('names are those of TensorFlow 1', () => {
  it.each([
    ['truncated_normal', 'TruncatedNormal', () => truncatedNormal([2, 3], { mean: 1, stddev: 0.5 })],
    ['random_normal', 'RandomStandardNormal', () => randomNormal([2, 3])],
  ] as const)('%s', (scope, type, build) => {
    const graph = new Graph();
    graph.asDefault(build);
    expect(namesIn(graph)).toEqual([
      `${scope}/shape Const`,
      `${scope}/mean Const`,
      `${scope}/stddev Const`,
      `${scope}/${type} ${type}`,
      `${scope}/mul Mul`,
      `${scope} AddV2`,
    ]);
  });

  it.each([
    ['from 0 to 1', {}, ['shape Const', 'RandomUniform RandomUniform']],
    ['from 0', { maxval: 3 }, ['shape Const', 'min Const', 'max Const', 'RandomUniform RandomUniform', 'Mul Mul']],
    [
      'integers',
      { maxval: 3, dtype: 'int32' as const },
      ['shape Const', 'min Const', 'max Const', ' RandomUniformInt'],
    ],
    [
      'in general',
      { minval: -1, name: 'noise' },
      ['shape Const', 'min Const', 'max Const', 'RandomUniform RandomUniform', 'sub Sub', 'mul Mul', ' AddV2'],
    ],
  ])('random_uniform %s', (_title, options, expected) => {
    const graph = new Graph();
    graph.asDefault(() => randomUniform([2], options));
    const scope = 'name' in options ? options.name : 'random_uniform';
    expect(namesIn(graph)).toEqual(expected.map((name) => `${scope}/${name}`.replace('/ ', ' ')));
  });
});

describe('distributions', () => {
  const sample = (build: () => Tensor) => {
    const graph = new Graph();
    return draw(graph, graph.asDefault(build));
  };

  it('randomNormal has its mean and standard deviation', () => {
    const { mean, stddev } = moments(
      sample(() => randomNormal([20_000], { mean: 3, stddev: 0.5, seed: 1, dtype: 'float64' })),
    );
    expect(mean).toBeCloseTo(3, 1);
    expect(stddev).toBeCloseTo(0.5, 1);
  });

  it('truncatedNormal stays within two standard deviations', () => {
    const values = sample(() => truncatedNormal([5000], { mean: 1, stddev: 0.25, seed: 1 }));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...values)).toBeLessThanOrEqual(1.5);
  });

  it.each(['float32', 'float64', 'int32', 'int64'] as const)('randomUniform of %s stays within its bounds', (dtype) => {
    const values = sample(() => randomUniform([2000], { minval: -2, maxval: 3, dtype, seed: 1 }));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values)).toBeLessThan(3);
    if (dtype.startsWith('int')) expect([...new Set(values)].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });

  it('randomUniform of integers needs an upper bound', () => {
    expect(() => randomUniform([2], { dtype: 'int32' })).toThrow('randomUniform of int32 needs maxval');
  });

  it('randomShuffle keeps every element', () => {
    const values = sample(() =>
      randomShuffle(
        Float32Array.from({ length: 50 }, (_, i) => i),
        { seed: 1 },
      ),
    );
    expect(values).not.toEqual([...values].sort((a, b) => a - b));
    expect([...values].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('multinomial draws classes in proportion to their probabilities', () => {
    const logits = [0.1, 0.2, 0.7].map(Math.log);
    const values = sample(() => multinomial([logits, logits], 5000, { seed: 1, outputDtype: 'int32' }));
    for (const [i, expected] of [0.1, 0.2, 0.7].entries())
      expect(values.filter((value) => value === i).length / 10_000).toBeCloseTo(expected, 1);
  });

  it('takes a shape that is known only when the graph runs, and distributions that are tensors', () => {
    const graph = new Graph();
    const { batch, noise, steps } = graph.asDefault(() => {
      const batch = placeholder('int32', []);
      const noise = randomNormal([batch, 3], { mean: constant([100, 200, 300]) });
      return { batch, noise, steps: randomUniform(constant([2, 2], { dtype: 'int64' })) };
    });
    const session = new Session({ graph });
    const [value, uniform] = session.runSync([noise, steps] as Tensor[], [[batch, 4]]) as HostArray<'float32'>[];
    expect(value?.shape).toEqual([4, 3]);
    expect(Array.from(value?.data ?? [], (x) => Math.round(x / 100))).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
    expect(uniform?.shape).toEqual([2, 2]);
    session.close();
  });
});
