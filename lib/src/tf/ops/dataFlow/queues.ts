/** TensorFlow 1's queues, which differ in the order in which elements are removed. */
import { createHash } from 'node:crypto';
import { shown } from '../../../runtime/arguments';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions, placed } from '../../../runtime/options';
import { type Graph, getDefaultGraph } from '../../graph/graph';
import type { Tensor } from '../../graph/tensor';
import { applyOne, type OpOptions } from '../apply';
import { checkSeed, seedsFor } from '../seed';
import {
  type Components,
  dtypeList,
  nameList,
  type QueueDTypes,
  type QueueNames,
  type QueueShapes,
  shapeList,
} from './components';
import { QueueBase } from './queueBase';

/** Options of queues. */
export interface QueueOptions<S extends QueueShapes | undefined, N extends QueueNames | undefined> extends OpOptions {
  /** The shape of each component. Without shapes, elements may vary, but only one can be removed at a time. */
  shapes?: S;
  /** A name for each component; elements are then objects. */
  names?: N;
  /** The name under which several sessions, also on several servers, share the queue. */
  sharedName?: string;
}

/**
 * A queue that returns elements in the order in which they were added.
 *
 * @example
 * const queue = new tf.FIFOQueue(100, ['float32', 'int32'], { shapes: [[784], []] });
 * const enqueue = queue.enqueue([tf.randomUniform([784]), 3]);
 * const [image, label] = queue.dequeue();
 * session.runSync(enqueue);
 * session.runSync(label); // 3
 */
export class FIFOQueue<
  const D extends QueueDTypes = QueueDTypes,
  const S extends QueueShapes | undefined = undefined,
  const N extends QueueNames | undefined = undefined,
> extends QueueBase<Components<D, S>, N> {
  /**
   * @param capacity the maximum number of elements; -1 for no limit
   * @param dtypes the dtypes of an element's components
   * @throws {InvalidArgumentError} when the capacity is invalid, or dtypes, shapes and names contradict each other
   */
  constructor(capacity: number, dtypes: D, options?: QueueOptions<S, N>);
  /** Also accepts the shapes by position, as in Python. */
  constructor(capacity: number, dtypes: D, shapes: S, options?: Omit<QueueOptions<S, N>, 'shapes'>);
  constructor(capacity: number, dtypes: D, ...given: readonly unknown[]) {
    const known = onlyOptions(placed<QueueOptions<S, N>>(given, ['shapes']), {
      shapes: 'any',
      names: 'any',
      sharedName: 'string',
      name: 'string',
    });
    const { name = 'fifo_queue' } = known;
    const parts = partsOf(capacity, dtypes, known);
    const graph = getDefaultGraph();
    // It is created without control dependencies, because every use of it would have to wait for them too.
    const queue = graph.controlDependencies(null, () =>
      graph.device('CPU', () => applyOne('FIFOQueueV2', [], parts.attributes, name)),
    );
    super(parts.dtypes, parts.shapes, parts.names, queue);
  }
}

/** What a queue that shuffles may be told. */
export interface RandomShuffleQueueOptions<S extends QueueShapes | undefined, N extends QueueNames | undefined>
  extends QueueOptions<S, N> {
  /** Its seed; without one, and without `setRandomSeed`, the order differs between sessions. */
  seed?: number;
}

/**
 * A queue that returns elements in random order.
 *
 * @example
 * const queue = new tf.RandomShuffleQueue(100, 10, 'int32', { shapes: [[]], seed: 7 });
 * const batch = queue.dequeueMany(5); // waits until there are 15
 */
export class RandomShuffleQueue<
  const D extends QueueDTypes = QueueDTypes,
  const S extends QueueShapes | undefined = undefined,
  const N extends QueueNames | undefined = undefined,
> extends QueueBase<Components<D, S>, N> {
  /**
   * @param capacity the maximum number of elements; -1 for no limit
   * @param minAfterDequeue the number of elements that remain until the queue is closed, so that there is a choice
   * @param dtypes the dtypes of an element's components
   * @throws {InvalidArgumentError} when nothing could ever be removed, or dtypes, shapes and names contradict each
   * other
   */
  constructor(capacity: number, minAfterDequeue: number, dtypes: D, options?: RandomShuffleQueueOptions<S, N>);
  /** Also accepts the shapes by position, as in Python. */
  constructor(
    capacity: number,
    minAfterDequeue: number,
    dtypes: D,
    shapes: S,
    options?: Omit<RandomShuffleQueueOptions<S, N>, 'shapes'>,
  );
  constructor(capacity: number, minAfterDequeue: number, dtypes: D, ...given: readonly unknown[]) {
    const options = placed<RandomShuffleQueueOptions<S, N>>(given, ['shapes']);
    const known = onlyOptions(options, {
      shapes: 'any',
      names: 'any',
      seed: 'number',
      sharedName: 'string',
      name: 'string',
    });
    const { seed, sharedName, name = 'random_shuffle_queue' } = known;
    const parts = partsOf(capacity, dtypes, known);
    if (!Number.isInteger(minAfterDequeue) || minAfterDequeue < 0 || (capacity >= 0 && minAfterDequeue >= capacity))
      throw new InvalidArgumentError(
        `what stays in a queue of ${capacity} elements is a whole number from 0 on below that, not ${shown(minAfterDequeue)}`,
      );
    const seeds = queueSeeds(getDefaultGraph(), seed, sharedName);
    const attributes = { ...parts.attributes, min_after_dequeue: minAfterDequeue, ...seeds };
    super(parts.dtypes, parts.shapes, parts.names, applyOne('RandomShuffleQueueV2', [], attributes, name));
  }
}

/**
 * A queue that returns elements in the order in which they were added, and pads them with zeros to a common size if
 * several are removed at once.
 *
 * @example
 * const queue = new tf.PaddingFIFOQueue(100, 'int32', [[null]]);
 * session.runSync(queue.enqueue([[1, 2, 3]]));
 * session.runSync(queue.enqueue([[4]]));
 * session.runSync(queue.dequeueMany(2)); // [[1, 2, 3], [4, 0, 0]]
 */
export class PaddingFIFOQueue<
  const D extends QueueDTypes = QueueDTypes,
  const S extends QueueShapes = QueueShapes,
  const N extends QueueNames | undefined = undefined,
> extends QueueBase<Components<D, S>, N> {
  /**
   * @param capacity the maximum number of elements; -1 for no limit
   * @param dtypes the dtypes of an element's components
   * @param shapes a list of the components' shapes; null for dimensions that may vary
   * @throws {InvalidArgumentError} when the capacity is invalid, or dtypes, shapes and names contradict each other
   */
  constructor(capacity: number, dtypes: D, shapes: S, options: Omit<QueueOptions<S, N>, 'shapes'> = {}) {
    const known = onlyOptions(options, { names: 'any', sharedName: 'string', name: 'string' });
    const { name = 'padding_fifo_queue' } = known;
    const parts = partsOf(capacity, dtypes, { ...known, shapes }, true);
    if (parts.shapes === undefined) throw new InvalidArgumentError('a queue that pads has a shape for each component');
    super(parts.dtypes, parts.shapes, parts.names, applyOne('PaddingFIFOQueueV2', [], parts.attributes, name));
  }
}

/** The components of elements, preceded by a priority. */
type WithPriority<C> = C extends readonly Tensor[] ? readonly [Tensor<'int64', 'scalar'>, ...C] : never;

/**
 * A queue that returns the element with the lowest priority number first. The priority is the first component, a scalar
 * of `int64`.
 *
 * @example
 * const queue = new tf.PriorityQueue(100, 'string', { shapes: [[]] });
 * session.runSync(queue.enqueueMany([[3n, 1n], ['later', 'first']]));
 * const [priority, text] = queue.dequeue();
 * session.runSync(priority); // 1n
 */
export class PriorityQueue<
  const D extends QueueDTypes = QueueDTypes,
  const S extends QueueShapes | undefined = undefined,
  const N extends QueueNames | undefined = undefined,
> extends QueueBase<WithPriority<Components<D, S>>, N> {
  /**
   * @param capacity the maximum number of elements; -1 for no limit
   * @param dtypes the dtypes of an element's components after the priority
   * @param options `names` includes one for the priority, the first
   * @throws {InvalidArgumentError} when the capacity is invalid, or dtypes, shapes and names contradict each other
   */
  constructor(capacity: number, dtypes: D, options?: QueueOptions<S, N>);
  /** Also accepts the shapes by position, as in Python. */
  constructor(capacity: number, dtypes: D, shapes: S, options?: Omit<QueueOptions<S, N>, 'shapes'>);
  constructor(capacity: number, dtypes: D, ...given: readonly unknown[]) {
    const known = onlyOptions(placed<QueueOptions<S, N>>(given, ['shapes']), {
      shapes: 'any',
      names: 'any',
      sharedName: 'string',
      name: 'string',
    });
    const { names, name = 'priority_queue' } = known;
    const parts = partsOf(capacity, dtypes, { ...known, names: undefined });
    const allNames = nameList(names, parts.dtypes.length + 1);
    const queue = applyOne('PriorityQueueV2', [], { ...parts.attributes, shapes: parts.shapes ?? [] }, name);
    super(['int64', ...parts.dtypes], parts.shapes && [[], ...parts.shapes], allNames, queue);
  }
}

/** Normalizes a constructor's arguments. */
function partsOf(
  capacity: number,
  given: QueueDTypes,
  options: QueueOptions<QueueShapes | undefined, QueueNames | undefined>,
  isPadding = false,
) {
  const dtypes = dtypeList(given);
  const shapes = shapeList(options.shapes, dtypes.length, isPadding);
  if (capacity !== -1 && !(Number.isInteger(capacity) && capacity > 0 && capacity < 2 ** 31))
    throw new InvalidArgumentError(
      `the capacity of a queue is a whole number from 1 on, or -1 for any number of elements, not ${shown(capacity)}`,
    );
  return {
    dtypes,
    shapes,
    names: nameList(options.names, dtypes.length),
    attributes: { component_types: dtypes, shapes, capacity, shared_name: options.sharedName },
  };
}

/**
 * The seeds of a shuffling queue. A shared queue has the same seeds in every graph that shares it, regardless of its
 * position in the graph.
 *
 * @see `RandomShuffleQueue` in TensorFlow's python/ops/data_flow_ops.py
 */
function queueSeeds(graph: Graph, seed: number | undefined, sharedName: string | undefined) {
  const seeds = seedsFor(graph, seed === undefined ? undefined : checkSeed(seed));
  if (seed !== undefined || graph.seed === null || sharedName === undefined) return seeds;
  const digest = createHash('md5').update(`${seeds.seed}${sharedName}`).digest();
  return { ...seeds, seed2: digest.readUInt32BE(0) & 0x7fffffff };
}
