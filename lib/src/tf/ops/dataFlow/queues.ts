/** The queues that TensorFlow 1 has: they differ in which element is taken. */
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

/** What a queue may be told. */
export interface QueueOptions<S extends QueueShapes | undefined, N extends QueueNames | undefined> extends OpOptions {
  /** The shape of each component. Without them elements may differ, and several can't be taken at once. */
  shapes?: S;
  /** A name for each component: elements are then objects. */
  names?: N;
  /** The name by which several sessions share the queue, on a server and on others. */
  sharedName?: string;
}

/**
 * A queue that gives elements in the order in which they came.
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
   * @param capacity how many elements it holds at most; -1 for any number
   * @param dtypes of an element's components
   * @throws {InvalidArgumentError} when it can hold nothing, or dtypes, shapes and names don't fit each other
   */
  constructor(capacity: number, dtypes: D, options?: QueueOptions<S, N>);
  /** The shapes by position, as Python takes them, too. */
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
    // It waits for nothing that the scopes around say: whoever uses it would have to wait for that too.
    const queue = graph.controlDependencies(null, () =>
      graph.device('CPU', () => applyOne('FIFOQueueV2', [], parts.attributes, name)),
    );
    super(parts.dtypes, parts.shapes, parts.names, queue);
  }
}

/** What a queue that shuffles may be told. */
export interface RandomShuffleQueueOptions<S extends QueueShapes | undefined, N extends QueueNames | undefined>
  extends QueueOptions<S, N> {
  /** Its seed; without one, and without `setRandomSeed`, each session has another order. */
  seed?: number;
}

/**
 * A queue that gives elements in a random order.
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
   * @param capacity how many elements it holds at most; -1 for any number
   * @param minAfterDequeue how many stay in it, so that there is something to choose from, until it is closed
   * @param dtypes of an element's components
   * @throws {InvalidArgumentError} when nothing could ever be taken, or dtypes, shapes and names don't fit each other
   */
  constructor(capacity: number, minAfterDequeue: number, dtypes: D, options?: RandomShuffleQueueOptions<S, N>);
  /** The shapes by position, as Python takes them, too. */
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
 * A queue that gives elements in the order in which they came, and pads them with zeros where several are taken whose sizes differ.
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
   * @param capacity how many elements it holds at most; -1 for any number
   * @param dtypes of an element's components
   * @param shapes of the components, in a list; null for dimensions that may differ
   * @throws {InvalidArgumentError} when it can hold nothing, or dtypes, shapes and names don't fit each other
   */
  constructor(capacity: number, dtypes: D, shapes: S, options: Omit<QueueOptions<S, N>, 'shapes'> = {}) {
    const known = onlyOptions(options, { names: 'any', sharedName: 'string', name: 'string' });
    const { name = 'padding_fifo_queue' } = known;
    const parts = partsOf(capacity, dtypes, { ...known, shapes }, true);
    if (parts.shapes === undefined) throw new InvalidArgumentError('a queue that pads has a shape for each component');
    super(parts.dtypes, parts.shapes, parts.names, applyOne('PaddingFIFOQueueV2', [], parts.attributes, name));
  }
}

/** The components of elements that have a priority before them. */
type WithPriority<C> = C extends readonly Tensor[] ? readonly [Tensor<'int64', 'scalar'>, ...C] : never;

/**
 * A queue that gives the element with the least priority first. The priority is a component before the others, a scalar of `int64`.
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
   * @param capacity how many elements it holds at most; -1 for any number
   * @param dtypes of an element's components besides the priority
   * @param options `names` has one for the priority too, the first
   * @throws {InvalidArgumentError} when it can hold nothing, or dtypes, shapes and names don't fit each other
   */
  constructor(capacity: number, dtypes: D, options?: QueueOptions<S, N>);
  /** The shapes by position, as Python takes them, too. */
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

/** What a queue is made of, as its constructor was told it. */
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
 * The seeds of a queue that shuffles. One that is shared has the same for every graph that shares it, wherever it is built in it.
 *
 * @see `RandomShuffleQueue` in TensorFlow's python/ops/data_flow_ops.py
 */
function queueSeeds(graph: Graph, seed: number | undefined, sharedName: string | undefined) {
  const seeds = seedsFor(graph, seed === undefined ? undefined : checkSeed(seed));
  if (seed !== undefined || graph.seed === null || sharedName === undefined) return seeds;
  const digest = createHash('md5').update(`${seeds.seed}${sharedName}`).digest();
  return { ...seeds, seed2: digest.readUInt32BE(0) & 0x7fffffff };
}
