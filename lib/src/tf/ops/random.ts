/**
 * Random numbers, drawn in each run. Kernels and seeds are TensorFlow's, so the same graph gives the same numbers in
 * Python.
 */

import type { FloatDType, HostDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import { type Graph, getDefaultGraph } from '../graph/graph';
import { type Scalar, Tensor, type TensorLike } from '../graph/tensor';
import { applyOne, asTensor, graphOf, type OpOptions } from './apply';
import { checkSeed, seedsFor } from './seed';
import type { IndexDType, OperandDType, OperandRank, RankOfSizes, Sizes } from './types';

/**
 * Sets the seed of the default graph: random operations added from now on give the same numbers in each session, each
 * operation its own.
 *
 * @throws {InvalidArgumentError} when the seed is not an integer
 *
 * @example
 * tf.setRandomSeed(7);
 * const weights = tf.truncatedNormal([784, 128]); // the same in each session, and in Python's TensorFlow
 */
export function setRandomSeed(seed: number): void {
  getDefaultGraph().seed = checkSeed(seed);
}

/** The shape as a vector: `int32`, unless there are tensors among the sizes, which have a dtype. */
function sizesTensor(shape: Sizes, graph: Graph): Tensor {
  const hasTensors = Array.isArray(shape) && shape.some((size) => size instanceof Tensor);
  return asTensor(shape, hasTensors ? undefined : 'int32', 'shape', graph);
}

/** Options common to all random operations. */
export interface RandomOptions extends OpOptions {
  /** The operation's seed; without one, and without `setRandomSeed`, each session draws other numbers. */
  seed?: number;
}

/** Options of normal distributions. */
export interface NormalOptions<D extends FloatDType> extends RandomOptions {
  /**
   * @defaultValue `0`
   */
  mean?: number | Tensor<D>;
  /**
   * The standard deviation.
   *
   * @defaultValue `1`
   */
  stddev?: number | Tensor<D>;
  /**
   * @defaultValue `float32`
   */
  dtype?: D;
}

/**
 * A function that samples a normal distribution. As in Python, `mean`, `stddev`, `dtype` and `seed` may also be
 * positional.
 */
export type Normal = <const S extends Sizes, D extends FloatDType = 'float32'>(
  shape: S,
  ...given:
    | [mean: number | Tensor<D> | undefined, stddev?: number | Tensor<D>, dtype?: D, seed?: number, options?: OpOptions]
    | [
        mean: number | Tensor<D> | undefined,
        stddev: number | Tensor<D>,
        options: Omit<NormalOptions<D>, 'mean' | 'stddev'>,
      ]
    | [mean: number | Tensor<D>, options: Omit<NormalOptions<D>, 'mean'>]
    | [options?: NormalOptions<D>]
) => Tensor<D, RankOfSizes<S>>;

/**
 * Samples of a normal distribution.
 *
 * @param shape that of the result
 * @throws {InvalidArgumentError} when a seed is not an integer
 *
 * @example
 * const noise = tf.randomNormal([100, 10], { stddev: 0.1 });
 */
export const randomNormal: Normal = normal('RandomStandardNormal', 'random_normal');

/**
 * Samples of a normal distribution, excluding values more than two standard deviations from the mean: usual for initial
 * weights.
 *
 * @param shape that of the result
 * @throws {InvalidArgumentError} when a seed is not an integer
 *
 * @example
 * const weights = new tf.Variable(tf.truncatedNormal([784, 128], { stddev: 1 / Math.sqrt(784) }));
 * tf.truncatedNormal([128, 10], 0, 0.1); // mean and stddev in their places
 */
export const truncatedNormal: Normal = normal('TruncatedNormal', 'truncated_normal');

function normal(type: string, defaultName: string): Normal {
  return ((shape: Sizes, ...given: readonly unknown[]) => {
    const options = placed<NormalOptions<FloatDType>>(given, ['mean', 'stddev', 'dtype', 'seed']);
    const known = onlyOptions(options, {
      mean: 'any',
      stddev: 'any',
      dtype: ['float32', 'float64'],
      seed: 'number',
      name: 'string',
    });
    const { mean = 0, stddev = 1, dtype = 'float32', seed, name = defaultName } = known;
    const graph = graphOf([shape, mean, stddev]);
    return graph.nameScope(name, (scope) => {
      const sizes = sizesTensor(shape, graph);
      const center = asTensor(mean, dtype, 'mean', graph);
      const spread = asTensor(stddev, dtype, 'stddev', graph);
      const standard = applyOne(type, [sizes], { dtype, ...seedsFor(graph, seed) });
      return applyOne('AddV2', [applyOne('Mul', [standard, spread], {}, 'mul'), center], {}, scope);
    });
  }) as Normal;
}

type UniformDType = FloatDType | 'int32' | 'int64';

/** Options of uniform distributions. */
export interface UniformOptions<D extends HostDType> extends RandomOptions {
  /**
   * The lower bound, inclusive.
   *
   * @defaultValue `0`
   */
  minval?: number | Tensor<D>;
  /**
   * The upper bound, exclusive; required for integers.
   *
   * @defaultValue `1`
   */
  maxval?: number | Tensor<D>;
  /**
   * @defaultValue `float32`
   */
  dtype?: D;
}

/**
 * Samples of a uniform distribution: fractions or integers from `minval` to `maxval`, exclusive.
 *
 * @param shape that of the result
 * @param minval 0 by default; for integers a scalar, like `maxval`. This and the following may be among the options too
 * @throws {InvalidArgumentError} when integers are requested and `maxval` is left out, or a seed is not an integer
 *
 * @example
 * tf.randomUniform([3], -1, 1);
 */
export function randomUniform<const S extends Sizes, D extends UniformDType = 'float32'>(
  shape: S,
  ...given:
    | [
        minval: number | Tensor<D> | undefined,
        maxval?: number | Tensor<D>,
        dtype?: D,
        seed?: number,
        options?: OpOptions,
      ]
    | [
        minval: number | Tensor<D> | undefined,
        maxval: number | Tensor<D>,
        options: Omit<UniformOptions<D>, 'minval' | 'maxval'>,
      ]
    | [minval: number | Tensor<D>, options: Omit<UniformOptions<D>, 'minval'>]
    | [options?: UniformOptions<D>]
): Tensor<D, RankOfSizes<S>> {
  const options = placed<UniformOptions<UniformDType>>(given, ['minval', 'maxval', 'dtype', 'seed']);
  const known = onlyOptions(options, {
    minval: 'any',
    maxval: 'any',
    dtype: ['float32', 'float64', 'int32', 'int64'],
    seed: 'number',
    name: 'string',
  });
  const { minval = 0, maxval, dtype = 'float32', seed, name = 'random_uniform' } = known;
  const isInteger = dtype === 'int32' || dtype === 'int64';
  if (isInteger && maxval === undefined)
    throw new InvalidArgumentError(`randomUniform of ${dtype} needs maxval, which is only for fractions 1 by default`);
  const upper = maxval ?? 1;
  const graph = graphOf([shape, minval, upper]);
  return graph.nameScope(name, (scope) => {
    const sizes = sizesTensor(shape, graph);
    if (!isInteger && minval === 0 && upper === 1)
      return applyOne('RandomUniform', [sizes], { dtype, ...seedsFor(graph, seed) });
    const low = asTensor(minval, dtype, 'min', graph);
    const high = asTensor(upper, dtype, 'max', graph);
    const seeds = seedsFor(graph, seed);
    if (isInteger) return applyOne('RandomUniformInt', [sizes, low, high], { ...seeds }, scope);
    const standard = applyOne('RandomUniform', [sizes], { dtype, ...seeds });
    if (minval === 0) return applyOne('Mul', [standard, high]);
    const scaled = applyOne('Mul', [standard, applyOne('Sub', [high, low], {}, 'sub')], {}, 'mul');
    return applyOne('AddV2', [scaled, low], {}, scope);
  });
}

/**
 * Shuffles the slices of a tensor along its first dimension.
 *
 * @throws {InvalidArgumentError} when the seed is not an integer
 *
 * @example
 * const order = tf.randomShuffle(tf.range(0, 1000));
 */
export function randomShuffle<X extends TensorLike>(
  value: X,
  ...given: [seed: number, options?: OpOptions] | [options?: RandomOptions]
): Tensor<OperandDType<X>, OperandRank<X>> {
  const { seed, name } = onlyOptions(placed<RandomOptions>(given, ['seed']), { seed: 'number', name: 'string' });
  return applyOne('RandomShuffle', [value], { ...seedsFor(graphOf([value]), seed) }, name);
}

/** Options of {@link multinomial}. */
export interface MultinomialOptions<D extends IndexDType> extends RandomOptions {
  /**
   * @defaultValue `int64`
   */
  outputDtype?: D;
}

/**
 * Draws classes with given probabilities.
 *
 * @param logits [batch, classes], the logarithms of the probabilities up to a constant for each row
 * @param numSamples the number of samples for each row
 * @param options.outputDtype `int64` by default
 * @returns [batch, numSamples], numbers of classes
 * @throws {InvalidArgumentError} when `logits` is not a matrix, or the seed not an integer
 *
 * @example
 * const action = tf.multinomial(tf.nn.logSoftmax(logits), 1);
 */
export function multinomial<D extends 'int32' | 'int64' = 'int64'>(
  logits: TensorLike,
  numSamples: number | Scalar<'int32'>,
  ...given: [seed: number, options?: Omit<MultinomialOptions<D>, 'seed'>] | [options?: MultinomialOptions<D>]
): Tensor<D, 'array'> {
  const options = placed<MultinomialOptions<D>>(given, ['seed']);
  const known = onlyOptions(options, { seed: 'number', outputDtype: 'any', name: 'string' });
  const { seed, outputDtype = 'int64' as D, name = 'multinomial' } = known;
  const graph = graphOf([logits, numSamples]);
  return graph.nameScope(name, () => {
    const scores = asTensor(logits, undefined, 'logits', graph);
    return applyOne('Multinomial', [scores, numSamples], { output_dtype: outputDtype, ...seedsFor(graph, seed) });
  });
}
