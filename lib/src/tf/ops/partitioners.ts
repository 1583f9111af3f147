/**
 * Decides into how many parts a variable is divided, and where they begin.
 *
 * @see TensorFlow's python/ops/partitioned_variables.py
 */

import { checkCount, checkFunction, shown } from '../../runtime/arguments';
import { type DType, elementBytes } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { sizeOf } from '../../runtime/hostArray';
import { onlyOptions } from '../../runtime/options';

/** Returns the number of parts along each dimension of a variable; at most one dimension may have more than one. */
export type Partitioner = (shape: readonly number[], dtype: DType) => readonly number[];

/** Options of partitioners: the dimension to divide. */
export interface AxisOptions {
  /**
   * The dimension.
   *
   * @defaultValue `0`
   */
  axis?: number;
}

/** Options of dividing by size. */
export interface SizeOptions extends AxisOptions {
  /**
   * The assumed size of a string.
   *
   * @defaultValue `16`
   */
  bytesPerStringElement?: number;
}

/** Options of dividing into parts of a maximum size. */
export interface AxisSizeOptions extends SizeOptions {
  /** The maximum number of parts; it takes precedence over the size. */
  maxShards?: number;
}

/** Options of dividing into parts of a minimum size. */
export interface MinMaxOptions extends SizeOptions {
  /**
   * The minimum size of a part in bytes.
   *
   * @defaultValue `256 * 1024`
   */
  minSliceSize?: number;
}

/**
 * Divides a variable into a fixed number of parts, or fewer if the dimension is shorter.
 *
 * @param axis the dimension to divide; may be among the options
 * @throws {InvalidArgumentError} when the number of parts is invalid, or, when it is applied, there is no such
 * dimension
 *
 * @example
 * const partitioner = tf.fixedSizePartitioner(3);
 * const embedding = tf.getVariable('embedding', { shape: [10, 4], partitioner }); // of 4, 3 and 3 rows
 */
export function fixedSizePartitioner(numShards: number, axis: number | AxisOptions = 0): Partitioner {
  const { axis: along = 0 } = typeof axis === 'number' ? { axis } : onlyOptions(axis, { axis: 'number' });
  checkCount('numShards', numShards);
  return (shape) => divided(shape, along, numShards);
}

/**
 * Divides a variable into parts of a maximum size in bytes, as far as one dimension allows.
 *
 * @throws {InvalidArgumentError} when a number isn't positive, or, when it is applied, there is no such dimension
 *
 * @example
 * const partitioner = tf.variableAxisSizePartitioner(64 * 2 ** 20, { maxShards: 8 });
 */
export function variableAxisSizePartitioner(maxShardBytes: number, options: AxisSizeOptions = {}): Partitioner {
  const {
    axis = 0,
    bytesPerStringElement = 16,
    maxShards,
  } = onlyOptions(options, { axis: 'number', bytesPerStringElement: 'number', maxShards: 'number' });
  checkCount('maxShardBytes', maxShardBytes);
  checkCount('bytesPerStringElement', bytesPerStringElement);
  if (maxShards !== undefined) checkCount('maxShards', maxShards);
  return (shape, dtype) => {
    const size = sizeAlong(shape, axis);
    const bytesOfOne = (sizeOf([...shape]) / size) * (elementBytes(dtype) ?? bytesPerStringElement);
    const shards = Math.ceil(size / Math.max(1, Math.floor(maxShardBytes / bytesOfOne)));
    return divided(shape, axis, Math.min(shards, maxShards ?? shards));
  };
}

/**
 * Divides a variable into `maxPartitions` parts, or fewer, so that none has less than `minSliceSize` bytes.
 *
 * @throws {InvalidArgumentError} when a number isn't positive, or, when it is applied, there is no such dimension
 *
 * @example
 * const partitioner = tf.minMaxVariablePartitioner(4, { minSliceSize: 2 ** 20 });
 */
export function minMaxVariablePartitioner(maxPartitions = 1, options: MinMaxOptions = {}): Partitioner {
  const {
    axis = 0,
    minSliceSize = 256 * 1024,
    bytesPerStringElement = 16,
  } = onlyOptions(options, { axis: 'number', minSliceSize: 'number', bytesPerStringElement: 'number' });
  checkCount('maxPartitions', maxPartitions);
  checkCount('minSliceSize', minSliceSize);
  checkCount('bytesPerStringElement', bytesPerStringElement);
  return (shape, dtype) => {
    const bytes = sizeOf([...shape]) * (elementBytes(dtype) ?? bytesPerStringElement);
    return divided(shape, axis, Math.min(maxPartitions, Math.max(1, Math.ceil(bytes / minSliceSize))));
  };
}

/** Divides one dimension into non-empty parts (unless the dimension is empty). */
function divided(shape: readonly number[], axis: number, parts: number): number[] {
  const size = sizeAlong(shape, axis);
  return shape.map((_, i) => (i === axis ? Math.max(1, Math.min(parts, size)) : 1));
}

function sizeAlong(shape: readonly number[], axis: number): number {
  const size = shape[axis];
  if (size === undefined)
    throw new InvalidArgumentError(`a variable of shape [${shape}] can't be divided along dimension ${shown(axis)}`);
  return size;
}

/** A part of a variable: its offset and its length in each dimension. */
export interface Part {
  readonly offset: readonly number[];
  readonly shape: readonly number[];
}

/**
 * The parts into which a partitioner divides a variable. If the length isn't divisible, the first parts are longer by
 * one.
 *
 * @throws {InvalidArgumentError} when it doesn't return a number of parts for each dimension, or divides more than one
 * dimension
 */
export function partsOf(
  partitioner: Partitioner,
  shape: readonly number[],
  dtype: DType,
): { partitions: readonly number[]; axis: number; parts: Part[] } {
  checkFunction('a partitioner', partitioner);
  const partitions = partitioner([...shape], dtype);
  const isValid =
    Array.isArray(partitions) &&
    partitions.length === shape.length &&
    partitions.every((parts, i) => Number.isSafeInteger(parts) && parts >= 1 && parts <= Math.max(1, shape[i]!)) &&
    partitions.filter((parts) => parts > 1).length <= 1;
  if (!isValid)
    throw new InvalidArgumentError(
      `a partitioner gives a number of parts for each dimension of [${shape}], at most one of them above 1, not ${shown(partitions)}`,
    );
  const axis = Math.max(
    0,
    partitions.findIndex((parts) => parts > 1),
  );
  const count = partitions[axis]!;
  const parts: Part[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const length = Math.floor(shape[axis]! / count) + (i < shape[axis]! % count ? 1 : 0);
    const along = (value: number, others: readonly number[]) => others.map((other, j) => (j === axis ? value : other));
    parts.push({
      offset: along(
        at,
        shape.map(() => 0),
      ),
      shape: along(length, shape),
    });
    at += length;
  }
  return { partitions, axis, parts };
}
