/**
 * Accumulators of gradients: they take those that belong to the current step, drop those of earlier steps, and give the average of
 * so many when there are so many. Synchronous training is made of them.
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

/** The dtypes that the runtime accumulates gradients of. */
export type AccumulatedDType = 'float16' | 'float32' | 'float64';

/** What an accumulator may be told. */
export interface AccumulatorOptions<S extends Shape | undefined = Shape | undefined> extends OpOptions {
  /**
   * The shape of the gradients.
   *
   * @defaultValue that of the first that comes
   */
  shape?: S;
  /** The name by which several sessions share the accumulator. */
  sharedName?: string;
  /**
   * What is taken of the gradients.
   *
   * @defaultValue `'MEAN'`
   */
  reductionType?: 'MEAN' | 'SUM';
}

/** How to apply a gradient. */
export interface ApplyGradOptions extends OpOptions {
  /**
   * The step that the gradient was computed in: one of an earlier step than the accumulator's is dropped.
   *
   * @defaultValue `0`
   */
  localStep?: number | bigint | Tensor<IndexDType>;
}

/** What the accumulators of dense and of sparse gradients share. */
export abstract class ConditionalAccumulatorBase<D extends AccumulatedDType = AccumulatedDType> {
  /** The accumulator in the runtime: a resource, or of sparse gradients a reference. */
  readonly accumulatorRef: Tensor;
  readonly dtype: D;
  /** The shape of the gradients; null where the first says it. */
  readonly shape: Shape;
  readonly #prefix: string;

  /**
   * @param type of the operation that makes it
   * @param defaultName of that operation
   * @param prefix what the types of its other operations begin with
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

  /** How many gradients of the current step were applied. */
  numAccumulated(options: OpOptions = {}): Scalar<'int32'> {
    const { name = `${this.name}_NumAccumulated` } = onlyOptions(options, { name: 'string' });
    return applyOne(`${this.#prefix}AccumulatorNumAccumulated`, [this.accumulatorRef], {}, name);
  }

  /**
   * Sets the current step. Gradients of earlier steps are dropped from then on.
   *
   * @throws {InvalidArgumentError} when it is no scalar of whole numbers
   */
  setGlobalStep(newGlobalStep: number | bigint | Tensor<IndexDType>, options: OpOptions = {}): Operation {
    const { name } = onlyOptions(options, { name: 'string' });
    const step = this.step(newGlobalStep);
    return apply(`${this.#prefix}AccumulatorSetGlobalStep`, [this.accumulatorRef, step], {}, name);
  }

  /** The accumulator in words: its kind, name, dtype and shape. */
  toString(): string {
    return `${this.constructor.name} '${this.accumulatorRef.op.name}' ${this.dtype} ${shapeText(this.shape)}`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  /** A step as accumulators count them. */
  protected step(step: number | bigint | Tensor<IndexDType>): Tensor {
    return this.whole('a step', step);
  }

  /** A whole number, or a tensor of one or several, as a tensor of `int64`. */
  protected whole(what: string, value: Operand): Tensor {
    const { graph } = this.accumulatorRef;
    const isWhole = value instanceof Tensor ? value.dtype === 'int32' || value.dtype === 'int64' : true;
    if (!isWhole) throw new InvalidArgumentError(`${what} is a whole number, not ${shown(value)}`);
    return cast(asTensor(value, typeof value === 'bigint' ? 'int64' : 'int32', 'Const', graph), 'int64');
  }

  /** @throws {InvalidArgumentError} when so many gradients can't be waited for */
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
   * Adds a gradient to what is accumulated, or drops it when it is of an earlier step.
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
   * Takes the average of the gradients. A run of it waits until there are `numRequired` of the current step, which is then over: the
   * accumulator is empty, and its step one more.
   *
   * @throws {InvalidArgumentError} when `numRequired` is no scalar of `int32`, or below 1
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
 * An accumulator of gradients of which only some rows are given: {@link IndexedSlices}.
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

  /** {@link SparseConditionalAccumulator.applyGrad} of a gradient's parts. */
  applyIndexedSlicesGrad(gradient: IndexedSlices<D>, options: ApplyGradOptions = {}): Operation {
    onlyOptions(options, { localStep: 'any', name: 'string' });
    checkInstance('a sparse gradient', gradient, IndexedSlices, 'tf.IndexedSlices');
    const { indices, values, denseShape } = gradient;
    return this.applyGrad(indices, values, { ...options, gradShape: denseShape ?? undefined });
  }

  /**
   * Adds a gradient to what is accumulated, or drops it when it is of an earlier step.
   *
   * @param gradIndices the rows that are given
   * @param gradValues the rows
   * @param options.gradShape the shape of the whole, where it is known
   * @throws {InvalidArgumentError} when the rows are of another dtype, or have fewer or more indices
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
   * Takes the average of the gradients as its rows' indices, its rows and the shape of the whole, of which -1 stands for what isn't
   * known. A run of it waits until there are `numRequired` of the current step, which is then over.
   *
   * @throws {InvalidArgumentError} when `numRequired` is no scalar of `int32`, or below 1
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
    return { indices, values, shape };
  }

  /** {@link SparseConditionalAccumulator.takeGrad} as one gradient. */
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
