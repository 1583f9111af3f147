/**
 * Strategies that assign variables to parameter servers. Except for round robin, they come from `tf.contrib.training`.
 */

import { createHash } from 'node:crypto';
import { checkCount, checkFunction, checkObject, shown } from '../../../runtime/arguments';
import { type DType, elementBytes } from '../../../runtime/dtypes';
import { InvalidArgumentError } from '../../../runtime/errors';
import { shapeText } from '../../../runtime/shapeText';
import type { OperationDescription } from '../../graph/devices';
import { isFullyDefined, type Shape } from '../../graph/tensor';

/** Chooses the parameter server of an operation, counted from 0: a function, or an object with a method `choose`. */
export type PsStrategy = ((operation: OperationDescription) => number) | PsChooser;

/** An object that chooses the parameter server of an operation. */
export interface PsChooser {
  /** The index of a parameter server, counted from 0. */
  choose(operation: OperationDescription): number;
}

/** Computes the load that an operation adds to its parameter server. */
export type LoadFunction = (operation: OperationDescription) => number;

/** Assigns variables to parameter servers in turn. */
export class RoundRobinStrategy {
  readonly #tasks: number;
  #next = 0;

  constructor(tasks: number) {
    this.#tasks = tasks;
  }

  /** The next parameter server. */
  choose(): number {
    const task = this.#next;
    this.#next = (task + 1) % this.#tasks;
    return task;
  }
}

/**
 * Assigns each variable to the parameter server with the least load so far; among equals, to the first.
 *
 * @example
 * const psStrategy = new tf.train.GreedyLoadBalancingStrategy(2, tf.train.byteSizeLoadFn);
 * const setter = tf.train.replicaDeviceSetter({ psTasks: 2, psStrategy });
 */
export class GreedyLoadBalancingStrategy {
  readonly #loads: number[];
  readonly #loadOf: LoadFunction;

  /**
   * @param numTasks the number of parameter servers
   * @param loadFn the load of an operation, such as {@link byteSizeLoadFn}
   * @throws {InvalidArgumentError} when `numTasks` is not a positive number, or `loadFn` not a function
   */
  constructor(numTasks: number, loadFn: LoadFunction) {
    checkCount('the number of parameter servers', numTasks);
    checkFunction('what says how much an operation loads', loadFn);
    this.#loads = new Array<number>(numTasks).fill(0);
    this.#loadOf = loadFn;
  }

  /**
   * Chooses a parameter server, and adds the operation's load to it.
   *
   * @throws {InvalidArgumentError} when the load is not a number
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
 * Assigns each variable to a parameter server by a hash of its name: the same in every program.
 *
 * @example
 * tf.train.replicaDeviceSetter({ psTasks: 50, psStrategy: new tf.train.RandomStrategy(50) });
 */
export class RandomStrategy {
  readonly #tasks: number;
  readonly #seed: number;

  /**
   * @param numTasks the number of parameter servers
   * @param seed another seed distributes the variables differently
   * @throws {InvalidArgumentError} when they are not integers, or there is no server
   */
  constructor(numTasks: number, seed = 0) {
    checkCount('the number of parameter servers', numTasks);
    if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError(`a seed is a whole number, not ${shown(seed)}`);
    this.#tasks = numTasks;
    this.#seed = seed;
  }

  /** The index of a parameter server. */
  choose(operation: OperationDescription): number {
    checkObject('an operation', operation);
    const hash = createHash('md5').update(`${operation.name}_${this.#seed}`).digest('hex');
    return Number(BigInt(`0x${hash}`) % BigInt(this.#tasks));
  }
}

/**
 * The size of a variable in bytes, as the load for {@link GreedyLoadBalancingStrategy}.
 *
 * @throws {InvalidArgumentError} when the operation is not a variable, or has an unknown number of elements
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

/** The size of a string, counted as in Python: that of a pointer. */
const POINTER_BYTES = 8;
