/**
 * Into how many parts a variable is divided, and where they begin.
 *
 * @see TensorFlow's python/ops/partitioned_variables.py
 */

import { checkCount, checkFunction, shown } from '../../runtime/arguments';
import { type DType, elementBytes } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { sizeOf } from '../../runtime/hostArray';
import { onlyOptions } from '../../runtime/options';

/** Says into how many parts each dimension of a variable is divided; one dimension at most into more than one. */
export type Partitioner = (shape: readonly number[], dtype: DType) => readonly number[];

/** Along which dimension to divide. */
export interface AxisOptions {
  /**
   * The dimension.
   *
   * @defaultValue `0`
   */
  axis?: number;
}

/** How to divide by size. */
export interface SizeOptions extends AxisOptions {
  /**
   * What a string is taken to need.
   *
   * @defaultValue `16`
   */
  bytesPerStringElement?: number;
}

/** How to divide into parts of a largest size. */
export interface AxisSizeOptions extends SizeOptions {
  /** The most parts, also where they are larger then. */
  maxShards?: number;
}

/** How to divide into parts of a least size. */
export interface MinMaxOptions extends SizeOptions {
  /**
   * The least bytes of a part.
   *
   * @defaultValue `256 * 1024`
   */
  minSliceSize?: number;
}

/**
 * Divides a variable into so many parts, or where it is shorter, into as many as it is long.
 *
 * @param axis along which dimension; it may be among the options
 * @throws {InvalidArgumentError} when there is no such number of parts, or, as it divides, no such dimension
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
 * Divides a variable into parts of at most so many bytes, as far as one dimension allows.
 *
 * @throws {InvalidArgumentError} when a number isn't positive, or, as it divides, there is no such dimension
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
 * Divides a variable into as many parts as `maxPartitions` says, or fewer, so that none has less than `minSliceSize` bytes.
 *
 * @throws {InvalidArgumentError} when a number isn't positive, or, as it divides, there is no such dimension
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

/** One dimension in parts, of which none is empty unless the dimension is. */
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

/** A part of a variable: where it begins, and how long it is in each dimension. */
export interface Part {
  readonly offset: readonly number[];
  readonly shape: readonly number[];
}

/**
 * The parts that a partitioner divides a variable into; the first are longer by one where the length can't be divided.
 *
 * @throws {InvalidArgumentError} when it gives no number of parts for each dimension, or more than one dimension is divided
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
