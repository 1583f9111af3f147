/**
 * Fills queues in the background.
 *
 * @see TensorFlow's python/training/queue_runner_impl.py
 */
import { deferred } from '../../../../shared/deferred.cjs';
import { type MessageInit, QueueRunnerDef } from '../../../protos';
import { checkArray, checkInstance, checkObject, checkText } from '../../../runtime/arguments';
import { atMost } from '../../../runtime/atMost';
import {
  errorCodeFromExceptionType,
  exceptionTypeFromErrorCode,
  InvalidArgumentError,
  OutOfRangeError,
} from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';
import { isServerLoss } from '../../../runtime/serverLoss';
import { GraphKeys } from '../../graph/collections';
import { getDefaultGraph } from '../../graph/graph';
import { Operation } from '../../graph/operation';
import { Tensor } from '../../graph/tensor';
import { QueueBase } from '../../ops/dataFlow';
import { Session } from '../../session';
import { Coordinator, checkClasses, type ErrorClass } from './coordinator';

declare module '../../graph/collectionTypes' {
  interface CollectionTypes {
    queue_runners: QueueRunner;
  }
}

/** Options of a queue runner. */
export interface QueueRunnerOptions {
  /**
   * Closes the queue when no more elements will come; its elements remain.
   *
   * @defaultValue `queue.close()`
   */
  closeOp?: Operation;
  /**
   * Closes the queue and cancels pending enqueue operations.
   *
   * @defaultValue `queue.close({ cancelPendingEnqueues: true })`
   */
  cancelOp?: Operation;
  /**
   * The classes of errors that signal that the input queue of an enqueue operation was closed.
   *
   * @defaultValue `[tf.errors.OutOfRangeError]`
   */
  queueClosedExceptionTypes?: readonly ErrorClass[];
}

/** Options of {@link QueueRunner.createThreads}. */
export interface CreateThreadsOptions {
  /** Receives errors, and is asked whether to continue; when it stops, the queue is closed. */
  coord?: Coordinator;
  /**
   * Whether to start the tasks immediately.
   *
   * @defaultValue `false`: each task begins when its `start` is called, or a coordinator joins it
   */
  start?: boolean;
}

/**
 * A task of a queue runner, instead of Python's thread: a promise that resolves when it has ended. It never rejects.
 */
export interface QueueRunnerTask extends Promise<void> {
  /** Names the queue and the operation. */
  readonly name: string;
  /** Starts the task, if it hasn't been started. */
  start(): void;
}

/** The parts of a queue runner: given, or named by a message. */
interface Parts {
  readonly queue: QueueBase | Operation;
  readonly enqueueOps: readonly Operation[];
  readonly closeOp: Operation;
  readonly cancelOp: Operation;
  readonly queueClosedExceptionTypes: readonly ErrorClass[];
}

/**
 * Keeps a queue filled. For each enqueue operation, a task runs it repeatedly. When their input ends, the queue is
 * closed; when a coordinator stops, pending operations are cancelled, so that nothing waits forever. Only if the
 * coordinator stops because a server was lost (an `AbortedError` or `UnavailableError`), the queue is left unchanged
 * for the session that will be created next.
 *
 * @example
 * const queue = new tf.FIFOQueue(10, 'float32', { shapes: [[]] });
 * const runner = new tf.train.QueueRunner(queue, [queue.enqueue(tf.randomUniform([]))]);
 * const number = queue.dequeue();
 * const session = new tf.Session();
 * const coord = new tf.train.Coordinator();
 * runner.createThreads(session, { coord, start: true });
 * await session.run(number);
 * coord.requestStop();
 * await coord.join();
 * await session.close();
 */
export class QueueRunner {
  /** The queue; if it comes from a MetaGraphDef, the operation that creates it. */
  readonly queue: QueueBase | Operation;
  readonly enqueueOps: readonly Operation[];
  readonly closeOp: Operation;
  readonly cancelOp: Operation;
  readonly queueClosedExceptionTypes: readonly ErrorClass[];
  #exceptions: unknown[] = [];
  /** The number of enqueue operations that are running in each session. */
  readonly #running = new WeakMap<Session, number>();

  /**
   * @param enqueueOps operations that put elements into `queue`
   * @throws {InvalidArgumentError} when there are none
   */
  constructor(queue: QueueBase, enqueueOps: readonly (Operation | Tensor)[], options: QueueRunnerOptions = {}) {
    const parts = isParts(queue) ? queue : partsOf(queue, enqueueOps, options);
    this.queue = parts.queue;
    this.enqueueOps = parts.enqueueOps;
    this.closeOp = parts.closeOp;
    this.cancelOp = parts.cancelOp;
    this.queueClosedExceptionTypes = parts.queueClosedExceptionTypes;
  }

  /** The queue's name. */
  get name(): string {
    return this.queue.name;
  }

  /** The errors of tasks without a coordinator. */
  get exceptionsRaised(): readonly unknown[] {
    return this.#exceptions;
  }

  /**
   * Creates a task for each enqueue operation and, if there is a coordinator, one that cancels the queue when it stops.
   * Python's threads are promises here, which are registered with the coordinator. Nothing is created while the
   * session's earlier tasks are running.
   *
   * @returns the tasks; they never reject: errors go to the coordinator, or else to {@link exceptionsRaised}
   * @throws {InvalidArgumentError} when the session is of another graph
   */
  createThreads(session: Session, options: CreateThreadsOptions = {}): QueueRunnerTask[] {
    const { coord, start = false } = onlyOptions(options, { coord: Coordinator, start: 'boolean' });
    checkInstance('what runs the queue', session, Session);
    session.graph.checkOwns(this.closeOp);
    if ((this.#running.get(session) ?? 0) > 0) return [];
    this.#running.set(session, this.enqueueOps.length);
    this.#exceptions = [];
    const named = (suffix: string) => `QueueRunnerThread-${this.name}-${suffix}`;
    const runs = new Runs();
    const tasks = this.enqueueOps.map((op) => taskOf(named(op.name), () => this.#run(session, op, coord, runs)));
    if (coord) {
      // It ends with the others too: if they have ended by themselves, nothing is left to cancel.
      const others = Promise.all(tasks);
      tasks.push(taskOf(named('close_on_stop'), () => this.#closeOnStop(session, coord, others, runs)));
    }
    for (const task of tasks) {
      coord?.registerThread(task);
      if (start) task.start();
    }
    return tasks;
  }

  /**
   * The queue runner as a message for the collections of a MetaGraphDef.
   *
   * @param exportScope a prefix to remove from names
   * @returns null when the queue isn't in that scope
   * @throws {InvalidArgumentError} when the scope is not a string
   */
  toProto(exportScope = ''): QueueRunnerDef | null {
    checkText('a scope', exportScope);
    if (exportScope && !this.name.startsWith(`${exportScope}/`)) return null;
    const prefix = exportScope ? `${exportScope}/` : '';
    const inner = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
    return QueueRunnerDef.decode(
      QueueRunnerDef.encode({
        queueName: inner(this.name),
        enqueueOpName: this.enqueueOps.map(({ name }) => inner(name)),
        closeOpName: inner(this.closeOp.name),
        cancelOpName: inner(this.cancelOp.name),
        queueClosedExceptionTypes: this.queueClosedExceptionTypes.map(errorCodeFromExceptionType),
      }),
    );
  }

  /**
   * Creates the queue runner that a message describes, from operations that the default graph already has.
   *
   * @param importScope a prefix to add to the names in `def`
   * @throws {NotFoundError} when the graph has no such operations
   */
  static fromProto(def: MessageInit<QueueRunnerDef>, importScope?: string): QueueRunner {
    checkObject('what describes a queue runner', def);
    if (importScope !== undefined) checkText('the scope of a queue runner', importScope);
    const graph = getDefaultGraph();
    const message = QueueRunnerDef.decode(QueueRunnerDef.encode(def));
    const named = (name: string) => {
      const element = graph.asGraphElement(importScope ? `${importScope}/${name}` : name);
      return element instanceof Tensor ? element.op : element;
    };
    const types = message.queueClosedExceptionTypes.map(exceptionTypeFromErrorCode);
    const parts: Parts = {
      queue: named(message.queueName),
      enqueueOps: message.enqueueOpName.map(named),
      closeOp: named(message.closeOpName),
      cancelOp: named(message.cancelOpName),
      queueClosedExceptionTypes: types.length > 0 ? types : [OutOfRangeError],
    };
    return new QueueRunner(parts as Parts & QueueBase, []);
  }

  /** A description of the queue runner. */
  toString(): string {
    return `QueueRunner of '${this.name}'`;
  }

  async #run(session: Session, enqueueOp: Operation, coord: Coordinator | undefined, runs: Runs): Promise<void> {
    let isLast = false;
    try {
      while (!coord?.shouldStop() && !runs.areLeft) await runs.wait(session.runInBackground(enqueueOp));
    } catch (error) {
      if (this.queueClosedExceptionTypes.some((type) => error instanceof type))
        isLast = this.#running.get(session) === 1;
      else this.#report(session.closed ? undefined : error, coord); // closing the session implies the end
    } finally {
      this.#running.set(session, this.#running.get(session)! - 1);
    }
    if (isLast) await session.runInBackground(this.closeOp).catch(() => {}); // the queue or the session may be closed
  }

  #report(error: unknown, coord: Coordinator | undefined): void {
    if (coord === undefined && error !== undefined) this.#exceptions.push(error);
    // Errors caused by a stop aren't its reasons, and after a join nobody receives them.
    if (coord && !coord.shouldStop() && !coord.joined) coord.requestStop(error);
  }

  /**
   * Cancels pending enqueue operations, unless a server was lost. A run that waits for something else (an accumulator,
   * another queue) ends only with its session. Because the queue is closed, it has no effect any more, so it is
   * abandoned after a while.
   */
  async #closeOnStop(session: Session, coord: Coordinator, others: Promise<unknown>, runs: Runs): Promise<void> {
    await coord.stopOr(others);
    if (!coord.shouldStop()) return;
    if (isServerLoss(coord.failure?.error)) {
      // The next session finds the queue unchanged, if its server is still there.
      runs.leave();
      await others;
      return;
    }
    const cancelled = session.runInBackground(this.cancelOp).catch(() => {}); // the session may be closed
    await atMost(LEAVING_MS, Promise.all([cancelled, others]));
    runs.leave();
    await others;
  }
}

/** How long runs may continue after their queue was cancelled, in milliseconds. */
const LEAVING_MS = 1000;

/** Awaits runs, and may abandon them. */
class Runs {
  areLeft = false;
  readonly #awaited = new Set<() => void>();

  /** Resolves or rejects with the run, or resolves when it is abandoned. */
  async wait(run: Promise<void>): Promise<void> {
    const { promise: left, resolve } = deferred<void>();
    this.#awaited.add(resolve);
    try {
      await Promise.race([run, left]);
    } finally {
      this.#awaited.delete(resolve);
    }
  }

  leave(): void {
    this.areLeft = true;
    for (const resolve of this.#awaited) resolve();
  }
}

function partsOf(queue: QueueBase, enqueueOps: readonly (Operation | Tensor)[], options: QueueRunnerOptions): Parts {
  const known = onlyOptions(options, { closeOp: 'any', cancelOp: 'any', queueClosedExceptionTypes: 'array' });
  const { queueClosedExceptionTypes = [OutOfRangeError] } = known;
  checkInstance('what is filled', queue, QueueBase, 'queue');
  checkArray('the operations that fill a queue', enqueueOps);
  if (enqueueOps.length === 0) throw new InvalidArgumentError(`nothing fills the queue '${queue.name}'`);
  const operations = enqueueOps.map((element) => {
    if (element instanceof Operation) return element;
    checkInstance('what fills a queue', element, Tensor, 'operation');
    return element.op;
  });
  checkClasses('what tells that a queue is closed', queueClosedExceptionTypes);
  for (const type of queueClosedExceptionTypes) errorCodeFromExceptionType(type);
  for (const operation of [known.closeOp, known.cancelOp])
    if (operation !== undefined) checkInstance('what closes a queue', operation, Operation);
  for (const operation of operations) queue.queueRef.graph.checkOwns(operation);
  return {
    queue,
    enqueueOps: operations,
    closeOp: known.closeOp ?? queue.close(),
    cancelOp: known.cancelOp ?? queue.close({ cancelPendingEnqueues: true }),
    queueClosedExceptionTypes: [...queueClosedExceptionTypes],
  };
}

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && 'enqueueOps' in value && !(value instanceof QueueRunner);
}

/** A task that begins when it is started. */
function taskOf(name: string, body: () => Promise<void>): QueueRunnerTask {
  const { promise, resolve } = deferred<void>();
  let begun = false;
  const start = () => {
    if (!begun) resolve(body());
    begun = true;
  };
  return Object.assign(promise, { name, start });
}

/**
 * Adds a queue runner to a collection of the graph, so that {@link startQueueRunners} and monitored sessions start it.
 *
 * @param collection `GraphKeys.QUEUE_RUNNERS` by default
 *
 * @example
 * const queue = new tf.FIFOQueue(10, 'float32', { shapes: [[]] });
 * tf.train.addQueueRunner(new tf.train.QueueRunner(queue, [queue.enqueue(1)]));
 */
export function addQueueRunner(queueRunner: QueueRunner, collection: string = GraphKeys.QUEUE_RUNNERS): void {
  checkInstance('what is added', queueRunner, QueueRunner, 'tf.train.QueueRunner');
  queueRunner.closeOp.graph.addToCollection(collection, queueRunner);
}

/** Options of {@link startQueueRunners}. */
export interface StartQueueRunnersOptions {
  /** Runs the queues' operations. */
  sess: Session;
  /** Receives errors, and is asked whether to continue. */
  coord?: Coordinator;
  /**
   * Whether to start the tasks immediately.
   *
   * @defaultValue `true`
   */
  start?: boolean;
  /**
   * The collection of the queue runners.
   *
   * @defaultValue `GraphKeys.QUEUE_RUNNERS`
   */
  collection?: string;
}

/**
 * Starts the queue runners of a session's graph.
 *
 * @returns their tasks, as promises that never reject: see {@link QueueRunner.createThreads}
 *
 * @example
 * const coord = new tf.train.Coordinator();
 * const threads = tf.train.startQueueRunners({ sess: session, coord });
 * coord.requestStop();
 * await coord.join(threads);
 */
export function startQueueRunners(options: StartQueueRunnersOptions): QueueRunnerTask[] {
  const known = onlyOptions(options, { sess: 'any', coord: Coordinator, start: 'boolean', collection: 'string' });
  const { sess, coord, start = true, collection = GraphKeys.QUEUE_RUNNERS } = known;
  checkInstance('what runs the queues', sess, Session);
  return sess.graph
    .getCollection<QueueRunner>(collection)
    .flatMap((runner) => runner.createThreads(sess, { coord, start }));
}
