/**
 * The base of all optimizers: computes gradients, creates slots, applies updates. Its operations and variables have
 * TensorFlow 1's names, so checkpoints with slots can be exchanged with Python.
 *
 * @see TensorFlow's python/training/optimizer.py and slot_creator.py
 */

import { checkArray, checkInstance, shown } from '../../runtime/arguments';
import type { FloatDType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions, placed } from '../../runtime/options';
import { gradients } from '../gradients';
import type { Attributes } from '../graph/attributes';
import { GraphKeys } from '../graph/collections';
import { getDefaultGraph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import { areCompatible, Tensor } from '../graph/tensor';
import { apply, asTensor, type Operand } from '../ops/apply';
import { shape, zeros } from '../ops/array';
import { group, tuple } from '../ops/control';
import { cast } from '../ops/elementwise';
import { IndexedSlices } from '../ops/indexedSlices';
import { getItem } from '../ops/indexing';
import { unsortedSegmentSum } from '../ops/indexing/segments';
import { ofRank } from '../ops/ofRank';
import { update } from '../ops/variableOps';
import { Variable } from '../ops/variables';

/** A gradient, or null if there is none, and its variable. */
export type GradientAndVariable = readonly [gradient: Tensor | null, variable: Variable];

/** The gradient of a loss, of a floating-point dtype, and its variable. */
export type ComputedGradient = readonly [gradient: Tensor<FloatDType> | null, variable: Variable];

/** Options common to all optimizers. */
export interface OptimizerOptions {
  /** Whether to lock variables during updates. */
  useLocking?: boolean;
  /** The scope of the updates, and the last part of the slots' names. */
  name?: string;
}

/** Options of computing gradients. */
export interface ComputeGradientsOptions {
  /**
   * The variables to train.
   *
   * @defaultValue the trainable ones of the loss's graph
   */
  varList?: readonly Variable[];
  /**
   * To what extent gradients wait for each other: not at all, for the others of the same operation, or for all.
   *
   * @defaultValue `'op'`
   */
  gateGradients?: 'none' | 'op' | 'graph';
  /** Whether to place each gradient on the device of its operation. */
  colocateGradientsWithOps?: boolean;
  /**
   * The gradient of the loss.
   *
   * @defaultValue ones
   */
  gradLoss?: Operand;
}

/** Options of applying gradients. */
export interface ApplyGradientsOptions {
  /** A variable that is incremented by one after the update. */
  globalStep?: Variable;
  /**
   * The name of the operation that applies all updates.
   *
   * @defaultValue the optimizer's
   */
  name?: string;
}

/** Options of {@link Optimizer.minimize}: those of computing and of applying gradients. */
export interface MinimizeOptions extends ComputeGradientsOptions, ApplyGradientsOptions {}

/** A hyperparameter: a fixed number, or a tensor that may change from step to step. */
export type Hyperparameter = number | Tensor;

/** Replaces an optimizer when gradients are applied. */
type Replacement = (optimizer: Optimizer) => Pick<Optimizer, 'applyGradients'>;

/** Set while {@link withReplacement} builds. */
let replacement: Replacement | undefined;

/**
 * Replaces every optimizer when it applies gradients (also in `minimize`) while `build` runs. This makes unmodified
 * code train synchronously.
 *
 * @param replace returns the replacement of an optimizer
 * @returns what `build` returns
 */
export function withReplacement<T>(replace: Replacement | undefined, build: () => T): T {
  const outer = replacement;
  replacement = replace;
  try {
    return build();
  } finally {
    replacement = outer;
  }
}

/** Disables replacements while `build` runs, for a replacement that calls the original optimizer. */
export function withoutReplacement<T>(build: () => T): T {
  return withReplacement(undefined, build);
}

/**
 * An algorithm that changes variables to reduce a loss.
 *
 * @example
 * const optimizer: tf.train.Optimizer = new tf.train.MomentumOptimizer(0.01, 0.9);
 * const trainOp = optimizer.minimize(loss);
 */
export abstract class Optimizer {
  /** The scope of the updates, and the last part of the slots' names. */
  readonly name: string;
  protected readonly useLocking: boolean;
  readonly #slots = new Map<string, Map<Operation, Variable>>();

  protected constructor(name: string, useLocking = false) {
    this.name = name;
    this.useLocking = useLocking;
  }

  /** Creates the slots for updates of `variables`. */
  protected createSlots(_variables: readonly Variable[]): void {}

  /** Converts the hyperparameters to tensors, in the scope of the updates. */
  protected abstract prepare(): void;

  /**
   * The operation that updates one variable. For an `IndexedSlices`, it may update only the rows that the gradient
   * names, each of them once; an optimizer that uses the gradient as a dense tensor updates all rows.
   */
  protected abstract applyGradient(gradient: Tensor, variable: Variable): Operation;

  /**
   * A gradient of rows for {@link applyGradient}, in which each row occurs once: a kernel that squares gradients, or
   * averages squares, needs their sum. An optimizer that only adds doesn't need to sum first.
   */
  protected sumRows(gradient: IndexedSlices): IndexedSlices {
    const { values, indices, denseShape } = gradient;
    const [rows, places] = apply('Unique', [indices]).outputs as [Tensor<'int32' | 'int64'>, Tensor];
    const sums = unsortedSegmentSum(values, places, getItem(shape(rows), [0]));
    return new IndexedSlices(sums, rows, denseShape);
  }

  /**
   * Applies TensorFlow's own kernel of an update: `ApplyMomentum`; `SparseApplyMomentum` for a gradient of rows;
   * `ResourceApplyMomentum` … for resource variables.
   *
   * @param kind such as `Momentum`
   * @param variables the variable and its slots
   * @param inputs the kernel's other inputs, including the gradient
   */
  protected applyKernel(
    kind: string,
    variables: readonly Variable[],
    inputs: readonly Tensor[],
    attributes: Attributes = {},
  ): Operation {
    const isSparse = inputs.some((input) => input instanceof IndexedSlices);
    const type = `${variables[0]?.isResource ? 'Resource' : ''}${isSparse ? 'Sparse' : ''}Apply${kind}`;
    const rank = variables[0]?.rank;
    const rows = (values: Tensor) => (typeof rank === 'number' ? ofRank(values, rank) : values);
    const operands = inputs.flatMap((input): Tensor[] =>
      input instanceof IndexedSlices ? [rows(input.values), input.indices] : [input],
    );
    return apply(type, [...variables, ...operands], { use_locking: this.useLocking, ...attributes });
  }

  /** The operation that completes when every variable is updated. */
  protected finish(updates: readonly Operation[], name: string): Operation {
    return group(updates, { name });
  }

  /**
   * Builds the operation that takes one step: it computes the gradients of `loss` and applies them.
   *
   * @throws {InvalidArgumentError} when `loss` depends on none of the variables
   *
   * @example
   * const trainOp = new tf.train.GradientDescentOptimizer(0.01).minimize(loss, { globalStep });
   */
  minimize(
    loss: Tensor,
    ...given:
      | [globalStep: Variable, options?: Omit<MinimizeOptions, 'globalStep'>]
      | [
          globalStep: Variable | undefined,
          varList: readonly Variable[],
          options?: Omit<MinimizeOptions, 'globalStep' | 'varList'>,
        ]
      | [options?: MinimizeOptions]
  ): Operation {
    const options = placed<MinimizeOptions>(given, ['globalStep', 'varList']);
    onlyOptions(options, {
      varList: 'array',
      gateGradients: ['none', 'graph', 'op'],
      colocateGradientsWithOps: 'boolean',
      gradLoss: 'any',
      globalStep: 'any',
      name: 'string',
    });
    const { globalStep, name, ...computing } = options;
    const computed = this.computeGradients(loss, computing);
    if (computed.every(([gradient]) => gradient === null)) {
      const names = computed.map(([, variable]) => variable.name).join(', ');
      throw new InvalidArgumentError(
        `'${loss.name}' has no gradient with respect to any variable: it depends on none of ${names}`,
      );
    }
    return this.applyGradients(computed, { globalStep, name });
  }

  /**
   * Computes the gradients of a loss, each with its variable, for {@link applyGradients}. You can clip or modify them
   * in between. The gradient of a table from which only rows were looked up is an `IndexedSlices`.
   *
   * @example
   * const gradients = optimizer.computeGradients(loss);
   * for (const [gradient, variable] of gradients)
   *   if (gradient) tf.summary.histogram(`${variable.op.name}/gradient`, gradient);
   * const trainOp = optimizer.applyGradients(gradients);
   * @throws {InvalidArgumentError} when there is no variable to train, or the loss is of an integer dtype
   */
  computeGradients(
    loss: Tensor,
    ...given:
      | [varList: readonly Variable[], options?: Omit<ComputeGradientsOptions, 'varList'>]
      | [options?: ComputeGradientsOptions]
  ): ComputedGradient[] {
    const options = placed<ComputeGradientsOptions>(given, ['varList']);
    onlyOptions(options, {
      varList: 'array',
      gateGradients: ['none', 'graph', 'op'],
      colocateGradientsWithOps: 'boolean',
      gradLoss: 'any',
    });
    checkInstance('a loss', loss, Tensor);
    const { graph } = loss;
    const variables = options.varList ?? graph.getCollection(GraphKeys.TRAINABLE_VARIABLES);
    checkArray('the variables to train', variables);
    if (variables.length === 0) throw new InvalidArgumentError('there is no variable to train');
    const gating = options.gateGradients ?? 'op';
    const computed: readonly (Tensor | null)[] = gradients(loss, variables, {
      gradYs: options.gradLoss === undefined ? undefined : [options.gradLoss],
      gateGradients: gating === 'op',
      colocateGradientsWithOps: options.colocateGradientsWithOps,
    });
    const gated = gating === 'graph' ? tuple(computed) : computed;
    return variables.map((variable, i) => [(gated[i] ?? null) as ComputedGradient[0], variable]);
  }

  /**
   * Builds the operation that updates variables by their gradients.
   *
   * @throws {InvalidArgumentError} when no variable has a gradient, or a gradient doesn't have its variable's shape
   */
  applyGradients(
    gradientsAndVariables: readonly GradientAndVariable[],
    ...given:
      | [globalStep: Variable, options?: Omit<ApplyGradientsOptions, 'globalStep'>]
      | [options?: ApplyGradientsOptions]
  ): Operation {
    const options = placed<ApplyGradientsOptions>(given, ['globalStep']);
    onlyOptions(options, { globalStep: 'any', name: 'string' });
    if (replacement) return replacement(this).applyGradients(gradientsAndVariables, options);
    checkPairs(gradientsAndVariables);
    const pairs = gradientsAndVariables.filter((pair): pair is readonly [Tensor, Variable] => pair[0] !== null);
    const first = pairs[0];
    if (first === undefined) throw new InvalidArgumentError('no variable has a gradient');
    for (const [gradient, variable] of pairs) {
      if (!areCompatible(gradient.shape, variable.shape))
        throw new InvalidArgumentError(
          `the gradient of '${variable.name}' is ${gradient}, but the variable is ${variable}`,
        );
    }
    const { graph } = first[1];
    const { globalStep, name = this.name } = options;
    return graph.asDefault(() => {
      graph.controlDependencies(null, () => this.createSlots(pairs.map(([, variable]) => variable)));
      const trainOp = graph.nameScope(name, (scope) => {
        this.prepare();
        const updates = pairs.map(([gradient, variable]) =>
          graph.nameScope(`update_${variable.op.name}`, () =>
            graph.colocateWith(variable, () =>
              this.applyGradient(gradient instanceof IndexedSlices ? this.sumRows(gradient) : gradient, variable),
            ),
          ),
        );
        if (globalStep === undefined) return this.finish(updates, scope);
        return graph.controlDependencies([this.finish(updates, 'update')], () =>
          graph.colocateWith(globalStep, () => update('Add', globalStep, 1, { name: scope })),
        );
      });
      const trainOps = graph.getCollectionRef(GraphKeys.TRAIN_OP);
      if (!trainOps.includes(trainOp)) trainOps.push(trainOp);
      return trainOp;
    });
  }

  /** A slot of a trained variable, such as its momentum, by the slot's name. */
  getSlot(variable: Variable, name: string): Variable | undefined {
    return this.#slots.get(name)?.get(variable.op);
  }

  /** The names of the slots, in alphabetical order. */
  getSlotNames(): string[] {
    return [...this.#slots.keys()].sort();
  }

  /**
   * The variables that the optimizer has created, by name. Of an optimizer that trains in several graphs, those of the
   * default graph.
   */
  variables(): Variable[] {
    const all = [...this.nonSlotVariables, ...[...this.#slots.values()].flatMap((slots) => [...slots.values()])];
    const graphs = new Set(all.map(({ graph }) => graph));
    const current = graphs.size > 1 ? all.filter(({ graph }) => graph === getDefaultGraph()) : all;
    return current.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What the optimizer has created that isn't a slot of a variable. */
  protected get nonSlotVariables(): readonly Variable[] {
    return [];
  }

  /** Creates a slot: a variable named after its primary variable, and colocated with it. */
  protected makeSlot(
    variable: Variable,
    slot: string,
    initialize: () => Tensor = () => zeros(variable.shape as readonly number[], { dtype: variable.dtype as 'float32' }),
    name = this.name,
  ): void {
    const slots = this.#slots.get(slot) ?? new Map<Operation, Variable>();
    this.#slots.set(slot, slots);
    if (!slots.has(variable.op)) slots.set(variable.op, createSlot(variable, initialize, name));
  }

  /** A slot that `createSlots` made. */
  protected slot(variable: Variable, name: string): Variable {
    return this.getSlot(variable, name)!;
  }
}

/** @throws {InvalidArgumentError} when they aren't pairs as from `computeGradients` */
export function checkPairs(pairs: unknown): void {
  checkArray('gradients with their variables', pairs);
  for (const pair of pairs as unknown[]) {
    checkArray('a gradient and its variable', pair);
    const [gradient, variable] = pair as unknown[];
    if (gradient !== null) checkInstance('a gradient', gradient, Tensor);
    checkInstance('what has a gradient', variable, Variable, 'variable');
  }
}

/** A variable like its primary one, and named after it regardless of the current scope: `hidden1/weights/Momentum`. */
export function createSlot(primary: Variable, initialize: Tensor | (() => Tensor), name: string): Variable {
  const { graph, isResource: useResource, saveSliceInfo: part } = primary;
  const options = { name: `${primary.op.name}/${name}`, trainable: false, useResource };
  const slot = graph.nameScope(null, () => graph.colocateWith(primary, () => new Variable(initialize, options)));
  if (part) slot.saveSliceInfo = { ...part, fullName: part.fullName + slot.op.name.slice(primary.op.name.length) };
  return slot;
}

/**
 * A hyperparameter as a tensor.
 *
 * @throws {InvalidArgumentError} when it is neither a number nor a tensor
 */
export function hyperparameter(value: Hyperparameter, name: string): Tensor {
  if (typeof value !== 'number' && !(value instanceof Tensor))
    throw new InvalidArgumentError(`${name} must be a number or a tensor, got ${shown(value)}`);
  return asTensor(value, typeof value === 'number' ? 'float32' : undefined, name);
}

/** Converts a hyperparameter to the dtype of a variable's updates. */
export function like(variable: Variable, value: Tensor): Tensor {
  return value.dtype === variable.dtype ? value : cast(value, variable.dtype);
}

/** Refuses invalid hyperparameters. */
export function checkHyperparameter(
  name: string,
  value: Hyperparameter,
  valid: (value: number) => boolean,
  range: string,
): void {
  if (typeof value === 'number' && !valid(value))
    throw new InvalidArgumentError(`${name} must be ${range}, got ${shown(value)}`);
}
