/** The exports of `tf`: TensorFlow 1's names, with snake_case converted to camelCase. */

export { GraphDef } from '../protos';
export type { DType, FloatDType, HostDType, NumericDType } from '../runtime/dtypes';
export * as errors from '../runtime/errors';
export { type ArrayLike, HostArray, toHostArray as hostArray } from '../runtime/hostArray';
export * as logging from '../runtime/logging';
export * from './dtypes';
export * from './gradients';
export type { Attributes, AttributeValue } from './graph/attributes';
export { GraphKeys } from './graph/collections';
export type { CollectionTypes } from './graph/collectionTypes';
export { type DeviceFunction, type DeviceParts, DeviceSpec, type OperationDescription } from './graph/devices';
export {
  type ColocationOptions,
  Graph,
  getDefaultGraph,
  type OperationOptions,
  resetDefaultGraph,
} from './graph/graph';
export type { ImportOptions } from './graph/importGraphDef';
export { Operation } from './graph/operation';
export { type Rank, type Scalar, type Shape, Tensor, type TensorLike } from './graph/tensor';
export * as graphUtil from './graphUtil';
export * as io from './io';
export * from './ops';
export * as ragged from './ragged';
export * as savedModel from './savedModel';
export * from './scopes';
export * from './session';
export * as timeline from './session/timeline';
export * as summary from './summary';
export * from './summary/aliases';
export * as tfjs from './tfjs';
export * as train from './train';
