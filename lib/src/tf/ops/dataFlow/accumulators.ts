/**
 * Accumulators of gradients: they accept gradients of the current step, drop those of earlier steps, and return the
 * average once there are enough. Synchronous training is built on them.
 */
import { inspect } from 'node:util';
import { checkCount, checkInstance, shown } from '../../../runtime/arguments';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';
import { shapeText } from '../../../runtime/shapeText';
import type { Operation } from '../../graph/operation';
import { areCompatible, type RankOf, type Scalar, type Shape, Tensor, type TensorLike } from '../../graph/tensor';
import { apply, applyOne, asTensor, type Operand, type OpOptions } from '../apply';
import { cast } from '../elementwise';
import { IndexedSlices } from '../indexedSlices';
import type { IndexDType } from '../types';

/** The dtypes of gradients that the runtime can accumulate. */
export type AccumulatedDType = 'float16' | 'float32' | 'float64';

/** Options of accumulators. */
export interface AccumulatorOptions<S extends Shape | undefined = Shape | undefined> extends OpOptions {
  /**
   * The shape of the gradients.
   *
   * @defaultValue that of the first gradient
   */
  shape?: S;
  /** The name under which several sessions share the accumulator. */
  sharedName?: string;
  /**
   * How to combine the gradients.
   *
   * @defaultValue `'MEAN'`
   */
  reductionType?: 'MEAN' | 'SUM';
}

/** Options of applying a gradient. */
export interface ApplyGradOptions extends OpOptions {
  /**
   * The step in which the gradient was computed. If it is earlier than the accumulator's, the gradient is dropped.
   *
   * @defaultValue `0`
   */
  localStep?: number | bigint | Tensor<IndexDType>;
}

/** The base class of dense and sparse accumulators. */
export abstract class ConditionalAccumulatorBase<D extends AccumulatedDType = AccumulatedDType> {
  /** The accumulator's tensor in the runtime: a resource, or a reference for a sparse accumulator. */
  readonly accumulatorRef: Tensor;
  readonly dtype: D;
  /** The shape of the gradients; null if the first gradient determines it. */
  readonly shape: Shape;
  readonly #prefix: string;

  /**
   * @param type the type of its operation
   * @param defaultName the default name of that operation
   * @param prefix the prefix of the types of its other operations
   */
  protected constructor(type: string, defaultName: string, prefix: string, dtype: D, options: AccumulatorOptions) {
    const known = onlyOptions(options, {
      shape: 'array | null',
      sharedName: 'string',
      reductionType: ['MEAN', 'SUM'],
      name: 'string',
    });
    const { shape = null, sharedName, reductionType, name = defaultName } = known;
    if (!DTYPES.includes(dtype))
      throw new InvalidArgumentError(`gradients of ${DTYPES.join(', ')} are accumulated, not of ${shown(dtype)}`);
    const attributes = { dtype, shape, shared_name: sharedName, reduction_type: reductionType };
    this.dtype = dtype;
    this.shape = shape;
    this.accumulatorRef = applyOne(type, [], attributes, name);
    this.#prefix = prefix;
  }

  /** The last part of the name of the accumulator's operation. */
  get name(): string {
    return this.accumulatorRef.op.name.split('/').at(-1)!;
  }

  /** The number of gradients applied in the current step. */
  numAccumulated(options: OpOptions = {}): Scalar<'int32'> {
    const { name = `${this.name}_NumAccumulated` } = onlyOptions(options, { name: 'string' });
    return applyOne(`${this.#prefix}AccumulatorNumAccumulated`, [this.accumulatorRef], {}, name);
  }

  /**
   * Sets the current step. From then on, gradients of earlier steps are dropped.
   *
   * @throws {InvalidArgumentError} when it is not an integer scalar
   */
  setGlobalStep(newGlobalStep: number | bigint | Tensor<IndexDType>, options: OpOptions = {}): Operation {
    const { name } = onlyOptions(options, { name: 'string' });
    const step = this.step(newGlobalStep);
    return apply(`${this.#prefix}AccumulatorSetGlobalStep`, [this.accumulatorRef, step], {}, name);
  }

  /** A description of the accumulator: its kind, name, dtype and shape. */
  toString(): string {
    return `${this.constructor.name} '${this.accumulatorRef.op.name}' ${this.dtype} ${shapeText(this.shape)}`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  /** Converts a step to the accumulator's representation. */
  protected step(step: number | bigint | Tensor<IndexDType>): Tensor {
    return this.whole('a step', step);
  }

  /** Converts an integer, or a tensor of integers, to `int64`. */
  protected whole(what: string, value: Operand): Tensor {
    const { graph } = this.accumulatorRef;
    const isWhole = value instanceof Tensor ? value.dtype === 'int32' || value.dtype === 'int64' : true;
    if (!isWhole) throw new InvalidArgumentError(`${what} is a whole number, not ${shown(value)}`);
    return cast(asTensor(value, typeof value === 'bigint' ? 'int64' : 'int32', 'Const', graph), 'int64');
  }

  /** @throws {InvalidArgumentError} when the number of gradients to wait for is invalid */
  protected checkRequired(numRequired: number | Tensor): void {
    const what = 'the number of gradients to wait for';
    if (!(numRequired instanceof Tensor)) checkCount(what, numRequired, 2 ** 31 - 1);
    else if (numRequired.dtype !== 'int32')
      throw new InvalidArgumentError(`${what} is of int32, not ${shown(numRequired)}`);
  }
}

/**
 * An accumulator of dense gradients.
 *
 * @example
 * const accumulator = new tf.ConditionalAccumulator('float32', { shape: [2] });
 * const apply = accumulator.applyGrad([1, 2], { localStep: 0 });
 * const average = accumulator.takeGrad(2); // waits for two
 * session.runSync(apply);
 * session.runSync(accumulator.applyGrad([3, 6]));
 * session.runSync(average); // [2, 4]
 */
export class ConditionalAccumulator<
  D extends AccumulatedDType = AccumulatedDType,
  const S extends Shape | undefined = undefined,
> extends ConditionalAccumulatorBase<D> {
  /** @throws {InvalidArgumentError} when the runtime accumulates no gradients of the dtype */
  constructor(dtype: D, options: AccumulatorOptions<S> = {}) {
    super('ResourceConditionalAccumulator', 'conditional_accumulator', 'Resource', dtype, options);
  }

  /**
   * Adds a gradient, or drops it if it belongs to an earlier step.
   *
   * @throws {InvalidArgumentError} when it is of another dtype or shape
   */
  applyGrad(gradient: TensorLike<D>, options: ApplyGradOptions = {}): Operation {
    const { localStep = 0, name } = onlyOptions(options, { localStep: 'any', name: 'string' });
    const tensor = asTensor(gradient, this.dtype, 'Const', this.accumulatorRef.graph);
    if (!areCompatible(this.shape, tensor.shape))
      throw new InvalidArgumentError(`${this} takes no gradient of shape ${shapeText(tensor.shape)}`);
    const inputs = [this.accumulatorRef, this.step(localStep), tensor];
    return apply('ResourceAccumulatorApplyGradient', inputs, {}, name);
  }

  /**
   * The average of the gradients. A run waits until there are `numRequired` gradients of the current step. This ends
   * the step: the accumulator becomes empty, and its step is incremented.
   *
   * @throws {InvalidArgumentError} when `numRequired` is not a scalar of `int32`, or below 1
   */
  takeGrad(numRequired: number | Tensor<'int32'>, options: OpOptions = {}): Tensor<D, RankOf<S>> {
    const { name } = onlyOptions(options, { name: 'string' });
    this.checkRequired(numRequired);
    const inputs = [this.accumulatorRef, numRequired];
    const average = applyOne<D, RankOf<S>>('ResourceAccumulatorTakeGradient', inputs, { dtype: this.dtype }, name);
    average.setShape(this.shape);
    return average;
  }
}

/**
 * An accumulator of sparse gradients: {@link IndexedSlices}.
 *
 * @example
 * const accumulator = new tf.SparseConditionalAccumulator('float32');
 * session.runSync(accumulator.applyGrad([1], [[1, 2]]));
 * session.runSync(accumulator.applyIndexedSlicesGrad(new tf.IndexedSlices([[3, 6]], [1])));
 * session.runSync(accumulator.takeIndexedSlicesGrad(2).values); // [[2, 4]]
 */
export class SparseConditionalAccumulator<
  D extends AccumulatedDType = AccumulatedDType,
> extends ConditionalAccumulatorBase<D> {
  /** @throws {InvalidArgumentError} when the runtime accumulates no gradients of the dtype */
  constructor(dtype: D, options: AccumulatorOptions = {}) {
    super('SparseConditionalAccumulator', 'sparse_conditional_accumulator', '', dtype, options);
  }

  /** Like {@link SparseConditionalAccumulator.applyGrad}, for an `IndexedSlices`. */
  applyIndexedSlicesGrad(gradient: IndexedSlices<D>, options: ApplyGradOptions = {}): Operation {
    onlyOptions(options, { localStep: 'any', name: 'string' });
    checkInstance('a sparse gradient', gradient, IndexedSlices, 'tf.IndexedSlices');
    const { indices, values, denseShape } = gradient;
    return this.applyGrad(indices, values, { ...options, gradShape: denseShape ?? undefined });
  }

  /**
   * Adds a gradient, or drops it if it belongs to an earlier step.
   *
   * @param gradIndices the indices of the rows
   * @param gradValues the rows
   * @param options.gradShape the shape of the whole gradient, if it is known
   * @throws {InvalidArgumentError} when the rows are of another dtype, or their number differs from that of the indices
   */
  applyGrad(
    gradIndices: TensorLike<IndexDType>,
    gradValues: TensorLike<D>,
    options: ApplyGradOptions & { gradShape?: TensorLike<IndexDType> } = {},
  ): Operation {
    const {
      gradShape,
      localStep = 0,
      name,
    } = onlyOptions(options, { gradShape: 'any', localStep: 'any', name: 'string' });
    const { graph } = this.accumulatorRef;
    const step = this.step(localStep);
    const indices = this.numbers(gradIndices, 'int32');
    // Python's empty list is of float32.
    const shape = gradShape === undefined ? this.numbers([], 'float32') : this.numbers(gradShape, 'int32');
    const scope = name ?? 'SparseAccumulatorApplyGradient';
    return graph.nameScope(scope, (whole) => {
      const values = asTensor(gradValues, this.dtype, 'gradient_values', graph);
      const inputs = [this.accumulatorRef, step, indices, values, shape];
      return apply('SparseAccumulatorApplyGradient', inputs, { has_known_shape: gradShape !== undefined }, whole);
    });
  }

  /**
   * The average of the gradients, as the indices of its rows, the rows, and the shape of the whole gradient, with -1
   * for unknown sizes. A run waits until there are `numRequired` gradients of the current step, which ends the step.
   *
   * @throws {InvalidArgumentError} when `numRequired` is not a scalar of `int32`, or below 1
   */
  takeGrad(
    numRequired: number | Tensor<'int32'>,
    options: OpOptions = {},
  ): { indices: Tensor<'int64', 'array'>; values: Tensor<D, 'array'>; shape: Tensor<'int64', 'array'> } {
    const { name } = onlyOptions(options, { name: 'string' });
    this.checkRequired(numRequired);
    const inputs = [this.accumulatorRef, numRequired];
    const { outputs } = apply('SparseAccumulatorTakeGradient', inputs, { dtype: this.dtype }, name);
    const [indices, values, shape] = outputs as readonly Tensor[] as readonly [
      Tensor<'int64', 'array'>,
      Tensor<D, 'array'>,
      Tensor<'int64', 'array'>,
    ];
    indices.setShape([null]);
    if (this.shape?.length) values.setShape([null, ...this.shape.slice(1)]);
    return { indices, values, shape };
  }

  /** Like {@link SparseConditionalAccumulator.takeGrad}; returns an `IndexedSlices`. */
  takeIndexedSlicesGrad(numRequired: number | Tensor<'int32'>, options: OpOptions = {}): IndexedSlices<D> {
    const { indices, values, shape } = this.takeGrad(numRequired, options);
    return new IndexedSlices(values, indices, shape);
  }

  private numbers(value: TensorLike, dtype: 'int32' | 'float32'): Tensor {
    const { graph } = this.accumulatorRef;
    if (value instanceof Tensor) return this.whole('an index', value);
    return graph.nameScope('Cast', (scope) =>
      applyOne('Cast', [asTensor(value, dtype, 'x', graph)], { DstT: 'int64' }, scope),
    );
  }
}

const DTYPES: readonly unknown[] = ['float16', 'float32', 'float64'] satisfies AccumulatedDType[];
