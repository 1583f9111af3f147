/** Feeds: values that a run uses in place of tensors. */

import { shown } from '../../runtime/arguments';
import { type DType, type HostDType, isHostDType } from '../../runtime/dtypes';
import { withContext } from '../../runtime/errorContext';
import { InvalidArgumentError } from '../../runtime/errors';
import { isHalf } from '../../runtime/halfFloats';
import { type ArrayLike, type HostArray, sizeOf, toHostArray } from '../../runtime/hostArray';
import { shapeText } from '../../runtime/shapeText';
import type { Graph } from '../graph/graph';
import { halfArray } from '../graph/nativeTensor';
import { isFullyDefined, type Shape, sameTensor, Tensor } from '../graph/tensor';
import { IndexedSlices } from '../ops/indexedSlices';
import { graphElement } from '../ops/variableOps';
import { IndexedSlicesValue } from './indexedSlicesValue';

/** The tensor to feed, or its name. */
export type FeedKey = Tensor | string;

/** Values by tensor: a `Map`, or pairs. */
export type Feeds = Iterable<readonly [FeedKey, ArrayLike]>;

/** A value that was validated against its tensor. */
export interface Feed {
  readonly tensor: Tensor;
  readonly array: HostArray;
}

/**
 * Validates feeds.
 *
 * @throws {InvalidArgumentError} when a value doesn't fit the dtype or the shape of its tensor, when a tensor belongs
 * to another graph or is fed twice, or when `feeds` is not an iterable of pairs
 */
export function resolveFeeds(graph: Graph, feeds: Feeds): Feed[] {
  if (typeof feeds !== 'object' || feeds === null || !(Symbol.iterator in feeds))
    throw new InvalidArgumentError(
      'feeds are a Map or an iterable of [tensor, value] pairs: [[images, batch], [labels, digits]]',
    );
  const resolved: Feed[] = [];
  for (const pair of feeds) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new InvalidArgumentError('feeds are pairs of a tensor and its value: [[images, batch], [labels, digits]]');
    const key = typeof pair[0] === 'string' ? graph.getTensorByName(pair[0]) : pair[0];
    if (!(key instanceof Tensor)) throw new InvalidArgumentError(`only tensors can be fed, not ${shown(key)}`);
    graph.checkOwns(key);
    if (key instanceof IndexedSlices) {
      resolved.push(...resolveFeeds(graph, partsOf(key, pair[1])));
      continue;
    }
    const tensor = graphElement(key);
    if (resolved.some((feed) => sameTensor(feed.tensor, tensor)))
      throw new InvalidArgumentError(`'${tensor.name}' is fed twice`);
    resolved.push({ tensor, array: fit(tensor, pair[1]) });
  }
  return resolved;
}

/** The feeds of the components of a sparse tensor. */
function partsOf({ values, indices, denseShape }: IndexedSlices, value: unknown): [Tensor, ArrayLike][] {
  if (!(value instanceof IndexedSlicesValue))
    throw new InvalidArgumentError('IndexedSlices are fed with an IndexedSlicesValue, such as a run gives for them');
  const parts: [Tensor, ArrayLike][] = [
    [values, value.values],
    [indices, value.indices],
  ];
  return denseShape && value.denseShape ? [...parts, [denseShape, value.denseShape]] : parts;
}

/** Converts a value to what is fed for a tensor. 16-bit floats are rounded from numbers. */
function fit(tensor: Tensor, value: ArrayLike): HostArray {
  const { dtype } = tensor;
  return isHalf(dtype) ? halfArray(dtype, held(tensor, 'float32', value)) : held(tensor, dtype, value);
}

function held<D extends DType>({ name, shape }: Tensor, dtype: D, value: ArrayLike): HostArray<D & HostDType> {
  if (!isHostDType(dtype)) throw new InvalidArgumentError(`'${name}' can't be fed: JavaScript holds no ${dtype}`);
  if (value instanceof Tensor)
    throw new InvalidArgumentError(`'${name}' can't be fed with the tensor ${value}: run it and feed its value`);
  let array: HostArray<D & HostDType>;
  try {
    array = toHostArray(value, dtype as D & HostDType);
  } catch (error) {
    throw withContext(error, (message) => `feeding '${name}': ${message}`);
  }
  // A typed array is flat; it takes the tensor's shape if that is unambiguous.
  if (ArrayBuffer.isView(value) && shape !== null && shape.length !== 1) {
    const complete = completeShape(shape, array.size);
    if (complete) return array.reshape(complete);
  }
  if (!fits(array.shape, shape))
    throw new InvalidArgumentError(
      `feeding '${name}': it takes the shape ${shapeText(shape)}, got an array of shape ${shapeText(array.shape)}`,
    );
  return array;
}

function fits(actual: readonly number[], expected: Shape): boolean {
  if (expected === null) return true;
  return actual.length === expected.length && expected.every((size, i) => size === null || size === actual[i]);
}

/** Fills in the one unknown dimension of `shape` from the number of elements, if possible. */
function completeShape(shape: readonly (number | null)[], size: number): readonly number[] | undefined {
  if (isFullyDefined(shape)) return sizeOf(shape) === size ? shape : undefined;
  if (shape.filter((dimension) => dimension === null).length > 1) return undefined;
  const known = shape.reduce<number>((product, dimension) => product * (dimension ?? 1), 1);
  if (known === 0 || size % known !== 0) return undefined;
  return shape.map((dimension) => dimension ?? size / known);
}
