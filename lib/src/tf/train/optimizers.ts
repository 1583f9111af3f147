/** TensorFlow 1's optimizers, each using TensorFlow's own kernel (`ApplyAdam` …), with its slots and names. */

import type { FloatDType } from '../../runtime/dtypes';
import { onlyOptions, placed } from '../../runtime/options';
import type { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Tensor } from '../graph/tensor';
import { apply } from '../ops/apply';
import { ones } from '../ops/array';
import { constant } from '../ops/constants';
import { group } from '../ops/control';
import { add, mul, neg, sqrt, sub, truediv } from '../ops/elementwise';
import { IndexedSlices } from '../ops/indexedSlices';
import { update } from '../ops/variableOps';
import { Variable } from '../ops/variables';
import {
  checkHyperparameter,
  type Hyperparameter,
  hyperparameter,
  like,
  Optimizer,
  type OptimizerOptions,
} from './optimizer';

/**
 * Gradient descent: `w -= learningRate * g`.
 *
 * @example
 * new tf.train.GradientDescentOptimizer(0.01).minimize(loss);
 */
export class GradientDescentOptimizer extends Optimizer {
  readonly #learningRate: Hyperparameter;
  #rate!: Tensor;

  constructor(learningRate: Hyperparameter, options: OptimizerOptions = {}) {
    const { useLocking, name = 'GradientDescent' } = onlyOptions(options, { useLocking: 'boolean', name: 'string' });
    super(name, useLocking);
    this.#learningRate = learningRate;
  }

  protected override prepare(): void {
    this.#rate = hyperparameter(this.#learningRate, 'learning_rate');
  }

  protected override applyGradient(gradient: Tensor, variable: Variable): Operation {
    const rate = like(variable, this.#rate);
    if (!(gradient instanceof IndexedSlices)) return this.applyKernel('GradientDescent', [variable], [rate, gradient]);
    const { values, indices } = gradient;
    if (variable.isResource) return scatter('Add', variable, indices, mul(neg(values), rate, { name: 'mul' }));
    return scatter('Sub', variable, indices, mul(values, rate, { name: 'mul' }), this.useLocking);
  }

  protected override sumRows(gradient: IndexedSlices): IndexedSlices {
    return gradient;
  }
}

/** Options of {@link MomentumOptimizer}. */
export interface MomentumOptions extends OptimizerOptions {
  /** Whether to use Nesterov's accelerated gradient. */
  useNesterov?: boolean;
}

/**
 * Gradient descent with momentum: `m = momentum * m + g; w -= learningRate * m`.
 *
 * @see Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013
 *
 * @example
 * new tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss);
 */
export class MomentumOptimizer extends Optimizer {
  readonly #learningRate: Hyperparameter;
  readonly #momentum: Hyperparameter;
  readonly #useNesterov: boolean;
  #rate!: Tensor;
  #factor!: Tensor;

  constructor(learningRate: Hyperparameter, momentum: Hyperparameter, options: MomentumOptions = {}) {
    const {
      useNesterov = false,
      useLocking,
      name = 'Momentum',
    } = onlyOptions(options, { useNesterov: 'boolean', useLocking: 'boolean', name: 'string' });
    super(name, useLocking);
    this.#learningRate = learningRate;
    this.#momentum = momentum;
    this.#useNesterov = useNesterov;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) this.makeSlot(variable, 'momentum');
  }

  protected override prepare(): void {
    this.#rate = hyperparameter(this.#learningRate, 'learning_rate');
    this.#factor = hyperparameter(this.#momentum, 'momentum');
  }

  protected override applyGradient(gradient: Tensor, variable: Variable): Operation {
    const variables = [variable, this.slot(variable, 'momentum')];
    const inputs = [like(variable, this.#rate), gradient, like(variable, this.#factor)];
    return this.applyKernel('Momentum', variables, inputs, { use_nesterov: this.#useNesterov });
  }
}

/** Options of {@link AdagradOptimizer}. */
export interface AdagradOptions extends OptimizerOptions {
  /**
   * The initial value of the sums of squares; positive.
   *
   * @defaultValue `0.1`
   */
  initialAccumulatorValue?: number;
}

/**
 * Adagrad: `a += g²; w -= learningRate * g / √a`.
 *
 * @see Duchi et al., "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", 2011
 *
 * @example
 * new tf.train.AdagradOptimizer(0.01).minimize(loss);
 */
export class AdagradOptimizer extends Optimizer {
  readonly #learningRate: Hyperparameter;
  readonly #initialAccumulatorValue: number;
  #rate!: Tensor;

  /** @throws {InvalidArgumentError} when the initial accumulator value isn't positive */
  constructor(
    learningRate: Hyperparameter,
    ...given: [initialAccumulatorValue: number, options?: OptimizerOptions] | [options?: AdagradOptions]
  ) {
    const options = placed<AdagradOptions>(given, ['initialAccumulatorValue']);
    const {
      initialAccumulatorValue = 0.1,
      useLocking,
      name = 'Adagrad',
    } = onlyOptions(options, { initialAccumulatorValue: 'number', useLocking: 'boolean', name: 'string' });
    super(name, useLocking);
    checkHyperparameter('initialAccumulatorValue', initialAccumulatorValue, (value) => value > 0, 'positive');
    this.#learningRate = learningRate;
    this.#initialAccumulatorValue = initialAccumulatorValue;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) {
      this.makeSlot(variable, 'accumulator', () => filled(variable, this.#initialAccumulatorValue));
    }
  }

  protected override prepare(): void {
    this.#rate = hyperparameter(this.#learningRate, 'learning_rate');
  }

  protected override applyGradient(gradient: Tensor, variable: Variable): Operation {
    const variables = [variable, this.slot(variable, 'accumulator')];
    return this.applyKernel('Adagrad', variables, [like(variable, this.#rate), gradient]);
  }
}

/** Options of {@link AdadeltaOptimizer}. */
export interface AdadeltaOptions extends OptimizerOptions {
  /**
   * The decay rate of the averages.
   *
   * @defaultValue `0.95`
   */
  rho?: Hyperparameter;
  /**
   * A small constant that avoids division by zero.
   *
   * @defaultValue `1e-8`
   */
  epsilon?: Hyperparameter;
}

/**
 * Adadelta. The paper's algorithm has a learning rate of 1; the default is TensorFlow's 0.001.
 *
 * @see Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012
 *
 * @example
 * new tf.train.AdadeltaOptimizer(1).minimize(loss);
 */
export class AdadeltaOptimizer extends Optimizer {
  readonly #hyperparameters: readonly [Hyperparameter, Hyperparameter, Hyperparameter];
  #tensors: readonly Tensor[] = [];

  constructor(
    learningRate: Hyperparameter = 0.001,
    ...given:
      | [rho: Hyperparameter, options?: Omit<AdadeltaOptions, 'rho'>]
      | [rho: Hyperparameter, epsilon: Hyperparameter, options?: OptimizerOptions]
      | [options?: AdadeltaOptions]
  ) {
    const options = placed<AdadeltaOptions>(given, ['rho', 'epsilon']);
    const {
      rho = 0.95,
      epsilon = 1e-8,
      useLocking,
      name = 'Adadelta',
    } = onlyOptions(options, { rho: 'any', epsilon: 'any', useLocking: 'boolean', name: 'string' });
    super(name, useLocking);
    this.#hyperparameters = [learningRate, rho, epsilon];
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) {
      this.makeSlot(variable, 'accum');
      this.makeSlot(variable, 'accum_update');
    }
  }

  protected override prepare(): void {
    const names = ['lr', 'rho', 'epsilon'];
    this.#tensors = this.#hyperparameters.map((value, i) => hyperparameter(value, names[i]!));
  }

  protected override applyGradient(gradient: Tensor, variable: Variable): Operation {
    const slots = [this.slot(variable, 'accum'), this.slot(variable, 'accum_update')];
    const scalars = this.#tensors.map((value) => like(variable, value));
    return this.applyKernel('Adadelta', [variable, ...slots], [...scalars, gradient]);
  }
}

/** Options of {@link RMSPropOptimizer}. */
export interface RMSPropOptions extends OptimizerOptions {
  /**
   * The decay rate of the average of squares.
   *
   * @defaultValue `0.9`
   */
  decay?: Hyperparameter;
  /**
   * @defaultValue `0`
   */
  momentum?: Hyperparameter;
  /**
   * A small constant that avoids division by zero.
   *
   * @defaultValue `1e-10`
   */
  epsilon?: Hyperparameter;
  /** Whether to normalize by the variance of the gradients instead of the average of their squares. */
  centered?: boolean;
}

/**
 * RMSProp: gradients divided by the root of a running average of their squares.
 *
 * @see Tieleman and Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012; Graves, 2013, for `centered`
 *
 * @example
 * new tf.train.RMSPropOptimizer(0.001, { momentum: 0.9 }).minimize(loss);
 */
export class RMSPropOptimizer extends Optimizer {
  readonly #hyperparameters: readonly [Hyperparameter, Hyperparameter, Hyperparameter, Hyperparameter];
  readonly #centered: boolean;
  #tensors: readonly Tensor[] = [];

  constructor(
    learningRate: Hyperparameter,
    ...given:
      | [decay: Hyperparameter, options?: Omit<RMSPropOptions, 'decay'>]
      | [decay: Hyperparameter, momentum: Hyperparameter, options?: Omit<RMSPropOptions, 'decay' | 'momentum'>]
      | [
          decay: Hyperparameter,
          momentum: Hyperparameter,
          epsilon: Hyperparameter,
          options?: Omit<RMSPropOptions, 'decay' | 'momentum' | 'epsilon'>,
        ]
      | [options?: RMSPropOptions]
  ) {
    const options = placed<RMSPropOptions>(given, ['decay', 'momentum', 'epsilon']);
    const {
      decay = 0.9,
      momentum = 0,
      epsilon = 1e-10,
      centered = false,
      useLocking,
      name = 'RMSProp',
    } = onlyOptions(options, {
      decay: 'any',
      momentum: 'any',
      epsilon: 'any',
      centered: 'boolean',
      useLocking: 'boolean',
      name: 'string',
    });
    super(name, useLocking);
    this.#hyperparameters = [learningRate, decay, momentum, epsilon];
    this.#centered = centered;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) {
      this.makeSlot(variable, 'rms', () => ones(shapeOf(variable), { dtype: floatOf(variable) }));
      if (this.#centered) this.makeSlot(variable, 'mg');
      this.makeSlot(variable, 'momentum');
    }
  }

  protected override prepare(): void {
    const names = ['learning_rate', 'decay', 'momentum', 'epsilon'];
    this.#tensors = this.#hyperparameters.map((value, i) => hyperparameter(value, names[i]!));
  }

  protected override applyGradient(gradient: Tensor, variable: Variable): Operation {
    const slots = (this.#centered ? ['mg', 'rms', 'momentum'] : ['rms', 'momentum']).map((name) =>
      this.slot(variable, name),
    );
    const scalars = this.#tensors.map((value) => like(variable, value));
    return this.applyKernel(
      this.#centered ? 'CenteredRMSProp' : 'RMSProp',
      [variable, ...slots],
      [...scalars, gradient],
    );
  }
}

/** Options of {@link AdamOptimizer}. */
export interface AdamOptions extends OptimizerOptions {
  /**
   * The decay rate of the average of gradients.
   *
   * @defaultValue `0.9`
   */
  beta1?: number;
  /**
   * The decay rate of the average of squared gradients.
   *
   * @defaultValue `0.999`
   */
  beta2?: number;
  /**
   * A small constant that avoids division by zero ("epsilon hat" in the paper).
   *
   * @defaultValue `1e-8`
   */
  epsilon?: Hyperparameter;
}

/**
 * Adam.
 *
 * @see Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015
 *
 * @example
 * new tf.train.AdamOptimizer(1e-3).minimize(loss, { globalStep });
 */
export class AdamOptimizer extends Optimizer {
  readonly #learningRate: Hyperparameter;
  readonly #betas: readonly [number, number];
  readonly #epsilon: Hyperparameter;
  /**
   * The current powers of the betas. They are variables, so that training continues from a checkpoint as if it had not
   * stopped.
   */
  #powers: readonly Variable[] = [];
  readonly #powersOf = new Map<Graph, readonly Variable[]>();
  #tensors: readonly Tensor[] = [];

  constructor(
    learningRate: Hyperparameter = 0.001,
    ...given:
      | [beta1: number, options?: Omit<AdamOptions, 'beta1'>]
      | [beta1: number, beta2: number, options?: Omit<AdamOptions, 'beta1' | 'beta2'>]
      | [beta1: number, beta2: number, epsilon: Hyperparameter, options?: OptimizerOptions]
      | [options?: AdamOptions]
  ) {
    const options = placed<AdamOptions>(given, ['beta1', 'beta2', 'epsilon']);
    const {
      beta1 = 0.9,
      beta2 = 0.999,
      epsilon = 1e-8,
      useLocking,
      name = 'Adam',
    } = onlyOptions(options, {
      beta1: 'number',
      beta2: 'number',
      epsilon: 'any',
      useLocking: 'boolean',
      name: 'string',
    });
    super(name, useLocking);
    this.#learningRate = learningRate;
    this.#betas = [beta1, beta2];
    this.#epsilon = epsilon;
  }

  protected override get nonSlotVariables(): readonly Variable[] {
    return [...this.#powersOf.values()].flat();
  }

  protected override createSlots(variables: readonly Variable[]): void {
    const first = [...variables].sort((a, b) => (a.name < b.name ? -1 : 1))[0]!;
    this.#powers = this.#powersOf.get(first.graph) ?? this.#createPowers(first);
    this.#powersOf.set(first.graph, this.#powers);
    for (const variable of variables) {
      this.makeSlot(variable, 'm');
      this.makeSlot(variable, 'v');
    }
  }

  #createPowers(first: Variable): readonly Variable[] {
    return first.graph.colocateWith(first, () =>
      this.#betas.map(
        (beta, i) =>
          new Variable(beta, { name: `beta${i + 1}_power`, trainable: false, useResource: first.isResource }),
      ),
    );
  }

  protected override prepare(): void {
    const [beta1, beta2] = this.#betas;
    this.#tensors = [
      hyperparameter(this.#learningRate, 'learning_rate'),
      hyperparameter(beta1, 'beta1'),
      hyperparameter(beta2, 'beta2'),
      hyperparameter(this.#epsilon, 'epsilon'),
    ];
  }

  protected override applyGradient(gradient: Tensor, variable: Variable): Operation {
    const powers = this.#powers.map((power) => power.value());
    const scalars = [...powers, ...this.#tensors].map((value) => like(variable, value));
    if (gradient instanceof IndexedSlices) return this.#applyRows(gradient, variable, scalars);
    const slots = [this.slot(variable, 'm'), this.slot(variable, 'v')];
    return this.applyKernel('Adam', [variable, ...slots], [...scalars, gradient]);
  }

  /**
   * There is no sparse kernel: the averages of rows without a gradient decay too, and these rows are still updated by
   * the remaining averages, as with a gradient of 0.
   *
   * @see `_apply_sparse_shared` in TensorFlow's python/training/adam.py
   */
  #applyRows({ values, indices }: IndexedSlices, variable: Variable, scalars: readonly Tensor[]): Operation {
    const { graph } = variable;
    const [power1, power2, rate, beta1, beta2, epsilon] = scalars as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    const root = sqrt(sub(1, power2, { name: 'sub' }));
    const corrected = truediv(mul(rate, root, { name: 'mul' }), sub(1, power1, { name: 'sub' }));
    /** Decays an average, and adds to the rows of the gradient. */
    const average = (name: string, beta: Tensor, rows: () => Tensor): Tensor => {
      const slot = this.slot(variable, name);
      const added = mul(rows(), sub(1, beta, { name: 'sub' }), { name: 'mul' });
      const fallen = update('', slot, mul(slot, beta, { name: 'mul' }), { useLocking: this.useLocking });
      const changed = graph.controlDependencies([fallen], () => scatter('Add', slot, indices, added, this.useLocking));
      return changed.outputs[0] ?? graph.controlDependencies([changed], () => slot.value());
    };
    const m = average('m', beta1, () => values);
    const v = average('v', beta2, () => mul(values, values, { name: 'mul' }));
    const deviation = sqrt(v);
    const step = truediv(mul(corrected, m, { name: 'mul' }), add(deviation, epsilon, { name: 'add' }));
    return group([update('Sub', variable, step, { useLocking: this.useLocking }), m, v]);
  }

  protected override finish(updates: readonly Operation[], name: string): Operation {
    const [first] = this.#powers as [Variable];
    const { graph } = first;
    const powers = graph.controlDependencies(updates, () =>
      graph.colocateWith(first, () =>
        this.#powers.map((power, i) => {
          const next = mul(power.value() as Tensor<'float32'>, this.#tensors[i + 1]! as Tensor<'float32'>, {
            name: 'mul',
          });
          return update('', power, next, { useLocking: this.useLocking });
        }),
      ),
    );
    return super.finish([...updates, ...powers], name);
  }
}

/** Options of {@link FtrlOptimizer}. */
export interface FtrlOptions extends OptimizerOptions {
  /**
   * The exponent by which the learning rate decreases with the sum of squares; 0 keeps it fixed.
   *
   * @defaultValue `-0.5`
   */
  learningRatePower?: number;
  /**
   * The initial value of the sums of squares.
   *
   * @defaultValue `0.1`
   */
  initialAccumulatorValue?: number;
  /**
   * @defaultValue `0`
   */
  l1RegularizationStrength?: number;
  /**
   * @defaultValue `0`
   */
  l2RegularizationStrength?: number;
}

/**
 * FTRL-Proximal.
 *
 * @see McMahan et al., "Ad Click Prediction: a View from the Trenches", 2013
 *
 * @example
 * new tf.train.FtrlOptimizer(0.05, { l1RegularizationStrength: 0.001 }).minimize(loss);
 */
export class FtrlOptimizer extends Optimizer {
  readonly #hyperparameters: readonly [Hyperparameter, number, number, number];
  readonly #initialAccumulatorValue: number;
  #tensors: readonly Tensor[] = [];

  /** @throws {InvalidArgumentError} when a strength or the accumulators' initial value is negative, or the power positive */
  constructor(learningRate: Hyperparameter, options: FtrlOptions = {}) {
    const known = onlyOptions(options, {
      learningRatePower: 'number',
      initialAccumulatorValue: 'number',
      l1RegularizationStrength: 'number',
      l2RegularizationStrength: 'number',
      useLocking: 'boolean',
      name: 'string',
    });
    const { learningRatePower = -0.5, initialAccumulatorValue = 0.1, useLocking, name = 'Ftrl' } = known;
    const { l1RegularizationStrength = 0, l2RegularizationStrength = 0 } = known;
    super(name, useLocking);
    const notNegative = (value: number) => value >= 0;
    checkHyperparameter('initialAccumulatorValue', initialAccumulatorValue, notNegative, 'zero or more');
    checkHyperparameter('l1RegularizationStrength', l1RegularizationStrength, notNegative, 'zero or more');
    checkHyperparameter('l2RegularizationStrength', l2RegularizationStrength, notNegative, 'zero or more');
    checkHyperparameter('learningRatePower', learningRatePower, (value) => value <= 0, 'zero or less');
    this.#hyperparameters = [learningRate, l1RegularizationStrength, l2RegularizationStrength, learningRatePower];
    this.#initialAccumulatorValue = initialAccumulatorValue;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) {
      this.makeSlot(variable, 'accum', () => filled(variable, this.#initialAccumulatorValue));
      this.makeSlot(variable, 'linear');
    }
  }

  protected override prepare(): void {
    const names = ['learning_rate', 'l1_regularization_strength', 'l2_regularization_strength', 'learning_rate_power'];
    this.#tensors = this.#hyperparameters.map((value, i) => hyperparameter(value, names[i]!));
  }

  protected override applyGradient(gradient: Tensor, variable: Variable): Operation {
    const slots = [this.slot(variable, 'accum'), this.slot(variable, 'linear')];
    const scalars = this.#tensors.map((value) => like(variable, value));
    return this.applyKernel('Ftrl', [variable, ...slots], [gradient, ...scalars]);
  }
}

/**
 * Adds to or subtracts from some rows of a variable. The output is the variable, or nothing for a resource variable.
 */
function scatter(
  kind: 'Add' | 'Sub',
  variable: Variable,
  indices: Tensor,
  rows: Tensor,
  useLocking?: boolean,
): Operation {
  if (variable.isResource) return apply(`ResourceScatter${kind}`, [variable, indices, rows], { dtype: rows.dtype });
  return apply(`Scatter${kind}`, [variable, indices, rows], { use_locking: useLocking });
}

/** A constant of a variable's shape and dtype. */
function filled(variable: Variable, value: number): Tensor {
  return constant(value, { dtype: floatOf(variable), shape: shapeOf(variable) });
}

/** Variables have known shapes, and only floating-point ones are trained. */
const shapeOf = (variable: Variable) => variable.shape as readonly number[];
const floatOf = (variable: Variable) => variable.dtype as FloatDType;
