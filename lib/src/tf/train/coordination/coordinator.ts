/**
 * Who stops when: tasks that run beside each other end together, and the first error of one comes out where they are joined.
 *
 * @see TensorFlow's python/training/coordinator.py
 */
import { deferred } from '../../../../shared/deferred.cjs';
import { checkFunction, checkIterable, checkSeconds, shown } from '../../../runtime/arguments';
import { atMost } from '../../../runtime/atMost';
import { DeadlineExceededError, InvalidArgumentError, OutOfRangeError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';

/** A class of errors, `tf.errors.OutOfRangeError`. */
export type ErrorClass = abstract new (...parameters: never) => Error;

/** What a coordinator may be told. */
export interface CoordinatorOptions {
  /**
   * The classes of errors that end everything without being one: the end of what is read.
   *
   * @defaultValue `[tf.errors.OutOfRangeError]`
   */
  cleanStopExceptionTypes?: readonly ErrorClass[];
}

/** How to wait for tasks. */
export interface JoinOptions {
  /**
   * How many seconds tasks have to end when a stop was requested.
   *
   * @defaultValue `120`
   */
  stopGracePeriodSecs?: number;
  /**
   * Whether tasks that have not ended by then are left alone, without an error.
   *
   * @defaultValue `false`
   */
  ignoreLiveThreads?: boolean;
}

/**
 * Has tasks end together. What are threads in Python are promises here: each task is an async function that looks at `shouldStop`
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
  /** Who waits for a stop. */
  readonly #waiting = new Set<() => void>();
  #isStopped = false;
  #failure: { readonly error: unknown } | undefined;
  #joined = false;

  /** @throws {InvalidArgumentError} when an option is none, or something else than classes is given for classes */
  constructor(options: CoordinatorOptions = {}) {
    const { cleanStopExceptionTypes = [OutOfRangeError] } = onlyOptions(options, { cleanStopExceptionTypes: 'array' });
    checkClasses('what ends everything cleanly', cleanStopExceptionTypes);
    this.#clean = [...cleanStopExceptionTypes];
  }

  /** Whether the tasks are to end. */
  shouldStop(): boolean {
    return this.#isStopped;
  }

  /** Whether {@link join} has come to its end. */
  get joined(): boolean {
    return this.#joined;
  }

  /**
   * Has the tasks end.
   *
   * @param error why, if something went wrong; `join` throws the first that it was told
   * @throws {TensorFlowError} when everything was joined before: the error itself, of which nobody else would hear
   */
  requestStop(error?: unknown): void {
    const failed = error !== undefined && error !== null && !this.#clean.some((type) => error instanceof type);
    if (failed && this.#joined) throw error;
    if (this.#isStopped) return;
    if (failed) this.#failure = { error };
    this.#isStopped = true;
    for (const resolve of this.#waiting) resolve();
  }

  /** Forgets that a stop was requested, and why: the coordinator is as new, but for the tasks that it knows. */
  clearStop(): void {
    this.#joined = false;
    this.#failure = undefined;
    this.#isStopped = false;
  }

  /**
   * Runs `body`, and requests a stop with whatever it throws.
   *
   * @returns what `body` returns, or undefined where it threw
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
   * Waits until a stop is requested. The process is kept alive meanwhile.
   *
   * @param timeout how many seconds at most; left out, as long as it takes
   * @returns whether a stop was requested
   * @throws {InvalidArgumentError} when the timeout is no number from 0 on
   */
  async waitForStop(timeout = Number.POSITIVE_INFINITY): Promise<boolean> {
    checkSeconds('the timeout', timeout);
    const { promise: over, resolve } = deferred<void>();
    await atMost(1000 * timeout, this.stopOr(over)).finally(resolve);
    return this.#isStopped;
  }

  /**
   * @internal
   * Resolves when a stop is requested, or `other` has settled. It keeps no process alive.
   */
  async stopOr(other: Promise<unknown>): Promise<void> {
    if (this.#isStopped) return;
    const { promise: stopped, resolve } = deferred<void>();
    this.#waiting.add(resolve);
    await Promise.race([stopped, other]).finally(() => this.#waiting.delete(resolve));
  }

  /** Adds a task to those that `join` waits for. What it throws is for the task to tell: `requestStop`, or `stopOnException`. */
  registerThread(task: PromiseLike<unknown>): void {
    this.#registered.add(taskOf(task));
  }

  /**
   * Waits for tasks to end: those given, and those registered. When a stop is requested they have `stopGracePeriodSecs` left.
   * Waits in Python; here it returns a promise.
   *
   * @param tasks the promises of async functions; one that fails ends all, with its error
   * @throws {TensorFlowError} when a stop was requested with an error: that one, of whatever class
   * @throws {DeadlineExceededError} when a task goes on after the time that it was given
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

  /** @internal What went wrong, if that is why a stop was requested. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** @throws {TensorFlowError} when a stop was requested with an error: that one, of whatever class */
  raiseRequestedException(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

/** A promise that somebody may wait for, and what came of it. */
interface Task {
  /** Begins it, where it can be begun. */
  readonly start: (() => void) | undefined;
  readonly isAlive: boolean;
  /** Resolves when the task has ended, with what it threw if it did. */
  readonly ended: Promise<{ readonly error: unknown } | undefined>;
}

const tasks = new WeakMap<PromiseLike<unknown>, Task>();

/** A promise as a task; that it may fail is looked after from now on. */
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

/** @throws {InvalidArgumentError} when they are no classes */
export function checkClasses(what: string, classes: readonly unknown[]): void {
  if (!Array.isArray(classes) || !classes.every((type) => typeof type === 'function'))
    throw new InvalidArgumentError(`${what} are classes such as [tf.errors.OutOfRangeError], not ${shown(classes)}`);
}
