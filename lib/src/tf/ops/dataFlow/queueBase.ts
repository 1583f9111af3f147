/** The base class of queues: enqueuing, dequeuing, closing. */
import { inspect } from 'node:util';
import { checkArray, checkInstance, shown } from '../../../runtime/arguments';
import type { DType } from '../../../runtime/dtypes';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions, placed } from '../../../runtime/options';
import { shapeText } from '../../../runtime/shapeText';
import type { Attributes } from '../../graph/attributes';
import type { Operation } from '../../graph/operation';
import { areCompatible, type Scalar, type Shape, Tensor } from '../../graph/tensor';
import { apply, applyOne, asTensor, type Operand, type OpOptions } from '../apply';
import { constantValue } from '../indexing/indices';
import type { Batched, Dequeued, Enqueued } from './components';

/** Options of closing a queue. */
export interface CloseOptions extends OpOptions {
  /**
   * Whether to cancel pending enqueue operations.
   *
   * @defaultValue `false`
   */
  cancelPendingEnqueues?: boolean;
}

/**
 * A queue in the runtime. It holds elements between runs; each element is a tuple of tensors, its components. Dequeue
 * operations wait for elements, enqueue operations for room. `tf.FIFOQueue` and the other queue classes extend this.
 *
 * @typeParam C the components as they are dequeued
 * @typeParam N their names, if they have names
 *
 * @example
 * const queue: tf.QueueBase = new tf.FIFOQueue(10, 'float32', { shapes: [[]] });
 * session.runSync(queue.size()); // 0
 */
export class QueueBase<C extends readonly Tensor[] = readonly Tensor[], N = unknown> {
  /** The queue's resource. */
  readonly queueRef: Tensor<'resource'>;
  /** The dtypes of an element's components. */
  readonly dtypes: readonly DType[];
  /** The shapes of an element's components; null for shapes that may vary. */
  readonly shapes: readonly Shape[];
  /** The names of an element's components; undefined if they have none. */
  readonly names: readonly string[] | undefined;
  declare protected readonly elements: readonly [C, N];

  /** For the queue classes. */
  constructor(
    dtypes: readonly DType[],
    shapes: readonly Shape[] | undefined,
    names: readonly string[] | undefined,
    queueRef: Tensor,
  ) {
    checkInstance('the resource of a queue', queueRef, Tensor);
    if (queueRef.dtype !== 'resource')
      throw new InvalidArgumentError(`the resource of a queue is of resource, not of ${queueRef.dtype}`);
    this.dtypes = dtypes;
    this.shapes = shapes ?? dtypes.map(() => null);
    this.names = names;
    this.queueRef = queueRef as Tensor<'resource'>;
  }

  /** The name of the queue's operation. */
  get name(): string {
    return this.queueRef.op.name;
  }

  /**
   * Adds an element to the queue. A run waits while the queue is full.
   *
   * @param values an object by the components' names, if they have names; an array of the components; or a single
   * component that is not an array itself
   * @throws {InvalidArgumentError} when they don't fit the queue's dtypes and shapes
   *
   * @example
   * const queue = new tf.FIFOQueue(10, ['float32', 'int32'], { shapes: [[2], []] });
   * const put = queue.enqueue([[0.5, 1.5], 7]);
   */
  enqueue(values: Enqueued<C, N>, options: OpOptions = {}): Operation {
    const { name = this.#opName('enqueue') } = onlyOptions(options, { name: 'string' });
    return this.#put('QueueEnqueueV2', values, name, (tensors) => {
      for (const [i, tensor] of tensors.entries()) this.#checkShape(i, tensor, this.shapes[i]!);
    });
  }

  /**
   * Adds several elements to the queue: the rows of the tensors. A run waits until all have been added.
   *
   * @param values as for {@link QueueBase.enqueue}, each with an additional leading dimension
   * @throws {InvalidArgumentError} when they don't fit the queue's dtypes and shapes, or have different numbers of rows
   *
   * @example
   * const queue = new tf.FIFOQueue(10, 'int32', { shapes: [[]] });
   * session.runSync(queue.enqueueMany([[7, 8, 9]])); // three elements
   */
  enqueueMany(values: Enqueued<Batched<C>, N>, options: OpOptions = {}): Operation {
    const { name = this.#opName('EnqueueMany') } = onlyOptions(options, { name: 'string' });
    return this.#put('QueueEnqueueManyV2', values, name, (tensors) => {
      let rows: number | null = null;
      for (const [i, tensor] of tensors.entries()) {
        const { shape } = tensor;
        if (shape?.length === 0)
          throw new InvalidArgumentError(`${this.#component(i)} is enqueued in rows, and ${tensor} has none`);
        const own: number | null = shape?.[0] ?? null;
        if (own !== null && rows !== null && own !== rows)
          throw new InvalidArgumentError(`the components have as many rows as each other, not ${rows} and ${own}`);
        rows ??= own;
        this.#checkShape(i, tensor, this.shapes[i]!, shape?.slice(1));
      }
    });
  }

  /**
   * Removes an element. A run waits while the queue is empty, and fails with an `OutOfRangeError` if an empty queue is
   * closed.
   *
   * @returns the component; a list of several components; or an object, if they have names
   *
   * @example
   * const queue = new tf.FIFOQueue(10, ['float32', 'int32'], { shapes: [[2], []], names: ['x', 'label'] });
   * const { x, label } = queue.dequeue();
   * x.shape; // [2]
   */
  dequeue(options: OpOptions = {}): Dequeued<C, N> {
    const { name = this.#opName('Dequeue') } = onlyOptions(options, { name: 'string' });
    const { outputs } = apply('QueueDequeueV2', [this.queueRef], { component_types: this.dtypes }, name);
    return this.#taken(outputs, (shape) => shape) as Dequeued<C, N>;
  }

  /**
   * Removes `n` elements, stacked along a leading dimension. A run waits until there are enough, and fails with an
   * `OutOfRangeError` if the queue is closed before.
   *
   * @throws {InvalidArgumentError} when the queue has no shapes, or `n` is not a scalar of `int32`
   *
   * @example
   * const queue = new tf.FIFOQueue(10, 'float32', { shapes: [[2]] });
   * queue.dequeueMany(3).shape; // [3, 2]
   */
  dequeueMany(n: number | Tensor<'int32'>, options: OpOptions = {}): Dequeued<Batched<C>, N> {
    const { name = this.#opName('DequeueMany') } = onlyOptions(options, { name: 'string' });
    const operation = this.#takeMany('QueueDequeueManyV2', n, name);
    const count = constantValue(operation.inputs[1]!)?.data[0] ?? null;
    const rows = count === null ? null : Number(count);
    return this.#taken(operation.outputs, (shape) => shape && [rows, ...shape]) as Dequeued<Batched<C>, N>;
  }

  /**
   * Like {@link QueueBase.dequeueMany}, but if a closed queue has fewer elements, returns the remaining ones, at least
   * one.
   *
   * @throws {InvalidArgumentError} when the queue has no shapes, or `n` is not a scalar of `int32`
   *
   * @example
   * const queue = new tf.FIFOQueue(10, 'float32', { shapes: [[2]] });
   * queue.dequeueUpTo(3).shape; // [null, 2]
   */
  dequeueUpTo(n: number | Tensor<'int32'>, options: OpOptions = {}): Dequeued<Batched<C>, N> {
    const { name = this.#opName('DequeueUpTo') } = onlyOptions(options, { name: 'string' });
    const { outputs } = this.#takeMany('QueueDequeueUpToV2', n, name);
    return this.#taken(outputs, (shape) => shape && [null, ...shape]) as Dequeued<Batched<C>, N>;
  }

  /**
   * Closes the queue: enqueuing then fails (`CancelledError`), and so does dequeuing once it is empty
   * (`OutOfRangeError`).
   *
   * @param cancelPendingEnqueues whether to cancel pending enqueue operations; may be among the options too
   *
   * @example
   * const queue = new tf.FIFOQueue(10, 'float32');
   * session.runSync(queue.close({ cancelPendingEnqueues: true }));
   */
  close(
    ...given:
      | [cancelPendingEnqueues: boolean, options?: Omit<CloseOptions, 'cancelPendingEnqueues'>]
      | [options?: CloseOptions]
  ): Operation {
    const options = placed<CloseOptions>(given, ['cancelPendingEnqueues']);
    const { cancelPendingEnqueues = false, name = this.#opName('Close') } = onlyOptions(options, {
      cancelPendingEnqueues: 'boolean',
      name: 'string',
    });
    return apply('QueueCloseV2', [this.queueRef], { cancel_pending_enqueues: cancelPendingEnqueues }, name);
  }

  /** Whether the queue is closed. */
  isClosed(options: OpOptions = {}): Scalar<'bool'> {
    const { name = this.#opName('Is_Closed') } = onlyOptions(options, { name: 'string' });
    return applyOne('QueueIsClosedV2', [this.queueRef], {}, name);
  }

  /** The number of elements. */
  size(options: OpOptions = {}): Scalar<'int32'> {
    const { name = this.#opName('Size') } = onlyOptions(options, { name: 'string' });
    return applyOne('QueueSizeV2', [this.queueRef], {}, name);
  }

  /** A description of the queue: its kind, name and dtypes. */
  toString(): string {
    return `${this.constructor.name} '${this.name}' of ${this.dtypes.join(', ')}`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  #opName(suffix: string): string {
    return `${this.name.split('/').at(-1)}_${suffix}`;
  }

  #component(i: number): string {
    return `component ${this.names ? shown(this.names[i]) : i} of queue '${this.name}'`;
  }

  #put(type: string, values: unknown, name: string, check: (tensors: readonly Tensor[]) => void): Operation {
    const { graph } = this.queueRef;
    const operands = this.#components(values);
    return graph.nameScope(name, (scope) => {
      const tensors = operands.map((operand, i) => {
        const dtype = this.dtypes[i]!;
        const tensor = asTensor(operand, dtype, `component_${i}`, graph);
        if (tensor.dtype !== dtype)
          throw new InvalidArgumentError(`${this.#component(i)} is of ${dtype}, which ${tensor} isn't`);
        return tensor;
      });
      check(tensors);
      return graph.createOperation(type, [this.queueRef, tensors], {}, { name: scope });
    });
  }

  /** The components, in order, of what a caller passes. */
  #components(values: unknown): readonly Operand[] {
    const { names, dtypes } = this;
    if (names) {
      const given = typeof values === 'object' && values !== null && !Array.isArray(values) ? Object.keys(values) : [];
      if (given.length !== names.length || !names.every((name) => given.includes(name)))
        throw new InvalidArgumentError(
          `an element of queue '${this.name}' is an object with ${names.join(', ')}, not ${given.length > 0 ? `one with ${given.join(', ')}` : shown(values)}`,
        );
      return names.map((name) => (values as Record<string, Operand>)[name]!);
    }
    const list = (Array.isArray(values) ? values : [values]) as Operand[];
    if (list.length !== dtypes.length)
      throw new InvalidArgumentError(
        `an element of queue '${this.name}' has ${dtypes.length} component(s), not ${list.length}; they stand in an array, each an array itself where it is no scalar`,
      );
    return list;
  }

  #checkShape(i: number, tensor: Tensor, expected: Shape, shape = tensor.shape): void {
    if (!areCompatible(expected, shape))
      throw new InvalidArgumentError(
        `${this.#component(i)} has the shape ${shapeText(expected)}, not ${shapeText(shape)}`,
      );
  }

  #takeMany(type: string, n: number | Tensor, name: string): Operation {
    if (this.shapes.includes(null))
      throw new InvalidArgumentError(`several elements of queue '${this.name}' can't be stacked: it has no shapes`);
    const isCount = n instanceof Tensor ? n.dtype === 'int32' : Number.isInteger(n) && n >= 0 && n < 2 ** 31;
    if (!isCount)
      throw new InvalidArgumentError(`the number of elements is a whole number from 0 on, of int32, not ${shown(n)}`);
    const attributes: Attributes = { component_types: this.dtypes };
    return apply(type, [this.queueRef, n], attributes, name);
  }

  #taken(outputs: readonly Tensor[], shapeOf: (shape: Shape) => Shape): unknown {
    for (const [i, tensor] of outputs.entries()) tensor.setShape(shapeOf(this.shapes[i]!));
    if (this.names) return Object.fromEntries(this.names.map((name, i) => [name, outputs[i]!]));
    return outputs.length === 1 ? outputs[0] : outputs;
  }

  /**
   * One of several queues, chosen by `index` in each run.
   *
   * @param queues of the same dtypes and names
   * @throws {InvalidArgumentError} when there are none, or they differ
   *
   * @example
   * const training = new tf.FIFOQueue(10, 'float32', { shapes: [[]] });
   * const validation = new tf.FIFOQueue(10, 'float32', { shapes: [[]] });
   * const which = tf.placeholder('int32', []);
   * const element = tf.QueueBase.fromList(which, [training, validation]).dequeue();
   */
  static fromList<C extends readonly Tensor[], N>(
    index: number | Tensor<'int32' | 'int64'>,
    queues: readonly QueueBase<C, N>[],
  ): QueueBase<C, N> {
    checkArray('the queues', queues);
    const [first] = queues;
    if (first === undefined) throw new InvalidArgumentError('there is no queue to choose from');
    for (const queue of queues) {
      checkInstance('each of them', queue, QueueBase, 'queue');
      if (`${queue.dtypes}` !== `${first.dtypes}` || `${queue.names}` !== `${first.names}`)
        throw new InvalidArgumentError(`${queue} and ${first} differ in their components' dtypes or names`);
    }
    const shapes = first.dtypes.map((_, i) => queues.map(({ shapes }): Shape => shapes[i]!).reduce(common));
    const { graph } = first.queueRef;
    const handles = graph.nameScope('stack', (scope) =>
      applyOne('Pack', [queues.map(({ queueRef }) => queueRef)], { axis: 0 }, scope),
    );
    const chosen = graph.nameScope('GatherV2', (scope) =>
      applyOne<'resource'>('GatherV2', [handles, index, asTensor(0, 'int32', 'axis', graph)], {}, scope),
    );
    return new QueueBase<C, N>(first.dtypes, shapes, first.names, chosen);
  }
}

/** The common part of two shapes. */
function common(a: Shape, b: Shape): Shape {
  if (a === null || b === null || a.length !== b.length) return null;
  return a.map((size, i) => (size === b[i] ? size : null));
}
