/** The builders exported by `tf`; those of `tf.nn`, `tf.train` and `tf.summary` have namespaces of their own. */
export type { Operand, OpOptions } from './apply';
export * from './array';
export * from './clip';
export { type ConstantOptions, constant, placeholder, placeholderWithDefault } from './constants';
export { group, noOp, tuple, withDependencies } from './control';
export * from './dataFlow';
export * from './elementwise';
export * from './elementwise/comparison';
export { IndexedSlices } from './indexedSlices';
export * from './indexing';
export * from './indexing/partition';
export * from './indexing/segments';
export * from './joining';
export * from './matmul';
export * as nn from './nn';
export { PartitionedVariable } from './partitionedVariable';
export {
  type AxisOptions,
  type AxisSizeOptions,
  fixedSizePartitioner,
  type MinMaxOptions,
  minMaxVariablePartitioner,
  type Partitioner,
  type SizeOptions,
  variableAxisSizePartitioner,
} from './partitioners';
export * from './random';
export * from './reduce';
export * from './tables';
export * from './variableScope';
export * from './variables';
