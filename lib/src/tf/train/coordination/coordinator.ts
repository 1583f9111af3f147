/**
 * Coordinates concurrent tasks: they stop together, and the first error is thrown where they are joined.
 *
 * @see TensorFlow's python/training/coordinator.py
 */
import { deferred } from '../../../../shared/deferred.cjs';
import { checkFunction, checkIterable, checkSeconds, shown } from '../../../runtime/arguments';
import { atMost } from '../../../runtime/atMost';
import { DeadlineExceededError, InvalidArgumentError, OutOfRangeError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';

/** A class of errors, such as `tf.errors.OutOfRangeError`. */
export type ErrorClass = abstract new (...parameters: never) => Error;

/** Options of a coordinator. */
export interface CoordinatorOptions {
  /**
   * The classes of errors that request a stop without being failures: the end of the input.
   *
   * @defaultValue `[tf.errors.OutOfRangeError]`
   */
  cleanStopExceptionTypes?: readonly ErrorClass[];
}

/** Options of {@link Coordinator.join}. */
export interface JoinOptions {
  /**
   * The number of seconds that tasks have to end after a stop was requested.
   *
   * @defaultValue `120`
   */
  stopGracePeriodSecs?: number;
  /**
   * Whether to leave tasks alone that haven't ended by then, without an error.
   *
   * @defaultValue `false`
   */
  ignoreLiveThreads?: boolean;
}

/**
 * Stops tasks together. Python's threads are promises here: each task is an async function that checks `shouldStop`
 * between its awaits, and `join` awaits all of them.
 *
 * @example
 * const coord = new tf.train.Coordinator();
 * const work = async () => {
 *   for (let step = 0; !coord.shouldStop(); step++) if (step === 10) coord.requestStop();
 * };
 * await coord.join([work(), work()]);
 */
export class Coordinator {
  readonly #clean: readonly ErrorClass[];
  readonly #registered = new Set<Task>();
  /** Callbacks that wait for a stop. */
  readonly #waiting = new Set<() => void>();
  #isStopped = false;
  #failure: { readonly error: unknown } | undefined;
  #joined = false;

  /** @throws {InvalidArgumentError} when an option is unknown, or a list of classes contains something else */
  constructor(options: CoordinatorOptions = {}) {
    const { cleanStopExceptionTypes = [OutOfRangeError] } = onlyOptions(options, { cleanStopExceptionTypes: 'array' });
    checkClasses('what ends everything cleanly', cleanStopExceptionTypes);
    this.#clean = [...cleanStopExceptionTypes];
  }

  /** Whether the tasks should stop. */
  shouldStop(): boolean {
    return this.#isStopped;
  }

  /** Whether {@link join} has finished. */
  get joined(): boolean {
    return this.#joined;
  }

  /**
   * Asks the tasks to stop.
   *
   * @param error the reason, if something went wrong; `join` throws the first one
   * @throws {TensorFlowError} when everything was joined before: the error itself, which would otherwise be lost
   */
  requestStop(error?: unknown): void {
    const failed = error !== undefined && error !== null && !this.#clean.some((type) => error instanceof type);
    if (failed && this.#joined) throw error;
    if (this.#isStopped) return;
    if (failed) this.#failure = { error };
    this.#isStopped = true;
    for (const resolve of this.#waiting) resolve();
  }

  /** Withdraws the request to stop and its reason. Registered tasks remain registered. */
  clearStop(): void {
    this.#joined = false;
    this.#failure = undefined;
    this.#isStopped = false;
  }

  /**
   * Runs `body`, and requests a stop with the error that it throws.
   *
   * @returns what `body` returns, or undefined if it threw
   *
   * @example
   * const coord = new tf.train.Coordinator();
   * await coord.stopOnException(async () => {
   *   throw new tf.errors.DataLossError('no such record');
   * });
   * coord.shouldStop(); // true
   */
  async stopOnException<T>(body: () => T | PromiseLike<T>): Promise<T | undefined> {
    checkFunction('what may throw', body);
    try {
      return await body();
    } catch (error) {
      this.requestStop(error);
      return undefined;
    }
  }

  /**
   * Waits until a stop is requested, and keeps the process alive meanwhile.
   *
   * @param timeout the maximum number of seconds to wait; unlimited by default
   * @returns whether a stop was requested
   * @throws {InvalidArgumentError} when the timeout is not a non-negative number
   */
  async waitForStop(timeout = Number.POSITIVE_INFINITY): Promise<boolean> {
    checkSeconds('the timeout', timeout);
    const { promise: over, resolve } = deferred<void>();
    await atMost(1000 * timeout, this.stopOr(over)).finally(resolve);
    return this.#isStopped;
  }

  /**
   * @internal Resolves when a stop is requested, or `other` has settled. Doesn't keep the process alive.
   */
  async stopOr(other: Promise<unknown>): Promise<void> {
    if (this.#isStopped) return;
    const { promise: stopped, resolve } = deferred<void>();
    this.#waiting.add(resolve);
    await Promise.race([stopped, other]).finally(() => this.#waiting.delete(resolve));
  }

  /**
   * Adds a task to those that `join` waits for. The task itself must report its errors: with `requestStop`, or
   * `stopOnException`.
   */
  registerThread(task: PromiseLike<unknown>): void {
    this.#registered.add(taskOf(task));
  }

  /**
   * Waits for the given and the registered tasks to end. After a stop is requested, they have `stopGracePeriodSecs`
   * left. Blocks in Python; here it returns a promise.
   *
   * @param tasks the promises of async functions; if one fails, its error stops all
   * @throws {TensorFlowError} when a stop was requested with an error: that one, of whatever class
   * @throws {DeadlineExceededError} when a task is still running after its grace period
   *
   * @example
   * const coord = new tf.train.Coordinator();
   * const task = coord.stopOnException(async () => {
   *   for (let step = 0; step < 3; step++) await session.run(trainOp, feeds);
   * });
   * await coord.join([task], { stopGracePeriodSecs: 10 });
   */
  async join(tasks: Iterable<PromiseLike<unknown>> = [], options: JoinOptions = {}): Promise<void> {
    const known = onlyOptions(options, { stopGracePeriodSecs: 'number', ignoreLiveThreads: 'boolean' });
    checkIterable('the tasks to wait for', tasks);
    const { stopGracePeriodSecs = 120, ignoreLiveThreads = false } = known;
    checkSeconds('stopGracePeriodSecs', stopGracePeriodSecs);
    const all = [...new Set([...[...tasks].map(taskOf), ...this.#registered])];
    for (const { start } of all) start?.();
    const ended = Promise.all(
      all.map(async (task) => {
        const failure = await task.ended;
        if (failure && !this.#joined) this.requestStop(failure.error);
      }),
    );
    await atMost(Number.POSITIVE_INFINITY, this.stopOr(ended));
    await atMost(1000 * stopGracePeriodSecs, ended);
    const alive = all.filter(({ isAlive }) => isAlive).length;
    this.#joined = true;
    this.#registered.clear();
    this.raiseRequestedException();
    if (alive > 0 && !ignoreLiveThreads)
      throw new DeadlineExceededError(
        `${alive} of ${all.length} tasks still run ${stopGracePeriodSecs} s after a stop was requested`,
      );
  }

  /** @internal The error with which a stop was requested, if any. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** @throws {TensorFlowError} when a stop was requested with an error: that one, of whatever class */
  raiseRequestedException(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

/** A promise that a coordinator waits for, and its outcome. */
interface Task {
  /** Starts it, if it isn't started automatically. */
  readonly start: (() => void) | undefined;
  readonly isAlive: boolean;
  /** Resolves when the task has ended, with its error if it failed. */
  readonly ended: Promise<{ readonly error: unknown } | undefined>;
}

const tasks = new WeakMap<PromiseLike<unknown>, Task>();

/** Wraps a promise as a task; from then on, its failure is handled. */
function taskOf(promise: PromiseLike<unknown>): Task {
  if (typeof promise !== 'object' || promise === null || typeof promise.then !== 'function')
    throw new InvalidArgumentError(`a task is a promise, not ${shown(promise)}`);
  const known = tasks.get(promise);
  if (known) return known;
  const end = () => {
    task.isAlive = false;
  };
  const ended = Promise.resolve(promise).then(
    () => end() as undefined,
    (error: unknown) => {
      end();
      return { error };
    },
  );
  const { start } = promise as Partial<Pick<Task, 'start'>>;
  const task = { start, isAlive: true, ended };
  tasks.set(promise, task);
  return task;
}

/** @throws {InvalidArgumentError} when one is not a class */
export function checkClasses(what: string, classes: readonly unknown[]): void {
  if (!Array.isArray(classes) || !classes.every((type) => typeof type === 'function'))
    throw new InvalidArgumentError(`${what} are classes such as [tf.errors.OutOfRangeError], not ${shown(classes)}`);
}
