/**
 * Exponential moving averages of variables. Evaluating with averages is often better than with the last values.
 *
 * @see TensorFlow's python/training/moving_averages.py
 */

import { checkArray, checkInstance } from '../../runtime/arguments';
import { isFloating, type NumericDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import { GraphKeys } from '../graph/collections';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { asTensor } from '../ops/apply';
import { group } from '../ops/control';
import { add, cast, minimum, mul, sub, truediv } from '../ops/elementwise';
import { update } from '../ops/variableOps';
import { trainableVariables, Variable } from '../ops/variables';
import { createSlot, like } from './optimizer';

/** Options of moving averages. */
export interface MovingAverageOptions {
  /**
   * The number of updates so far. If given, early averages follow the values faster, with `min(decay, (1 + n) / (10 +
   * n))`.
   */
  numUpdates?: Tensor<NumericDType> | number;
  /** The last part of the averages' names. */
  name?: string;
}

/**
 * Maintains a shadow of each variable: `shadow = decay * shadow + (1 - decay) * variable`.
 *
 * @example
 * const averages = new tf.train.ExponentialMovingAverage(0.9999);
 * const trainAndAverage = graph.controlDependencies([trainOp], () => averages.apply());
 * new tf.train.Saver(averages.variablesToRestore()); // restores the averages into the variables
 */
export class ExponentialMovingAverage {
  readonly name: string;
  readonly #decay: number;
  readonly #numUpdates: Tensor<NumericDType> | number | undefined;
  readonly #averages = new Map<Operation, Variable>();

  /** @param numUpdates the number of updates so far; may be among the options too */
  constructor(
    decay: number,
    ...given:
      | [numUpdates: Tensor<NumericDType> | number, options?: Omit<MovingAverageOptions, 'numUpdates'>]
      | [options?: MovingAverageOptions]
  ) {
    const options = placed<MovingAverageOptions>(given, ['numUpdates']);
    const { numUpdates, name = 'ExponentialMovingAverage' } = onlyOptions(options, {
      numUpdates: 'any',
      name: 'string',
    });
    this.#decay = decay;
    this.#numUpdates = numUpdates;
    this.name = name;
  }

  /**
   * Creates the missing shadows of `variables`.
   *
   * @param variables by default the trainable ones of the default graph
   * @returns an operation that updates the shadows
   * @throws {InvalidArgumentError} when there are no variables, or one is not of a floating-point dtype
   */
  apply(variables: readonly Variable[] = trainableVariables()): Operation {
    checkVariables(variables);
    const { graph } = variables[0] ?? {};
    if (graph === undefined) throw new InvalidArgumentError('there are no variables to average');
    for (const variable of variables) {
      if (!isFloating(variable.dtype))
        throw new InvalidArgumentError(`${variable} can't be averaged: its dtype has no fractions`);
      if (this.#averages.has(variable.op)) continue;
      const initial = graph.initScope(() => graph.device(variable.device, () => variable.initializedValue()));
      const average = createSlot(variable, initial, this.name);
      graph.addToCollection(GraphKeys.MOVING_AVERAGE_VARIABLES, variable);
      this.#averages.set(variable.op, average);
    }
    return graph.nameScope(this.name, (scope) => {
      const decay = this.#decayTensor();
      const updates = variables.map((variable) => {
        const average = this.#averages.get(variable.op)!;
        return graph.nameScope('AssignMovingAvg', (assignScope) => {
          const rate = like(average, sub(1, decay, { name: 'sub' })) as Tensor<'float32'>;
          const distance = sub(average.value() as Tensor<'float32'>, variable.value() as Tensor<'float32'>, {
            name: 'sub',
          });
          return update('Sub', average, mul(distance, rate, { name: 'mul' }), { name: assignScope });
        });
      });
      return group(updates, { name: scope });
    });
  }

  /** The shadow of a variable, or undefined before `apply`. */
  average(variable: Variable): Variable | undefined {
    checkVariables([variable]);
    return this.#averages.get(variable.op);
  }

  /** The name of a variable's shadow in checkpoints. */
  averageName(variable: Variable): string {
    return this.average(variable)?.op.name ?? `${variable.op.name}/${this.name}`;
  }

  /**
   * A name map for a `Saver` that restores averaged variables from their shadows, and other variables from themselves.
   *
   * @param variables those with averages; by default, all that have or will have a shadow: the trainable ones
   */
  variablesToRestore(variables: readonly Variable[] = trainableVariables()): Record<string, Variable> {
    checkVariables(variables);
    const averaged = new Set(variables.map(({ op }) => op));
    const others = (variables[0]?.graph.getCollection(GraphKeys.GLOBAL_VARIABLES) ?? []).filter(
      ({ op }) => !averaged.has(op) && ![...this.#averages.values()].some((shadow) => shadow.op === op),
    );
    return Object.fromEntries([
      ...variables.map((variable) => [this.averageName(variable), variable] as const),
      ...others.map((variable) => [variable.op.name, variable] as const),
    ]);
  }

  #decayTensor(): Tensor<'float32'> {
    const decay = asTensor(this.#decay, 'float32', 'decay') as Tensor<'float32'>;
    if (this.#numUpdates === undefined) return decay;
    const updates = cast(asTensor(this.#numUpdates), 'float32', { name: 'num_updates' }) as Tensor<'float32'>;
    const reached = truediv(add(1, updates, { name: 'add' }), add(10, updates, { name: 'add' }));
    return minimum(decay, reached);
  }
}

function checkVariables(variables: readonly unknown[]): void {
  checkArray('variables to average', variables);
  for (const variable of variables) checkInstance('what is averaged', variable, Variable, 'variable');
}
