/** What all queues share: enqueuing, dequeuing, closing. */
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

/** How to close a queue. */
export interface CloseOptions extends OpOptions {
  /**
   * Whether what waits for room in the queue is cancelled.
   *
   * @defaultValue `false`
   */
  cancelPendingEnqueues?: boolean;
}

/**
 * A queue of the runtime: it holds elements, each a tuple of tensors (its components), from run to run, and its operations wait: those
 * that take for an element, those that put for room. `tf.FIFOQueue` and its kin make queues.
 *
 * @typeParam C the components as they are dequeued
 * @typeParam N their names, where they have some
 *
 * @example
 * const queue: tf.QueueBase = new tf.FIFOQueue(10, 'float32', { shapes: [[]] });
 * session.runSync(queue.size()); // 0
 */
export class QueueBase<C extends readonly Tensor[] = readonly Tensor[], N = unknown> {
  /** The resource that the queue is. */
  readonly queueRef: Tensor<'resource'>;
  /** The dtypes of an element's components. */
  readonly dtypes: readonly DType[];
  /** The shapes of an element's components; null where they may differ. */
  readonly shapes: readonly Shape[];
  /** The names of an element's components; undefined where they have none. */
  readonly names: readonly string[] | undefined;
  declare protected readonly elements: readonly [C, N];

  /** For the classes of queues. */
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
   * Puts one element into the queue. A run of it waits while the queue is full.
   *
   * @param values an object by the components' names, where they have names; the components in an array; or a single component that is
   *   no array itself
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
   * Puts several elements into the queue: the rows of the tensors. A run of it waits until there was room for all.
   *
   * @param values as {@link QueueBase.enqueue} takes them, each with a first dimension more
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
   * Takes one element. A run of it waits while the queue is empty, and fails with an `OutOfRangeError` when that is closed.
   *
   * @returns the component; the components in a list where there are several; an object of them where they have names
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
   * Takes `n` elements, stacked along a first dimension. A run of it waits until there are so many, and fails with an `OutOfRangeError`
   * when the queue is closed before.
   *
   * @throws {InvalidArgumentError} when the queue has no shapes, or `n` is no scalar of `int32`
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
   * {@link QueueBase.dequeueMany}, which gives what is left where a closed queue has fewer elements, but at least one.
   *
   * @throws {InvalidArgumentError} when the queue has no shapes, or `n` is no scalar of `int32`
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
   * Closes the queue: nothing can be put into it any more (`CancelledError`), and when it is empty nothing be taken (`OutOfRangeError`).
   *
   * @param cancelPendingEnqueues whether what waits for room is cancelled; it may be among the options too
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

  /** The queue in words: its kind, name and dtypes. */
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

  /** The components in their order, of what a caller gives. */
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
   * The queue of several that `index` says in each run.
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

/** What two shapes have in common. */
function common(a: Shape, b: Shape): Shape {
  if (a === null || b === null || a.length !== b.length) return null;
  return a.map((size, i) => (size === b[i] ? size : null));
}
