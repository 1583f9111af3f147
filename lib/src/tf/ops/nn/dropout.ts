/** Dropout. */

import { isFloating } from '../../../runtime/dtypes';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions, placed } from '../../../runtime/options';
import { Tensor, type TensorLike } from '../../graph/tensor';
import { applyOne, asTensor, graphOf, type Operand, type OpOptions } from '../apply';
import { shape } from '../array';
import { sub } from '../elementwise/binary';
import { greaterEqual } from '../elementwise/comparison';
import { type RandomOptions, randomUniform } from '../random';
import { seedsFor } from '../seed';
import type { OperandDType, OperandRank, Sizes } from '../types';

/** Options of dropout. */
export interface DropoutOptions extends RandomOptions {
  /**
   * The shape of the random mask, which is broadcast to the tensor's: 1 for a dimension along which everything is kept
   * or dropped together.
   */
  noiseShape?: Sizes;
}

/**
 * Randomly sets elements to 0 during training, and scales the others up so that sums stay the same on average
 * (Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html).
 *
 * @param x floating-point
 * @param keepProb the probability that an element is kept: a number, or a placeholder to which evaluation feeds 1
 * @throws {InvalidArgumentError} when the probability is not a number above 0 and at most 1, or `x` is not
 * floating-point
 *
 * @example
 * const keepProb = tf.placeholder('float32', []);
 * const dropped = tf.nn.dropout(hidden, keepProb);
 */
export function dropout<X extends TensorLike>(
  x: X,
  keepProb: number | Tensor,
  options?: DropoutOptions,
): Tensor<OperandDType<X>, OperandRank<X>>;
/** Also accepts `noiseShape` and `seed` by position. */
export function dropout<X extends TensorLike>(
  x: X,
  keepProb: number | Tensor,
  noiseShape: Sizes | undefined,
  seed?: number,
  options?: OpOptions,
): Tensor<OperandDType<X>, OperandRank<X>>;
/**
 * Dropout by the probability that an element is dropped.
 *
 * @param options.rate from 0 to 1, exclusive
 *
 * @example
 * tf.nn.dropout(hidden, { rate: 0.5 });
 */
export function dropout<X extends TensorLike>(
  x: X,
  options: DropoutOptions & { rate: number | Tensor },
): Tensor<OperandDType<X>, OperandRank<X>>;
export function dropout(
  x: Operand,
  keepProb: number | Tensor | (DropoutOptions & { rate: number | Tensor }),
  ...given: readonly unknown[]
): Tensor {
  const options = placed<DropoutOptions>(given, ['noiseShape', 'seed']);
  if (typeof keepProb === 'number') return drop(x, 1 - keepProb, options);
  if (keepProb instanceof Tensor) return drop(x, sub(1, keepProb, { name: 'sub' }), options);
  const { rate, ...others } = onlyOptions(keepProb, { rate: 'any', noiseShape: 'any', seed: 'number', name: 'string' });
  return drop(x, rate, others);
}

function drop(x: Operand, rate: number | Tensor, options: DropoutOptions): Tensor {
  const {
    noiseShape,
    seed,
    name = 'dropout',
  } = onlyOptions(options, { noiseShape: 'any', seed: 'number', name: 'string' });
  const graph = graphOf([x, rate]);
  return graph.nameScope(name, () => {
    const input = asTensor(x, undefined, 'x', graph);
    const { dtype } = input;
    if (!isFloating(dtype))
      throw new InvalidArgumentError(`dropout scales what it keeps, so it takes fractions: ${input}`);
    if (typeof rate === 'number') {
      if (!(rate >= 0 && rate < 1))
        throw new InvalidArgumentError(`dropout must keep some elements and drop no negative part, got rate ${rate}`);
      if (rate === 0) {
        seedsFor(graph, seed); // counts, so that later operations keep their seeds
        return input;
      }
    }
    const kept = scaled(input, rate);
    const uniform = () => randomUniform(noiseShape ?? shape(input), { dtype: dtype as 'float32', seed });
    const draw = graph.asDefault(uniform);
    const mask = greaterEqual(draw, rate as Tensor<'float32'>);
    const result = applyOne('SelectV2', [mask, kept, asTensor(0, dtype, 'Const', graph)]);
    result.setShape(input.shape);
    return result;
  });
}

/** The input divided by the probability of being kept. */
function scaled(input: Tensor, rate: number | Tensor): Tensor {
  const { dtype, graph } = input;
  if (typeof rate === 'number') return applyOne('Mul', [input, asTensor(1 / (1 - rate), dtype, 'Const', graph)]);
  return applyOne('RealDiv', [input, applyOne('Sub', [asTensor(1, dtype, 'Const', graph), rate])]);
}
