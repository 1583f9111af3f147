/** Which of several parameter servers holds a variable; those other than by turns were `tf.contrib.training`'s. */

import { createHash } from 'node:crypto';
import { checkCount, checkFunction, checkObject, shown } from '../../../runtime/arguments';
import { type DType, elementBytes } from '../../../runtime/dtypes';
import { InvalidArgumentError } from '../../../runtime/errors';
import { shapeText } from '../../../runtime/shapeText';
import type { OperationDescription } from '../../graph/devices';
import { isFullyDefined, type Shape } from '../../graph/tensor';

/** Which parameter server holds an operation, counted from 0: a function, or an object that has it as `choose`. */
export type PsStrategy = ((operation: OperationDescription) => number) | PsChooser;

/** An object that says which parameter server holds an operation. */
export interface PsChooser {
  /** The number of a parameter server, counted from 0. */
  choose(operation: OperationDescription): number;
}

/** How much an operation adds to what its parameter server has to do. */
export type LoadFunction = (operation: OperationDescription) => number;

/** One after the other, and again from the first. */
export class RoundRobinStrategy {
  readonly #tasks: number;
  #next = 0;

  constructor(tasks: number) {
    this.#tasks = tasks;
  }

  /** The next. */
  choose(): number {
    const task = this.#next;
    this.#next = (task + 1) % this.#tasks;
    return task;
  }
}

/**
 * Each variable to the parameter server with the least load so far; of several the first.
 *
 * @example
 * const psStrategy = new tf.train.GreedyLoadBalancingStrategy(2, tf.train.byteSizeLoadFn);
 * const setter = tf.train.replicaDeviceSetter({ psTasks: 2, psStrategy });
 */
export class GreedyLoadBalancingStrategy {
  readonly #loads: number[];
  readonly #loadOf: LoadFunction;

  /**
   * @param numTasks how many parameter servers there are
   * @param loadFn the load of an operation, such as {@link byteSizeLoadFn}
   * @throws {InvalidArgumentError} when they are no number above 0 and no function
   */
  constructor(numTasks: number, loadFn: LoadFunction) {
    checkCount('the number of parameter servers', numTasks);
    checkFunction('what says how much an operation loads', loadFn);
    this.#loads = new Array<number>(numTasks).fill(0);
    this.#loadOf = loadFn;
  }

  /**
   * The number of a parameter server, which then has the operation's load too.
   *
   * @throws {InvalidArgumentError} when the load is no number
   */
  choose(operation: OperationDescription): number {
    const load = this.#loadOf(operation);
    if (!Number.isFinite(load))
      throw new InvalidArgumentError(`the load of '${operation.name}' is a number, not ${shown(load)}`);
    const task = this.#loads.indexOf(Math.min(...this.#loads));
    this.#loads[task]! += load;
    return task;
  }
}

/**
 * Each variable to a parameter server that its name decides, as if by chance: the same in every program.
 *
 * @example
 * tf.train.replicaDeviceSetter({ psTasks: 50, psStrategy: new tf.train.RandomStrategy(50) });
 */
export class RandomStrategy {
  readonly #tasks: number;
  readonly #seed: number;

  /**
   * @param numTasks how many parameter servers there are
   * @param seed another spreads the variables otherwise
   * @throws {InvalidArgumentError} when they are no whole numbers, or there is no server
   */
  constructor(numTasks: number, seed = 0) {
    checkCount('the number of parameter servers', numTasks);
    if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError(`a seed is a whole number, not ${shown(seed)}`);
    this.#tasks = numTasks;
    this.#seed = seed;
  }

  /** The number of a parameter server. */
  choose(operation: OperationDescription): number {
    checkObject('an operation', operation);
    const hash = createHash('md5').update(`${operation.name}_${this.#seed}`).digest('hex');
    return Number(BigInt(`0x${hash}`) % BigInt(this.#tasks));
  }
}

/**
 * The bytes of a variable: what {@link GreedyLoadBalancingStrategy} balances by.
 *
 * @throws {InvalidArgumentError} when the operation is no variable, or has an unknown number of elements
 *
 * @example
 * tf.device(({ type, ...operation }) => {
 *   if (type === 'VariableV2') tf.train.byteSizeLoadFn({ type, ...operation }); // 4
 *   return operation.device;
 * }, () => new tf.Variable(1));
 */
export function byteSizeLoadFn(operation: OperationDescription): number {
  checkObject('an operation', operation);
  const { name, type, attributes } = operation;
  checkObject('the attributes of an operation', attributes);
  const { shape, dtype } = attributes as { shape?: Shape; dtype?: DType };
  if (dtype === undefined || shape === undefined)
    throw new InvalidArgumentError(`'${name}' is of type ${type}, of which no attributes tell the size`);
  if (!isFullyDefined(shape))
    throw new InvalidArgumentError(`'${name}' has the shape ${shapeText(shape)}, whose size isn't known`);
  return shape.reduce((product, size) => product * size, elementBytes(dtype) ?? POINTER_BYTES);
}

/** What a string counts as, as in Python: what points to it. */
const POINTER_BYTES = 8;
