/** Decaying learning rates: tensors to pass to an optimizer instead of a number. */

import { checkArray, checkInstance, shown } from '../../runtime/arguments';
import type { FloatDType, NumericDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import { type Scalar, Tensor } from '../graph/tensor';
import { applyOne, asTensor, type OpOptions } from '../ops/apply';
import { cast, div, floor, mul, pow } from '../ops/elementwise';

/** Options of {@link exponentialDecay}. */
export interface ExponentialDecayOptions extends OpOptions {
  /** Whether to round the exponent down to an integer, so that the rate falls in steps. */
  staircase?: boolean;
}

/**
 * `learningRate * decayRate ^ (globalStep / decaySteps)`.
 *
 * @param learningRate the initial rate
 * @param globalStep the step, as a variable
 * @param decaySteps the number of steps after which the rate has been multiplied by `decayRate` once
 * @param staircase whether to round the exponent down to an integer, so that the rate falls in steps; may be among the
 * options too
 *
 * @example
 * const rate = tf.train.exponentialDecay(0.1, globalStep, 1000, 0.96, { staircase: true });
 * new tf.train.GradientDescentOptimizer(rate).minimize(loss, { globalStep });
 */
export function exponentialDecay(
  learningRate: number | Scalar<FloatDType>,
  globalStep: Tensor<NumericDType>,
  decaySteps: number | Scalar<NumericDType>,
  decayRate: number | Scalar<FloatDType>,
  ...given: [staircase: boolean, options?: OpOptions] | [options?: ExponentialDecayOptions]
): Scalar<FloatDType> {
  const options = placed<ExponentialDecayOptions>(given, ['staircase']);
  const { staircase = false, name = 'ExponentialDecay' } = onlyOptions(options, {
    staircase: 'boolean',
    name: 'string',
  });
  checkInstance('the global step', globalStep, Tensor);
  for (const [what, value] of Object.entries({ learningRate, decaySteps, decayRate }))
    if (typeof value !== 'number' && !(value instanceof Tensor))
      throw new InvalidArgumentError(`${what} is a number or a tensor, not ${shown(value)}`);
  return globalStep.graph.nameScope(name, (scope) => {
    const initial = asTensor(learningRate, undefined, 'initial_learning_rate') as Scalar<FloatDType>;
    const like = (value: number | Tensor) => cast(asTensor(value), initial.dtype) as Scalar<FloatDType>;
    const [steps, rate] = [like(decaySteps), like(decayRate)];
    const exponent = div(like(globalStep.value()), steps, { name: 'truediv' });
    return mul(initial, pow(rate, staircase ? floor(exponent) : exponent), { name: scope });
  });
}

/**
 * A piecewise constant learning rate.
 *
 * @param x the step, as a variable
 * @param boundaries ascending steps; the first value applies up to and including the first one
 * @param values one more than boundaries
 * @throws {InvalidArgumentError} when their numbers don't match, or the boundaries aren't ascending
 *
 * @example
 * const rate = tf.train.piecewiseConstant(globalStep, [1000, 5000], [0.1, 0.01, 0.001]);
 */
export function piecewiseConstant(
  x: Tensor<NumericDType>,
  boundaries: readonly number[],
  values: readonly number[],
  options: OpOptions = {},
): Scalar<'float32'> {
  const { name = 'PiecewiseConstant' } = onlyOptions(options, { name: 'string' });
  checkInstance('x', x, Tensor);
  checkArray('boundaries', boundaries);
  checkArray('values', values);
  if (values.length !== boundaries.length + 1)
    throw new InvalidArgumentError(
      `${boundaries.length} boundaries take ${boundaries.length + 1} values, not ${values.length}`,
    );
  if (boundaries.some((boundary, i) => i > 0 && boundary <= boundaries[i - 1]!))
    throw new InvalidArgumentError(`boundaries must rise: [${boundaries}]`);
  return x.graph.nameScope(name, (scope) => {
    const passed = applyOne('Greater', [x, asTensor(boundaries, x.dtype, 'boundaries')]);
    const index = applyOne('Sum', [applyOne('Cast', [passed], { DstT: 'int32' }), asTensor([0], 'int32')]);
    return applyOne(
      'GatherV2',
      [asTensor(values, 'float32', 'values'), index, asTensor(0, 'int32', 'axis')],
      {},
      scope,
    );
  });
}
